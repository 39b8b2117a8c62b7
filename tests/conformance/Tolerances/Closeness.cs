using System.Numerics;
using BrainState.Interpretation;
using BrainState.Ops;

namespace BrainState.Conformance;

/// <summary>How far the results of one op may be from those of the interpreter on the same operands: by kind of op and dtype, in units in the last place.</summary>
internal static class Closeness
{
    /// <summary>Units in the last place that a function in the precision of its operands may be off; null for ops that round correctly.</summary>
    private static double? Ulps(Op op) => op switch
    {
        Rsqrt or Cbrt or Exp or Exp2 or Expm1 or Log or Log1p or Tanh or Logistic or Sin or Cos or Tan or Asin or Acos or Atan or Sinh or Cosh
            or Asinh or Acosh or Atanh or Erf or Pow or Atan2 => 2,
        IntegerPow or Erfc => 4,
        Lgamma or Digamma or CumLogSumExp => 8,
        ErfInv => 16,
        _ => null,
    };

    /// <summary>Whether every result of the op is one exact value: nothing is rounded, or rounded once.</summary>
    public static bool IsExact(Op op) => Ulps(op) is null && op is not (
        ReduceSum or ReduceProd or DotGeneral or ConvGeneralDilated or CumSum or CumProd or ReduceWindowSum or SelectAndScatterAdd or Fft
        or MatrixFactorization or TriangularSolve);

    /// <summary>Whether every result of the op is exact also for complex operands, whose products and roots are rounded more than once.</summary>
    public static bool IsExactForComplex(Op op) => IsExact(op) && op is not (Mul or Div or Sign or Square or Sqrt or Abs or ScatterMul);

    /// <summary>Throws unless <paramref name="actual"/> is close enough to the interpreter's results for the operands.</summary>
    /// <param name="op">The op.</param>
    /// <param name="operands">What it was applied to.</param>
    /// <param name="actual">Its results.</param>
    /// <param name="isNative">Whether it ran as one op; a decomposition rounds more often.</param>
    public static Deviation Check(Op op, HostValue[] operands, HostValue[] actual, bool isNative = true) =>
        Check(op, operands, Oracle.Run(op, operands), actual, isNative);

    /// <summary>Throws unless <paramref name="actual"/> is close enough to <paramref name="expected"/>, which are results for the same operands.</summary>
    /// <inheritdoc cref="Check(Op, HostValue[], HostValue[], bool)"/>
    public static Deviation Check(Op op, HostValue[] operands, HostValue[] expected, HostValue[] actual, bool isNative = true)
    {
        Exactness.CheckSpecs(expected, actual);
        if (op is MatrixFactorization or TriangularSolve) return Factors.Check(op, operands, expected, actual);
        var scales = Scales(op, operands, expected);
        var limits = new Limits(op, operands, expected);
        var deviation = Deviation.None;
        for (var i = 0; i < expected.Length; i++)
            for (var k = 0; k < expected[i].Count; k++)
            {
                var (e, a) = (expected[i][k], actual[i][k]);
                if (Exactness.IsSame(e, a)) continue;
                var scale = scales?[i][k].ToDouble();
                if (!IsClose(op, limits, e, a, scale) && (isNative || !IsCloseDecomposed(e, a, scale)))
                    throw new ConformanceException($"element {k} of result {i} is {a} instead of {e}, for operands {string.Join(", ", (object[])operands)}");
                deviation = deviation.Or(Distance(op, e, a, scale));
            }
        return expected.Any(static e => e.Spec.DType.Is(DTypeKinds.Inexact)) ? deviation.Or(new(0)) : deviation;
    }

    /// <summary>The sums of the magnitudes of what is added up for each element; null for ops that add up nothing.</summary>
    private static HostValue[]? Scales(Op op, HostValue[] operands, HostValue[] expected) => op switch
    {
        ReduceSum or CumSum or ReduceWindowSum => Oracle.Run(op, Magnitudes(operands[0])),
        DotGeneral dot => Oracle.Run(dot with { PreferredElementType = DType.Float64 }, [.. operands.Select(Magnitudes)]),
        ConvGeneralDilated convolution => Oracle.Run(convolution with { PreferredElementType = DType.Float64 }, [.. operands.Select(Magnitudes)]),
        SelectAndScatterAdd => Oracle.Run(op, Magnitudes(operands[0]), Oracle.Run(new ConvertElementType(DType.Float64), operands[1])[0]),
        Fft => [Filled(expected[0].Spec.Shape, SumOfMagnitudes(operands[0]))],
        _ => null,
    };

    private static HostValue Filled(Shape shape, double value) => HostValue.Generate(new(DType.Float64, shape), _ => Scalar.Of(value));

    /// <summary>What holds for all elements of an op's results, each found once and only if it is asked for.</summary>
    private sealed class Limits(Op op, HostValue[] operands, HostValue[] expected)
    {
        private readonly Lazy<bool> isAnythingRight = new(() =>
            // Padding is multiplied with infinities too.
            (op is ConvGeneralDilated && !double.IsFinite(SumOfMagnitudes(operands[1])))
            // Products in another order may overflow on the way, or underflow, where these do not.
            || (op is ReduceProd or CumProd && operands[0].Spec.DType.Is(DTypeKinds.Inexact) && !AreProductsFinite(op, operands[0], Terms(op, operands, expected))));

        /// <summary>Whether another order of the same steps may give anything at all.</summary>
        public bool IsAnythingRight => isAnythingRight.Value;

        public bool IsComplex { get; } = operands.Concat(expected).Any(static x => x.Spec.DType.Is(DTypeKinds.Complex));

        /// <summary>How often a sum or product is rounded, at most.</summary>
        public double Roundings { get; } = Terms(op, operands, expected) + 1;
    }

    /// <summary>The number of elements that a sum or product is made of, at most.</summary>
    private static long Terms(Op op, HostValue[] operands, HostValue[] expected) => op switch
    {
        ReduceSum or ReduceProd => operands[0].Count / Math.Max(1, expected[0].Count),
        Cumulative running => operands[0].Spec.Shape[running.Axis],
        DotGeneral dot => dot.LhsContracting.Aggregate(1L, (product, axis) => product * operands[0].Spec.Shape[axis]),
        _ => operands.Select(static x => (long)x.Count).FirstOrDefault(),
    };

    private static bool IsClose(Op op, Limits limits, Scalar expected, Scalar actual, double? scale)
    {
        if (limits.IsAnythingRight) return true;
        if (limits.IsComplex) return IsCloseComplex(op, limits, expected, actual, scale);
        if (IsExact(op) || !expected.DType.IsFloating) return false;
        var (e, a) = (expected.ToDouble(), actual.ToDouble());
        var largest = Precision.Largest(expected.DType);
        // Sums in another order may overflow on the way where these do not.
        if (scale is { } s) return !(s < largest / 4) || Math.Abs(a - e) <= limits.Roundings * Precision.Ulp(expected.DType, s);
        if (op is ReduceProd or CumProd) return Math.Abs(a - e) <= limits.Roundings * Precision.Ulp(expected.DType, e);
        if (double.IsNaN(e) || double.IsNaN(a)) return false;
        // One side of the largest number may round to infinity and the other not.
        if (double.IsInfinity(e) || double.IsInfinity(a)) return Math.Sign(a) == Math.Sign(e) && Math.Min(Math.Abs(a), Math.Abs(e)) > 0.99 * largest;
        // A reciprocal power is that of the power, which may have overflowed before.
        if (op is IntegerPow { Y: < 0 } && Math.Abs(e) <= 1 / largest) return Math.Abs(a) <= 1 / largest;
        return Math.Abs(a - e) <= (Tolerance(op, expected.DType) * Precision.Ulp(expected.DType, Size(op, Math.Abs(e), scale))) + Inherited(op, expected.DType, e);
    }

    /// <summary>What errors of a result are relative to: its magnitude, or that of what cancels in it.</summary>
    private static double Size(Op op, double magnitude, double? scale) => Math.Max(magnitude, scale ?? (op is Lgamma or Digamma or CumLogSumExp ? 1 : 0));

    /// <summary>XLA's erf_inv, whose bits normal numbers have, begins with the square of its operand: near ±1 what that loses is multiplied by the slope, √π/2·exp(y²).</summary>
    private static double Inherited(Op op, DType dtype, double y) =>
        op is ErfInv && dtype == DType.Float32 ? Math.Sqrt(Math.PI) / 2 * Math.Exp(y * y) * Precision.Ulp(dtype, 1) / 4 : 0;

    /// <summary>Errors are measured against the magnitude of the number. Where the definition gives infinity or NaN, C99 often has a value, and anything goes.</summary>
    private static bool IsCloseComplex(Op op, Limits limits, Scalar expected, Scalar actual, double? scale)
    {
        if (IsExactForComplex(op) || !expected.DType.Is(DTypeKinds.Inexact)) return false;
        var (e, a, part) = (expected.ToComplex(), actual.ToComplex(), Precision.PartOf(expected.DType));
        if (scale is { } s) return !(s < Precision.Largest(part) / 4) || Complex.Abs(a - e) <= 4 * limits.Roundings * Precision.Ulp(part, s);
        if (op is ReduceProd or CumProd) return Complex.Abs(a - e) <= 4 * limits.Roundings * Precision.Ulp(part, Complex.Abs(e));
        if (!Complex.IsFinite(e)) return true;
        return Complex.Abs(a - e) <= (part == DType.Float64 ? 64 : 4) * Precision.Ulp(part, Complex.Abs(e));
    }

    /// <summary>A decomposition rounds after each of its steps.</summary>
    private static bool IsCloseDecomposed(Scalar expected, Scalar actual, double? scale)
    {
        if (!expected.DType.Is(DTypeKinds.Inexact)) return false;
        var (e, a, part) = (expected.ToComplex(), actual.ToComplex(), Precision.PartOf(expected.DType));
        if (!Complex.IsFinite(e)) return !Complex.IsFinite(a) || Complex.Abs(a) > 0.99 * Precision.Largest(part);
        return Complex.Abs(a - e) <= Precision.Decomposed(part) * (1 + Complex.Abs(e) + (scale ?? 0));
    }

    private static double Tolerance(Op op, DType dtype) => dtype switch
    {
        DType.Float16 or DType.BFloat16 => 1,
        DType.Float64 => Math.Max(8, 4 * Ulps(op)!.Value),
        _ => Ulps(op)!.Value,
    };

    private static Deviation Distance(Op op, Scalar expected, Scalar actual, double? scale)
    {
        var (e, a) = (expected.ToComplex(), actual.ToComplex());
        return expected.DType.Is(DTypeKinds.Inexact) && Complex.IsFinite(e) && Complex.IsFinite(a) && scale is not (double.PositiveInfinity or double.NaN)
            ? new(Complex.Abs(a - e) / Precision.Ulp(Precision.PartOf(expected.DType), Size(op, Complex.Abs(e), scale)))
            : Deviation.None;
    }

    /// <summary>Whether no product of so many elements overflows, underflows or is NaN, whichever they are.</summary>
    private static bool AreProductsFinite(Op op, HostValue x, long terms)
    {
        // Half floats are multiplied as such by some engines.
        var limit = op is ReduceProd && x.Spec.DType == DType.Float16 ? 13 : 120;
        var magnitudes = Magnitudes(x);
        var logarithms = Enumerable.Range(0, x.Count).Select(i => Math.Abs(Math.Log2(magnitudes[i].ToDouble())));
        return logarithms.Select(static l => double.IsNaN(l) ? double.PositiveInfinity : l).OrderDescending().Take((int)terms).Sum() < limit;
    }

    private static double SumOfMagnitudes(HostValue x) => Oracle.Run(new ReduceSum(ValueArray.Range(x.Spec.Rank)), Magnitudes(x))[0][0].ToDouble();

    /// <summary>The magnitudes in float64, where they do not overflow.</summary>
    private static HostValue Magnitudes(HostValue x)
    {
        if (x.Spec.DType.Is(DTypeKinds.Complex)) x = Oracle.Run(new Abs(), Oracle.Run(new ConvertElementType(DType.Complex128), x))[0];
        return Oracle.Run(new Abs(), Oracle.Run(new ConvertElementType(DType.Float64), x))[0];
    }
}
