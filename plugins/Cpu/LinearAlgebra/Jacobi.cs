using System.Numerics;

namespace BrainState.Cpu.LinearAlgebra;

/// <summary>
/// Eigenvalues and singular values by rotations of two vectors at a time, after C. Jacobi and M. Hestenes. Vectors lie in rows, where they are consecutive.
/// </summary>
internal static unsafe class Jacobi<T> where T : unmanaged, INumberBase<T>
{
    /// <summary>A dozen are enough; what is NaN never converges.</summary>
    private const int MaxSweeps = 60;

    private const double Negligible = 1e-16;

    /// <summary>The numbers that <see cref="Eigen"/> needs.</summary>
    public static long EigenScratch(int n) => 2L * n * n + n;

    /// <summary>Eigenvectors as columns and ascending eigenvalues of a Hermitian matrix, of which one triangle is read.</summary>
    public static void Eigen(int n, bool lower, T* matrix, T* vectors, double* values, T* scratch)
    {
        T* a = scratch, v = a + (long)n * n;
        for (var i = 0; i < n; i++)
            for (var k = 0; k < n; k++)
            {
                var isGiven = lower ? i >= k : i <= k;
                a[(long)i * n + k] = i == k ? Field<T>.Of(Field<T>.Real(matrix[(long)i * n + i]))
                    : isGiven ? matrix[(long)i * n + k] : Field<T>.Conjugate(matrix[(long)k * n + i]);
            }
        Identity(v, n);
        var least = Negligible * Field<T>.Norm(a, n * n);
        var isDone = false;
        for (var sweep = 0; sweep < MaxSweeps && !isDone; sweep++)
        {
            isDone = true;
            for (var p = 0; p < n; p++)
                for (var q = p + 1; q < n; q++)
                {
                    T* rowP = a + (long)p * n, rowQ = a + (long)q * n;
                    var size = Field<T>.Magnitude(rowP[q]);
                    if (!(size > least)) continue;
                    isDone = false;
                    var (alpha, beta) = (Field<T>.Real(rowP[p]), Field<T>.Real(rowQ[q]));
                    var rotation = Rotation.Of(alpha, beta, rowP[q], size);
                    // Rows of UᴴA, whose conjugates are the columns of AU.
                    rotation.Turn(rowP, rowQ, n, rotation.Phase);
                    for (var k = 0; k < n; k++) (a[(long)k * n + p], a[(long)k * n + q]) = (Field<T>.Conjugate(rowP[k]), Field<T>.Conjugate(rowQ[k]));
                    rowP[p] = Field<T>.Of(alpha - rotation.Tangent * size);
                    rowQ[q] = Field<T>.Of(beta + rotation.Tangent * size);
                    rowP[q] = rowQ[p] = T.Zero;
                    rotation.Turn(v + (long)p * n, v + (long)q * n, n, Field<T>.Conjugate(rotation.Phase));
                }
        }

        var order = Order(n, i => Field<T>.Real(a[(long)i * n + i]));
        for (var k = 0; k < n; k++)
        {
            values[k] = Field<T>.Real(a[(long)order[k] * n + order[k]]);
            for (var i = 0; i < n; i++) vectors[(long)i * n + k] = v[(long)order[k] * n + i];
        }
    }

    /// <summary>The numbers that <see cref="Singular"/> needs.</summary>
    public static long SingularScratch(int m, int n) => (long)Math.Min(m, n) * (Math.Max(m, n) + Math.Min(m, n)) + (long)Math.Max(m, n) * Math.Max(m, n);

    /// <summary>
    /// Descending singular values and, unless they are null, U with so many columns and Vᴴ with so many rows.
    /// </summary>
    public static void Singular(int m, int n, T* a, double* values, T* u, int columns, T* vh, int rows, T* scratch)
    {
        // Of a wide matrix the adjoint is decomposed, which exchanges U and V.
        var isWide = m < n;
        var (size, count) = isWide ? (n, m) : (m, n);
        T* w = scratch, right = w + (long)count * size, left = right + (long)count * count;
        for (var k = 0; k < count; k++)
            for (var i = 0; i < size; i++)
                w[(long)k * size + i] = isWide ? Field<T>.Conjugate(a[(long)k * n + i]) : a[(long)i * n + k];
        Identity(right, count);
        Orthogonalize(size, count, w, right);

        var lengths = new double[count];
        for (var k = 0; k < count; k++) lengths[k] = Field<T>.Norm(w + (long)k * size, size);
        var order = Order(count, k => -lengths[k]);
        for (var k = 0; k < count; k++) values[k] = lengths[order[k]];
        if (u is null) return;

        var wanted = isWide ? rows : columns;
        var valid = 0;
        for (; valid < count && !(values[valid] <= Negligible * size * values[0]); valid++)
            for (var i = 0; i < size; i++)
                left[(long)valid * size + i] = w[(long)order[valid] * size + i] / Field<T>.Of(values[valid]);
        Complete(left, valid, wanted, size);

        for (var k = 0; k < columns; k++)
            for (var i = 0; i < m; i++)
                u[(long)i * columns + k] = isWide ? right[(long)order[k] * count + i] : left[(long)k * size + i];
        for (var k = 0; k < rows; k++)
            for (var i = 0; i < n; i++)
                vh[(long)k * n + i] = Field<T>.Conjugate(isWide ? left[(long)k * size + i] : right[(long)order[k] * count + i]);
    }

    /// <summary>Rotates the rows of w until they are orthogonal, and those of v alike.</summary>
    private static void Orthogonalize(int size, int count, T* w, T* v)
    {
        var isDone = false;
        for (var sweep = 0; sweep < MaxSweeps && !isDone; sweep++)
        {
            isDone = true;
            for (var p = 0; p < count; p++)
                for (var q = p + 1; q < count; q++)
                {
                    T* rowP = w + (long)p * size, rowQ = w + (long)q * size;
                    var (alpha, beta, inner) = (Field<T>.Norm(rowP, size), Field<T>.Norm(rowQ, size), Field<T>.Inner(rowP, rowQ, size));
                    var magnitude = Field<T>.Magnitude(inner);
                    if (!(magnitude > 10 * Negligible * alpha * beta)) continue;
                    isDone = false;
                    var rotation = Rotation.Of(alpha * alpha, beta * beta, inner, magnitude);
                    rotation.Turn(rowP, rowQ, size, Field<T>.Conjugate(rotation.Phase));
                    rotation.Turn(v + (long)p * count, v + (long)q * count, count, Field<T>.Conjugate(rotation.Phase));
                }
        }
    }

    /// <summary>Adds orthonormal rows: unit vectors without their parts along the rows there are, taken away twice because of rounding.</summary>
    private static void Complete(T* rows, int count, int wanted, int size)
    {
        for (var unit = 0; count < wanted && unit < size; unit++)
        {
            var row = rows + (long)count * size;
            new Span<T>(row, size).Clear();
            row[unit] = T.One;
            for (var pass = 0; pass < 2; pass++)
                for (var k = 0; k < count; k++)
                    Field<T>.Add(-Field<T>.Inner(rows + (long)k * size, row, size), rows + (long)k * size, row, size);
            var norm = Field<T>.Norm(row, size);
            // Not all unit vectors that are left can be nearly in the span.
            if (norm * norm * 2 * size < 1) continue;
            for (var i = 0; i < size; i++) row[i] /= Field<T>.Of(norm);
            count++;
        }
    }

    private static int[] Order(int n, Func<int, double> key)
    {
        var (order, keys) = (new int[n], new double[n]);
        for (var i = 0; i < n; i++) (order[i], keys[i]) = (i, key(i));
        Array.Sort(keys, order);
        return order;
    }

    private static void Identity(T* a, int n)
    {
        new Span<T>(a, n * n).Clear();
        for (var i = 0; i < n; i++) a[(long)i * n + i] = T.One;
    }

    /// <summary>
    /// The rotation that makes ((α, γ), (γ*, β)) diagonal: the second vector is turned by the phase of γ, then both by an angle of at most 45°.
    /// </summary>
    private readonly record struct Rotation(double Cosine, double Tangent, T Phase)
    {
        public static Rotation Of(double alpha, double beta, T gamma, double magnitude)
        {
            var ratio = (beta - alpha) / (2 * magnitude);
            var tangent = Math.CopySign(1, ratio) / (Math.Abs(ratio) + double.Hypot(1, ratio));
            return new(1 / double.Hypot(1, tangent), tangent, gamma / Field<T>.Of(magnitude));
        }

        /// <summary>p becomes c p − s φ q, and q becomes s p + c φ q.</summary>
        public void Turn(T* p, T* q, int count, T phase)
        {
            var (cosine, sine) = (Field<T>.Of(Cosine), Field<T>.Of(Cosine * Tangent));
            for (var i = 0; i < count; i++)
            {
                var turned = q[i] * phase;
                (p[i], q[i]) = (cosine * p[i] - sine * turned, sine * p[i] + cosine * turned);
            }
        }
    }
}
