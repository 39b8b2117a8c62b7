using BrainState.Programs;

namespace BrainState.Ops;

/// <summary>The parameters of an op as read from program text, by name.</summary>
/// <remarks>A value is null, bool, long, double, string, <see cref="Program"/>, or a <see cref="ValueArray{T}"/> of values for a tuple or list.</remarks>
public sealed class OpParameters
{
    private readonly IReadOnlyDictionary<string, object?> values;
    private readonly string op;

    internal OpParameters(string op, IReadOnlyDictionary<string, object?> values) => (this.op, this.values) = (op, values);

    /// <summary>Whether the parameter is there and not None.</summary>
    public bool Has(string name) => values.GetValueOrDefault(name) is not null;

    /// <summary>An integer.</summary>
    public int Int(string name) => ToInt(Get(name), name);

    /// <summary>A number; NaN and infinities are words.</summary>
    public double Double(string name) => Get(name) switch
    {
        double value => value,
        long value => value,
        "nan" => double.NaN,
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => throw Mismatch(name, "a number"),
    };

    /// <summary>A truth value.</summary>
    public bool Bool(string name) => Get(name) is bool value ? value : throw Mismatch(name, "True or False");

    /// <summary>A word or quoted text.</summary>
    public string String(string name) => Get(name) is string value ? value : throw Mismatch(name, "a name");

    /// <summary>A dtype by name.</summary>
    public DType DType(string name) => DTypeExtensions.TryParse(String(name), out var dtype) ? dtype : throw Mismatch(name, "a dtype");

    /// <summary>An enum member by name.</summary>
    public T Enum<T>(string name) where T : struct, Enum =>
        System.Enum.GetNames<T>() is var names && names.Contains(String(name))
            ? System.Enum.Parse<T>(String(name))
            : throw Mismatch(name, $"one of {string.Join(", ", names)}");

    /// <summary>A tuple of integers.</summary>
    public ValueArray<int> Ints(string name) => ToInts(Get(name), name);

    /// <summary>A tuple of non-negative integers.</summary>
    public Shape Shape(string name) =>
        Ints(name) is var sizes && sizes.All(size => size >= 0) ? BrainState.Shape.Create(sizes.Span) : throw Mismatch(name, "a tuple of non-negative integers");

    /// <summary>A tuple of values.</summary>
    public ValueArray<object?> Tuple(string name) => Get(name) is ValueArray<object?> tuple ? tuple : throw Mismatch(name, "a tuple");

    /// <summary>A program.</summary>
    public Program Program(string name) => Get(name) as Program ?? throw Mismatch(name, "a program");

    /// <summary>A tuple of programs.</summary>
    public ValueArray<Program> Programs(string name) =>
        Tuple(name).Select(p => p as Program ?? throw Mismatch(name, "a tuple of programs")).ToValueArray();

    internal ValueArray<int> ToInts(object? value, string name) =>
        value is ValueArray<object?> items ? items.Select(v => ToInt(v, name)).ToValueArray() : throw Mismatch(name, "a tuple of integers");

    internal ProgramFormatException Mismatch(string name, string expected) => new($"Parameter '{name}' of {op} must be {expected}.");

    private int ToInt(object? value, string name) =>
        value is long number and >= int.MinValue and <= int.MaxValue ? (int)number : throw Mismatch(name, "an integer");

    private object? Get(string name) =>
        values.TryGetValue(name, out var value) ? value : throw new ProgramFormatException($"{op} lacks the parameter '{name}'.");
}
