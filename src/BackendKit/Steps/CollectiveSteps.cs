using BrainState.BackendKit.Execution;
using BrainState.BackendKit.Planning;
using BrainState.Ops;

namespace BrainState.BackendKit.Steps;

/// <summary>Meets the other replicas and makes its own result of the operands of all.</summary>
internal sealed class CollectiveStep(Collective op, Plan[] plans) : Step
{
    public override Value[] Execute(Run run, Value?[] operands)
    {
        var (meetings, index) = run.Replica!;
        var plan = plans[index];
        Value?[] all = meetings.Exchange(index, op, operands[0]!);
        try
        {
            for (var i = 0; i < all.Length; i++)
            {
                if (i == index || !plan.Reads(i)) continue;
                var here = all[i]!.To(run.Device);
                all[i]!.Release();
                all[i] = here;
            }
            return plan.Execute(run, all);
        }
        finally
        {
            Value.ReleaseAll(all);
        }
    }
}

/// <summary>The position of the replica.</summary>
internal sealed class AxisIndexStep : Step
{
    public override Value[] Execute(Run run, Value?[] operands) => [run.Kernels.Upload(Scalar.Of(run.Replica!.Index), run.Device)];
}
