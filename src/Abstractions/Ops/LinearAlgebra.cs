namespace BrainState.Ops;

/// <summary>A factorisation of the matrices in the last two axes; other axes are batch axes.</summary>
/// <remarks>(C1) The operand is float32, float64 or complex. (C2) It has at least two axes, and square matrices where the op needs them.</remarks>
public abstract record MatrixFactorization : Op
{
    /// <summary>The operand, after its constraints were checked.</summary>
    private protected TensorSpec RequireMatrix(ReadOnlySpan<TensorSpec> operands, bool isSquare)
    {
        RequireCount(operands, 1);
        var x = operands[0];
        RequireLinear(this, x, "C1");
        Require(x.Rank >= 2 && (!isSquare || x.Shape[^1] == x.Shape[^2]), "C2", $"it takes {(isSquare ? "square " : "")}matrices in the last two axes, but the operand is {x}");
        return x;
    }

    internal static void RequireLinear(Op op, TensorSpec x, string label)
    {
        if (x.DType is not (DType.Float32 or DType.Float64 or DType.Complex64 or DType.Complex128))
            throw new OpConstraintException(op, label, $"it takes float32, float64 or complex operands, but one is {x}");
    }

    /// <summary>The batch axes of x, then the given axes.</summary>
    private protected static Shape Batched(TensorSpec x, params ReadOnlySpan<int> axes) => Shape.Create([.. x.Shape.Dims[..^2], .. axes]);
}

/// <summary>
/// The lower triangular L with positive diagonal and L·Lᴴ = x, 0 above the diagonal. Only the lower triangle of x is read, and of its diagonal only the real part. Where a matrix is not
/// positive definite, the whole lower triangle of its L is NaN.
/// </summary>
public sealed record Cholesky : MatrixFactorization
{
    /// <inheritdoc/>
    public override string Name => "cholesky";

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands) => [RequireMatrix(operands, isSquare: true)];
}

/// <summary>
/// x = Q·R with orthonormal columns of Q and upper triangular R: results are Q <c>[…, m, k]</c> and R <c>[…, k, n]</c>, where k is m for full matrices and min(m, n) otherwise.
/// The signs are those of Householder's method as in LAPACK: an element on the diagonal of R is real and has the sign opposite to the real part of what it replaces, unless there is nothing
/// to eliminate; then it stays.
/// </summary>
public sealed record Qr(bool FullMatrices) : MatrixFactorization
{
    /// <inheritdoc/>
    public override string Name => "qr";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("full_matrices", FullMatrices)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        var x = RequireMatrix(operands, isSquare: false);
        var (m, n) = (x.Shape[^2], x.Shape[^1]);
        var k = FullMatrices ? m : Math.Min(m, n);
        return [x.With(Batched(x, m, k)), x.With(Batched(x, k, n))];
    }
}

/// <summary>
/// x[p] = L·U with partial pivoting: results are L (below its unit diagonal) and U (upper triangle) in one matrix, the int32 row exchanged with each row in turn <c>[…, k]</c>,
/// k = min(m, n), and the int32 permutation p of the rows that this makes <c>[…, m]</c>. The pivot is the first element with the largest |Re| + |Im|, as in LAPACK; a column without
/// one is left as it is.
/// </summary>
public sealed record Lu : MatrixFactorization
{
    /// <inheritdoc/>
    public override string Name => "lu";

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        var x = RequireMatrix(operands, isSquare: false);
        var (m, n) = (x.Shape[^2], x.Shape[^1]);
        return [x, new(DType.Int32, Batched(x, Math.Min(m, n))), new(DType.Int32, Batched(x, m))];
    }
}

/// <summary>
/// Eigenvalues and eigenvectors of Hermitian matrices, x·v = w·v: results are the vectors as columns <c>[…, n, n]</c>, then the real values <c>[…, n]</c> in ascending
/// order. Only the lower (or upper) triangle is read, and of its diagonal only the real part. The sign or phase of a vector is not specified.
/// </summary>
public sealed record Eigh(bool Lower) : MatrixFactorization
{
    /// <inheritdoc/>
    public override string Name => "eigh";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("lower", Lower)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        var x = RequireMatrix(operands, isSquare: true);
        return [x, new(x.DType.RealPart, Batched(x, x.Shape[^1]))];
    }
}

/// <summary>
/// x = U·diag(s)·Vᴴ: results are the real singular values s <c>[…, min(m, n)]</c> in descending order and, with vectors, U <c>[…, m, k]</c> and Vᴴ <c>[…, k', n]</c>, where k and k'
/// are m and n for full matrices and min(m, n) otherwise. The signs or phases of the vectors are not specified.
/// </summary>
public sealed record Svd(bool FullMatrices, bool ComputeVectors) : MatrixFactorization
{
    /// <inheritdoc/>
    public override string Name => "svd";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("compute_uv", ComputeVectors), new("full_matrices", FullMatrices)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        var x = RequireMatrix(operands, isSquare: false);
        var (m, n) = (x.Shape[^2], x.Shape[^1]);
        var k = Math.Min(m, n);
        TensorSpec values = new(x.DType.RealPart, Batched(x, k));
        return ComputeVectors ? [values, x.With(Batched(x, m, FullMatrices ? m : k)), x.With(Batched(x, FullMatrices ? n : k, n))] : [values];
    }
}

/// <summary>What is done to a matrix before it is used.</summary>
public enum MatrixTranspose
{
    /// <summary>Nothing.</summary>
    None,
    /// <summary>It is transposed.</summary>
    Transpose,
    /// <summary>It is transposed and conjugated.</summary>
    Adjoint,
}

/// <summary>
/// The solution x of op(a)·x = b, or of x·op(a) = b when <see cref="LeftSide"/> is false, for triangular matrices a in the last two axes; other axes are batch axes.
/// Only the named triangle of a is read, and with a unit diagonal not the diagonal.
/// </summary>
/// <remarks>
/// (C1) Both operands, a and b, have the same dtype: float32, float64 or complex. (C2) They have the same rank of at least 2 and the same batch axes; the matrices of a are square.
/// (C3) The sizes fit.
/// </remarks>
public sealed record TriangularSolve(bool LeftSide, bool Lower, MatrixTranspose TransposeA, bool UnitDiagonal) : Op
{
    /// <inheritdoc/>
    public override string Name => "triangular_solve";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters =>
        [new("left_side", LeftSide), new("lower", Lower), new("transpose_a", TransposeA.ToString()), new("unit_diagonal", UnitDiagonal)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 2);
        var (a, b) = (operands[0], operands[1]);
        MatrixFactorization.RequireLinear(this, a, "C1");
        Require(a.DType == b.DType, "C1", $"dtypes must be equal, but are {a} and {b}");
        Require(a.Rank >= 2 && a.Rank == b.Rank && a.Shape.Dims[..^2].SequenceEqual(b.Shape.Dims[..^2]) && a.Shape[^1] == a.Shape[^2], "C2",
            $"it takes square matrices and right-hand sides with the same batch axes, but the operands are {a} and {b}");
        Require(a.Shape[^1] == b.Shape[LeftSide ? ^2 : ^1], "C3", $"matrices {a} cannot be solved for {b} on the {(LeftSide ? "left" : "right")}");
        return [b];
    }
}
