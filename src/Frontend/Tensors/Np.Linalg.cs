using BrainState.Execution;

namespace BrainState;

/// <content>Linear algebra.</content>
public static partial class Np
{
    /// <summary>NumPy's <c>linalg</c>: functions of the matrices in the last two axes; axes before are batch axes. Integers count as floats.</summary>
    public static class Linalg
    {
        /// <summary>The lower triangular L with L·Lᴴ = x for positive definite x, of which the Hermitian part counts; NaN where it is not positive definite.</summary>
        public static Tensor Cholesky(Tensor x) => Run(nameof(Cholesky), 0, [x], static (_, o) => [Lax.Linalg.Cholesky(HermitianPart(o[0]))])[0];

        /// <summary>The solution x of a·x = b. A vector b is one column.</summary>
        public static Tensor Solve(Tensor a, Tensor b) => Run(nameof(Solve), 0, [a, b], static (_, o) =>
            [o[1].Rank == 1 ? Squeeze(SolveColumns(o[0], ExpandDims(o[1], 1)), -1) : SolveColumns(o[0], RequireMatrix(o[1]))])[0];

        /// <summary>The inverse matrices.</summary>
        public static Tensor Inv(Tensor a) => Run(nameof(Inv), 0, [a], static (_, o) => [SolveColumns(o[0], Matrices.Identity(RequireSquare(o[0]).Spec))])[0];

        /// <summary>The determinants.</summary>
        public static Tensor Det(Tensor a) => Run(nameof(Det), 0, [a], static (_, o) =>
        {
            var (diagonal, isOdd) = Factors(o[0]);
            var product = Prod(diagonal, -1);
            return [Lax.SelectN(isOdd, product, Lax.Neg(product))];
        })[0];

        /// <summary>The sign of the determinants (for complex matrices, the direction) and the logarithm of their magnitude, which does not overflow.</summary>
        public static (Tensor Sign, Tensor LogAbsDet) SlogDet(Tensor a) => Two(Run(nameof(SlogDet), 0, [a], static (_, o) =>
        {
            var (diagonal, isOdd) = Factors(o[0]);
            var sign = Prod(Lax.Sign(diagonal), -1);
            return [Lax.SelectN(isOdd, sign, Lax.Neg(sign)), Sum(Lax.Log(Lax.Abs(diagonal)), -1)];
        }));

        /// <summary>x = Q·R with orthonormal columns of Q and upper triangular R; with full matrices, Q is square.</summary>
        public static (Tensor Q, Tensor R) Qr(Tensor x, bool fullMatrices = false) => Two(Run(nameof(Qr), fullMatrices, [x], static (full, o) =>
        {
            var (q, r) = Lax.Linalg.Qr(o[0], full);
            return [q, r];
        }));

        /// <summary>x = U·diag(s)·Vᴴ with singular values in descending order; with full matrices, U and V are square.</summary>
        public static (Tensor U, Tensor S, Tensor Vh) Svd(Tensor x, bool fullMatrices = true)
        {
            var results = Run(nameof(Svd), fullMatrices, [x], static (full, o) =>
            {
                var (s, u, vh) = Lax.Linalg.Svd(o[0], full);
                return [u, s, vh];
            });
            return (results[0], results[1], results[2]);
        }

        /// <summary>The singular values in descending order.</summary>
        public static Tensor SvdVals(Tensor x) => Run(nameof(SvdVals), 0, [x], static (_, o) => [Lax.Linalg.SingularValues(o[0])])[0];

        /// <summary>Eigenvalues in ascending order, and eigenvectors as columns, of the Hermitian part of x.</summary>
        public static (Tensor Values, Tensor Vectors) Eigh(Tensor x) => Two(Run(nameof(Eigh), 0, [x], static (_, o) =>
        {
            var (vectors, values) = Lax.Linalg.Eigh(HermitianPart(o[0]));
            return [values, vectors];
        }));

        /// <summary>The eigenvalues of <see cref="Eigh"/>.</summary>
        public static Tensor EigValsh(Tensor x) => Eigh(x).Values;

        /// <summary>
        /// The norm of vectors along an axis, or of matrices along two; without axes, of a tensor of one or two. Vectors: (Σ|x|ᵖ)^(1/p), the largest or smallest magnitude for
        /// p = ±∞, the number of elements that are not 0 for p = 0. Matrices: the extreme sum of magnitudes over columns for p = ±1 and over rows for p = ±∞, the extreme singular value
        /// for p = ±2. Without p, the root of the sum of squares of all elements along the axes.
        /// </summary>
        /// <exception cref="ArgumentException">There is no such norm.</exception>
        public static Tensor Norm(Tensor x, double? p = null, Axes axis = default, bool keepDims = false)
        {
            var axes = axis.Of(x.Rank);
            if (p is not null && axes.Count is not (1 or 2)) throw new ArgumentException($"A norm with p = {p} is that of vectors or matrices, so that it needs one or two axes, not {axes.Count}.", nameof(axis));
            return Run(nameof(Norm), (p, axes, keepDims), [x], static (s, o) =>
            {
                var norm = s.p is { } p && s.axes.Count == 2 ? MatrixNorm(o[0], p, s.axes) : VectorNorm(o[0], s.p ?? 2, s.axes);
                return [s.keepDims ? Lax.Reshape(norm, [.. Enumerable.Range(0, o[0].Rank).Select(a => s.axes.Contains(a) ? 1 : o[0].Shape[a])]) : norm];
            })[0];
        }

        private static Tensor VectorNorm(Tensor x, double p, ValueArray<int> axes)
        {
            if (p == 0) return Lax.ReduceSum(Lax.ConvertElementType(Lax.Ne(x, 0), x.DType.RealPart), axes);
            if (p == 2) return Lax.Sqrt(Lax.ReduceSum(Lax.Square(Magnitude(x)), axes));
            var magnitude = Lax.Abs(x);
            if (double.IsInfinity(p)) return p > 0 ? Lax.ReduceMax(magnitude, axes) : Lax.ReduceMin(magnitude, axes);
            if (p == 1) return Lax.ReduceSum(magnitude, axes);
            return Lax.Pow(Lax.ReduceSum(Lax.Pow(magnitude, p), axes), 1 / p);
        }

        private static Tensor MatrixNorm(Tensor x, double p, ValueArray<int> axes)
        {
            var matrices = Lax.Transpose(x, [.. Enumerable.Range(0, x.Rank).Where(a => !axes.Contains(a)), .. axes]);
            int last = matrices.Rank - 1, summed = Math.Abs(p) == 1 ? last - 1 : last;
            if (Math.Abs(p) is 1 or double.PositiveInfinity)
            {
                var sums = Lax.ReduceSum(Lax.Abs(matrices), [summed]);
                return p > 0 ? Lax.ReduceMax(sums, [last - 1]) : Lax.ReduceMin(sums, [last - 1]);
            }
            if (Math.Abs(p) != 2) throw new ArgumentException($"Matrices have no norm with p = {p}; p can be ±1, ±2, ±∞ or null.", nameof(p));
            var values = Lax.Linalg.SingularValues(matrices);
            return p > 0 ? Lax.ReduceMax(values, [last - 1]) : Lax.ReduceMin(values, [last - 1]);
        }

        /// <summary>What has the square |x|² and a derivative at 0.</summary>
        private static Tensor Magnitude(Tensor x) => x.DType.Is(DTypeKinds.Complex) ? Lax.Abs(x) : x;

        private static Tensor HermitianPart(Tensor x) => Lax.Mul(Lax.Add(RequireSquare(x), Matrices.Adjoint(x)), 0.5);

        /// <summary>a·x = b by elimination with row exchanges.</summary>
        private static Tensor SolveColumns(Tensor a, Tensor b)
        {
            if (RequireSquare(a).Shape[^1] != b.Shape[^2]) throw new ArgumentException($"Matrices {a.Spec} and right-hand sides {b.Spec} do not fit: axis {b.Rank - 2} must have the size {a.Shape[^1]}.");
            var batch = Broadcasting.Of(Shape.Create(a.Shape.Dims[..^2]), Shape.Create(b.Shape.Dims[..^2]));
            a = Broadcasting.To(a, [.. batch, .. a.Shape.Dims[^2..]]);
            b = Broadcasting.To(b, [.. batch, .. b.Shape.Dims[^2..]]);
            var (lu, _, permutation) = Lax.Linalg.Lu(a);
            var permuted = TakeAlongAxis(b, ExpandDims(permutation, -1), -2);
            var forward = Lax.Linalg.TriangularSolve(lu, permuted, leftSide: true, lower: true, unitDiagonal: true);
            return Lax.Linalg.TriangularSolve(lu, forward, leftSide: true);
        }

        /// <summary>The diagonal of U, and whether the rows were exchanged an odd number of times.</summary>
        private static (Tensor Diagonal, Tensor IsOdd) Factors(Tensor a)
        {
            var (lu, pivots, _) = Lax.Linalg.Lu(RequireSquare(a));
            var exchanged = Lax.Ne(pivots, Lax.Iota(DType.Int32, pivots.Shape, pivots.Rank - 1));
            var count = Lax.ReduceSum(Lax.ConvertElementType(exchanged, DType.Int32), [pivots.Rank - 1]);
            return (Matrices.Diagonal(lu), Lax.Ne(Lax.And(count, 1), 0));
        }

        private static Tensor RequireSquare(Tensor x) =>
            RequireMatrix(x).Shape[^1] == x.Shape[^2] ? x : throw new ArgumentException($"Square matrices are needed, but a tensor is {x.Spec}.");

        private static Tensor[] Run<TStatics>(string name, TStatics statics, ReadOnlySpan<Tensor> operands, Func<TStatics, Tensor[], Tensor[]> body) =>
            Composed.RunAll($"{nameof(Linalg)}.{name}", statics, Exact(operands, toInexact: true), (s, o) =>
            {
                var type = CommonType(o, toInexact: true);
                return body(s, System.Array.ConvertAll(o, v => Lax.ConvertElementType(v, type.DType)));
            });

        private static (Tensor, Tensor) Two(Tensor[] results) => (results[0], results[1]);
    }
}
