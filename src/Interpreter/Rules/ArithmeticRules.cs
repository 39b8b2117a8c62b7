using System.Numerics;
using BrainState.Interpretation.Evaluation;
using BrainState.Interpretation.Numerics;
using BrainState.Ops;

namespace BrainState.Interpretation.Rules;

/// <summary>Elementwise arithmetic, exact up to the final rounding. Integers wrap around when they go back into their dtype.</summary>
internal static class ArithmeticRules
{
    public static void AddTo(RuleTable table)
    {
        table.AddBinary<Add>((x, y) => x + y, (x, y) => x + y, (x, y) => x + y);
        table.AddBinary<Sub>((x, y) => x - y, (x, y) => x - y, (x, y) => x - y);
        table.AddBinary<Mul>((x, y) => x * y, (x, y) => x * y, (x, y) => x * y);
        table.AddBinary<Div>((x, y) => x / y, Quotient, (x, y) => x / y);
        table.AddBinary<Rem>((x, y) => x % y, (x, y) => y == 0 ? x : x % y);

        // Math.Max and Math.Min give NaN if either operand is, and order −0 before 0.
        table.AddBinary<Max>(Math.Max, Int128.Max);
        table.AddBinary<Min>(Math.Min, Int128.Min);

        table.AddUnary<Neg>(x => -x, x => -x, x => -x);
        table.AddUnary<Abs>(Math.Abs, x => x < 0 ? -x : x, x => Complex.Abs(x));
        table.AddUnary<Sign>(x => double.IsNaN(x) || x == 0 ? x : Math.Sign(x), x => Int128.Sign(x), ComplexFunctions.Sign);
        table.AddUnary<Square>(x => x * x, x => x * x, x => x * x);
        table.AddUnary<Floor>(Math.Floor);
        table.AddUnary<Ceil>(Math.Ceiling);
        table.AddPointwise<Round>((op, x, result) => Number.Round(result, Math.Round(x[0].ToDouble(), op.Method switch
        {
            RoundingMethod.AwayFromZero => MidpointRounding.AwayFromZero,
            _ => MidpointRounding.ToEven,
        })));
        table.AddPointwise<IntegerPow>((op, x, result) => result.Kind switch
        {
            DTypeKinds.Floating => Number.Round(result, Power(x[0].ToDouble(), op.Y)),
            DTypeKinds.Complex => Number.Round(result, Power(x[0].ToComplex(), op.Y)),
            _ => Number.Wrap(result, Accurate.Power(Number.Integer(x[0]), op.Y)),
        });
    }

    /// <summary>Towards zero; −1, all ones, by zero. The quotient of the smallest integer and −1 wraps around to the smallest integer.</summary>
    private static Int128 Quotient(Int128 x, Int128 y) => y == 0 ? -1 : x / y;

    private static T Power<T>(T x, int y) where T : INumberBase<T>
    {
        var power = Accurate.Power(x, Math.Abs((long)y));
        return y < 0 ? T.One / power : power;
    }
}
