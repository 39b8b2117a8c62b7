using BrainState.Execution;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Tracing;
using static BrainState.Differentiation.DerivativeRules;

namespace BrainState.Differentiation;

/// <summary>Functions that say themselves what their derivative is.</summary>
internal static class CustomRules
{
    public static void Define()
    {
        Jvps.Define<CustomJvp>((op, primals, tangents) =>
        {
            var custom = (CustomJvp)op;
            RequireConstants("CustomJvp", custom.ConstCount, tangents);
            return Split(custom, ProgramFunction.Apply(custom.Jvp, [.. primals, .. Instantiated(custom, primals, tangents)]));
        });
        Linearizations.Define<CustomJvp>((op, primals, tangents) =>
        {
            // The jvp program is linear in the tangents, so its own derivative by them, at any point, is the map itself.
            var custom = (CustomJvp)op;
            RequireConstants("CustomJvp", custom.ConstCount, tangents);
            var directions = Instantiated(custom, primals, tangents).ToArray();
            var zeros = directions.Select(static t => Zeros(t.Spec));
            var (outputs, moved) = ForwardMode.Evaluate(custom.Jvp, [.. primals, .. zeros], [.. new Tensor?[primals.Length], .. directions], Linearization);
            return (outputs[..custom.Body.Outputs.Length], Split(custom, moved).Tangents);
        });

        Jvps.Define<CustomVjp>((_, _, _) => throw new NotSupportedException(
            "A function with CustomVjp says what its derivative is in reverse mode only; Jvp and other uses of forward mode need CustomJvp."));
        Linearizations.Define<CustomVjp>((op, primals, tangents) =>
        {
            var custom = (CustomVjp)op;
            RequireConstants("CustomVjp", custom.ConstCount, tangents);
            var results = ProgramFunction.Apply(custom.Forward, primals);
            return Reverse(custom.Body, results, custom.Backward, new Call(custom.Backward, "bwd"), tangents, custom.ConstCount);
        });

        Jvps.Define<Composite>((op, primals, tangents) => ForwardMode.Evaluate(((Composite)op).Body, primals, tangents));
        Linearizations.Define<Composite>((op, primals, tangents) =>
        {
            var composite = (Composite)op;
            if (composite.Forward is null) return ForwardMode.Evaluate(composite.Body, primals, tangents, Linearization);
            var (forward, backward) = Passes(composite);
            return Reverse(composite.Body, Eager.Bind(forward, primals), composite.Backward!, backward, tangents, 0);
        });

        Transposes.Define<Pullback>((op, ct, operands) =>
        {
            var pullback = (Pullback)op;
            var residuals = operands[..pullback.ResidualCount].Select(static o => o.Known!);
            var specs = pullback.Transposed.Inputs.AsSpan()[pullback.ResidualCount..].ToArray();
            var cotangents = ProgramFunction.Apply(pullback.Transposed, [.. residuals, .. ct.Select((c, i) => c ?? Zeros(specs[i]))]);
            return [.. new Tensor?[pullback.ResidualCount], .. cotangents];
        });
    }

    /// <summary>The passes of a composite that has them. They stay composites, by name, so that an engine can run its own kernels for them.</summary>
    public static (Composite Forward, Composite Backward) Passes(Composite composite)
    {
        Composite Pass(string name, Program body) => new($"{composite.Function}.{name}", composite.Attributes, body, null, null);
        return (Pass("fwd", composite.Forward!), Pass("bwd", composite.Backward!));
    }

    /// <summary>Results and tangents of a function of which fwd ran, giving results and residuals, and bwd is still to be run.</summary>
    private static (Tensor[] Outputs, Tensor?[] Tangents) Reverse(Program body, Tensor[] results, Program backward, Op pass, Tensor?[] tangents, int constCount)
    {
        var outputs = results[..body.Outputs.Length];
        var residuals = results[outputs.Length..];
        var differentiable = body.Inputs.Select((s, i) => i >= constCount && s.DType.IsDifferentiable).ToArray();
        var wanted = Where(tangents.Select(static t => t is not null), differentiable).ToArray();
        var transposed = Trace.Run([.. backward.Inputs.Select(static s => new Aval(s, false))], inputs =>
            [.. Where(Eager.Bind(pass, inputs), wanted)]).Program;
        var moved = Pullback.Apply(transposed, residuals, tangents.OfType<Tensor>());
        return (outputs, Spread(moved, [.. outputs.Select(static o => o.DType.IsDifferentiable)]));
    }

    private static void RequireConstants(string transform, int constCount, Tensor?[] tangents)
    {
        if (tangents.AsSpan(0, constCount).ContainsAnyExcept((Tensor?)null))
        {
            throw new NotSupportedException(
                $"A function with {transform} closes over a value, or reads a State, that is being differentiated; its derivative is defined for its arguments only. Pass the value as an argument.");
        }
    }

    private static IEnumerable<Tensor> Instantiated(CustomJvp custom, Tensor[] primals, Tensor?[] tangents) =>
        Enumerable.Range(custom.ConstCount, primals.Length - custom.ConstCount).Where(i => primals[i].DType.IsDifferentiable).Select(i => tangents[i] ?? Zeros(primals[i].Spec));

    private static (Tensor[] Outputs, Tensor?[] Tangents) Split(CustomJvp custom, Tensor?[] results)
    {
        var count = custom.Body.Outputs.Length;
        var next = count;
        return ([.. results[..count].OfType<Tensor>()], [.. custom.Body.OutputSpecs.Select(o => o.DType.IsDifferentiable ? results[next++] : null)]);
    }
}
