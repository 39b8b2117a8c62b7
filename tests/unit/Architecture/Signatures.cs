using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace BrainState.UnitTests.Architecture;

/// <summary>Types, parameters and modifiers as C# writes them, without nullability of references.</summary>
internal static class Signatures
{
    static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(char)] = "char",
        [typeof(sbyte)] = "sbyte",
        [typeof(byte)] = "byte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(nint)] = "nint",
        [typeof(nuint)] = "nuint",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(decimal)] = "decimal",
    };

    static readonly Dictionary<string, string> Operators = new()
    {
        ["Addition"] = "+",
        ["UnaryPlus"] = "+",
        ["Subtraction"] = "-",
        ["UnaryNegation"] = "-",
        ["Multiply"] = "*",
        ["Division"] = "/",
        ["Modulus"] = "%",
        ["Equality"] = "==",
        ["Inequality"] = "!=",
        ["LessThan"] = "<",
        ["LessThanOrEqual"] = "<=",
        ["GreaterThan"] = ">",
        ["GreaterThanOrEqual"] = ">=",
        ["BitwiseAnd"] = "&",
        ["BitwiseOr"] = "|",
        ["ExclusiveOr"] = "^",
        ["LogicalNot"] = "!",
        ["OnesComplement"] = "~",
        ["LeftShift"] = "<<",
        ["RightShift"] = ">>",
        ["UnsignedRightShift"] = ">>>",
        ["True"] = "true",
        ["False"] = "false",
        ["Increment"] = "++",
        ["Decrement"] = "--",
        ["Implicit"] = "implicit",
        ["Explicit"] = "explicit",
    };

    public static string OperatorName(string method) => "operator " + (Operators.TryGetValue(method[3..], out var symbol) ? symbol : method[3..]);

    public static string TypeName(Type type)
    {
        if (Keywords.TryGetValue(type, out var keyword)) return keyword;
        if (type.IsGenericParameter) return type.Name;
        if (type.IsByRef) return TypeName(type.GetElementType()!);
        if (type.IsPointer) return TypeName(type.GetElementType()!) + "*";
        if (type.IsArray) return $"{TypeName(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        if (Nullable.GetUnderlyingType(type) is { } value) return TypeName(value) + "?";
        var arguments = type.GetGenericArguments();
        if (arguments.Length > 0 && type.IsAssignableTo(typeof(ITuple)) && type.IsValueType) return $"({string.Join(", ", arguments.Select(TypeName))})";

        var outer = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        var own = arguments.Skip(outer).Select(TypeName).ToArray();
        var name = type.Name.Split('`')[0] + (own.Length > 0 ? $"<{string.Join(", ", own)}>" : "");
        if (type.DeclaringType is not { } declaring) return name;
        return TypeName(declaring.IsGenericTypeDefinition ? declaring.MakeGenericType(arguments[..outer]) : declaring) + "." + name;
    }

    /// <summary>The type of a result, with the way in which it is returned.</summary>
    public static string Result(MethodInfo? method, Type type)
    {
        if (!type.IsByRef) return TypeName(type);
        var isReadOnly = method!.ReturnParameter.IsDefined(typeof(IsReadOnlyAttribute), false);
        return (isReadOnly ? "ref readonly " : "ref ") + TypeName(type);
    }

    public static string Parameters(MethodBase method) =>
        (method.IsDefined(typeof(ExtensionAttribute), false) ? "this " : "") + string.Join(", ", method.GetParameters().Select(Parameter));

    public static string Modifiers(MethodInfo method)
    {
        var access = method.IsPublic ? "" : "protected ";
        if (method.IsStatic) return access + "static " + (method.IsAbstract ? "abstract " : method.IsVirtual ? "virtual " : "");
        if (!method.IsVirtual) return access;
        var overrides = method.GetBaseDefinition() != method;
        if (method.IsAbstract) return access + (overrides ? "abstract override " : "abstract ");
        if (overrides) return access + (method.IsFinal ? "sealed override " : "override ");
        return access + (method.IsFinal ? "" : "virtual "); // A final one that overrides nothing implements an interface.
    }

    public static string Constraints(IEnumerable<Type> parameters) => string.Concat(parameters
        .Select(p => (p.Name, Constraints: Constraints(p).ToArray())).Where(p => p.Constraints.Length > 0)
        .Select(p => $" where {p.Name} : {string.Join(", ", p.Constraints)}"));

    /// <summary>A constant as in source; enum members as numbers, so that renaming one shows in one place.</summary>
    public static string Constant(object? value, Type type) => value switch
    {
        null => type.IsValueType && Nullable.GetUnderlyingType(type) is null ? "default" : "null",
        string text => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"",
        bool flag => flag ? "true" : "false",
        char c => $"'{c}'",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    static string Parameter(ParameterInfo parameter)
    {
        var mode = parameter switch
        {
            { ParameterType.IsByRef: true, IsOut: true } => "out ",
            { ParameterType.IsByRef: true } when parameter.IsDefined(typeof(RequiresLocationAttribute), false) => "ref readonly ",
            { ParameterType.IsByRef: true, IsIn: true } => "in ",
            { ParameterType.IsByRef: true } => "ref ",
            _ when parameter.IsDefined(typeof(ParamArrayAttribute), false) || parameter.IsDefined(typeof(ParamCollectionAttribute), false) => "params ",
            _ => "",
        };
        var value = parameter.HasDefaultValue ? " = " + Constant(parameter.RawDefaultValue, parameter.ParameterType) : "";
        return $"{mode}{TypeName(parameter.ParameterType)} {parameter.Name}{value}";
    }

    static IEnumerable<string> Constraints(Type parameter)
    {
        var attributes = parameter.GenericParameterAttributes;
        var isUnmanaged = parameter.IsDefined(typeof(IsUnmanagedAttribute), false);
        if (isUnmanaged) yield return "unmanaged";
        else if (attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint)) yield return "struct";
        if (attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint)) yield return "class";
        foreach (var type in parameter.GetGenericParameterConstraints().Where(t => t != typeof(ValueType))) yield return TypeName(type);
        var isStruct = attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        if (!isStruct && attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint)) yield return "new()";
        if (attributes.HasFlag(GenericParameterAttributes.AllowByRefLike)) yield return "allows ref struct";
    }
}
