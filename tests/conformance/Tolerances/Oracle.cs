using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Conformance;

/// <summary>What single ops must give, by the interpreter.</summary>
internal static class Oracle
{
    /// <summary>The results of an op.</summary>
    public static HostValue[] Run(Op op, params HostValue[] operands) => Interpreter.Run(ProgramOf(op, operands.Select(static o => o.Spec)), operands);

    /// <summary>The program with one equation.</summary>
    public static Program ProgramOf(Op op, IEnumerable<TensorSpec> operands)
    {
        var builder = new ProgramBuilder();
        Operand[] inputs = [.. operands.Select(builder.AddInput)];
        return builder.Build(builder.AddAll(op, inputs));
    }
}
