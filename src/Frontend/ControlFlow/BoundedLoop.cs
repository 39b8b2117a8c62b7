using BrainState.Differentiation;
using BrainState.Execution;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Tracing;

namespace BrainState.ControlFlow;

/// <summary>
/// A while loop of at most so many steps, made of scans: a block of many steps is a few smaller ones, checkpointed, each of which is skipped when the condition does not hold
/// before it. So it can be run backwards, and steps that are not taken cost next to nothing.
/// </summary>
internal sealed class BoundedLoop(Program condition, Program body, int constCount, int branching)
{
    /// <summary>Runs the loop on constants, then carry; returns the carry.</summary>
    public Tensor[] Run(ReadOnlySpan<Tensor> operands, long maxSteps) => maxSteps == 0 ? operands[constCount..].ToArray() : Steps(operands.ToArray(), maxSteps);

    private Tensor[] Steps(Tensor[] operands, long count)
    {
        if (count == 1) return ProgramFunction.Apply(body, operands);
        long part = 1;
        while (part * branching < count) part *= branching;
        var (whole, rest) = ((int)(count / part), count % part);

        var block = Staged(x => IfNotDone(x, part));
        if (part > 1) block = Staged(x => Eager.Bind(new Checkpoint(block, CheckpointPolicy.NothingSaveable), x));
        var carry = Eager.Bind(new Scan(block, constCount, operands.Length - constCount, whole, Reverse: false, Unroll: 1), operands);
        return rest == 0 ? carry : IfNotDone([.. operands[..constCount], .. carry], rest);
    }

    private Tensor[] IfNotDone(Tensor[] operands, long count)
    {
        var index = Lax.ConvertElementType(ProgramFunction.Apply(condition, operands)[0], DType.Int32);
        return Eager.Bind(new Cond([Staged(x => x[constCount..]), Staged(x => Steps(x, count))]), [index, .. operands]);
    }

    private Program Staged(Func<Tensor[], Tensor[]> function) => Trace.Run([.. body.Inputs.Select(static s => new Aval(s, false))], function).Program;
}
