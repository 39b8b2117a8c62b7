using BrainState.Ops;
using BrainState.Programs;
using BrainState.Programs.Passes;

namespace BrainState.Execution;

/// <summary>Removes prints and errors, at every depth, for a program, or a part of one, that runs a second time. Values keep their numbers.</summary>
internal static class EffectRemoval
{
    public static Program Run(Program program) => !program.HasEffects ? program : ProgramRewriter.Rewrite(program, static (builder, equation, operands) => equation.Op switch
    {
        DebugPrint or ErrorIf => [],
        { HasEffects: true } op => builder.AddAll(WithoutEffects(op), operands),
        _ => null,
    });

    /// <summary>What runs in a forward pass loses its effects; those of backward passes happen there for the first time.</summary>
    private static Op WithoutEffects(Op op) => BodyRewriter.Rewrite(op, Run) switch
    {
        CustomJvp custom => custom with { Jvp = Run(custom.Jvp) },
        CustomVjp custom => custom with { Forward = Run(custom.Forward) },
        Composite { Forward: { } forward } composite => composite with { Forward = Run(forward) },
        var other => other,
    };
}
