using BrainState.Execution;
using BrainState.Ops;
using BrainState.Tracing;

namespace BrainState.Batching;

/// <summary>The rule that serves every op: a loop over the lanes.</summary>
internal static class LaneByLane
{
    public static Lanes[] Apply(Op op, Lanes[] operands, BatchAxis axis)
    {
        Lanes[] shared = [.. operands.Where(static o => !o.IsBatched)], own = [.. operands.Where(static o => o.IsBatched)];
        var body = Trace.Run([.. shared.Concat(own).Select(static o => new Aval(o.Value.Spec.With(o.Shape), false))], inputs =>
        {
            var (nextShared, nextOwn) = (0, shared.Length);
            return Eager.Bind(op, Array.ConvertAll(operands, o => inputs[o.IsBatched ? nextOwn++ : nextShared++]));
        }).Program;
        var loop = new Scan(body, shared.Length, 0, axis.Size, Reverse: false, Unroll: 1);
        return Array.ConvertAll(Eager.Bind(loop, [.. shared.Concat(own).Select(static o => o.Value)]), Lanes.Batched);
    }
}
