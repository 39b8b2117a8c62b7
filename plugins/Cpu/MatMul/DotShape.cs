using BrainState.Ops;

namespace BrainState.Cpu.MatMul;

/// <summary>One operand of a matrix product: its batch axes, the ones that are summed over, and the ones it gives to the result.</summary>
internal sealed record DotOperand(Axes Batch, Axes Free, Axes Depth);

/// <summary>
/// Any dot_general as a batch of matrix products with m rows, depth k and n columns. It is the strides of the operands that say which
/// axes are meant; nothing is transposed in memory.
/// </summary>
/// <param name="Left">The operand with the rows.</param>
/// <param name="Right">The operand with the columns.</param>
/// <param name="Swapped">Whether the result is stored columns first, because the operands have changed places.</param>
internal sealed record DotShape(DotOperand Left, DotOperand Right, bool Swapped)
{
    /// <summary>The number of products.</summary>
    public long Batch => Left.Batch.Count;

    /// <summary>Rows of the result.</summary>
    public long M => Left.Free.Count;

    /// <summary>Columns of the result.</summary>
    public long N => Right.Free.Count;

    /// <summary>Terms of each sum.</summary>
    public long K => Left.Depth.Count;

    /// <summary>The same products with rows and columns exchanged.</summary>
    public DotShape Swap() => new(Right, Left, !Swapped);

    /// <summary>The shape of <paramref name="op"/> on dense operands of shapes <paramref name="lhs"/> and <paramref name="rhs"/>.</summary>
    public static DotShape Of(DotGeneral op, Shape lhs, Shape rhs) => new(
        Operand(lhs, op.LhsBatch.Span, op.LhsContracting.Span),
        Operand(rhs, op.RhsBatch.Span, op.RhsContracting.Span),
        false);

    private static DotOperand Operand(Shape shape, ReadOnlySpan<int> batch, ReadOnlySpan<int> contracting)
    {
        Span<int> free = stackalloc int[shape.Rank - batch.Length - contracting.Length];
        var count = 0;
        for (var axis = 0; axis < shape.Rank; axis++)
            if (!batch.Contains(axis) && !contracting.Contains(axis))
                free[count++] = axis;
        var strides = shape.RowMajorStrides();
        return new(Axes.Of(shape, strides, batch), Axes.Of(shape, strides, free), Axes.Of(shape, strides, contracting));
    }
}
