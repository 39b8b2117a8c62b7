using System.Numerics;
using BrainState.Interpretation.Evaluation;
using BrainState.Ops;

namespace BrainState.Interpretation.Rules;

/// <summary>The parts of complex numbers. Nothing is rounded.</summary>
internal static class ComplexRules
{
    public static void AddTo(RuleTable table)
    {
        table.AddPointwise<MakeComplex>((_, x, result) => Scalar.Of(result, new Complex(x[0].ToDouble(), x[1].ToDouble())));
        table.AddPointwise<Real>((_, x, result) => Scalar.Of(result, x[0].ToComplex().Real));
        table.AddPointwise<Imag>((_, x, result) => Scalar.Of(result, x[0].ToComplex().Imaginary));
        table.AddPointwise<Conj>((_, x, result) => Scalar.Of(result, Complex.Conjugate(x[0].ToComplex())));
    }
}
