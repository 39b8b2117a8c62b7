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
        !type.Name.Contains('<') && (type.IsNested ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(type.DeclaringType!) : type.IsPublic);

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
            if (property.GetAccessors(nonPublic: true).Any(IsVisible) && property.Name != "EqualityContract") yield return Of(property);
        }

        foreach (var happening in type.GetEvents(Declared))
        {
            accessors.UnionWith([happening.AddMethod!, happening.RemoveMethod!]);
            if (IsVisible(happening.AddMethod)) yield return $"event {happening.Name} : {Modifiers(happening.AddMethod!)}{TypeName(happening.EventHandlerType!)}";
        }

        foreach (var method in type.GetMethods(Declared).Where(m => IsVisible(m) && !IsGenerated(m) && !accessors.Contains(m)))
            yield return MethodName(method) + Of(method, Modifiers(method));
    }

    static string Of(FieldInfo field)
    {
        var modifiers = (field.IsPublic ? "" : "protected ") + (field.IsLiteral ? "const " : field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        return $"{field.Name}{(field.IsLiteral ? " = " + Constant(field.GetRawConstantValue(), field.FieldType) : "")} : {Required(field)}{modifiers}{TypeName(field.FieldType)}";
    }

    static string Of(PropertyInfo property)
    {
        var accessors = property.GetAccessors(nonPublic: true).Where(IsVisible).ToArray();
        var isPublic = accessors.Any(a => a.IsPublic);
        string Accessor(MethodInfo accessor)
        {
            var name = accessor == property.GetMethod ? "get" : accessor.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? "init" : "set";
            return (isPublic && !accessor.IsPublic ? "protected " : "") + name + "; ";
        }

        var most = accessors.First(a => a.IsPublic == isPublic);
        var name = property.GetIndexParameters() is { Length: > 0 } ? $"this[{Parameters(property.GetMethod ?? property.SetMethod!)}]" : property.Name;
        return $"{name} {{ {string.Concat(accessors.OrderBy(a => a != property.GetMethod).Select(Accessor))}}} : {Required(property)}{Modifiers(most)}{Result(property.GetMethod, property.PropertyType)}";
    }

    static string Required(MemberInfo member) => member.IsDefined(typeof(RequiredMemberAttribute), false) ? "required " : "";

    static string Of(MethodInfo method, string modifiers) =>
        $"{Generic(method)}({Parameters(method)}) : {modifiers}{Result(method, method.ReturnType)}{Constraints(method.IsGenericMethod ? method.GetGenericArguments() : [])}";

    static string Generic(MethodInfo method) => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(TypeName))}>" : "";

    static string MethodName(MethodInfo method) => method.IsSpecialName && method.Name.StartsWith("op_", StringComparison.Ordinal) ? OperatorName(method.Name) : method.Name;

    static string Header(Type type)
    {
        var isRecord = type.GetMethods(Declared).Any(m => m.Name == (type.IsValueType ? "PrintMembers" : "<Clone>$"));
        var kind = type switch
        {
            { IsEnum: true } => "enum",
            { IsInterface: true } => "interface",
            { IsValueType: true } => (type.IsDefined(typeof(IsReadOnlyAttribute), false) ? "readonly " : "") + (type.IsByRefLike ? "ref " : "") + (isRecord ? "record struct" : "struct"),
            _ => (type is { IsAbstract: true, IsSealed: true } ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "") + (isRecord ? "record" : "class"),
        };
        var bases = type.IsEnum ? [TypeName(type.GetEnumUnderlyingType())] : Bases(type).Select(TypeName);
        var access = type.IsNestedFamily || type.IsNestedFamORAssem ? "protected" : "public";
        return string.Join(", ", [$"{access} {kind}", .. bases.Order(StringComparer.Ordinal), .. Attributes(type)]) + Constraints(type.GetGenericArguments().Skip(type.DeclaringType?.GetGenericArguments().Length ?? 0));
    }

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
