using BrainState.Ops;
using static BrainState.Differentiation.DerivativeRules;

namespace BrainState.Differentiation;

/// <summary>Derivatives of elementwise ops. Operands may be scalars among larger ones, which count as any shape.</summary>
internal static class ElementwiseRules
{
    public static void Define()
    {
        DefineUnary();
        DefineBinary();

        Constant<Floor>();
        Constant<Ceil>();
        Constant<Round>();
        Constant<IsFinite>();
        Constant<Not>();
        Constant<And>();
        Constant<Or>();
        Constant<Xor>();
        Constant<ShiftLeft>();
        Constant<ShiftRightLogical>();
        Constant<ShiftRightArithmetic>();
        Constant<PopulationCount>();
        Constant<Clz>();
        Constant<Eq>();
        Constant<Ne>();
        Constant<Lt>();
        Constant<Le>();
        Constant<Gt>();
        Constant<Ge>();
        Constant<StopGradient>();
        Constant<BitcastConvertType>();
    }

    private static void DefineUnary()
    {
        Linear<Neg>((_, ct, _) => [Lax.Neg(ct[0]!)]);
        Jvps.Define<Abs>((op, x, t) => Unary(op, x, t, (x, _, t) => IsComplex(x) ? Lax.Real(Lax.Mul(t, Lax.Conj(Lax.Sign(x)))) : Lax.Mul(t, Lax.Sign(x))));
        Jvps.Define<Sign>((op, x, t) => Unary(op, x, t, (x, y, t) => IsComplex(x) ? Turn(x, y, t) : null));
        Factor<Exp>((_, y) => y);
        Factor<Exp2>((_, y) => Lax.Mul(y, Math.Log(2)));
        Jvps.Define<Log>((op, x, t) => Unary(op, x, t, (x, _, t) => Lax.Div(t, x)));
        Jvps.Define<Log1p>((op, x, t) => Unary(op, x, t, (x, _, t) => Lax.Div(t, Lax.Add(x, 1))));
        Factor<Expm1>((_, y) => Lax.Add(y, 1));
        Factor<Tanh>((_, y) => Lax.Mul(Lax.Sub(1, y), Lax.Add(y, 1))); // 1 − y², without its cancellation near y = ±1.
        Factor<Logistic>((_, y) => Lax.Mul(y, Lax.Sub(1, y)));
        Factor<Sin>((x, _) => Lax.Cos(x));
        Factor<Cos>((x, _) => Lax.Neg(Lax.Sin(x)));
        Factor<Tan>((_, y) => Lax.Add(Lax.Square(y), 1));
        Factor<Asin>((x, _) => Lax.Rsqrt(Lax.Sub(1, Lax.Square(x))));
        Factor<Acos>((x, _) => Lax.Neg(Lax.Rsqrt(Lax.Sub(1, Lax.Square(x)))));
        Jvps.Define<Atan>((op, x, t) => Unary(op, x, t, (x, _, t) => Lax.Div(t, Lax.Add(Lax.Square(x), 1))));
        Factor<Sinh>((x, _) => Lax.Cosh(x));
        Factor<Cosh>((x, _) => Lax.Sinh(x));
        Factor<Asinh>((x, _) => Lax.Rsqrt(Lax.Add(Lax.Square(x), 1)));
        Factor<Acosh>((x, _) => Lax.Mul(Lax.Rsqrt(Lax.Sub(x, 1)), Lax.Rsqrt(Lax.Add(x, 1)))); // Not the root of x² − 1, which has the wrong sign for complex x on the left.
        Jvps.Define<Atanh>((op, x, t) => Unary(op, x, t, (x, _, t) => Lax.Div(t, Lax.Mul(Lax.Sub(1, x), Lax.Add(x, 1)))));
        Factor<Sqrt>((_, y) => Lax.Div(0.5, y));
        Factor<Rsqrt>((x, y) => Lax.Mul(Lax.Div(y, x), -0.5));
        Factor<Cbrt>((_, y) => Lax.Div(1.0 / 3, Lax.Square(y)));
        Factor<Square>((x, _) => Lax.Mul(x, 2));
        Factor<Erf>((x, _) => Lax.Mul(Lax.Exp(Lax.Neg(Lax.Square(x))), 2 / Math.Sqrt(Math.PI)));
        Factor<ErfInv>((_, y) => Lax.Mul(Lax.Exp(Lax.Square(y)), Math.Sqrt(Math.PI) / 2));
        Factor<Erfc>((x, _) => Lax.Mul(Lax.Exp(Lax.Neg(Lax.Square(x))), -2 / Math.Sqrt(Math.PI)));
        Factor<Lgamma>((x, _) => Lax.Digamma(x));
        Factor<Digamma>((x, _) => SpecialFunctions.Trigamma(x));
        Linear<ReducePrecision>((op, ct, _) => [Lax.One(op, ct[0]!)]);
        Jvps.Define<IntegerPow>((op, x, t) =>
        {
            var n = ((IntegerPow)op).Y;
            return Unary(op, x, t, (x, _, t) => n == 0 ? null : Lax.Mul(t, n == 1 ? 1 : Lax.Mul(Lax.IntegerPow(x, n - 1), n)));
        });

        Jvps.Define<ConvertElementType>((op, x, t) =>
        {
            var target = ((ConvertElementType)op).NewDType;
            return Unary(op, x, t, (_, _, t) => target.IsDifferentiable ? Lax.One(op, t) : null);
        });
        Transposes.Define<ConvertElementType>((_, ct, operands) => [Lax.ConvertElementType(ct[0]!, operands[0].Spec.DType)]);
    }

    private static void DefineBinary()
    {
        Binary<Add>((_, _, _, t) => t, (_, _, _, t) => t);
        Transposes.Define<Add>((_, ct, operands) => [Term(operands[0], ct[0]!), Term(operands[1], ct[0]!)]);
        Binary<Sub>((_, _, _, t) => t, (_, _, _, t) => Lax.Neg(t));
        Transposes.Define<Sub>((_, ct, operands) => [Term(operands[0], ct[0]!), operands[1].IsLinear ? Term(operands[1], Lax.Neg(ct[0]!)) : null]);
        Binary<Mul>((_, y, _, t) => Lax.Mul(t, y), (x, _, _, t) => Lax.Mul(x, t));
        Transposes.Define<Mul>((_, ct, operands) => operands[0].IsLinear
            ? [Unstretch(Lax.Mul(ct[0]!, operands[1].Known!), operands[0].Spec), null]
            : [null, Unstretch(Lax.Mul(operands[0].Known!, ct[0]!), operands[1].Spec)]);
        Binary<Div>((_, y, _, t) => Lax.Div(t, y), (_, y, z, t) => Lax.Mul(t, Lax.Neg(Lax.Div(z, y))));
        Transposes.Define<Div>((_, ct, operands) => [Unstretch(Lax.Div(ct[0]!, operands[1].Known!), operands[0].Spec), null]);

        Binary<Rem>((_, _, _, t) => t, (x, y, _, t) => Lax.Mul(t, Lax.Neg(Truncate(Lax.Div(x, y)))));
        Binary<Max>((x, y, z, t) => Lax.Mul(t, Share(x, y, z)), (x, y, z, t) => Lax.Mul(t, Share(y, x, z)));
        Binary<Min>((x, y, z, t) => Lax.Mul(t, Share(x, y, z)), (x, y, z, t) => Lax.Mul(t, Share(y, x, z)));
        Binary<NextAfter>((_, _, _, t) => t, (_, _, z, _) => Zeros(z.Spec));
        Binary<Atan2>(
            (x, y, _, t) => Lax.Mul(t, Lax.Div(y, Lax.Add(Lax.Square(x), Lax.Square(y)))),
            (x, y, _, t) => Lax.Mul(t, Lax.Div(Lax.Neg(x), Lax.Add(Lax.Square(x), Lax.Square(y)))));
        Binary<Pow>(
            (x, y, z, t) =>
            {
                // y·x^(y−1), with 0 for y = 0 even where x^(−1) is infinite.
                var isZero = Lax.Eq(y, 0);
                var power = Lax.Pow(x, Where(isZero, 1, Lax.Sub(y, 1)));
                return Lax.Mul(t, Where(isZero, 0, Lax.Mul(y, power)));
            },
            // log x · x^y, with 0 for x = 0.
            (x, _, z, t) => Lax.Mul(t, Lax.Mul(Lax.Log(Where(Lax.Eq(x, 0), 1, x)), z)));
    }

    /// <summary>A unary op whose tangent is its operand's times a factor of operand and result.</summary>
    private static void Factor<TOp>(Func<Tensor, Tensor, Tensor> factor) where TOp : Op =>
        Jvps.Define<TOp>((op, x, t) => Unary(op, x, t, (x, y, t) => Lax.Mul(t, factor(x, y))));

    private static (Tensor[], Tensor?[]) Unary(Op op, Tensor[] primals, Tensor?[] tangents, Func<Tensor, Tensor, Tensor, Tensor?> rule)
    {
        var output = Lax.One(op, primals);
        return ([output], [rule(primals[0], output, tangents[0]!)]);
    }

    /// <summary>A binary op by the tangents that each operand's tangent contributes, from (x, y, result, tangent).</summary>
    private static void Binary<TOp>(Func<Tensor, Tensor, Tensor, Tensor, Tensor> ofX, Func<Tensor, Tensor, Tensor, Tensor, Tensor> ofY) where TOp : Op =>
        Jvps.Define<TOp>((op, primals, tangents) =>
        {
            var (x, y) = (primals[0], primals[1]);
            var output = Lax.One(op, x, y);
            var fromX = tangents[0] is { } tx ? Stretch(ofX(x, y, output, tx), output.Shape) : null;
            var fromY = tangents[1] is { } ty ? Stretch(ofY(x, y, output, ty), output.Shape) : null;
            return ([output], [Sum(fromX, fromY)]);
        });

    private static Tensor? Term(LinearOperand operand, Tensor cotangent) => operand.IsLinear ? Unstretch(cotangent, operand.Spec) : null;

    /// <summary>1 where x alone is the extreme z, ½ where y is equal, 0 elsewhere.</summary>
    private static Tensor Share(Tensor x, Tensor y, Tensor z)
    {
        var (one, zero) = (Lax.ConvertElementType(1, z.DType), Lax.ConvertElementType(0, z.DType));
        Tensor Count(Tensor operand, Tensor yes, Tensor no)
        {
            var shape = Broadcasting.Of(operand.Shape, z.Shape);
            return Lax.SelectN(Lax.Eq(operand, z), Broadcasting.To(no, shape), Broadcasting.To(yes, shape));
        }
        return Lax.Div(Count(x, one, zero), Count(y, Lax.ConvertElementType(2, z.DType), one));
    }

    /// <summary>How the direction y = x/|x| of a complex x turns: the part of the tangent perpendicular to y, over |x|; nothing at 0.</summary>
    private static Tensor Turn(Tensor x, Tensor y, Tensor t)
    {
        var magnitude = Lax.Abs(x);
        var isZero = Lax.Eq(magnitude, 0);
        var inverse = Where(isZero, 0, Lax.Div(1, Where(isZero, 1, magnitude)));
        var along = Lax.Real(Lax.Mul(Lax.Conj(y), t));
        return Lax.Mul(Lax.Sub(t, Lax.Mul(y, Lax.ConvertElementType(along, x.DType))), Lax.ConvertElementType(inverse, x.DType));
    }

    private static bool IsComplex(Tensor x) => x.DType.Is(DTypeKinds.Complex);

    private static Tensor Truncate(Tensor x) => Lax.Mul(Lax.Sign(x), Lax.Floor(Lax.Abs(x)));

    private static Tensor Where(Tensor condition, Tensor x, Tensor y)
    {
        var dtype = x.IsWeak ? y.DType : x.DType;
        var shape = Broadcasting.Of(condition.Shape, x.Shape, y.Shape);
        return Lax.SelectN(condition, Broadcasting.To(Lax.ConvertElementType(y, dtype), shape), Broadcasting.To(Lax.ConvertElementType(x, dtype), shape));
    }
}
