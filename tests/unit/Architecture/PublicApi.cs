using System.Reflection;
using System.Runtime.CompilerServices;
using static BrainState.UnitTests.Architecture.Signatures;

namespace BrainState.UnitTests.Architecture;

/// <summary>The public and protected members of an assembly, one per line, sorted; without what compilers add to records.</summary>
internal static class PublicApi
{
    const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string[] Of(Assembly assembly) => Of(assembly.GetTypes().Where(IsVisible));

    public static string[] Of(IEnumerable<Type> types) => [.. types.SelectMany(Lines).Distinct().Order(StringComparer.Ordinal)];

    static bool IsVisible(Type type) =>
        !type.Name.Contains('<') && (type.IsPublic || ((type.IsNestedPublic || IsNestedProtected(type)) && IsVisible(type.DeclaringType!)));

    static bool IsNestedProtected(Type type) => type.IsNestedFamily || type.IsNestedFamORAssem;

    static bool IsVisible(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    static bool IsGenerated(MemberInfo member) => member.Name.Contains('<') || member.IsDefined(typeof(CompilerGeneratedAttribute), false);

    static IEnumerable<string> Lines(Type type)
    {
        var prefix = $"{type.Namespace}.{TypeName(type)}";
        yield return type.IsSubclassOf(typeof(Delegate)) ? $"{prefix}{Of(type.GetMethod("Invoke")!, "delegate ")}" : $"{prefix} : {Header(type)}";
        if (type.IsSubclassOf(typeof(Delegate))) yield break;
        foreach (var line in Members(type)) yield return $"{prefix}.{line}";
    }

    static IEnumerable<string> Members(Type type)
    {
        foreach (var field in type.GetFields(Declared).Where(f => (f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly) && !f.IsSpecialName))
            yield return type.IsEnum ? $"{field.Name} = {field.GetRawConstantValue()}" : Of(field);
        if (type.IsEnum) yield break;

        foreach (var constructor in type.GetConstructors(Declared).Where(c => IsVisible(c) && !IsGenerated(c)))
            yield return $"{type.Name.Split('`')[0]}({Parameters(constructor)}){(constructor.IsPublic ? "" : " : protected")}";

        var accessors = new HashSet<MethodInfo>();
        foreach (var property in type.GetProperties(Declared))
        {
            accessors.UnionWith(property.GetAccessors(nonPublic: true));
            if (property.Name != "EqualityContract" && property.GetAccessors(nonPublic: true).Any(IsVisible)) yield return Of(property);
        }

        foreach (var happening in type.GetEvents(Declared))
        {
            accessors.UnionWith([happening.AddMethod!, happening.RemoveMethod!]);
            if (!IsVisible(happening.AddMethod)) continue;
            yield return $"event {happening.Name} : {Modifiers(happening.AddMethod!)}{TypeName(happening.EventHandlerType!)}";
        }

        foreach (var method in type.GetMethods(Declared).Where(m => IsVisible(m) && !IsGenerated(m) && !accessors.Contains(m)))
            yield return MethodName(method) + Of(method, Modifiers(method));
    }

    static string Of(FieldInfo field)
    {
        var modifiers = (field.IsPublic ? "" : "protected ") + (field.IsLiteral ? "const " : field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        var value = field.IsLiteral ? " = " + Constant(field.GetRawConstantValue(), field.FieldType) : "";
        return $"{field.Name}{value} : {Required(field)}{modifiers}{TypeName(field.FieldType)}";
    }

    static string Of(PropertyInfo property)
    {
        var accessors = property.GetAccessors(nonPublic: true).Where(IsVisible).ToArray();
        var isPublic = accessors.Any(a => a.IsPublic);
        string Accessor(MethodInfo accessor)
        {
            var isInit = accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));
            var name = accessor == property.GetMethod ? "get" : isInit ? "init" : "set";
            return (isPublic && !accessor.IsPublic ? "protected " : "") + name + "; ";
        }

        var most = accessors.First(a => a.IsPublic == isPublic);
        var name = property.GetIndexParameters() is { Length: > 0 } ? $"this[{Parameters(property.GetMethod ?? property.SetMethod!)}]" : property.Name;
        var body = string.Concat(accessors.OrderBy(a => a != property.GetMethod).Select(Accessor));
        return $"{name} {{ {body}}} : {Required(property)}{Modifiers(most)}{Result(property.GetMethod, property.PropertyType)}";
    }

    static string Required(MemberInfo member) => member.IsDefined(typeof(RequiredMemberAttribute), false) ? "required " : "";

    static string Of(MethodInfo method, string modifiers) =>
        $"{Generic(method)}({Parameters(method)}) : {modifiers}{Result(method, method.ReturnType)}{Constraints(method.IsGenericMethod ? method.GetGenericArguments() : [])}";

    static string Generic(MethodInfo method) => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(TypeName))}>" : "";

    static string MethodName(MethodInfo method) =>
        method.IsSpecialName && method.Name.StartsWith("op_", StringComparison.Ordinal) ? OperatorName(method.Name) : method.Name;

    static string Header(Type type)
    {
        var isRecord = type.GetMethods(Declared).Any(m => m.Name == (type.IsValueType ? "PrintMembers" : "<Clone>$"));
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true, IsByRefLike: true } => ReadOnly(type) + "ref struct",
            { IsValueType: true } => ReadOnly(type) + (isRecord ? "record struct" : "struct"),
            { IsAbstract: true, IsSealed: true } => "static class",
            _ => (type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "") + (isRecord ? "record" : "class"),
        };
        var bases = type.IsEnum ? [TypeName(type.GetEnumUnderlyingType())] : Bases(type).Select(TypeName);
        var access = IsNestedProtected(type) ? "protected" : "public";
        var own = type.GetGenericArguments().Skip(type.DeclaringType?.GetGenericArguments().Length ?? 0);
        return string.Join(", ", [$"{access} {kind}", .. bases.Order(StringComparer.Ordinal), .. Attributes(type)]) + Constraints(own);
    }

    static string ReadOnly(Type type) => type.IsDefined(typeof(IsReadOnlyAttribute), false) ? "readonly " : "";

    static IEnumerable<string> Attributes(Type type)
    {
        if (type.IsDefined(typeof(FlagsAttribute), false)) yield return "[Flags]";
        if (!type.IsByRefLike && type.IsDefined(typeof(ObsoleteAttribute), false)) yield return "[Obsolete]";
    }

    /// <summary>The base class and the interfaces that neither it nor other interfaces bring.</summary>
    static IEnumerable<Type> Bases(Type type)
    {
        var implied = type.GetInterfaces().SelectMany(i => i.GetInterfaces()).Concat(type.BaseType?.GetInterfaces() ?? []).ToHashSet();
        var interfaces = type.GetInterfaces().Where(i => !implied.Contains(i) && IsVisible(i.IsGenericType ? i.GetGenericTypeDefinition() : i));
        return type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) ? [parent, .. interfaces] : interfaces;
    }
}
