using BrainState.Differentiation;
using BrainState.Programs;
using BrainState.Tracing;

namespace BrainState.Batching;

/// <summary>How a value crosses the border of a mapped function: shared by all lanes, along an axis, or as random keys.</summary>
internal readonly record struct AxisSlot
{
    private const int SharedValue = -1, KeyValue = -2;
    private readonly int position;
    private readonly int keyInput;

    private AxisSlot(int position, int keyInput = 0) => (this.position, this.keyInput) = (position, keyInput);

    /// <summary>The same tensor for all lanes.</summary>
    public static AxisSlot Shared => new(SharedValue);

    /// <summary>One key outside, and inside one key per lane that is split from it.</summary>
    public static AxisSlot Key => new(KeyValue);

    /// <summary>The lanes are along an axis.</summary>
    public static AxisSlot Along(int axis) => new(axis);

    /// <summary>What a generator goes on with after the lanes drew from the key that is input <paramref name="input"/>.</summary>
    public static AxisSlot NextKeyOf(int input) => new(KeyValue, input);

    /// <summary>The axis, if there is one.</summary>
    public int? Position => position >= 0 ? position : null;

    /// <summary>The input that holds the key.</summary>
    public int? KeyInput => position == KeyValue ? keyInput : null;

    /// <summary>Whether lanes see values of their own.</summary>
    public bool IsMapped => position != SharedValue;

    /// <summary>The spec in a lane, from that outside.</summary>
    public TensorSpec Lane(TensorSpec outside) => position >= 0 ? outside.With(outside.Shape.Without([position])) : outside;

    /// <summary>The spec outside, from that in a lane.</summary>
    public TensorSpec Outside(TensorSpec lane, BatchAxis axis) => position >= 0 ? lane.With(lane.Shape.Insert(position, axis.Size)) : lane;
}

/// <summary>The border between a batched program and what is around it: axes are moved to the front and back, and random keys are split.</summary>
internal static class VmapBorder
{
    private static readonly ProgramCache<Key, Program> Cache = new();

    private sealed record Key(ValueArray<AxisSlot> Inputs, ValueArray<AxisSlot> Outputs, BatchAxis Axis);

    /// <summary>The batched program of <paramref name="lane"/> with its inputs and outputs as they are outside.</summary>
    public static Program Around(Program lane, BatchedProgram batched, ValueArray<AxisSlot> inputs, ValueArray<AxisSlot> outputs, BatchAxis axis) =>
        Cache.GetOrAdd(lane, new(inputs, outputs, axis), (_, key) =>
            Trace.Run(lane.Inputs.Select((spec, i) => new Aval(key.Inputs[i].Outside(spec, axis), false)).ToArray(), outside =>
            {
                var results = ProgramFunction.Apply(batched.Program, outside.Select((value, i) => Enter(value, key.Inputs[i], axis)).ToArray());
                return results.Select((value, i) => key.Outputs[i].KeyInput is { } input
                    ? NextKey(outside[input], axis)
                    : Leave(new(value, batched.IsOutputBatched[i]), key.Outputs[i], axis)).ToArray();
            }).Program);

    private static Tensor Enter(Tensor value, AxisSlot slot, BatchAxis axis) =>
        slot.Position is { } position ? BatchRules.Move(value, position, 0)
        : slot.IsMapped ? Rng.Split(value, axis.Size + 1)[1..]
        : value;

    private static Tensor Leave(Lanes value, AxisSlot slot, BatchAxis axis) =>
        slot.Position is { } position ? BatchRules.Move(value.Repeated(axis), 0, position) : value.Value;

    /// <summary>As BrainState goes on: the second half of the key that the lanes' keys were split from.</summary>
    private static Tensor NextKey(Tensor key, BatchAxis axis) => Rng.Split(Rng.Split(key, axis.Size + 1)[0]).Second;
}
