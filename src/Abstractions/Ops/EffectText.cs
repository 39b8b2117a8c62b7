using System.Globalization;
using System.Text;

namespace BrainState.Ops;

/// <summary>What <see cref="DebugPrint"/> and <see cref="ErrorIf"/> say: one text for all backends.</summary>
/// <remarks>
/// A scalar is written as <see cref="Scalar.ToString"/> does or, with a format specifier, as the .NET number does in the invariant culture; bools have no specifiers. A tensor is written as nested
/// brackets, <c>[[1.0, 2.0], [3.0, 4.0]]</c>; beyond 1000 elements, only the first and last three along each axis are shown.
/// </remarks>
public static class EffectText
{
    private const int MaxElements = 1000;
    private const int EdgeElements = 3;

    /// <summary>The format with its placeholders replaced by the operands.</summary>
    /// <param name="format">A .NET composite format.</param>
    /// <param name="operands">For each operand its spec and its elements: dense, row-major and little-endian.</param>
    /// <exception cref="FormatException">The format does not fit the operands.</exception>
    public static string Format(string format, params IReadOnlyList<(TensorSpec Spec, ReadOnlyMemory<byte> Bytes)> operands) =>
        string.Format(CultureInfo.InvariantCulture, format, [.. operands.Select(static object? (o) => new Tensor(o.Spec, o.Bytes))]);

    /// <summary>Why a format does not fit operands of the given specs, or null if it does.</summary>
    internal static string? ProblemOf(string format, ReadOnlySpan<TensorSpec> operands)
    {
        var samples = new List<(TensorSpec, ReadOnlyMemory<byte>)>();
        foreach (var operand in operands) samples.Add((new(operand.DType, Shape.Scalar), new byte[operand.DType.Size]));
        try
        {
            Format(format, samples);
            return null;
        }
        catch (FormatException failure)
        {
            return failure.Message.TrimEnd('.');
        }
    }

    private sealed record Tensor(TensorSpec Spec, ReadOnlyMemory<byte> Bytes) : IFormattable
    {
        public string ToString(string? format, IFormatProvider? provider)
        {
            var text = new StringBuilder();
            Write(text, format, axis: 0, position: 0);
            return text.ToString();
        }

        /// <summary>Writes the part that begins with the axis <paramref name="axis"/> at a position counted in such parts.</summary>
        private void Write(StringBuilder text, string? format, int axis, long position)
        {
            if (axis == Spec.Rank)
            {
                text.Append(Element(Scalar.Read(Spec.DType, Bytes.Span[(int)(position * Spec.DType.Size)..]), format));
                return;
            }
            var size = Spec.Shape[axis];
            text.Append('[');
            for (var i = 0; i < size; i++)
            {
                if (i > 0) text.Append(", ");
                if (i == EdgeElements && size > 2 * EdgeElements && Spec.ElementCount > MaxElements)
                {
                    text.Append("..., ");
                    i = size - EdgeElements;
                }
                Write(text, format, axis + 1, (position * size) + i);
            }
            text.Append(']');
        }

        private static string Element(Scalar x, string? format) => string.IsNullOrEmpty(format) ? x.ToString() : Number(x).ToString(format, CultureInfo.InvariantCulture);

        // Without the casts all would become Complex, the one type that the others convert to.
        private static IFormattable Number(Scalar x) => x.DType.Kind switch
        {
            DTypeKinds.Bool => throw new FormatException("A bool has no format specifiers."),
            // The casts keep the numbers from becoming the one type that all convert to.
            DTypeKinds.Signed => (IFormattable)x.ToInt64(),
            DTypeKinds.Unsigned => (ulong)x.Bits,
            DTypeKinds.Complex => x.ToComplex(),
            _ => x.DType == DType.Float64 ? (IFormattable)x.ToDouble() : (float)x.ToDouble(),
        };
    }
}
