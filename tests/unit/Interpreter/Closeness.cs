using System.Numerics;
using BrainState.Interpretation;
using BrainState.Ops;

namespace BrainState.UnitTests.Interpretation;

/// <summary>How far the results of a backend may be from those of the interpreter, by op and dtype.</summary>
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
        ReduceSum or ReduceProd or DotGeneral or ConvGeneralDilated or CumSum or CumProd or ReduceWindowSum or SelectAndScatterAdd or Fft);

    /// <summary>Whether every result of the op is exact also for complex operands, whose products and roots are rounded more than once.</summary>
    public static bool IsExactForComplex(Op op) => IsExact(op) && op is not (Mul or Div or Sign or Square or Sqrt or Abs or ScatterMul);

    /// <summary>Null if <paramref name="actual"/> is close enough to the interpreter's results for the operands; otherwise what is wrong.</summary>
    public static string? Difference(Op op, HostValue[] operands, HostValue[] actual)
    {
        var expected = Evaluate.Op(op, operands);
        var scales = op switch
        {
            ReduceSum or CumSum or ReduceWindowSum => Evaluate.Op(op, Magnitudes(operands[0])),
            DotGeneral dot => Evaluate.Op(dot with { PreferredElementType = DType.Float64 }, [.. operands.Select(Magnitudes)]),
            ConvGeneralDilated convolution => Evaluate.Op(convolution with { PreferredElementType = DType.Float64 }, [.. operands.Select(Magnitudes)]),
            SelectAndScatterAdd => Evaluate.Op(op, Magnitudes(operands[0]), Evaluate.Op(new ConvertElementType(DType.Float64), operands[1])[0]),
            Fft => [HostValue.Generate(new(DType.Float64, expected[0].Spec.Shape), _ => Scalar.Of(SumOfMagnitudes(operands[0])))],
            _ => null,
        };
        for (var i = 0; i < expected.Length; i++)
        {
            if (actual[i].Spec != expected[i].Spec) return $"result {i} is {actual[i].Spec} instead of {expected[i].Spec}";
            for (var k = 0; k < expected[i].Count; k++)
                if (!IsClose(op, operands, expected[i][k], actual[i][k], scales?[i][k].ToDouble()))
                    return $"element {k} of result {i} is {actual[i][k]} instead of {expected[i][k]}";
        }
        return null;
    }

    /// <summary>Null if the values are the same, where any NaN is as good as another; otherwise what is wrong.</summary>
    public static string? ExactDifference(IReadOnlyList<HostValue> expected, IReadOnlyList<HostValue> actual)
    {
        for (var i = 0; i < expected.Count; i++)
        {
            if (actual[i].Spec != expected[i].Spec) return $"output {i} is {actual[i].Spec} instead of {expected[i].Spec}";
            for (var k = 0; k < expected[i].Count; k++)
                if (!IsSame(expected[i][k], actual[i][k]))
                    return $"element {k} of output {i} is {actual[i][k]} instead of {expected[i][k]}";
        }
        return null;
    }

    private static bool IsSame(Scalar expected, Scalar actual) =>
        expected == actual
        || (expected.DType.IsFloating && double.IsNaN(expected.ToDouble()) && double.IsNaN(actual.ToDouble()))
        || (expected.DType.Is(DTypeKinds.Complex) && expected.ToComplex().Equals(actual.ToComplex()));

    private static bool IsClose(Op op, HostValue[] operands, Scalar expected, Scalar actual, double? scale)
    {
        if (IsSame(expected, actual)) return true;
        // Padding is multiplied with infinities too.
        if (op is ConvGeneralDilated && !double.IsFinite(SumOfMagnitudes(operands[1]))) return true;
        if (expected.DType.Is(DTypeKinds.Complex) || operands[0].Spec.DType.Is(DTypeKinds.Complex)) return IsCloseComplex(op, operands, expected, actual, scale);
        if (IsExact(op) || !expected.DType.IsFloating) return false;
        var (e, a) = (expected.ToDouble(), actual.ToDouble());
        var largest = Largest(expected.DType);
        // Sums and products in another order may overflow on the way where these do not.
        var count = operands[0].Count + 1;
        if (scale is { } s) return !(s < largest / 4) || Math.Abs(a - e) <= count * Ulp(expected.DType, s);
        if (op is ReduceProd or CumProd) return !IsModerate(op, operands) || Math.Abs(a - e) <= count * Ulp(expected.DType, e);
        if (double.IsNaN(e) || double.IsNaN(a)) return false;
        // One side of the largest number may round to infinity and the other not.
        if (double.IsInfinity(e) || double.IsInfinity(a)) return Math.Sign(a) == Math.Sign(e) && Math.Min(Math.Abs(a), Math.Abs(e)) > 0.99 * largest;
        // A reciprocal power is that of the power, which may have overflowed before.
        if (op is IntegerPow { Y: < 0 } && Math.Abs(e) <= 1 / largest) return Math.Abs(a) <= 1 / largest;
        // These have zeros where digits cancel.
        var size = op is Lgamma or Digamma or CumLogSumExp ? Math.Max(1, Math.Abs(e)) : e;
        return Math.Abs(a - e) <= Tolerance(op, expected.DType) * Ulp(expected.DType, size);
    }

    /// <summary>Errors are measured against the magnitude of the number. Where the definition gives infinity or NaN, C99 often has a value, and anything goes.</summary>
    private static bool IsCloseComplex(Op op, HostValue[] operands, Scalar expected, Scalar actual, double? scale)
    {
        if (IsExactForComplex(op) || !expected.DType.Is(DTypeKinds.Inexact)) return false;
        var (e, a) = (expected.ToComplex(), actual.ToComplex());
        var part = expected.DType switch { DType.Complex64 => DType.Float32, DType.Complex128 => DType.Float64, _ => expected.DType };
        var count = operands[0].Count + 1;
        if (scale is { } s) return !(s < Largest(part) / 4) || Complex.Abs(a - e) <= 4 * count * Ulp(part, s);
        if (op is ReduceProd or CumProd) return !IsModerate(op, operands) || Complex.Abs(a - e) <= 4 * count * Ulp(part, Complex.Abs(e));
        if (!Complex.IsFinite(e)) return true;
        return Complex.Abs(a - e) <= (part == DType.Float64 ? 64 : 4) * Ulp(part, Complex.Abs(e));
    }

    private static double Tolerance(Op op, DType dtype) => dtype switch
    {
        DType.Float16 or DType.BFloat16 => 1,
        DType.Float64 => Math.Max(8, 4 * Ulps(op)!.Value),
        _ => Ulps(op)!.Value,
    };

    /// <summary>The distance of neighbours at <paramref name="x"/>.</summary>
    private static double Ulp(DType dtype, double x)
    {
        var (bits, least) = dtype switch
        {
            DType.Float16 => (10, -14),
            DType.BFloat16 => (7, -126),
            DType.Float32 => (23, -126),
            _ => (52, -1022),
        };
        return x == 0 ? Math.ScaleB(1, least - bits) : Math.ScaleB(1, Math.Max(Math.ILogB(x), least) - bits);
    }

    private static double Largest(DType dtype) => dtype switch
    {
        DType.Float16 => (double)Half.MaxValue,
        DType.BFloat16 or DType.Float32 => float.MaxValue,
        _ => double.MaxValue,
    };

    /// <summary>Whether no product of some of the elements overflows, underflows or is NaN.</summary>
    private static bool IsModerate(Op op, HostValue[] operands)
    {
        var x = Magnitudes(operands[0]);
        var logarithms = Enumerable.Range(0, x.Count).Select(i => Math.Abs(Math.Log2(x[i].ToDouble())));
        return logarithms.Sum() < (op is ReduceProd && x.Spec.DType == DType.Float16 ? 13 : 120);
    }

    private static double SumOfMagnitudes(HostValue x) => Evaluate.Op(new ReduceSum(ValueArray.Range(x.Spec.Rank)), Magnitudes(x))[0][0].ToDouble();

    /// <summary>The magnitudes in float64, where they do not overflow.</summary>
    private static HostValue Magnitudes(HostValue x)
    {
        if (x.Spec.DType.Is(DTypeKinds.Complex)) x = Evaluate.Op(new Abs(), Evaluate.Op(new ConvertElementType(DType.Complex128), x))[0];
        return Evaluate.Op(new Abs(), Evaluate.Op(new ConvertElementType(DType.Float64), x))[0];
    }
}
