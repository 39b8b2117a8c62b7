namespace BrainState;

/// <summary>What is known of a tensor before it is computed: its dtype and shape.</summary>
public readonly record struct TensorSpec(DType DType, Shape Shape)
{
    /// <summary>The number of axes.</summary>
    public int Rank => Shape.Rank;

    /// <summary>The number of elements.</summary>
    public long ElementCount => Shape.ElementCount;

    /// <summary>The size of the dense row-major data.</summary>
    public long ByteCount => checked(Shape.ElementCount * DType.Size);

    /// <summary>The same shape with another dtype.</summary>
    public TensorSpec With(DType dtype) => new(dtype, Shape);

    /// <summary>The same dtype with another shape.</summary>
    public TensorSpec With(Shape shape) => new(DType, shape);

    /// <summary>As in a jaxpr: <c>f32[2,3]</c>.</summary>
    public override string ToString() => $"{DType.ShortName}[{string.Join(",", Shape)}]";

    /// <summary>Reads <c>f32[2,3]</c>.</summary>
    /// <exception cref="FormatException">The text is not of that form.</exception>
    public static TensorSpec Parse(string text)
    {
        var open = text.IndexOf('[');
        if (open < 0 || !text.EndsWith(']')) throw new FormatException($"'{text}' is not a spec such as f32[2,3].");
        var inner = text[(open + 1)..^1];
        var dims = inner.Length == 0 ? [] : inner.Split(',').Select(d => int.Parse(d, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        return new(DType.Parse(text[..open]), Shape.Create(dims));
    }
}
