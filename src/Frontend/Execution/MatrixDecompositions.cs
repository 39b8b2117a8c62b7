using BrainState.Ops;
using BrainState.Tracing;
using static BrainState.Matrices;

namespace BrainState.Execution;

/// <summary>
/// Factorisations of matrices as loops over rows and columns of all matrices of a batch, for backends without linear algebra. G. Golub and C. Van Loan, Matrix Computations,
/// 4th edition: 3.1 (substitution), 3.4 (pivoting), 4.2 (Cholesky), 5.2 (Householder), 8.5 and 8.6 (Jacobi).
/// </summary>
internal static class MatrixDecompositions
{
    /// <summary>Jacobi's method converges quadratically; so many sweeps are enough in double precision.</summary>
    private const int Sweeps = 12;

    public static void Define()
    {
        Decompositions.Define<TriangularSolve>((op, x) => Solve(op, x[0], x[1]));
        Decompositions.Define<Cholesky>((_, x) => Cholesky(x[0]));
        Decompositions.DefineAll<Lu>((_, x) => Lu(x[0]));
        Decompositions.DefineAll<Qr>((op, x) => Qr(x[0], op.FullMatrices));
        Decompositions.DefineAll<Eigh>((op, x) => Eigh(Hermitian(x[0], op.Lower)));
        Decompositions.DefineAll<Svd>((op, x) => Svd(x[0], op));
    }

    /// <summary>Forward substitution: every other case is a lower triangle from the left after transposing or reversing.</summary>
    private static Tensor Solve(TriangularSolve op, Tensor a, Tensor b)
    {
        var isLower = op.Lower;
        a = isLower ? Lower(a) : Upper(a);
        if (op.TransposeA != MatrixTranspose.None == op.LeftSide) (a, isLower) = (Transpose(a), !isLower);
        if (op.TransposeA == MatrixTranspose.Adjoint) a = Conj(a);
        if (!op.LeftSide) b = Transpose(b);
        ValueArray<int> rows = [b.Rank - 2], both = [a.Rank - 2, a.Rank - 1];
        if (!isLower) (a, b) = (Lax.Rev(a, both), Lax.Rev(b, rows));
        var below = Lower(a, -1);
        b = Loop(a.Shape[^1], [b], (j, carry) =>
        {
            var row = Row(carry[0], j);
            if (!op.UnitDiagonal) row = Lax.Div(row, Spread(Column(Row(a, j), j), row));
            return [PutRow(Lax.Sub(carry[0], Product(Column(below, j), row)), j, row)];
        })[0];
        if (!isLower) b = Lax.Rev(b, rows);
        return op.LeftSide ? b : Transpose(b);
    }

    /// <summary>Column by column, each subtracted from what remains.</summary>
    private static Tensor Cholesky(Tensor x)
    {
        var remaining = Hermitian(x, lower: true);
        var results = Loop(x.Shape[^1], [remaining, Zeros(x.Spec), Lax.Full(x.Shape.Without([x.Rank - 2, x.Rank - 1]), 1, x.DType.RealPart)], (j, carry) =>
        {
            var column = Select(Lax.Ge(RowNumbers(Column(x, j)), j), Column(carry[0], j));
            var pivot = Real(Row(column, j));
            var scaled = Lax.Div(column, Spread(Lax.ConvertElementType(Lax.Sqrt(pivot), x.DType), column));
            var smallest = Lax.Min(carry[2], Lax.Reshape(pivot, carry[2].Shape));
            return [Lax.Sub(carry[0], Product(scaled, Adjoint(scaled))), PutColumn(carry[1], j, scaled), smallest];
        });
        // A pivot that is not positive, NaN included, makes the whole triangle NaN.
        var isDefinite = Lax.BroadcastInDim(Lax.Gt(results[2], 0), x.Shape, ValueArray.Range(x.Rank - 2));
        return Lower(Lax.SelectN(isDefinite, Lax.Full(x.Shape, double.NaN, x.DType), results[1]));
    }

    /// <summary>Elimination with the first largest pivot; rows are exchanged in the matrix and in the permutation alike.</summary>
    private static Tensor[] Lu(Tensor x)
    {
        var (m, k) = (x.Shape[^2], Math.Min(x.Shape[^2], x.Shape[^1]));
        int[] batch = [.. x.Shape.Dims[..^2]];
        var results = Loop(k, [x, Lax.Full([.. batch, k, 1], 0, DType.Int32), Lax.Iota(DType.Int32, [.. batch, m, 1], batch.Length)], (j, carry) =>
        {
            var column = Column(carry[0], j);
            var size = x.DType.Is(DTypeKinds.Complex) ? Lax.Add(Lax.Abs(Lax.Real(column)), Lax.Abs(Lax.Imag(column))) : Lax.Abs(column);
            var numbers = RowNumbers(column);
            var candidates = Lax.SelectN(Lax.Ge(numbers, j), Lax.Full(size.Shape, -1, size.DType), size);
            var pivot = Np.ExpandDims(Lax.ArgMax(candidates, size.Rank - 2), size.Rank - 2);

            Tensor Exchanged(Tensor v)
            {
                var (rows, at) = (RowNumbers(v), Spread(pivot, v));
                var (first, second) = (Spread(Row(v, j), v), Spread(TakeRow(v, pivot), v));
                return Lax.SelectN(Lax.Eq(rows, j), Lax.SelectN(Lax.Eq(rows, at), v, first), second);
            }
            var exchanged = Exchanged(carry[0]);
            var (upper, left) = (Row(exchanged, j), Column(exchanged, j));
            var divisor = Spread(Row(left, j), left);
            var isBelow = Lax.Gt(numbers, j);
            var factors = Select(Lax.And(isBelow, Lax.Ne(divisor, 0)), Lax.Div(left, divisor));
            var right = Select(Lax.Gt(ColumnNumbers(upper), j), upper);
            var reduced = PutColumn(Lax.Sub(exchanged, Product(factors, right)), j, Lax.SelectN(isBelow, left, factors));
            return [reduced, PutRow(carry[1], j, pivot), Exchanged(carry[2])];
        });
        return [results[0], Lax.Reshape(results[1], [.. batch, k]), Lax.Reshape(results[2], [.. batch, m])];
    }

    /// <summary>Householder reflections I − τ·v·vᴴ, with the signs of LAPACK.</summary>
    private static Tensor[] Qr(Tensor x, bool isFull)
    {
        var (m, n) = (x.Shape[^2], x.Shape[^1]);
        var results = Loop(Math.Min(m, n), [Identity(x.Spec.With([.. x.Shape.Dims[..^2], m, m])), x], (j, carry) =>
        {
            var column = Column(carry[1], j);
            var numbers = RowNumbers(column);
            var below = Select(Lax.Gt(numbers, j), column);
            var alpha = Row(column, j);
            var rest = Lax.ReduceSum(Lax.Square(Lax.Abs(below)), [x.Rank - 2, x.Rank - 1]);
            var square = Lax.Add(Lax.Reshape(rest, alpha.Shape), Lax.Square(Lax.Abs(alpha)));
            var norm = Lax.Sqrt(square);
            var beta = Lax.ConvertElementType(Lax.SelectN(Lax.Lt(Real(alpha), 0), Lax.Neg(norm), norm), x.DType);
            var isDone = Lax.Eq(Lax.ConvertElementType(Real(alpha), x.DType), alpha);
            isDone = Lax.And(isDone, Lax.Eq(Lax.Reshape(rest, alpha.Shape), 0));

            var one = Lax.Full(alpha.Shape, 1, x.DType);
            var tau = Lax.SelectN(isDone, Lax.Div(Lax.Sub(beta, alpha), Lax.SelectN(isDone, beta, one)), Zeros(alpha.Spec));
            var scaled = Lax.Div(below, Spread(Lax.SelectN(isDone, Lax.Sub(alpha, beta), one), below));
            var v = Lax.SelectN(Lax.Eq(numbers, j), scaled, Lax.Full(scaled.Shape, 1, x.DType));
            var r = Product(v, Product(Adjoint(v), carry[1]));
            var q = Product(Product(carry[0], v), Adjoint(v));
            return [Lax.Sub(carry[0], Lax.Mul(Spread(tau, q), q)), Lax.Sub(carry[1], Lax.Mul(Spread(Conj(tau), r), r))];
        });
        var k = isFull ? m : Math.Min(m, n);
        return [Lax.SliceInDim(results[0], 0, k, axis: x.Rank - 1), Lax.SliceInDim(Upper(results[1]), 0, k, axis: x.Rank - 2)];
    }

    /// <summary>Jacobi rotations of pairs of rows and columns; then the eigenvalues are on the diagonal, and only need an order.</summary>
    private static Tensor[] Eigh(Tensor x)
    {
        var results = Rotate(x.Shape[^1], [x, Identity(x.Spec)], (p, q, carry) =>
        {
            var (left, right) = (Row(carry[0], p), Row(carry[0], q));
            return (Real(Column(left, p)), Real(Column(right, q)), Column(left, q));
        }, static (rotation, carry) => [Adjoint(rotation(Adjoint(rotation(carry[0])))), rotation(carry[1])]);
        var values = Real(Diagonal(results[0]));
        var last = values.Rank - 1;
        var sorted = Lax.Sort([values, Lax.Iota(DType.Int32, values.Shape, last)], last);
        return [Np.TakeAlongAxis(results[1], Np.ExpandDims(sorted[1], last), -1), sorted[0]];
    }

    /// <summary>
    /// Jacobi rotations of pairs of columns make them orthogonal: x·V = U·S. Sorted by their norms, their QR factorisation has S on the diagonal of R up to signs, and Q completes U
    /// where singular values are 0 or full matrices are wanted.
    /// </summary>
    private static Tensor[] Svd(Tensor x, Svd op)
    {
        var (m, n, last) = (x.Shape[^2], x.Shape[^1], x.Rank - 1);
        if (m < n)
        {
            var adjoint = Svd(Adjoint(x), op);
            return op.ComputeVectors ? [adjoint[0], Adjoint(adjoint[2]), Adjoint(adjoint[1])] : adjoint;
        }
        var results = Rotate(n, [x, Identity(x.Spec.With([.. x.Shape.Dims[..^2], n, n]))], static (p, q, carry) =>
        {
            var (a, b) = (Column(carry[0], p), Column(carry[0], q));
            return (Real(Product(Adjoint(a), a)), Real(Product(Adjoint(b), b)), Product(Adjoint(a), b));
        }, static (rotation, carry) => [rotation(carry[0]), rotation(carry[1])]);

        var norms = Lax.Sqrt(Lax.ReduceSum(Lax.Square(Lax.Abs(results[0])), [last - 1]));
        var order = Lax.Sort([Lax.Neg(norms), norms, Lax.Iota(DType.Int32, norms.Shape, last - 1)], last - 1);
        if (!op.ComputeVectors) return [order[1]];
        var positions = Np.ExpandDims(order[2], last - 1);
        var (columns, v) = (Np.TakeAlongAxis(results[0], positions, -1), Np.TakeAlongAxis(results[1], positions, -1));
        var factors = Qr(columns, op.FullMatrices);
        var signs = Lax.Sign(Diagonal(factors[1]));
        signs = Lax.SelectN(Lax.Eq(signs, 0), signs, Lax.Full(signs.Shape, 1, signs.DType));
        var missing = factors[0].Shape[^1] - n;
        if (missing > 0) signs = Lax.Concatenate([signs, Lax.Full(signs.Shape.With(last - 1, missing), 1, signs.DType)], last - 1);
        return [order[1], Lax.Mul(factors[0], AsRows(signs, factors[0].Shape)), Adjoint(v)];
    }

    /// <summary>
    /// Sweeps over all pairs p &lt; q. The pair's Hermitian matrix [[a, g], [ḡ, b]] determines the rotation that makes it diagonal, which is applied to columns p and q.
    /// </summary>
    private static Tensor[] Rotate(
        int n, Tensor[] carry, Func<Tensor, Tensor, Tensor[], (Tensor A, Tensor B, Tensor G)> pair, Func<Func<Tensor, Tensor>, Tensor[], Tensor[]> apply) =>
        Loop(checked(Sweeps * n * n), carry, (step, carry) =>
        {
            var (p, q) = (Lax.Rem(Lax.Div(step, n), n), Lax.Rem(step, n));
            var (a, b, g) = pair(p, q, carry);
            var size = Lax.Abs(g);
            var isIdle = Lax.Or(Lax.Eq(size, 0), Lax.BroadcastInDim(Lax.Ge(p, q), size.Shape, []));
            var one = Lax.Full(size.Shape, 1, size.DType);
            var ratio = Lax.Div(Lax.Sub(b, a), Lax.Mul(Lax.SelectN(isIdle, size, one), 2));
            var tangent = Lax.Div(Lax.SelectN(Lax.Lt(ratio, 0), one, Lax.Neg(one)), Lax.Add(Lax.Abs(ratio), Lax.Sqrt(Lax.Add(Lax.Square(ratio), 1))));
            tangent = Lax.SelectN(isIdle, tangent, Zeros(tangent.Spec));
            var cosine = Lax.Rsqrt(Lax.Add(Lax.Square(tangent), 1));
            Tensor Cast(Tensor v) => Lax.ConvertElementType(v, g.DType);
            var (c, s) = (Cast(cosine), Cast(Lax.Mul(tangent, cosine)));
            var phase = Lax.SelectN(isIdle, Conj(Lax.Sign(g)), Cast(one));

            Tensor Rotation(Tensor v)
            {
                var (first, second) = (Column(v, p), Column(v, q));
                Tensor Times(Tensor factor, Tensor column) => Lax.Mul(Spread(factor, column), column);
                var turned = Times(phase, second);
                var rotated = PutColumn(PutColumn(v, p, Lax.Sub(Times(c, first), Times(s, turned))), q, Lax.Add(Times(s, first), Times(c, turned)));
                return Lax.SelectN(Lax.Lt(p, q), v, rotated); // Where p = q, the two columns are one.
            }
            return apply(Rotation, carry);
        });

    /// <summary>Runs a body for 0, 1, … count − 1; it may read other tensors.</summary>
    private static Tensor[] Loop(int count, Tensor[] carry, Func<Tensor, Tensor[], Tensor[]> body)
    {
        if (count == 0) return carry; // The body may be impossible on matrices without rows or columns.
        var traced = Trace.Run([.. carry.Select(static c => new Aval(c.Spec, false)), new Aval(new(DType.Int32, []), false)], inputs => body(inputs[^1], inputs[..^1]));
        var loop = new Scan(traced.Program, traced.Captures.Length, carry.Length, count, Reverse: false, Unroll: 1);
        return Eager.Bind(loop, [.. traced.Captures, .. carry, Lax.Iota(DType.Int32, [count], 0)]);
    }

    private static Tensor Row(Tensor x, Tensor i) => Part(x, x.Rank - 2, i);

    private static Tensor Column(Tensor x, Tensor j) => Part(x, x.Rank - 1, j);

    private static Tensor PutRow(Tensor x, Tensor i, Tensor row) => Lax.DynamicUpdateSlice(x, row, Starts(x, x.Rank - 2, i));

    private static Tensor PutColumn(Tensor x, Tensor j, Tensor column) => Lax.DynamicUpdateSlice(x, column, Starts(x, x.Rank - 1, j));

    private static Tensor Part(Tensor x, int axis, Tensor position) => Lax.DynamicSlice(x, Starts(x, axis, position), x.Shape.With(axis, 1).ToValueArray());

    private static Tensor[] Starts(Tensor x, int axis, Tensor position) =>
        [.. Enumerable.Range(0, x.Rank).Select(a => a == axis ? position : Lax.ConvertElementType(0, DType.Int32))];

    /// <summary>The row of each matrix at a position of its own.</summary>
    private static Tensor TakeRow(Tensor x, Tensor position) => Np.TakeAlongAxis(x, position, -2);

    private static Tensor RowNumbers(Tensor x) => Lax.Iota(DType.Int32, x.Shape, x.Rank - 2);

    private static Tensor ColumnNumbers(Tensor x) => Lax.Iota(DType.Int32, x.Shape, x.Rank - 1);

    /// <summary>x where the condition holds, 0 elsewhere.</summary>
    private static Tensor Select(Tensor condition, Tensor x) => Lax.SelectN(condition, Zeros(x.Spec), x);

    private static Tensor Spread(Tensor x, Tensor like) => Broadcasting.To(x, like.Shape);

    private static Tensor Zeros(TensorSpec spec) => Lax.Full(spec.Shape, 0, spec.DType);
}
