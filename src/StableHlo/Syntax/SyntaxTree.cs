namespace BrainState.StableHlo.Syntax;

/// <summary>A value where it is read or defined, without the <c>%</c>. The first of several results has the name alone, the others <c>name#i</c>.</summary>
internal readonly record struct ValueName(string Name, Location Location);

/// <summary>An operation.</summary>
internal sealed record MlirOp(string Name, Location Location)
{
    /// <summary>The names of the results; empty where the text gives none.</summary>
    public IReadOnlyList<ValueName> Results { get; init; } = [];

    /// <summary>What it reads.</summary>
    public IReadOnlyList<ValueName> Operands { get; init; } = [];

    /// <summary>Properties and attributes.</summary>
    public IReadOnlyDictionary<string, MlirAttribute> Attributes { get; init; } = NoAttributes;

    /// <summary>The nested code.</summary>
    public IReadOnlyList<MlirRegion> Regions { get; init; } = [];

    /// <summary>The types of operands and results.</summary>
    public FunctionType Type { get; init; } = new([], []);

    public static IReadOnlyDictionary<string, MlirAttribute> NoAttributes { get; } = new Dictionary<string, MlirAttribute>();
}

/// <summary>A value that a block or function takes.</summary>
internal sealed record MlirArgument(ValueName Name, MlirType Type);

/// <summary>Straight-line code that ends with a return.</summary>
internal sealed record MlirRegion(IReadOnlyList<MlirArgument> Arguments, IReadOnlyList<MlirOp> Ops, Location Location);

/// <summary>A function; without a body where it is only declared.</summary>
internal sealed record MlirFunction(string Name, IReadOnlyList<MlirArgument> Arguments, ValueArray<MlirType> Results, MlirRegion? Body, Location Location);
