using BrainState.Execution;
using BrainState.Ops;

namespace BrainState;

/// <summary>Which places of a convolution of two vectors are wanted.</summary>
public enum ConvolveMode
{
    /// <summary>All where they overlap.</summary>
    Full,
    /// <summary>As many as the longer one has, in the middle.</summary>
    Same,
    /// <summary>Those where the shorter one lies inside the longer one.</summary>
    Valid,
}

/// <content>Products of vectors and matrices.</content>
public static partial class Np
{
    /// <summary>
    /// NumPy's <c>matmul</c>: matrices in the last two axes, the axes before broadcast. A vector on the left is a row, on the right a column, and
    /// its axis goes away.
    /// </summary>
    /// <exception cref="ArgumentException">An operand is a scalar, or the inner sizes differ.</exception>
    public static Tensor MatMul(Tensor x, Tensor y) => Composed.Run(nameof(MatMul), 0, [x, y], static (_, operands) =>
    {
        var (a, b) = Common(operands);
        if (a.Rank == 0 || b.Rank == 0) throw new ArgumentException($"MatMul takes vectors and matrices, but an operand is a scalar: {a.Spec} and {b.Spec}.");
        var inner = b.Rank == 1 ? 0 : b.Rank - 2;
        if (a.Shape[^1] != b.Shape[inner])
            throw new ArgumentException($"MatMul: the last axis of {a.Spec} has size {a.Shape[^1]}, but axis {inner} of {b.Spec} has size {b.Shape[inner]}; they must be equal.");
        // One operand without batch axes: its free axes simply follow those of the other.
        if (b.Rank <= 2) return Lax.DotGeneral(a, b, [a.Rank - 1], [inner]);
        if (a.Rank == 1) return Lax.DotGeneral(a, b, [0], [inner]);

        var batch = Broadcasting.Of(Shape.Create(a.Shape.Dims[..^2]), Shape.Create(b.Shape.Dims[..^2]));
        var axes = ValueArray.Range(batch.Rank);
        a = Broadcasting.To(a, [.. batch, a.Shape[^2], a.Shape[^1]]);
        b = Broadcasting.To(b, [.. batch, b.Shape[^2], b.Shape[^1]]);
        return Lax.DotGeneral(a, b, [batch.Rank + 1], [batch.Rank], axes, axes);
    });

    /// <summary>NumPy's <c>dot</c>: the product with a scalar, otherwise the sum over the last axis of x and the last but one of y.</summary>
    public static Tensor Dot(Tensor x, Tensor y)
    {
        if (x.Rank == 0 || y.Rank == 0) return Multiply(x, y);
        return Composed.Run(nameof(Dot), 0, [x, y], static (_, operands) =>
        {
            var (a, b) = Common(operands);
            return Lax.DotGeneral(a, b, [a.Rank - 1], [Math.Max(0, b.Rank - 2)]);
        });
    }

    /// <summary>All products of an element of x and one of y.</summary>
    public static Tensor Outer(Tensor x, Tensor y) => Multiply(ExpandDims(Reshape(x, -1), 1), ExpandDims(Reshape(y, -1), 0));

    /// <summary>The sum of products over the last <paramref name="axes"/> axes of x and the first of y.</summary>
    public static Tensor TensorDot(Tensor x, Tensor y, int axes = 2) => Composed.Run(nameof(TensorDot), axes, [x, y], static (axes, operands) =>
    {
        var (a, b) = Common(operands);
        if (axes < 0 || axes > Math.Min(a.Rank, b.Rank)) throw new ArgumentOutOfRangeException(nameof(axes), $"{a.Spec} and {b.Spec} do not share {axes} axes.");
        return Lax.DotGeneral(a, b, Enumerable.Range(a.Rank - axes, axes).ToValueArray(), ValueArray.Range(axes));
    });

    /// <summary>The discrete convolution Σₖ x[k]·y[n − k] of two vectors: all places where they overlap, those of the longer one's length in the middle (same), or those where
    /// the shorter one lies inside (valid).</summary>
    /// <exception cref="ArgumentException">An operand is not a vector, or is empty.</exception>
    public static Tensor Convolve(Tensor x, Tensor y, ConvolveMode mode = ConvolveMode.Full) => Composed.Run(nameof(Convolve), mode, [x, y], static (mode, operands) =>
    {
        var (a, b) = Common(operands);
        if (a.Rank != 1 || b.Rank != 1 || a.Size == 0 || b.Size == 0) throw new ArgumentException($"Convolve takes two vectors that are not empty, but the operands are {a.Spec} and {b.Spec}.");
        if (a.Size < b.Size) (a, b) = (b, a);
        var reach = b.Shape[0] - 1;
        EdgePadding padding = mode switch
        {
            ConvolveMode.Full => new(reach, reach),
            ConvolveMode.Same => new(reach - reach / 2, reach / 2),
            _ => default,
        };
        Tensor Channel(Tensor v) => Lax.Reshape(v, [1, 1, v.Shape[0]]);
        return Lax.Reshape(Lax.ConvGeneralDilated(Channel(a), Channel(Lax.Rev(b, [0])), [1], [padding]), [a.Shape[0] + padding.Low + padding.High - reach]);
    });

    private static (Tensor, Tensor) Common(Tensor[] operands)
    {
        var type = Promotion.Of(operands);
        if (type.DType == DType.Bool) type = new(Environ.DefaultInteger, false);
        return (Lax.ConvertElementType(operands[0], type.DType), Lax.ConvertElementType(operands[1], type.DType));
    }
}
