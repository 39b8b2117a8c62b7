using BrainState.Interpretation.Evaluation;
using BrainState.Interpretation.Numerics;
using BrainState.Ops;

namespace BrainState.Interpretation.Rules;

/// <summary>Relations between elements. Those of floats are IEEE's: −0 equals 0, and NaN is unordered.</summary>
internal static class ComparisonRules
{
    public static void AddTo(RuleTable table)
    {
        table.AddPointwise<Eq>((_, x, _) => Scalar.Of(AreEqual(x[0], x[1])));
        table.AddPointwise<Ne>((_, x, _) => Scalar.Of(!AreEqual(x[0], x[1])));
        AddRelation<Lt>(table, (x, y) => x < y, (x, y) => x < y);
        AddRelation<Le>(table, (x, y) => x <= y, (x, y) => x <= y);
        AddRelation<Gt>(table, (x, y) => x > y, (x, y) => x > y);
        AddRelation<Ge>(table, (x, y) => x >= y, (x, y) => x >= y);
        table.AddPointwise<IsFinite>((_, x, _) => Scalar.Of(double.IsFinite(x[0].ToDouble())));
    }

    private static void AddRelation<TOp>(RuleTable table, Func<double, double, bool> real, Func<Int128, Int128, bool> integer) where TOp : Op =>
        table.AddPointwise<TOp>((_, x, _) => Scalar.Of(x[0].DType.IsFloating
            ? real(x[0].ToDouble(), x[1].ToDouble())
            : integer(Number.Integer(x[0]), Number.Integer(x[1]))));

    private static bool AreEqual(Scalar x, Scalar y) => x.DType.Is(DTypeKinds.Inexact) ? x.ToComplex() == y.ToComplex() : x == y;
}
