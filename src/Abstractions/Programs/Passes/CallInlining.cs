using BrainState.Ops;

namespace BrainState.Programs.Passes;

/// <summary>Replaces every <see cref="Call"/> by the equations of its body, at every depth of nested calls.</summary>
public static class CallInlining
{
    /// <summary>An equivalent program without calls at its top level; the same object if there are none.</summary>
    public static Program Run(Program program) =>
        program.Equations.Any(static e => e.Op is Call)
            ? ProgramRewriter.Rewrite(program, (builder, equation, operands) =>
                equation.Op is Call call ? builder.Inline(Run(call.Body), operands) : null)
            : program;
}
