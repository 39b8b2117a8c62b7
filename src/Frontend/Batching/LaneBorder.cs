using BrainState.Differentiation;
using BrainState.Programs;
using BrainState.Tracing;

namespace BrainState.Batching;

/// <summary>The border between lanes and what is around them: how each input and output of a lane's program crosses it.</summary>
internal sealed record LaneBorder(ValueArray<AxisSlot> Inputs, ValueArray<AxisSlot> Outputs, BatchAxis Axis)
{
    private static readonly ProgramCache<LaneBorder, Program> Batched = new();
    private static readonly ProgramCache<LaneBorder, Program> Single = new();

    /// <summary>The batched program of <paramref name="lane"/> with its inputs and outputs as they are outside: axes move to the front and back, keys are split.</summary>
    public Program Around(Program lane) => Batched.GetOrAdd(lane, this, static (lane, border) =>
    {
        var (inputs, outputs, axis) = border;
        var batched = BatchMode.Batch(lane, inputs.Select(static s => s.IsMapped).ToValueArray(), axis);
        return Trace.Run(lane.Inputs.Select((spec, i) => new Aval(inputs[i].Outside(spec, axis), false)).ToArray(), outside =>
        {
            var results = ProgramFunction.Apply(batched.Program, outside.Select((value, i) => Enter(value, inputs[i], axis)).ToArray());
            return results.Select((value, i) => outputs[i].KeyInput is { } input
                ? NextKey(outside[input], axis)
                : Leave(new(value, batched.IsOutputBatched[i]), outputs[i], axis)).ToArray();
        }).Program;
    });

    /// <summary>
    /// The program of one lane that finds its place by the name of the axis: it takes the same keys as all others, splits them, and uses the ones of its own. Values
    /// along the axis are those of the lane.
    /// </summary>
    public Program AroundOne(Program lane) => !Inputs.Any(static s => s.IsKey) ? lane : Single.GetOrAdd(lane, this, static (lane, border) =>
    {
        var (inputs, outputs, axis) = border;
        return Trace.Run(lane.Inputs.Select(static spec => new Aval(spec, false)).ToArray(), outside =>
        {
            var results = ProgramFunction.Apply(lane, outside.Select((value, i) => inputs[i].IsKey ? OwnKey(value, axis) : value).ToArray());
            return results.Select((value, i) => outputs[i].KeyInput is { } input ? NextKey(outside[input], axis) : value).ToArray();
        }).Program;
    });

    private static Tensor Enter(Tensor value, AxisSlot slot, BatchAxis axis) =>
        slot.Position is { } position ? BatchRules.Move(value, position, 0)
        : slot.IsKey ? Keys(value, axis)[1..]
        : value;

    private static Tensor Leave(Lanes value, AxisSlot slot, BatchAxis axis) =>
        slot.Position is { } position ? BatchRules.Move(value.Repeated(axis), 0, position) : value.Value;

    private static Tensor OwnKey(Tensor key, BatchAxis axis) =>
        Lax.Reshape(Lax.DynamicSlice(Keys(key, axis), [Lax.AxisIndex(axis.Name!) + 1, Lax.ConvertElementType(0, DType.Int32)], [1, 2]), [2]);

    /// <summary>As BrainState goes on: the second half of the key that the lanes' keys were split from.</summary>
    private static Tensor NextKey(Tensor key, BatchAxis axis) => Rng.Split(Keys(key, axis)[0]).Second;

    /// <summary>The key that the generator goes on from, then one for each lane.</summary>
    private static Tensor Keys(Tensor key, BatchAxis axis) => Rng.Split(key, axis.Size + 1);
}
