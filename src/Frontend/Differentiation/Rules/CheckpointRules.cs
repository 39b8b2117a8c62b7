using BrainState.Execution;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Programs.Passes;
using BrainState.Tracing;
using static BrainState.Differentiation.DerivativeRules;

namespace BrainState.Differentiation;

/// <summary>Checkpoints: the backward pass computes again what the policy does not save.</summary>
internal static class CheckpointRules
{
    public static void Define()
    {
        Jvps.Define<Checkpoint>((op, primals, tangents) =>
        {
            var checkpoint = (Checkpoint)op;
            var jvp = ForwardMode.Jvp(checkpoint.Body, Moving(tangents), new bool[checkpoint.Body.Outputs.Length].ToValueArray());
            var results = Eager.Bind(checkpoint with { Body = jvp.Program }, [.. primals, .. tangents.OfType<Tensor>()]);
            var count = checkpoint.Body.Outputs.Length;
            return (results[..count], Spread(results.AsSpan(count), jvp.Moving));
        });
        Linearizations.Define<Checkpoint>((op, primals, tangents) => Linearize((Checkpoint)op, primals, Moving(tangents), tangents));
    }

    private static (Tensor[] Outputs, Tensor?[] Tangents) Linearize(Checkpoint checkpoint, Tensor[] primals, ValueArray<bool> active, Tensor?[] tangents)
    {
        if (checkpoint.Policy == CheckpointPolicy.EverythingSaveable) return ForwardMode.Evaluate(checkpoint.Body, primals, tangents, Linearization);

        var body = CallInlining.Run(checkpoint.Body);
        var saved = body.Equations.Where(e => checkpoint.Policy == CheckpointPolicy.DotsSaveable && e.Op is DotGeneral or ConvGeneralDilated).Select(static e => e.FirstOutput).ToArray();
        var results = Eager.Bind(checkpoint with { Body = Returning(body, saved) }, primals);
        var outputs = results[..body.Outputs.Length];
        Tensor[] kept = [.. primals, .. results[outputs.Length..]];

        body = EffectRemoval.Run(body); // What happened in the forward pass does not happen again.
        var moving = ReverseMode.Stage(body, active, new bool[outputs.Length].ToValueArray()).Moving;
        var cotangents = Where(body.OutputSpecs, moving);
        var transposed = Trace.Run([.. kept.Select(static k => new Aval(k.Spec, false)), .. cotangents.Select(static s => new Aval(s, false))], inputs =>
        {
            // Behind the barrier nothing is equal to what the forward pass computed, so nothing of it is kept alive.
            var held = Lax.OptimizationBarrier(inputs);
            var known = saved.Select((value, i) => (value, held[primals.Length + i])).ToDictionary();
            var (_, derivative) = ReverseMode.Linearize(body, held.AsSpan(0, primals.Length), active, known);
            var pulled = derivative.Pullback(Spread(held.AsSpan(kept.Length), moving));
            return [.. Where(body.Inputs, active).Select((spec, i) => pulled[i] ?? Zeros(spec))];
        }).Program;
        var moved = Pullback.Apply(DeadCodeElimination.Run(transposed), kept, tangents.OfType<Tensor>());
        return (outputs, Spread(moved, moving));
    }

    /// <summary>The same program, returning some of its intermediate values in addition.</summary>
    private static Program Returning(Program program, int[] values)
    {
        if (values.Length == 0) return program;
        var builder = new ProgramBuilder();
        var map = new Operand[program.ValueCount];
        for (var i = 0; i < program.Inputs.Length; i++) map[i] = builder.AddInput(program.Inputs[i]);
        Operand Mapped(Operand operand) => operand.IsLiteral ? operand : map[operand.Value];
        foreach (var equation in program.Equations) builder.AddAll(equation.Op, [.. equation.Inputs.Select(Mapped)]).CopyTo(map, equation.FirstOutput);
        return builder.Build([.. program.Outputs.Select(Mapped), .. values.Select(value => map[value])]);
    }
}
