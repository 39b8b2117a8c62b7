using System.Numerics;

namespace BrainState.Interpretation.Numerics;

/// <summary>Factorisations that take a fixed number of steps, and substitution. G. Golub and C. Van Loan, Matrix Computations, chapters 3 to 5.</summary>
internal static class Factorizations
{
    /// <summary>The lower triangular L with L·Lᴴ = a; NaN in its triangle if a is not positive definite. Reads the lower triangle only.</summary>
    public static T[,] Cholesky<T>(T[,] a) where T : INumberBase<T>
    {
        var n = a.GetLength(0);
        var l = new T[n, n];
        for (var k = 0; k < n; k++)
        {
            var pivot = Field.RealPart(a[k, k]);
            for (var j = 0; j < k; j++) pivot -= Field.RealPart(l[k, j] * Field.Conjugate(l[k, j]));
            if (!(pivot > 0)) return Matrix.Generate(n, n, static (i, j) => j <= i ? Field.Of<T>(double.NaN) : T.Zero);
            var root = Math.Sqrt(pivot);
            l[k, k] = Field.Of<T>(root);
            for (var i = k + 1; i < n; i++)
            {
                var sum = a[i, k];
                for (var j = 0; j < k; j++) sum -= l[i, j] * Field.Conjugate(l[k, j]);
                l[i, k] = sum / Field.Of<T>(root);
            }
        }
        return l;
    }

    /// <summary>L and U in one matrix, the row exchanged with each row in turn, and the order of the rows that this makes.</summary>
    public static (T[,] Lu, int[] Pivots, int[] Permutation) Lu<T>(T[,] a) where T : INumberBase<T>
    {
        var (m, n) = (a.GetLength(0), a.GetLength(1));
        var lu = (T[,])a.Clone();
        var pivots = new int[Math.Min(m, n)];
        int[] permutation = [.. Enumerable.Range(0, m)];
        for (var k = 0; k < pivots.Length; k++)
        {
            var pivot = k;
            for (var i = k + 1; i < m; i++)
                if (Size(lu[i, k]) > Size(lu[pivot, k]))
                    pivot = i;
            pivots[k] = pivot;
            if (T.IsZero(lu[pivot, k])) continue;
            (permutation[k], permutation[pivot]) = (permutation[pivot], permutation[k]);
            for (var j = 0; j < n; j++) (lu[k, j], lu[pivot, j]) = (lu[pivot, j], lu[k, j]);
            for (var i = k + 1; i < m; i++)
            {
                lu[i, k] /= lu[k, k];
                for (var j = k + 1; j < n; j++) lu[i, j] -= lu[i, k] * lu[k, j];
            }
        }
        return (lu, pivots, permutation);

        static double Size(T x) => Field.ToComplex(x) is var z ? Math.Abs(z.Real) + Math.Abs(z.Imaginary) : 0;
    }

    /// <summary>Q with <paramref name="columns"/> orthonormal columns and R with as many rows, by Householder reflections.</summary>
    public static (T[,] Q, T[,] R) Qr<T>(T[,] a, int columns) where T : INumberBase<T>
    {
        var (m, n) = (a.GetLength(0), a.GetLength(1));
        var r = (T[,])a.Clone();
        var reflections = new List<(T[] V, T Tau)>();
        for (var k = 0; k < Math.Min(m, n); k++)
        {
            // The reflection I − τ v vᴴ, where v begins with 1 at place k, that turns column k into β eₖ.
            var (alpha, norm) = (r[k, k], Matrix.Norm(r, k, k));
            var isDone = Matrix.Norm(r, k, k + 1) == 0 && Field.Magnitude(alpha - Field.Of<T>(Field.RealPart(alpha))) == 0;
            var beta = Field.Of<T>(-Math.CopySign(norm, Field.RealPart(alpha)));
            var v = new T[m];
            for (var i = k; i < m; i++) v[i] = i == k ? T.One : isDone ? T.Zero : r[i, k] / (alpha - beta);
            var tau = isDone ? T.Zero : (beta - alpha) / beta;
            reflections.Add((v, tau));
            Reflect(r, v, Field.Conjugate(tau));
            for (var i = k + 1; i < m; i++) r[i, k] = T.Zero;
        }
        var q = Matrix.Generate(m, columns, static (i, k) => i == k ? T.One : T.Zero);
        foreach (var (v, tau) in Enumerable.Reverse(reflections)) Reflect(q, v, tau);
        return (q, Matrix.Generate(columns, n, (i, k) => r[i, k]));
    }

    /// <summary>The x with a·x = b for a triangular a, of which only that triangle is read.</summary>
    public static T[,] Substitute<T>(T[,] a, T[,] b, bool isLower, bool hasUnitDiagonal) where T : INumberBase<T>
    {
        var n = a.GetLength(0);
        var x = (T[,])b.Clone();
        for (var column = 0; column < b.GetLength(1); column++)
            for (var step = 0; step < n; step++)
            {
                var i = isLower ? step : n - 1 - step;
                for (var k = isLower ? 0 : i + 1; k < (isLower ? i : n); k++) x[i, column] -= a[i, k] * x[k, column];
                if (!hasUnitDiagonal) x[i, column] /= a[i, i];
            }
        return x;
    }

    /// <summary>Replaces a by (I − τ v vᴴ) a.</summary>
    private static void Reflect<T>(T[,] a, T[] v, T tau) where T : INumberBase<T>
    {
        for (var k = 0; k < a.GetLength(1); k++)
        {
            var sum = T.Zero;
            for (var i = 0; i < v.Length; i++) sum += Field.Conjugate(v[i]) * a[i, k];
            for (var i = 0; i < v.Length; i++) a[i, k] -= tau * sum * v[i];
        }
    }
}
