using BrainState.Execution;
using BrainState.Ops;

namespace BrainState;

/// <content>Elementwise functions. Operands have equal dtypes, and equal shapes or rank 0; C# numbers take the dtype of the other operand.</content>
public static partial class Lax
{
    /// <summary>−x; see <see cref="Ops.Neg"/>.</summary>
    public static Tensor Neg(Tensor x) => Unary<Ops.Neg>(x);

    /// <summary>−1, 0 or 1; see <see cref="Ops.Sign"/>.</summary>
    public static Tensor Sign(Tensor x) => Unary<Ops.Sign>(x);

    /// <summary>|x|; see <see cref="Ops.Abs"/>.</summary>
    public static Tensor Abs(Tensor x) => Unary<Ops.Abs>(x);

    /// <summary>⌊x⌋; see <see cref="Ops.Floor"/>.</summary>
    public static Tensor Floor(Tensor x) => Unary<Ops.Floor>(x);

    /// <summary>⌈x⌉; see <see cref="Ops.Ceil"/>.</summary>
    public static Tensor Ceil(Tensor x) => Unary<Ops.Ceil>(x);

    /// <summary>eˣ; see <see cref="Ops.Exp"/>.</summary>
    public static Tensor Exp(Tensor x) => Unary<Ops.Exp>(x);

    /// <summary>2ˣ; see <see cref="Ops.Exp2"/>.</summary>
    public static Tensor Exp2(Tensor x) => Unary<Ops.Exp2>(x);

    /// <summary>ln x; see <see cref="Ops.Log"/>.</summary>
    public static Tensor Log(Tensor x) => Unary<Ops.Log>(x);

    /// <summary>ln(1 + x); see <see cref="Ops.Log1p"/>.</summary>
    public static Tensor Log1p(Tensor x) => Unary<Ops.Log1p>(x);

    /// <summary>eˣ − 1; see <see cref="Ops.Expm1"/>.</summary>
    public static Tensor Expm1(Tensor x) => Unary<Ops.Expm1>(x);

    /// <summary>tanh x; see <see cref="Ops.Tanh"/>.</summary>
    public static Tensor Tanh(Tensor x) => Unary<Ops.Tanh>(x);

    /// <summary>1 / (1 + e⁻ˣ); see <see cref="Ops.Logistic"/>.</summary>
    public static Tensor Logistic(Tensor x) => Unary<Ops.Logistic>(x);

    /// <summary>sin x; see <see cref="Ops.Sin"/>.</summary>
    public static Tensor Sin(Tensor x) => Unary<Ops.Sin>(x);

    /// <summary>cos x; see <see cref="Ops.Cos"/>.</summary>
    public static Tensor Cos(Tensor x) => Unary<Ops.Cos>(x);

    /// <summary>tan x; see <see cref="Ops.Tan"/>.</summary>
    public static Tensor Tan(Tensor x) => Unary<Ops.Tan>(x);

    /// <summary>arcsin x; see <see cref="Ops.Asin"/>.</summary>
    public static Tensor Asin(Tensor x) => Unary<Ops.Asin>(x);

    /// <summary>arccos x; see <see cref="Ops.Acos"/>.</summary>
    public static Tensor Acos(Tensor x) => Unary<Ops.Acos>(x);

    /// <summary>arctan x; see <see cref="Ops.Atan"/>.</summary>
    public static Tensor Atan(Tensor x) => Unary<Ops.Atan>(x);

    /// <summary>sinh x; see <see cref="Ops.Sinh"/>.</summary>
    public static Tensor Sinh(Tensor x) => Unary<Ops.Sinh>(x);

    /// <summary>cosh x; see <see cref="Ops.Cosh"/>.</summary>
    public static Tensor Cosh(Tensor x) => Unary<Ops.Cosh>(x);

    /// <summary>arsinh x; see <see cref="Ops.Asinh"/>.</summary>
    public static Tensor Asinh(Tensor x) => Unary<Ops.Asinh>(x);

    /// <summary>arcosh x; see <see cref="Ops.Acosh"/>.</summary>
    public static Tensor Acosh(Tensor x) => Unary<Ops.Acosh>(x);

    /// <summary>artanh x; see <see cref="Ops.Atanh"/>.</summary>
    public static Tensor Atanh(Tensor x) => Unary<Ops.Atanh>(x);

    /// <summary>√x; see <see cref="Ops.Sqrt"/>.</summary>
    public static Tensor Sqrt(Tensor x) => Unary<Ops.Sqrt>(x);

    /// <summary>1/√x; see <see cref="Ops.Rsqrt"/>.</summary>
    public static Tensor Rsqrt(Tensor x) => Unary<Ops.Rsqrt>(x);

    /// <summary>∛x; see <see cref="Ops.Cbrt"/>.</summary>
    public static Tensor Cbrt(Tensor x) => Unary<Ops.Cbrt>(x);

    /// <summary>x²; see <see cref="Ops.Square"/>.</summary>
    public static Tensor Square(Tensor x) => Unary<Ops.Square>(x);

    /// <summary>erf x; see <see cref="Ops.Erf"/>.</summary>
    public static Tensor Erf(Tensor x) => Unary<Ops.Erf>(x);

    /// <summary>erf⁻¹ x; see <see cref="Ops.ErfInv"/>.</summary>
    public static Tensor ErfInv(Tensor x) => Unary<Ops.ErfInv>(x);

    /// <summary>1 − erf x; see <see cref="Ops.Erfc"/>.</summary>
    public static Tensor Erfc(Tensor x) => Unary<Ops.Erfc>(x);

    /// <summary>ln |Γ(x)|; see <see cref="Ops.Lgamma"/>.</summary>
    public static Tensor Lgamma(Tensor x) => Unary<Ops.Lgamma>(x);

    /// <summary>The derivative of ln Γ(x); see <see cref="Ops.Digamma"/>.</summary>
    public static Tensor Digamma(Tensor x) => Unary<Ops.Digamma>(x);

    /// <summary>The number of bits set; see <see cref="Ops.PopulationCount"/>.</summary>
    public static Tensor PopulationCount(Tensor x) => Unary<Ops.PopulationCount>(x);

    /// <summary>The number of leading zero bits; see <see cref="Ops.Clz"/>.</summary>
    public static Tensor Clz(Tensor x) => Unary<Ops.Clz>(x);

    /// <summary>The real part; see <see cref="Ops.Real"/>.</summary>
    public static Tensor Real(Tensor x) => Unary<Ops.Real>(x);

    /// <summary>The imaginary part; see <see cref="Ops.Imag"/>.</summary>
    public static Tensor Imag(Tensor x) => Unary<Ops.Imag>(x);

    /// <summary>The complex conjugate; see <see cref="Ops.Conj"/>.</summary>
    public static Tensor Conj(Tensor x) => Unary<Ops.Conj>(x);

    /// <summary>the complement of every bit; see <see cref="Ops.Not"/>.</summary>
    public static Tensor Not(Tensor x) => Unary<Ops.Not>(x);

    /// <summary>whether x is finite; see <see cref="Ops.IsFinite"/>.</summary>
    public static Tensor IsFinite(Tensor x) => Unary<Ops.IsFinite>(x);

    /// <summary>x, as a constant for derivatives; see <see cref="Ops.StopGradient"/>.</summary>
    public static Tensor StopGradient(Tensor x) => Unary<Ops.StopGradient>(x);

    /// <summary>x + y; see <see cref="Ops.Add"/>.</summary>
    public static Tensor Add(Tensor x, Tensor y) => Binary<Ops.Add>(x, y);

    /// <summary>x − y; see <see cref="Ops.Sub"/>.</summary>
    public static Tensor Sub(Tensor x, Tensor y) => Binary<Ops.Sub>(x, y);

    /// <summary>x · y; see <see cref="Ops.Mul"/>.</summary>
    public static Tensor Mul(Tensor x, Tensor y) => Binary<Ops.Mul>(x, y);

    /// <summary>x / y; see <see cref="Ops.Div"/>.</summary>
    public static Tensor Div(Tensor x, Tensor y) => Binary<Ops.Div>(x, y);

    /// <summary>the remainder with the sign of x; see <see cref="Ops.Rem"/>.</summary>
    public static Tensor Rem(Tensor x, Tensor y) => Binary<Ops.Rem>(x, y);

    /// <summary>the larger; see <see cref="Ops.Max"/>.</summary>
    public static Tensor Max(Tensor x, Tensor y) => Binary<Ops.Max>(x, y);

    /// <summary>the smaller; see <see cref="Ops.Min"/>.</summary>
    public static Tensor Min(Tensor x, Tensor y) => Binary<Ops.Min>(x, y);

    /// <summary>xʸ; see <see cref="Ops.Pow"/>.</summary>
    public static Tensor Pow(Tensor x, Tensor y) => Binary<Ops.Pow>(x, y);

    /// <summary>the angle of the point (y, x); see <see cref="Ops.Atan2"/>.</summary>
    public static Tensor Atan2(Tensor x, Tensor y) => Binary<Ops.Atan2>(x, y);

    /// <summary>re + i·im; see <see cref="Ops.MakeComplex"/>.</summary>
    public static Tensor Complex(Tensor re, Tensor im) => Binary<MakeComplex>(re, im);

    /// <summary>The next number after x towards y; see <see cref="Ops.NextAfter"/>.</summary>
    public static Tensor NextAfter(Tensor x, Tensor y) => Binary<Ops.NextAfter>(x, y);

    /// <summary>bits set in both; see <see cref="Ops.And"/>.</summary>
    public static Tensor And(Tensor x, Tensor y) => Binary<Ops.And>(x, y);

    /// <summary>bits set in either; see <see cref="Ops.Or"/>.</summary>
    public static Tensor Or(Tensor x, Tensor y) => Binary<Ops.Or>(x, y);

    /// <summary>bits set in one; see <see cref="Ops.Xor"/>.</summary>
    public static Tensor Xor(Tensor x, Tensor y) => Binary<Ops.Xor>(x, y);

    /// <summary>x shifted left; see <see cref="Ops.ShiftLeft"/>.</summary>
    public static Tensor ShiftLeft(Tensor x, Tensor y) => Binary<Ops.ShiftLeft>(x, y);

    /// <summary>x shifted right, filled with 0; see <see cref="Ops.ShiftRightLogical"/>.</summary>
    public static Tensor ShiftRightLogical(Tensor x, Tensor y) => Binary<Ops.ShiftRightLogical>(x, y);

    /// <summary>x shifted right, filled with the sign; see <see cref="Ops.ShiftRightArithmetic"/>.</summary>
    public static Tensor ShiftRightArithmetic(Tensor x, Tensor y) => Binary<Ops.ShiftRightArithmetic>(x, y);

    /// <summary>x = y; see <see cref="Ops.Eq"/>.</summary>
    public static Tensor Eq(Tensor x, Tensor y) => Binary<Ops.Eq>(x, y);

    /// <summary>x ≠ y; see <see cref="Ops.Ne"/>.</summary>
    public static Tensor Ne(Tensor x, Tensor y) => Binary<Ops.Ne>(x, y);

    /// <summary>x &lt; y; see <see cref="Ops.Lt"/>.</summary>
    public static Tensor Lt(Tensor x, Tensor y) => Binary<Ops.Lt>(x, y);

    /// <summary>x ≤ y; see <see cref="Ops.Le"/>.</summary>
    public static Tensor Le(Tensor x, Tensor y) => Binary<Ops.Le>(x, y);

    /// <summary>x > y; see <see cref="Ops.Gt"/>.</summary>
    public static Tensor Gt(Tensor x, Tensor y) => Binary<Ops.Gt>(x, y);

    /// <summary>x ≥ y; see <see cref="Ops.Ge"/>.</summary>
    public static Tensor Ge(Tensor x, Tensor y) => Binary<Ops.Ge>(x, y);

    /// <summary>The nearest integer; see <see cref="Ops.Round"/>.</summary>
    public static Tensor Round(Tensor x, RoundingMethod method = RoundingMethod.AwayFromZero) => One(new Round(method), x);

    /// <summary>x rounded to fewer bits; see <see cref="Ops.ReducePrecision"/>.</summary>
    public static Tensor ReducePrecision(Tensor x, int exponentBits, int mantissaBits) => One(new ReducePrecision(exponentBits, mantissaBits), x);

    /// <summary>xʸ for a fixed integer; see <see cref="Ops.IntegerPow"/>.</summary>
    public static Tensor IntegerPow(Tensor x, int y) => One(new IntegerPow(y), x);

    /// <summary>Chooses among cases elementwise; see <see cref="Ops.SelectN"/>.</summary>
    public static Tensor SelectN(Tensor which, params ReadOnlySpan<Tensor> cases) => One(new SelectN(), [which, .. cases]);

    /// <summary>x confined to [low, high]; see <see cref="Ops.Clamp"/>.</summary>
    public static Tensor Clamp(Tensor low, Tensor x, Tensor high) =>
        One(new Clamp(), low.WithLiteralDType(x.DType, true) ?? low, x, high.WithLiteralDType(x.DType, true) ?? high);

    /// <summary>x in another dtype; see <see cref="Ops.ConvertElementType"/>. Nothing is computed if it has that dtype.</summary>
    public static Tensor ConvertElementType(Tensor x, DType dtype)
    {
        if (x.WithLiteralDType(dtype, false) is { } literal) return literal;
        if (x.DType == dtype) return x.IsWeak ? x.Share(isWeak: false) : Unchanged(x);
        return One(new ConvertElementType(dtype), x);
    }

    /// <summary>The bytes of x as another dtype; see <see cref="Ops.BitcastConvertType"/>.</summary>
    public static Tensor BitcastConvertType(Tensor x, DType dtype) => One(new BitcastConvertType(dtype), x);

    private static Tensor Unary<TOp>(Tensor x) where TOp : Op, new() => One(Cached<TOp>.Op, x);

    private static Tensor Binary<TOp>(Tensor x, Tensor y) where TOp : Op, new()
    {
        if (x.DType != y.DType)
        {
            // A number takes the dtype of the other operand; two numbers take the one they meet in.
            var dtype = !x.IsNumber ? x.DType : !y.IsNumber ? y.DType : Promotion.Of(x, y).DType;
            x = x.WithLiteralDType(dtype, x.IsWeak) ?? x;
            y = y.WithLiteralDType(dtype, y.IsWeak) ?? y;
        }
        return One(Cached<TOp>.Op, x, y);
    }

    internal static Tensor One(Op op, params ReadOnlySpan<Tensor> inputs) => Eager.Bind(op, inputs)[0];

    private static class Cached<TOp> where TOp : Op, new()
    {
        public static readonly TOp Op = new();
    }
}
