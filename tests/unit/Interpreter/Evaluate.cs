using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.Interpretation;

/// <summary>Runs ops on the interpreter.</summary>
internal static class Evaluate
{
    /// <summary>The program with one equation.</summary>
    public static Program ProgramOf(Op op, IEnumerable<TensorSpec> operands)
    {
        var builder = new ProgramBuilder();
        Operand[] inputs = [.. operands.Select(builder.AddInput)];
        return builder.Build(builder.AddAll(op, inputs));
    }

    /// <summary>The results of an op on the interpreter.</summary>
    public static HostValue[] Op(Op op, params HostValue[] operands) => Interpreter.Run(ProgramOf(op, operands.Select(static o => o.Spec)), operands);

    /// <summary>The only result of an op, as .NET values.</summary>
    public static T[] Op<T>(Op op, params HostValue[] operands) where T : unmanaged => Assert.Single(Op(op, operands)).ToArray<T>();
}
