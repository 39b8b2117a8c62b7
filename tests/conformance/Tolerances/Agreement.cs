using System.Numerics;
using BrainState.Interpretation;

namespace BrainState.Conformance;

/// <summary>The same results up to a tolerance, for what is computed in many steps.</summary>
internal static class Agreement
{
    /// <summary>
    /// Throws unless the results have the same specs and |actual − expected| ≤ tolerance · (1 + largest |expected| of the tensor) for inexact dtypes, and are the same for the others.
    /// NaN agrees with NaN and an infinity with itself.
    /// </summary>
    public static Deviation Check(IReadOnlyList<HostValue> expected, IReadOnlyList<HostValue> actual, double tolerance)
    {
        Exactness.CheckSpecs(expected, actual);
        var deviation = Deviation.None;
        for (var i = 0; i < expected.Count; i++)
        {
            if (!expected[i].Spec.DType.Is(DTypeKinds.Inexact))
            {
                Exactness.Check([expected[i]], [actual[i]]);
                continue;
            }
            var part = Precision.PartOf(expected[i].Spec.DType);
            var scale = Enumerable.Range(0, expected[i].Count).Select(k => Complex.Abs(expected[i][k].ToComplex())).Where(double.IsFinite).DefaultIfEmpty().Max();
            for (var k = 0; k < expected[i].Count; k++)
            {
                var (e, a) = (expected[i][k].ToComplex(), actual[i][k].ToComplex());
                if (e == a || e.Equals(a) || (IsNaN(e) && IsNaN(a))) continue;
                if (!(Complex.Abs(a - e) <= tolerance * (1 + scale)))
                    throw new ConformanceException($"element {k} of result {i} is {actual[i][k]} instead of {expected[i][k]} (tolerance {tolerance:G3}, largest {scale:G3})");
                deviation = deviation.Or(new(Complex.Abs(a - e) / Precision.Ulp(part, 1 + scale)));
            }
        }
        return deviation;
    }

    private static bool IsNaN(Complex x) => double.IsNaN(x.Real) || double.IsNaN(x.Imaginary);
}
