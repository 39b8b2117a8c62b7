using BrainState.Ops;
using BrainState.Programs;
using BrainState.Programs.Passes;

namespace BrainState.Execution;

/// <summary>
/// Prepares a program for one backend: calls are inlined, what is the same in every step of a loop is moved before it and products that it only sums up behind it, and dead, repeated and trivial
/// equations are removed, at every depth; and every op that the backend refuses is replaced by its decomposition. What has none is refused here, before anything runs.
/// </summary>
internal static class Legalizer
{
    /// <summary>The program for one device, or for several along the axis <paramref name="axisName"/>.</summary>
    public static Program Run(Program program, Engine engine, string? axisName) =>
        Legalize(MoveProducts(DeadCodeElimination.Run(Simplify(LoopInvariantMotion.Run(InlineCalls(program))))), engine, axisName);

    private static Program InlineCalls(Program program) => InBodies(CallInlining.Run(program), InlineCalls);

    private static Program Simplify(Program program) => ScalarFolding.Run(CommonSubexpressionElimination.Run(InBodies(program, Simplify)));

    private static Program MoveProducts(Program program)
    {
        var moved = AccumulatedProducts.Run(InBodies(program, MoveProducts));
        return ReferenceEquals(moved, program) ? program : DeadCodeElimination.Run(moved);
    }

    private static Program InBodies(Program program, Func<Program, Program> rewrite) => program.Equations.Any(static e => e.Op is BodyOp)
        ? ProgramRewriter.Rewrite(program, (builder, equation, operands) => equation.Op is BodyOp ? builder.AddAll(BodyRewriter.Rewrite(equation.Op, rewrite), operands) : null)
        : program;

    private static Program Legalize(Program program, Engine engine, string? axisName)
    {
        var room = new TensorSpec[program.Equations.Select(static e => e.Inputs.Length).DefaultIfEmpty().Max()];
        return ProgramRewriter.Rewrite(program, (builder, equation, operands) =>
        {
            var op = equation.Op;
            if (op is StopGradient) return [operands[0]];
            if (op is BodyOp) op = BodyRewriter.Rewrite(op, body => Legalize(body, engine, axisName));
            if (op is Collective collective && collective.AxisName != axisName) throw Lax.NoAxis(op.Name, collective.AxisName);
            for (var i = 0; i < operands.Length; i++) room[i] = program.SpecOf(equation.Inputs[i]);
            var support = engine.Backend.Supports(op, room.AsSpan(0, operands.Length), engine.Device);
            if (support.IsSupported) return ReferenceEquals(op, equation.Op) ? null : builder.AddAll(op, operands);
            var specs = room[..operands.Length];
            if (Decompositions.TryGet(op, specs) is { } definition) return builder.Inline(Legalize(definition, engine, axisName), operands);
            throw new UnsupportedOperationException(op, specs, engine.ToString(), support.Reason!);
        });
    }
}

/// <summary>A backend cannot run an op, and the op has no decomposition into others.</summary>
public sealed class UnsupportedOperationException : NotSupportedException
{
    internal UnsupportedOperationException(Op op, TensorSpec[] operands, string engine, string reason)
        : base($"Backend {engine} does not run {op.Name}({string.Join(", ", operands)}): {reason.TrimEnd('.')}. "
            + "Nothing was executed. Use another dtype, or select another backend.") => Op = op;

    /// <summary>The op that was refused.</summary>
    public Op Op { get; }
}
