using BrainState.Ops;

namespace BrainState;

/// <content>Fourier transforms and factorisations.</content>
public static partial class Lax
{
    /// <summary>The discrete Fourier transform over the last axes; see <see cref="Ops.Fft"/>.</summary>
    public static Tensor Fft(Tensor x, FftType type, ValueArray<int> lengths) => One(new Fft(type, lengths), x);

    /// <summary>Factorisations of the matrices in the last two axes, as in <c>jax.lax.linalg</c>. <see cref="Np.Linalg"/> has NumPy's functions, which are made of them.</summary>
    public static class Linalg
    {
        /// <summary>The lower triangular factor of positive definite matrices; see <see cref="Ops.Cholesky"/>.</summary>
        public static Tensor Cholesky(Tensor x) => One(new Cholesky(), x);

        /// <summary>x = Q·R; see <see cref="Ops.Qr"/>.</summary>
        public static (Tensor Q, Tensor R) Qr(Tensor x, bool fullMatrices = true) => Two(new Qr(fullMatrices), x);

        /// <summary>P·x = L·U: both triangles in one matrix, the exchanges of rows, and the permutation they make; see <see cref="Ops.Lu"/>.</summary>
        public static (Tensor Lu, Tensor Pivots, Tensor Permutation) Lu(Tensor x) => Three(new Lu(), x);

        /// <summary>Eigenvectors and eigenvalues of Hermitian matrices; see <see cref="Ops.Eigh"/>.</summary>
        public static (Tensor Vectors, Tensor Values) Eigh(Tensor x, bool lower = true) => Two(new Eigh(lower), x);

        /// <summary>Singular values and vectors: s, U, Vᴴ; see <see cref="Ops.Svd"/>.</summary>
        public static (Tensor S, Tensor U, Tensor Vh) Svd(Tensor x, bool fullMatrices = true) =>
            Three(new Svd(fullMatrices, true), x);

        /// <summary>Singular values alone; see <see cref="Ops.Svd"/>.</summary>
        public static Tensor SingularValues(Tensor x) => One(new Svd(false, false), x);

        /// <summary>The solution of triangular systems; see <see cref="Ops.TriangularSolve"/>.</summary>
        public static Tensor TriangularSolve(
            Tensor a, Tensor b, bool leftSide = false, bool lower = false, MatrixTranspose transposeA = MatrixTranspose.None, bool unitDiagonal = false) =>
            One(new TriangularSolve(leftSide, lower, transposeA, unitDiagonal), a, b);
    }
}
