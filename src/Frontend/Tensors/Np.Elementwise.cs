using BrainState.Execution;

namespace BrainState;

/// <content>Elementwise functions.</content>
public static partial class Np
{
    /// <summary>x + y; logical or for bool.</summary>
    public static Tensor Add(Tensor x, Tensor y) => x.DType == DType.Bool && y.DType == DType.Bool ? BitwiseOr(x, y) : Binary(nameof(Add), x, y, Lax.Add);

    /// <summary>x − y.</summary>
    public static Tensor Subtract(Tensor x, Tensor y) => Binary(nameof(Subtract), x, y, Lax.Sub);

    /// <summary>x · y; logical and for bool.</summary>
    public static Tensor Multiply(Tensor x, Tensor y) => x.DType == DType.Bool && y.DType == DType.Bool ? BitwiseAnd(x, y) : Binary(nameof(Multiply), x, y, Lax.Mul);

    /// <summary>The larger element; NaN if either is.</summary>
    public static Tensor Maximum(Tensor x, Tensor y) => Binary(nameof(Maximum), x, y, Lax.Max);

    /// <summary>The smaller element; NaN if either is.</summary>
    public static Tensor Minimum(Tensor x, Tensor y) => Binary(nameof(Minimum), x, y, Lax.Min);

    /// <summary>Bits set in both; logical for bool.</summary>
    public static Tensor BitwiseAnd(Tensor x, Tensor y) => Binary(nameof(BitwiseAnd), x, y, Lax.And);

    /// <summary>Bits set in either; logical for bool.</summary>
    public static Tensor BitwiseOr(Tensor x, Tensor y) => Binary(nameof(BitwiseOr), x, y, Lax.Or);

    /// <summary>Bits set in exactly one; logical for bool.</summary>
    public static Tensor BitwiseXor(Tensor x, Tensor y) => Binary(nameof(BitwiseXor), x, y, Lax.Xor);

    /// <summary>x shifted left by y bits.</summary>
    public static Tensor LeftShift(Tensor x, Tensor y) => Binary(nameof(LeftShift), x, y, Lax.ShiftLeft);

    /// <summary>x = y, a bool tensor.</summary>
    public static Tensor Equal(Tensor x, Tensor y) => Binary(nameof(Equal), x, y, Lax.Eq);

    /// <summary>x ≠ y, a bool tensor.</summary>
    public static Tensor NotEqual(Tensor x, Tensor y) => Binary(nameof(NotEqual), x, y, Lax.Ne);

    /// <summary>x &lt; y, a bool tensor.</summary>
    public static Tensor Less(Tensor x, Tensor y) => Binary(nameof(Less), x, y, Lax.Lt);

    /// <summary>x ≤ y, a bool tensor.</summary>
    public static Tensor LessEqual(Tensor x, Tensor y) => Binary(nameof(LessEqual), x, y, Lax.Le);

    /// <summary>x > y, a bool tensor.</summary>
    public static Tensor Greater(Tensor x, Tensor y) => Binary(nameof(Greater), x, y, Lax.Gt);

    /// <summary>x ≥ y, a bool tensor.</summary>
    public static Tensor GreaterEqual(Tensor x, Tensor y) => Binary(nameof(GreaterEqual), x, y, Lax.Ge);

    /// <summary>x / y; integers give floats.</summary>
    public static Tensor Divide(Tensor x, Tensor y) => Binary(nameof(Divide), x, y, Lax.Div, toInexact: true);

    /// <summary>The angle of the point (y, x) in radians, in [−π, π].</summary>
    public static Tensor ArcTan2(Tensor y, Tensor x) => Binary(nameof(ArcTan2), y, x, Lax.Atan2, toInexact: true);

    /// <summary>The largest integer not above x / y.</summary>
    public static Tensor FloorDivide(Tensor x, Tensor y) => Composed.Run(nameof(FloorDivide), 0, Exact([x, y]), static (_, operands) =>
    {
        var promoted = Promote(operands);
        var (a, b) = (promoted[0], promoted[1]);
        // For floats x / y may round up to an integer that y · integer exceeds x with; x without its remainder divides exactly.
        if (a.DType.IsFloating) return Lax.Round(Lax.Div(Lax.Sub(a, Remainder(a, b)), b));
        var quotient = Lax.Div(a, b);
        if (a.DType.Is(DTypeKinds.Unsigned)) return quotient;
        // Division rounds towards zero: one less where signs differ and something remains.
        var remains = Lax.Ne(Lax.Rem(a, b), 0) & Lax.Ne(Lax.Sign(a), Lax.Sign(b));
        return Lax.SelectN(remains, quotient, Lax.Sub(quotient, 1));
    });

    /// <summary>The remainder of <see cref="FloorDivide"/>, with the sign of y.</summary>
    public static Tensor Remainder(Tensor x, Tensor y) => Composed.Run(nameof(Remainder), 0, Exact([x, y]), static (_, operands) =>
    {
        var promoted = Promote(operands);
        var (a, b) = (promoted[0], promoted[1]);
        var remainder = Lax.Rem(a, b);
        if (a.DType.Is(DTypeKinds.Unsigned)) return remainder;
        var other = Lax.Ne(remainder, 0) & Lax.Ne(Lax.Lt(remainder, 0), Lax.Lt(b, 0));
        return Lax.SelectN(other, remainder, Lax.Add(remainder, b));
    });

    /// <summary>x to the power of y. A C# integer as exponent multiplies repeatedly and is exact for integers.</summary>
    public static Tensor Power(Tensor x, Tensor y)
    {
        if (y.TryGetLiteral(out var exponent) && y.DType.IsInteger && int.CreateSaturating(exponent.ToInt64()) is var n and > int.MinValue and < int.MaxValue)
        {
            if (n == 2) return Square(x);
            if (n >= 0 || x.DType.IsDifferentiable) return Lax.IntegerPow(x, n);
        }
        return Binary(nameof(Power), x, y, Lax.Pow, toInexact: true);
    }

    /// <summary>−x.</summary>
    public static Tensor Negative(Tensor x) => Lax.Neg(x);

    /// <summary>|x|.</summary>
    public static Tensor Abs(Tensor x) => x.DType == DType.Bool || x.DType.Is(DTypeKinds.Unsigned) ? x : Lax.Abs(x);

    /// <summary>−1, 0 or 1.</summary>
    public static Tensor Sign(Tensor x) => Lax.Sign(x);

    /// <summary>x².</summary>
    public static Tensor Square(Tensor x) => Lax.Square(x);

    /// <summary>Logical negation of x ≠ 0.</summary>
    public static Tensor LogicalNot(Tensor x) => Lax.Not(Truth(x));

    /// <summary>Whether both are not 0.</summary>
    public static Tensor LogicalAnd(Tensor x, Tensor y) => BitwiseAnd(Truth(x), Truth(y));

    /// <summary>Whether one is not 0.</summary>
    public static Tensor LogicalOr(Tensor x, Tensor y) => BitwiseOr(Truth(x), Truth(y));

    /// <summary>Whether x is NaN.</summary>
    public static Tensor IsNaN(Tensor x) => x.DType.IsFloating ? Lax.Ne(x, x) : ZerosLike(x, DType.Bool);

    /// <summary>Whether x is neither infinite nor NaN.</summary>
    public static Tensor IsFinite(Tensor x) => x.DType.IsFloating ? Lax.IsFinite(x) : OnesLike(x, DType.Bool);

    /// <summary>Whether x is infinite.</summary>
    public static Tensor IsInf(Tensor x) => x.DType.IsFloating ? Lax.Eq(Lax.Abs(x), double.PositiveInfinity) : ZerosLike(x, DType.Bool);

    /// <summary>The nearest integer, half-way cases to even.</summary>
    public static Tensor Round(Tensor x) => x.DType.IsFloating ? Lax.Round(x, Ops.RoundingMethod.ToNearestEven) : x;

    /// <summary>⌊x⌋, as a float.</summary>
    public static Tensor Floor(Tensor x) => Inexact(nameof(Floor), x, Lax.Floor);

    /// <summary>⌈x⌉, as a float.</summary>
    public static Tensor Ceil(Tensor x) => Inexact(nameof(Ceil), x, Lax.Ceil);

    /// <summary>x confined to [low, high]; a null bound confines nothing.</summary>
    public static Tensor Clip(Tensor x, Tensor? low = null, Tensor? high = null)
    {
        if (low is not null) x = Maximum(x, low);
        return high is null ? x : Minimum(x, high);
    }

    /// <summary>Elements of x where the condition is not 0, and of y elsewhere.</summary>
    public static Tensor Where(Tensor condition, Tensor x, Tensor y) => Composed.Run(nameof(Where), 0, [condition, .. Exact([x, y])], static (_, operands) =>
    {
        var which = Truth(operands[0]);
        var cases = Promote([operands[1], operands[2]]);
        var shape = Broadcasting.Of(which.Shape, cases[0].Shape, cases[1].Shape);
        return Lax.SelectN(which.Rank == 0 ? which : Broadcasting.To(which, shape), Broadcasting.To(cases[1], shape), Broadcasting.To(cases[0], shape));
    });

    private static Tensor Truth(Tensor x) => x.DType == DType.Bool ? x : Lax.Ne(x, Lax.ConvertElementType(0, x.DType));

    /// <summary>eˣ; integers give floats.</summary>
    public static Tensor Exp(Tensor x) => Inexact(nameof(Exp), x, Lax.Exp);

    /// <summary>2ˣ; integers give floats.</summary>
    public static Tensor Exp2(Tensor x) => Inexact(nameof(Exp2), x, Lax.Exp2);

    /// <summary>eˣ − 1, accurate near 0; integers give floats.</summary>
    public static Tensor Expm1(Tensor x) => Inexact(nameof(Expm1), x, Lax.Expm1);

    /// <summary>The natural logarithm; integers give floats.</summary>
    public static Tensor Log(Tensor x) => Inexact(nameof(Log), x, Lax.Log);

    /// <summary>ln(1 + x), accurate near 0; integers give floats.</summary>
    public static Tensor Log1p(Tensor x) => Inexact(nameof(Log1p), x, Lax.Log1p);

    /// <summary>√x; integers give floats.</summary>
    public static Tensor Sqrt(Tensor x) => Inexact(nameof(Sqrt), x, Lax.Sqrt);

    /// <summary>∛x; integers give floats.</summary>
    public static Tensor Cbrt(Tensor x) => Inexact(nameof(Cbrt), x, Lax.Cbrt);

    /// <summary>The sine; integers give floats.</summary>
    public static Tensor Sin(Tensor x) => Inexact(nameof(Sin), x, Lax.Sin);

    /// <summary>The cosine; integers give floats.</summary>
    public static Tensor Cos(Tensor x) => Inexact(nameof(Cos), x, Lax.Cos);

    /// <summary>The tangent; integers give floats.</summary>
    public static Tensor Tan(Tensor x) => Inexact(nameof(Tan), x, Lax.Tan);

    /// <summary>The inverse sine in radians; integers give floats.</summary>
    public static Tensor ArcSin(Tensor x) => Inexact(nameof(ArcSin), x, Lax.Asin);

    /// <summary>The inverse cosine in radians; integers give floats.</summary>
    public static Tensor ArcCos(Tensor x) => Inexact(nameof(ArcCos), x, Lax.Acos);

    /// <summary>The inverse tangent in radians; integers give floats.</summary>
    public static Tensor ArcTan(Tensor x) => Inexact(nameof(ArcTan), x, Lax.Atan);

    /// <summary>The hyperbolic sine; integers give floats.</summary>
    public static Tensor Sinh(Tensor x) => Inexact(nameof(Sinh), x, Lax.Sinh);

    /// <summary>The hyperbolic cosine; integers give floats.</summary>
    public static Tensor Cosh(Tensor x) => Inexact(nameof(Cosh), x, Lax.Cosh);

    /// <summary>The hyperbolic tangent; integers give floats.</summary>
    public static Tensor Tanh(Tensor x) => Inexact(nameof(Tanh), x, Lax.Tanh);

    /// <summary>The inverse hyperbolic sine; integers give floats.</summary>
    public static Tensor ArcSinh(Tensor x) => Inexact(nameof(ArcSinh), x, Lax.Asinh);

    /// <summary>The inverse hyperbolic cosine; integers give floats.</summary>
    public static Tensor ArcCosh(Tensor x) => Inexact(nameof(ArcCosh), x, Lax.Acosh);

    /// <summary>The inverse hyperbolic tangent; integers give floats.</summary>
    public static Tensor ArcTanh(Tensor x) => Inexact(nameof(ArcTanh), x, Lax.Atanh);

    /// <summary>1 / x.</summary>
    public static Tensor Reciprocal(Tensor x) => Divide(1.0, x);

    /// <summary>ln(eˣ + eʸ) without overflow.</summary>
    public static Tensor LogAddExp(Tensor x, Tensor y) => Composed.Run(nameof(LogAddExp), 0, Exact([x, y], toInexact: true), static (_, operands) =>
    {
        var promoted = Promote(operands, toInexact: true);
        var (a, b) = (promoted[0], promoted[1]);
        var difference = Lax.Sub(a, b);
        // Equal infinities have no difference, but their sum is well defined.
        var stable = Lax.Add(Lax.Max(a, b), Lax.Log1p(Lax.Exp(Lax.Neg(Lax.Abs(difference)))));
        return Where(IsNaN(difference), Lax.Add(a, b), stable);
    });
}
