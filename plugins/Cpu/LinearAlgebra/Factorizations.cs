using System.Numerics;

namespace BrainState.Cpu.LinearAlgebra;

/// <summary>Factorisations that take a fixed number of steps, of dense row-major matrices.</summary>
internal static unsafe class Factorizations<T> where T : unmanaged, INumberBase<T>
{
    /// <summary>The lower triangular L with L·Lᴴ = a; NaN in its triangle if there is none.</summary>
    public static void Cholesky(int n, T* a, T* l)
    {
        new Span<T>(l, n * n).Clear();
        for (var i = 0; i < n; i++)
        {
            T* row = l + (long)i * n, from = a + (long)i * n;
            for (var j = 0; j < i; j++) row[j] = (from[j] - Field<T>.Conjugate(Field<T>.Inner(row, l + (long)j * n, j))) / l[(long)j * n + j];
            var pivot = Field<T>.Real(from[i]) - Field<T>.Real(Field<T>.Inner(row, row, i));
            if (!(pivot > 0))
            {
                for (var k = 0; k < n; k++) new Span<T>(l + (long)k * n, k + 1).Fill(Field<T>.Of(double.NaN));
                return;
            }
            row[i] = Field<T>.Of(Math.Sqrt(pivot));
        }
    }

    /// <summary>L and U in place of a, the row exchanged with each row in turn, and the order of the rows that this makes. Pivots are chosen as LAPACK does.</summary>
    public static void Lu(int m, int n, T* a, int* pivots, int* permutation)
    {
        for (var i = 0; i < m; i++) permutation[i] = i;
        for (var k = 0; k < Math.Min(m, n); k++)
        {
            var (pivot, size) = (k, Size(a[(long)k * n + k]));
            for (var i = k + 1; i < m; i++)
                if (Size(a[(long)i * n + k]) is var candidate && candidate > size)
                    (pivot, size) = (i, candidate);
            pivots[k] = pivot;
            var top = a + (long)k * n;
            if (T.IsZero(a[(long)pivot * n + k])) continue;
            if (pivot != k)
            {
                (permutation[k], permutation[pivot]) = (permutation[pivot], permutation[k]);
                var other = a + (long)pivot * n;
                for (var j = 0; j < n; j++) (top[j], other[j]) = (other[j], top[j]);
            }
            for (var i = k + 1; i < m; i++)
            {
                var row = a + (long)i * n;
                row[k] /= top[k];
                Field<T>.Add(-row[k], top + k + 1, row + k + 1, n - k - 1);
            }
        }

        static double Size(T x) => Math.Abs(Field<T>.Real(x)) + Math.Abs(Field<T>.Imaginary(x));
    }

    /// <summary>The numbers that <see cref="Qr"/> needs.</summary>
    public static long QrScratch(int m, int n, int columns) => (long)m * n + (long)Math.Min(m, n) * (m + 1) + Math.Max(n, columns);

    /// <summary>Q with so many columns and R with as many rows, by Householder's reflections, with LAPACK's signs.</summary>
    public static void Qr(int m, int n, int columns, T* a, T* q, T* r, T* scratch)
    {
        var count = Math.Min(m, n);
        T* work = scratch, vectors = work + (long)m * n, factors = vectors + (long)count * m, sums = factors + count;
        new Span<T>(a, m * n).CopyTo(new Span<T>(work, m * n));
        for (var k = 0; k < count; k++)
        {
            var v = vectors + (long)k * m;
            var column = work + (long)k * n + k;
            var (alpha, tail) = (*column, Field<T>.Norm(column + n, m - k - 1, n));
            new Span<T>(v, m).Clear();
            v[k] = T.One;
            if (tail == 0 && Field<T>.Imaginary(alpha) == 0)
            {
                factors[k] = T.Zero;
                continue;
            }
            // I − τ v vᴴ turns the column into β times a unit vector.
            var beta = Field<T>.Of(-Math.CopySign(double.Hypot(Field<T>.Magnitude(alpha), tail), Field<T>.Real(alpha)));
            factors[k] = (beta - alpha) / beta;
            for (var i = k + 1; i < m; i++) v[i] = work[(long)i * n + k] / (alpha - beta);
            Reflect(v, Field<T>.Conjugate(factors[k]), k, m, n, work, sums);
        }

        for (var i = 0; i < columns; i++)
            for (var j = 0; j < n; j++)
                r[(long)i * n + j] = j < i ? T.Zero : work[(long)i * n + j];
        for (var i = 0; i < m; i++)
            for (var j = 0; j < columns; j++)
                q[(long)i * columns + j] = i == j ? T.One : T.Zero;
        for (var k = count - 1; k >= 0; k--) Reflect(vectors + (long)k * m, factors[k], k, m, columns, q, sums);
    }

    /// <summary>Replaces a by (I − τ v vᴴ) a, where v is zero before <paramref name="first"/>.</summary>
    private static void Reflect(T* v, T tau, int first, int rows, int columns, T* a, T* sums)
    {
        new Span<T>(sums, columns).Clear();
        for (var i = first; i < rows; i++) Field<T>.Add(Field<T>.Conjugate(v[i]), a + (long)i * columns, sums, columns);
        for (var i = first; i < rows; i++) Field<T>.Add(-tau * v[i], sums, a + (long)i * columns, columns);
    }

    /// <summary>
    /// Solves op(a)·x = b for b of <paramref name="rows"/> × <paramref name="columns"/>, or x·op(a) = b, in place of b. Where op transposes, <paramref name="isLower"/> is
    /// meant after it.
    /// </summary>
    public static void Solve(bool fromLeft, bool isLower, bool transposes, bool conjugates, bool hasUnitDiagonal, int rows, int columns, T* a, T* b)
    {
        var n = fromLeft ? rows : columns;
        for (var step = 0; step < n; step++)
        {
            // From the left, a lower triangle begins at the top; from the right, at the end.
            var i = isLower == fromLeft ? step : n - 1 - step;
            for (var k = isLower == fromLeft ? 0 : i + 1; k < (isLower == fromLeft ? i : n); k++)
            {
                if (fromLeft) Field<T>.Add(-At(i, k), b + (long)k * columns, b + (long)i * columns, columns);
                else
                    for (var row = 0; row < rows; row++)
                        b[(long)row * columns + i] -= b[(long)row * columns + k] * At(k, i);
            }
            if (hasUnitDiagonal) continue;
            var diagonal = At(i, i);
            if (fromLeft)
                for (var j = 0; j < columns; j++) b[(long)i * columns + j] /= diagonal;
            else
                for (var row = 0; row < rows; row++) b[(long)row * columns + i] /= diagonal;
        }

        T At(int i, int k)
        {
            var x = transposes ? a[(long)k * n + i] : a[(long)i * n + k];
            return conjugates ? Field<T>.Conjugate(x) : x;
        }
    }
}
