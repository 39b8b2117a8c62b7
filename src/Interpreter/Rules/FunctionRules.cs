using System.Numerics;
using BrainState.Interpretation.Evaluation;
using BrainState.Interpretation.Numerics;
using BrainState.Ops;

namespace BrainState.Interpretation.Rules;

/// <summary>Elementary and special functions, computed in float64 and rounded once.</summary>
internal static class FunctionRules
{
    public static void AddTo(RuleTable table)
    {
        table.AddUnary<Exp>(Math.Exp, complex: Complex.Exp);
        table.AddUnary<Exp2>(x => Math.Pow(2, x), complex: ComplexFunctions.Exp2);
        table.AddUnary<Expm1>(Accurate.Expm1, complex: ComplexFunctions.Expm1);
        table.AddUnary<Log>(Math.Log, complex: ComplexFunctions.Log);
        table.AddUnary<Log1p>(Accurate.Log1p, complex: ComplexFunctions.Log1p);
        table.AddUnary<Logistic>(Accurate.Logistic, complex: ComplexFunctions.Logistic);

        table.AddUnary<Sqrt>(Math.Sqrt, complex: Complex.Sqrt);
        table.AddUnary<Rsqrt>(x => 1 / Math.Sqrt(x), complex: z => 1 / Complex.Sqrt(z));
        table.AddUnary<Cbrt>(Math.Cbrt);
        table.AddBinary<Pow>(Math.Pow, complex: Complex.Pow);

        table.AddUnary<Sin>(Math.Sin, complex: Complex.Sin);
        table.AddUnary<Cos>(Math.Cos, complex: Complex.Cos);
        table.AddUnary<Tan>(Math.Tan, complex: ComplexFunctions.Tan);
        table.AddUnary<Asin>(Math.Asin, complex: ComplexFunctions.Asin);
        table.AddUnary<Acos>(Math.Acos, complex: ComplexFunctions.Acos);
        table.AddUnary<Atan>(Math.Atan, complex: ComplexFunctions.Atan);
        table.AddBinary<Atan2>(Math.Atan2);

        table.AddUnary<Sinh>(Math.Sinh, complex: Complex.Sinh);
        table.AddUnary<Cosh>(Math.Cosh, complex: Complex.Cosh);
        table.AddUnary<Tanh>(Math.Tanh, complex: ComplexFunctions.Tanh);
        table.AddUnary<Asinh>(Math.Asinh, complex: ComplexFunctions.Asinh);
        table.AddUnary<Acosh>(Math.Acosh, complex: ComplexFunctions.Acosh);
        table.AddUnary<Atanh>(Math.Atanh, complex: ComplexFunctions.Atanh);

        table.AddUnary<Erf>(ErrorFunction.Erf);
        table.AddUnary<Erfc>(ErrorFunction.Erfc);
        table.AddUnary<ErfInv>(ErrorFunction.Inverse);
        table.AddUnary<Lgamma>(GammaFunction.LogGamma);
        table.AddUnary<Digamma>(GammaFunction.Digamma);
    }
}
