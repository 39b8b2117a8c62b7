using BrainState.Ops;

namespace BrainState;

/// <summary>Matrices in the last two axes of tensors; axes before are batch axes, which operands share.</summary>
internal static class Matrices
{
    /// <summary>The transposed matrices.</summary>
    public static Tensor Transpose(Tensor x) => Np.SwapAxes(x, -1, -2);

    /// <summary>The transposed and conjugated matrices.</summary>
    public static Tensor Adjoint(Tensor x) => Conj(Transpose(x));

    /// <summary>The conjugate; real numbers are their own.</summary>
    public static Tensor Conj(Tensor x) => x.DType.Is(DTypeKinds.Complex) ? Lax.Conj(x) : x;

    /// <summary>The real part; real numbers are their own.</summary>
    public static Tensor Real(Tensor x) => x.DType.Is(DTypeKinds.Complex) ? Lax.Real(x) : x;

    /// <summary>a·b.</summary>
    public static Tensor Product(Tensor a, Tensor b)
    {
        var batch = ValueArray.Range(a.Rank - 2);
        return Lax.DotGeneral(a, b, [a.Rank - 1], [b.Rank - 2], batch, batch);
    }

    /// <summary>Elements on and below a diagonal; 0 is the main one, positive ones are above.</summary>
    public static Tensor Lower(Tensor x, int diagonal = 0) => Where(x.Shape, (row, column) => Lax.Ge(Lax.Add(row, diagonal), column), x);

    /// <summary>Elements on and above a diagonal.</summary>
    public static Tensor Upper(Tensor x, int diagonal = 0) => Where(x.Shape, (row, column) => Lax.Le(Lax.Add(row, diagonal), column), x);

    /// <summary>Elements off the main diagonal.</summary>
    public static Tensor OffDiagonal(Tensor x) => Where(x.Shape, Lax.Ne, x);

    /// <summary>Identity matrices, not square if the shape is not.</summary>
    public static Tensor Identity(TensorSpec spec) => Lax.ConvertElementType(Mask(spec.Shape, Lax.Eq), spec.DType);

    /// <summary>A diagonal as a vector: element (i, i + offset) for each i.</summary>
    public static Tensor Diagonal(Tensor x, int offset = 0)
    {
        var (rows, columns) = (x.Shape[^2], x.Shape[^1]);
        var (row, column) = (Math.Max(0, -offset), Math.Max(0, offset));
        var count = Math.Max(0, Math.Min(rows - row, columns - column));
        int[] batch = x.Shape.Dims[..^2].ToArray();
        // In row-major order, the elements of a diagonal are columns + 1 apart.
        var first = count == 0 ? 0 : row * columns + column;
        var flat = Lax.Reshape(x, [.. batch, rows * columns]);
        return Lax.Slice(
            flat, [.. batch.Select(static _ => 0), first], [.. batch, count == 0 ? 0 : first + (count - 1) * (columns + 1) + 1], [.. batch.Select(static _ => 1), columns + 1]);
    }

    /// <summary>Square matrices with a vector on their main diagonal.</summary>
    public static Tensor FromDiagonal(Tensor vector)
    {
        var count = vector.Shape[^1];
        var padding = Enumerable.Range(0, vector.Rank).Select(axis => axis == vector.Rank - 1 ? new PaddingConfig(0, 0, count) : default);
        return Lax.Reshape(Lax.Pad(vector, Lax.ConvertElementType(0, vector.DType), padding.ToValueArray()), vector.Shape.Insert(vector.Rank, count));
    }

    /// <summary>Each vector as every row of a matrix of the given shape.</summary>
    public static Tensor AsRows(Tensor vector, Shape shape) => Lax.BroadcastInDim(vector, shape, [.. Enumerable.Range(0, vector.Rank - 1), shape.Rank - 1]);

    /// <summary>Each vector as every column of a matrix of the given shape.</summary>
    public static Tensor AsColumns(Tensor vector, Shape shape) => Lax.BroadcastInDim(vector, shape, ValueArray.Range(vector.Rank));

    /// <summary>The Hermitian matrix that one triangle and the real diagonal of x describe.</summary>
    public static Tensor Hermitian(Tensor x, bool lower)
    {
        var half = lower ? Lower(x, -1) : Upper(x, 1);
        var diagonal = Lax.Sub(x, OffDiagonal(x));
        return Lax.Add(Lax.Add(half, Adjoint(half)), Lax.ConvertElementType(Real(diagonal), x.DType));
    }

    private static Tensor Where(Shape shape, Func<Tensor, Tensor, Tensor> condition, Tensor x) =>
        Lax.SelectN(Mask(shape, condition), Lax.Full(shape, 0, x.DType), x);

    private static Tensor Mask(Shape shape, Func<Tensor, Tensor, Tensor> condition) =>
        condition(Lax.Iota(DType.Int32, shape, shape.Rank - 2), Lax.Iota(DType.Int32, shape, shape.Rank - 1));
}
