using System.Globalization;

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
        if (open < 0 || !text.EndsWith(']')) throw NotASpec(text);
        var sizes = text[(open + 1)..^1];
        var dims = sizes.Length == 0 ? [] : Array.ConvertAll(sizes.Split(','), size =>
            int.TryParse(size, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var dim)
                ? dim
                : throw NotASpec(text));
        return new(DType.Parse(text[..open]), Shape.Create(dims));
    }

    private static FormatException NotASpec(string text) => new($"'{text}' is not a spec such as f32[2,3].");
}
