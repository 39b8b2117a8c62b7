using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Execution;

/// <summary>
/// Records the effects of a loop in its carry: whether any error happened, the number of steps so far, whether an error happened after the last recorded step, and a buffer per value with room for
/// the first steps and for the first later one with an error.
/// </summary>
internal sealed class LoopRecorder(EffectRecord record, TensorSpec[] values, bool canFail, int capacity)
{
    private static readonly TensorSpec Flag = new(DType.Bool, Shape.Scalar);
    private static readonly TensorSpec Counter = new(DType.Int32, Shape.Scalar);

    /// <summary>The specs of the additional carry.</summary>
    public TensorSpec[] Carry { get; } = [Flag, Counter, Flag, .. values.Select(v => v.With(v.Shape.Insert(0, capacity + (canFail ? 1 : 0))))];

    /// <summary>How to read all but the first of them after the loop.</summary>
    public EffectSite Site { get; } = new EffectSite.Bounded(record, capacity);

    public Operand[] Start(ProgramBuilder builder) => [.. Carry.Select(spec => EffectLowering.Zeros(builder, spec))];

    /// <summary>The carry after a step in which the given values were recorded.</summary>
    public Operand[] Step(ProgramBuilder builder, ReadOnlySpan<Operand> carry, ReadOnlySpan<Operand> recorded, Operand? hasFailed)
    {
        var (failed, count, failedLate) = (carry[0], carry[1], carry[2]);
        var isRecorded = builder.Add(new Lt(), count, Operand.Of(Scalar.Of(capacity)));
        var slot = builder.Add(new Min(), count, Operand.Of(Scalar.Of(capacity)));
        var next = new List<Operand> { failed, builder.Add(new Add(), count, Operand.Of(Scalar.Of(1))), failedLate };
        if (hasFailed is { } now)
        {
            var isFirstLate = builder.Add(new And(), now, builder.Add(new Not(), builder.Add(new Or(), isRecorded, failedLate)));
            isRecorded = builder.Add(new Or(), isRecorded, isFirstLate);
            next[0] = builder.Add(new Or(), failed, now);
            next[2] = builder.Add(new Or(), failedLate, isFirstLate);
        }
        for (var i = 0; i < recorded.Length; i++)
        {
            var buffer = carry[3 + i];
            var shape = values[i].Shape.Insert(0, 1);
            Operand[] start = [slot, .. Enumerable.Repeat(Operand.Of(Scalar.Of(0)), values[i].Rank)];
            var before = builder.Add(new DynamicSlice(shape.ToValueArray()), [buffer, .. start]);
            var after = builder.Add(new SelectN(), isRecorded, before, builder.Add(new Reshape(shape), recorded[i]));
            next.Add(builder.Add(new DynamicUpdateSlice(), [buffer, after, .. start]));
        }
        return [.. next];
    }
}
