using BrainState.BackendKit.Execution;
using BrainState.BackendKit.Planning;
using BrainState.Ops;

namespace BrainState.BackendKit.Steps;

/// <summary>Runs the body while the condition holds.</summary>
internal sealed class WhileStep(While op, Plan condition, Plan body) : Step
{
    public override Value[] Execute(Run run, Value?[] operands)
    {
        var (conditionConsts, bodyConsts) = (operands[..op.CondConstCount], operands[op.CondConstCount..(op.CondConstCount + op.BodyConstCount)]);
        var carry = operands.AsMemory(op.CondConstCount + op.BodyConstCount); // Always what comes next, so that the plan lets it go if something fails.
        while (Holds(run, conditionConsts, carry.Span))
        {
            run.ThrowIfStopped();
            var inputs = new Value?[bodyConsts.Length + carry.Length];
            Share(bodyConsts, inputs);
            Move(carry.Span, inputs.AsSpan(bodyConsts.Length));
            body.Execute(run, inputs).CopyTo(carry.Span);
        }
        var results = new Value?[carry.Length];
        Move(carry.Span, results);
        return results!;
    }

    private bool Holds(Run run, Value?[] consts, ReadOnlySpan<Value?> carry)
    {
        var inputs = new Value?[consts.Length + carry.Length];
        Share(consts, inputs);
        Share(carry, inputs.AsSpan(consts.Length));
        var verdict = condition.Execute(run, inputs)[0];
        try
        {
            Span<byte> holds = stackalloc byte[1];
            verdict.CopyTo(holds);
            return holds[0] != 0;
        }
        finally
        {
            verdict.Release();
        }
    }
}
