using BrainState.Conformance.Composites;
using BrainState.Conformance.Generation;
using BrainState.Conformance.Gradients;
using BrainState.Differentiation;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Conformance;

/// <summary>
/// Every composite in every floating dtype. The function, the forward pass and the backward pass of its derivative are one equation each, so that a backend that claims them runs its own
/// kernels: against the interpreter, and native = expanded. Then a gradient, which is one pass after the other, and derivatives against differences.
/// </summary>
internal static class CompositeSuite
{
    /// <summary>The suite.</summary>
    public static ConformanceSuite Suite { get; } = new("composites", "every composite and its two passes as one equation, against the interpreter; native = expanded; gradients", Generate);

    /// <summary>The dtypes, with the tolerance that a case multiplies: about a unit in the last place; those of small floats are rounded once, at the end.</summary>
    private static readonly (DType DType, double Epsilon)[] DTypes =
        [(DType.Float64, 2.5e-14), (DType.Float32, 1e-6), (DType.Float16, 1 / 1024.0), (DType.BFloat16, 1 / 128.0)];

    private static IEnumerable<ConformanceCase> Generate(int seed) =>
        from definition in CompositeCases.All.Concat(CompositeCases.Large).GroupBy(static c => c.Definition.Name)
        from numbered in definition.Index()
        from dtype in DTypes
        from item in Cases(seed, numbered.Item, numbered.Index, dtype.DType, dtype.Epsilon)
        select item;

    private static IEnumerable<ConformanceCase> Cases(int seed, CompositeCase item, int number, DType dtype, double epsilon)
    {
        var operandSeed = Seeds.Of(seed, item.Definition.Name, number.ToString());
        HostValue[] Operands() => [.. item.Operands(new(operandSeed)).Select(value => As(dtype, value))];
        Composite For(HostValue[] operands) => item.For(operands.Select(static o => o.Spec));
        HostValue[] Cotangents(Composite composite) =>
            Values.Moderate(composite.Body.OutputSpecs.Where(static s => s.DType.IsDifferentiable), Seeds.Of(operandSeed, "cotangents"));

        (Program, HostValue[]) Function()
        {
            var operands = Operands();
            return (ProgramOf(For(operands), operands), operands);
        }
        (Program, HostValue[]) Forward()
        {
            var operands = Operands();
            return (ProgramOf(CustomRules.Passes(For(operands)).Forward, operands), operands);
        }
        (Program, HostValue[]) Backward()
        {
            var operands = Operands();
            var composite = For(operands);
            HostValue[] given = [.. Interpreter.Run(composite.Forward!, operands)[composite.Body.Outputs.Length..], .. Cotangents(composite)];
            return (ProgramOf(CustomRules.Passes(composite).Backward, given), given);
        }
        (Program, HostValue[]) Gradient()
        {
            var operands = Operands();
            var composite = For(operands);
            return (Traced.Pullback(ProgramOf(composite, operands)), [.. operands, .. Cotangents(composite)]);
        }

        ProgramCase Case(string what, Func<(Program, HostValue[])> make, ProgramCheck check) => new($"composites/{item.Definition.Name}/{dtype.Name}/{what}", make, check)
        {
            Subject = item.Definition.Name,
            DType = dtype,
            IsQuick = number == 0 && dtype == DType.Float32,
        };

        var tolerance = item.Tolerance * epsilon;
        // A cotangent has passed through the rounded residuals too.
        (string Name, Func<(Program, HostValue[])> Make, double Tolerance)[] passes =
            [("forward", Function, tolerance), ("fwd", Forward, tolerance), ("bwd", Backward, 2 * tolerance), ("gradient", Gradient, 2 * tolerance)];
        foreach (var (name, make, within) in passes)
        {
            yield return Case($"{name}/{number}", make, ProgramCheck.Close(within));
            yield return Case($"{name}/{number}/expanded", make, ProgramCheck.Expanded(within));
        }
        if (dtype == DType.Float64 && item.FollowsValues && !CompositeCases.Large.Contains(item))
            yield return Case($"derivative/{number}", Function, ProgramCheck.Gradient(2e-6));
    }

    private static Program ProgramOf(Composite composite, HostValue[] operands) => Oracle.ProgramOf(composite, operands.Select(static o => o.Spec));

    private static HostValue As(DType dtype, HostValue value) =>
        value.Spec.DType.IsFloating ? HostValue.Generate(new(dtype, value.Spec.Shape), i => Scalar.Of(dtype, value[i].ToDouble())) : value;
}
