using BrainState.Cpu.Lowering;
using BrainState.Cpu.Planning;
using BrainState.Ops;

namespace BrainState.Cpu.Steps;

/// <summary>Which bytes a replica copies from the operands of all.</summary>
internal enum Exchange
{
    /// <summary>The whole operands of all replicas, one after the other.</summary>
    Gather,
    /// <summary>From the operand of each replica, cut into as many parts as there are replicas, the part that is its own.</summary>
    Scatter,
}

/// <summary>Meets the other replicas and copies from the operands of all, in their order.</summary>
internal sealed unsafe class ExchangeStep(Collective op, TensorSpec spec, Exchange exchange, StepMemory memory) : Step
{
    private readonly Location operand = memory.Inputs[0];
    private readonly Location result = memory.Outputs[0];

    public override void Run(Frame frame)
    {
        var (meetings, index) = frame.Context.Replica!;
        var bytes = exchange == Exchange.Scatter ? spec.ByteCount / meetings.Count : spec.ByteCount;
        var offset = exchange == Exchange.Scatter ? index * bytes : 0;
        var target = frame[result];
        meetings.Meet(index, op, spec, frame[operand]);
        for (var source = 0; source < meetings.Count; source++, target += bytes)
            Buffer.MemoryCopy(meetings.OperandOf(source) + offset, target, bytes, bytes);
        meetings.Part();
    }
}

/// <summary>Meets the other replicas and copies the operand of the one that sends to this one, if any.</summary>
internal sealed unsafe class PermuteStep(PPermute op, TensorSpec spec, StepMemory memory) : Step
{
    private readonly Location operand = memory.Inputs[0];
    private readonly Location result = memory.Outputs[0];

    public override void Run(Frame frame)
    {
        var (meetings, index) = frame.Context.Replica!;
        var target = frame[result];
        var source = -1;
        foreach (var (from, to) in op.Permutation)
            if (to == index)
                source = from;
        meetings.Meet(index, op, spec, frame[operand]);
        if (source >= 0) Buffer.MemoryCopy(meetings.OperandOf(source), target, spec.ByteCount, spec.ByteCount);
        else new Span<byte>(target, checked((int)spec.ByteCount)).Clear();
        meetings.Part();
    }
}

/// <summary>The position of the replica.</summary>
internal sealed unsafe class AxisIndexStep(StepMemory memory) : Step
{
    private readonly Location result = memory.Outputs[0];

    public override void Run(Frame frame) => *(int*)frame[result] = frame.Context.Replica!.Index;
}
