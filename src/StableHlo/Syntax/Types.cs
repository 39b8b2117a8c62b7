namespace BrainState.StableHlo.Syntax;

/// <summary>The type of a value.</summary>
internal abstract record MlirType;

/// <summary>An element type such as <c>i1</c>, <c>ui8</c>, <c>bf16</c> or <c>index</c>.</summary>
internal sealed record ScalarType(string Name) : MlirType
{
    public override string ToString() => Name;
}

/// <summary><c>complex&lt;f32&gt;</c>.</summary>
internal sealed record ComplexType(MlirType Part) : MlirType
{
    public override string ToString() => $"complex<{Part}>";
}

/// <summary><c>tensor&lt;2x3xf32&gt;</c>. A size that is not known is −1.</summary>
internal sealed record TensorType(ValueArray<long> Sizes, MlirType Element, string? Encoding) : MlirType
{
    public override string ToString() =>
        $"tensor<{string.Concat(Sizes.Select(static size => size < 0 ? "?x" : $"{size}x"))}{Element}{(Encoding is null ? "" : $", {Encoding}")}>";
}

/// <summary><c>tuple&lt;…&gt;</c>.</summary>
internal sealed record TupleType(ValueArray<MlirType> Items) : MlirType
{
    public override string ToString() => $"tuple<{string.Join(", ", Items)}>";
}

/// <summary><c>(…) -> (…)</c>.</summary>
internal sealed record FunctionType(ValueArray<MlirType> Inputs, ValueArray<MlirType> Results) : MlirType
{
    public override string ToString() => $"({string.Join(", ", Inputs)}) -> ({string.Join(", ", Results)})";
}

/// <summary>A type that the parser knows the extent of and nothing else, such as <c>!stablehlo.token</c>.</summary>
internal sealed record OpaqueType(string Text) : MlirType
{
    public override string ToString() => Text;
}
