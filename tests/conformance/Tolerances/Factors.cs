using System.Numerics;
using BrainState.Interpretation;
using BrainState.Ops;

namespace BrainState.Conformance;

/// <summary>
/// Judges matrix factorisations. Signs, phases and bases of equal values are free, so of eigenvectors and singular vectors it is the matrix that they make with the values that
/// counts, and that they are unitary.
/// </summary>
internal static class Factors
{
    public static Deviation Check(Op op, HostValue[] operands, HostValue[] expected, HostValue[] actual)
    {
        var (wanted, found) = (Determined(op, expected), Determined(op, actual));
        var part = Precision.PartOf(operands[0].Spec.DType);
        var size = operands[0].Spec.Shape[^1] + operands[0].Spec.Shape[^2];
        for (var r = 0; r < wanted.Count; r++)
        {
            // Errors of a factorisation are relative to the whole matrix.
            var scale = 1 + wanted[r].Where(Complex.IsFinite).Select(Complex.Abs).DefaultIfEmpty().Max();
            for (var i = 0; i < wanted[r].Length; i++)
            {
                var (e, a) = (wanted[r][i], found[r][i]);
                if (e.Equals(a) || (!Complex.IsFinite(e) && !Complex.IsFinite(a))) continue;
                if (!(Complex.Abs(a - e) <= (part == DType.Float32 ? 2e-5 : 1e-10) * size * scale))
                    throw new ConformanceException($"element {i} of determined part {r} is {a} instead of {e}, for operands {string.Join(", ", (object[])operands)}");
            }
        }
        return Deviation.None;
    }

    private static List<Complex[]> Determined(Op op, HostValue[] results) => op switch
    {
        Eigh => [Elements(results[1]), Product(Scaled(results[0], results[1]), Adjoint(results[0])), Product(Adjoint(results[0]), Of(results[0]))],
        Svd { ComputeVectors: true } => [Elements(results[0]), Product(Scaled(results[1], results[0]), Of(results[2])), Product(Adjoint(results[1]), Of(results[1])), Product(Of(results[2]), Adjoint(results[2]))],
        _ => [.. results.Select(Elements)],
    };

    private static Complex[] Elements(HostValue x) => [.. Enumerable.Range(0, x.Count).Select(i => x[i].ToComplex())];

    /// <summary>A stack of matrices.</summary>
    private sealed record Matrices(int Count, int Rows, int Columns, Func<int, int, int, Complex> At);

    private static Matrices Of(HostValue x)
    {
        var (rows, columns, elements) = (x.Spec.Shape[^2], x.Spec.Shape[^1], Elements(x));
        return new(rows * columns == 0 ? 0 : x.Count / (rows * columns), rows, columns, (b, i, k) => elements[((b * rows) + i) * columns + k]);
    }

    private static Matrices Adjoint(HostValue x)
    {
        var m = Of(x);
        return new(m.Count, m.Columns, m.Rows, (b, i, k) => Complex.Conjugate(m.At(b, k, i)));
    }

    /// <summary>The columns, as many as there are values, times the values.</summary>
    private static Matrices Scaled(HostValue vectors, HostValue values)
    {
        var (m, elements, count) = (Of(vectors), Elements(values), values.Spec.Shape[^1]);
        return new(m.Count, m.Rows, count, (b, i, k) => m.At(b, i, k) * elements[(b * count) + k]);
    }

    /// <summary>The product over the columns of the left and as many rows of the right.</summary>
    private static Complex[] Product(Matrices left, Matrices right) =>
    [
        .. from b in Enumerable.Range(0, Math.Min(left.Count, right.Count))
           from i in Enumerable.Range(0, left.Rows)
           from k in Enumerable.Range(0, right.Columns)
           select Enumerable.Range(0, Math.Min(left.Columns, right.Rows)).Aggregate(Complex.Zero, (sum, j) => sum + (left.At(b, i, j) * right.At(b, j, k))),
    ];
}
