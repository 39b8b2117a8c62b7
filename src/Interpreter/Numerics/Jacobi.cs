using System.Numerics;

namespace BrainState.Interpretation.Numerics;

/// <summary>
/// Eigenvalues and singular values by Jacobi's rotations of two columns at a time, until nothing is left to rotate: slow, simple, and accurate for small values too.
/// G. Golub and C. Van Loan, Matrix Computations, 8.5 and 8.6.
/// </summary>
internal static class Jacobi
{
    private const int MaxSweeps = 100; // A dozen are enough; NaN never converges.

    /// <summary>What is smaller relative to its surroundings is rounding.</summary>
    private const double Negligible = 1e-15;

    /// <summary>The eigenvectors, as columns, and ascending eigenvalues of a Hermitian matrix.</summary>
    public static (T[,] Vectors, double[] Values) Eigen<T>(T[,] hermitian) where T : INumberBase<T>
    {
        var n = hermitian.GetLength(0);
        var scale = Matrix.Scale(hermitian);
        var a = Matrix.Generate(n, n, (i, k) => hermitian[i, k] / Field.Of<T>(scale));
        var v = Matrix.Identity<T>(n);
        Sweep(n, (p, q) =>
        {
            if (!(Field.Magnitude(a[p, q]) > Negligible * Negligible)) return false;
            var rotation = Rotation<T>.Of(Field.RealPart(a[p, p]), Field.RealPart(a[q, q]), a[p, q]);
            rotation.RotateColumns(a, p, q);
            rotation.RotateRows(a, p, q);
            rotation.RotateColumns(v, p, q);
            (a[p, q], a[q, p]) = (T.Zero, T.Zero);
            return true;
        });
        int[] order = [.. Enumerable.Range(0, n).OrderBy(i => Field.RealPart(a[i, i]))];
        return (Matrix.Generate(n, n, (i, k) => v[i, order[k]]), [.. order.Select(i => Field.RealPart(a[i, i]) * scale)]);
    }

    /// <summary>a = U diag(s) Vᴴ with square U and Vᴴ: descending singular values, U, and Vᴴ.</summary>
    public static (double[] Values, T[,] U, T[,] Vh) Singular<T>(T[,] a) where T : INumberBase<T>
    {
        var (m, n) = (a.GetLength(0), a.GetLength(1));
        if (m < n)
        {
            var (values, left, right) = Singular(Matrix.Adjoint(a));
            return (values, Matrix.Adjoint(right), Matrix.Adjoint(left));
        }

        // Rotations make the columns of w = a·v orthogonal; their lengths are the singular values.
        var scale = Matrix.Scale(a);
        var w = Matrix.Generate(m, n, (i, k) => a[i, k] / Field.Of<T>(scale));
        var v = Matrix.Identity<T>(n);
        Sweep(n, (p, q) =>
        {
            var inner = Matrix.Inner(w, p, q);
            var (alpha, beta) = (Field.RealPart(Matrix.Inner(w, p, p)), Field.RealPart(Matrix.Inner(w, q, q)));
            if (!(Field.Magnitude(inner) > Negligible * Math.Sqrt(alpha) * Math.Sqrt(beta))) return false;
            var rotation = Rotation<T>.Of(alpha, beta, inner);
            rotation.RotateColumns(w, p, q);
            rotation.RotateColumns(v, p, q);
            return true;
        });
        var lengths = Enumerable.Range(0, n).Select(k => Matrix.Norm(w, k)).ToArray();
        int[] order = [.. Enumerable.Range(0, n).OrderByDescending(k => lengths[k])];
        var u = Completed(m, [.. order.Select(k => Enumerable.Range(0, m).Select(i => w[i, k] / Field.Of<T>(lengths[k])).ToArray())],
            order.Select(k => !(lengths[k] <= Negligible * m * lengths[order[0]])).ToArray());
        return ([.. order.Select(k => lengths[k] * scale)], u, Matrix.Generate(n, n, (i, k) => Field.Conjugate(v[k, order[i]])));
    }

    private static void Sweep(int n, Func<int, int, bool> rotate)
    {
        for (var sweep = 0; sweep < MaxSweeps; sweep++)
        {
            var isDone = true;
            for (var p = 0; p < n; p++)
                for (var q = p + 1; q < n; q++)
                    isDone &= !rotate(p, q);
            if (isDone) return;
        }
    }

    /// <summary>A unitary matrix that begins with the given columns; those that are not valid, and those beyond, are made from the unit vectors (Gram and Schmidt).</summary>
    private static T[,] Completed<T>(int size, T[][] columns, bool[] isValid) where T : INumberBase<T>
    {
        var basis = Enumerable.Range(0, size).Select(k => k < columns.Length && isValid[k] ? columns[k] : null).ToArray();
        for (var k = 0; k < size; k++)
        {
            // The unit vector of which most is left when its part in the basis is taken away, twice because of rounding.
            basis[k] ??= Enumerable.Range(0, size).Select(unit =>
            {
                T[] rest = [.. Enumerable.Range(0, size).Select(i => i == unit ? T.One : T.Zero)];
                for (var pass = 0; pass < 2; pass++)
                    foreach (var other in basis.OfType<T[]>())
                        rest = Minus(rest, Dot(other, rest), other);
                return rest;
            }).MaxBy(Length) is { } longest ? [.. longest.Select(x => x / Field.Of<T>(Length(longest)))] : null;
        }
        return Matrix.Generate(size, size, (i, k) => basis[k]![i]);

        static T Dot(T[] x, T[] y) => x.Zip(y, static (a, b) => Field.Conjugate(a) * b).Aggregate(T.Zero, static (sum, term) => sum + term);
        static T[] Minus(T[] x, T factor, T[] y) => [.. x.Zip(y, (a, b) => a - (factor * b))];
        static double Length(T[] x) => x.Aggregate(0.0, static (norm, element) => double.Hypot(norm, Field.Magnitude(element)));
    }

    /// <summary>
    /// The rotation of two columns, or rows, that makes a 2×2 Hermitian matrix ((α, γ), (γ*, β)) diagonal: the second is turned by the phase of γ, then both by an angle of at most 45°.
    /// </summary>
    private readonly record struct Rotation<T>(double Cosine, double Sine, T Phase) where T : INumberBase<T>
    {
        public static Rotation<T> Of(double alpha, double beta, T gamma)
        {
            var magnitude = Field.Magnitude(gamma);
            var zeta = (beta - alpha) / (2 * magnitude);
            var tangent = Math.CopySign(1, zeta) / (Math.Abs(zeta) + double.Hypot(1, zeta));
            var cosine = 1 / double.Hypot(1, tangent);
            return new(cosine, cosine * tangent, gamma / Field.Of<T>(magnitude));
        }

        public void RotateColumns(T[,] a, int p, int q)
        {
            for (var i = 0; i < a.GetLength(0); i++) (a[i, p], a[i, q]) = Turned(a[i, p], a[i, q], Field.Conjugate(Phase));
        }

        public void RotateRows(T[,] a, int p, int q)
        {
            for (var k = 0; k < a.GetLength(1); k++) (a[p, k], a[q, k]) = Turned(a[p, k], a[q, k], Phase);
        }

        private (T P, T Q) Turned(T p, T q, T phase)
        {
            var (c, s) = (Field.Of<T>(Cosine), Field.Of<T>(Sine));
            q *= phase;
            return ((c * p) - (s * q), (s * p) + (c * q));
        }
    }
}
