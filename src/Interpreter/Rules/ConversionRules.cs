using BrainState.Interpretation.Evaluation;
using BrainState.Interpretation.Numerics;
using BrainState.Ops;

namespace BrainState.Interpretation.Rules;

/// <summary>Other dtypes for the same value, or for the same bytes.</summary>
internal static class ConversionRules
{
    public static void AddTo(RuleTable table)
    {
        table.AddPointwise<ConvertElementType>((_, x, result) => Convert(x[0], result));
        table.Add<BitcastConvertType>((_, step) => step.X.Reinterpret(step.Result));
    }

    private static Scalar Convert(Scalar x, DType to) => x.DType.Kind switch
    {
        _ when x.DType == to => x,
        DTypeKinds.Complex or DTypeKinds.Floating when to == DType.Bool => Scalar.Of(x.ToComplex() != 0),
        DTypeKinds.Complex => Number.Round(to, x.ToComplex()),
        DTypeKinds.Floating => Number.Round(to, x.ToDouble()),
        _ => Number.Of(to, Number.Integer(x)),
    };
}
