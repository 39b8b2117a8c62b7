using System.Runtime.InteropServices;
using BrainState.Backends;
using BrainState.Ops;

namespace BrainState.Execution;

/// <summary>A value on the host: its spec and its elements.</summary>
internal readonly record struct RecordedValue(TensorSpec Spec, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>A part along the leading axis.</summary>
    public RecordedValue this[int index]
    {
        get
        {
            var spec = Spec.With(Spec.Shape.Without([0]));
            return new(spec, Bytes.Slice(checked((int)(index * spec.ByteCount)), (int)spec.ByteCount));
        }
    }

    public int ToInt32() => MemoryMarshal.Read<int>(Bytes.Span);

    public bool ToBool() => Bytes.Span[0] != 0;
}

/// <summary>How the effects of a program lie in its additional outputs: one site after the other, in the order in which they happen.</summary>
internal sealed record EffectRecord(ValueArray<EffectSite> Sites)
{
    /// <summary>The number of values.</summary>
    public int Width { get; } = Sites.Sum(static s => s.Width);

    /// <summary>Whether something is printed.</summary>
    public bool HasPrints { get; } = Sites.Any(static s => s.HasPrints);

    /// <summary>Lets the effects happen.</summary>
    public void Report(ReadOnlySpan<RecordedValue> values, EffectHandler handler)
    {
        foreach (var site in Sites)
        {
            site.Report(values[..site.Width], handler);
            values = values[site.Width..];
        }
    }
}

/// <summary>A place where effects happen.</summary>
internal abstract record EffectSite
{
    public abstract int Width { get; }

    public abstract bool HasPrints { get; }

    public abstract void Report(ReadOnlySpan<RecordedValue> values, EffectHandler handler);

    /// <summary>A print or an error: its operands.</summary>
    public sealed record Single(Op Op, int Count) : EffectSite
    {
        public override int Width => Count;

        public override bool HasPrints => Op is DebugPrint;

        public override void Report(ReadOnlySpan<RecordedValue> values, EffectHandler handler)
        {
            if (Op is ErrorIf && !values[0].ToBool()) return;
            handler(Op, Array.ConvertAll(values.ToArray(), static v => (v.Spec, v.Bytes)));
        }
    }

    /// <summary>A branch: which one ran, then the records of all, of which the others are zeros.</summary>
    public sealed record Choice(ValueArray<EffectRecord> Branches) : EffectSite
    {
        public override int Width { get; } = 1 + Branches.Sum(static b => b.Width);

        public override bool HasPrints => Branches.Any(static b => b.HasPrints);

        public override void Report(ReadOnlySpan<RecordedValue> values, EffectHandler handler)
        {
            var chosen = Math.Clamp(values[0].ToInt32(), 0, Branches.Count - 1);
            var first = 1 + Branches.Take(chosen).Sum(static b => b.Width);
            Branches[chosen].Report(values.Slice(first, Branches[chosen].Width), handler);
        }
    }

    /// <summary>A loop of known length: the records of all steps, stacked.</summary>
    public sealed record Stacked(EffectRecord Step, int Length, bool Reverse) : EffectSite
    {
        public override int Width => Step.Width;

        public override bool HasPrints => Step.HasPrints;

        public override void Report(ReadOnlySpan<RecordedValue> values, EffectHandler handler)
        {
            for (var i = 0; i < Length; i++) Step.Report(Slice(values, Reverse ? Length - 1 - i : i), handler);
        }
    }

    /// <summary>
    /// A loop of which only the first steps are kept, and besides these the first later one in which an error happened: the number of steps, whether there was such an error, then the records,
    /// stacked.
    /// </summary>
    public sealed record Bounded(EffectRecord Step, int Capacity) : EffectSite
    {
        public override int Width => 2 + Step.Width;

        public override bool HasPrints => Step.HasPrints;

        public override void Report(ReadOnlySpan<RecordedValue> values, EffectHandler handler)
        {
            var (count, failedLate) = (values[0].ToInt32(), values[1].ToBool());
            for (var i = 0; i < Math.Min(count, Capacity); i++) Step.Report(Slice(values[2..], i), handler);
            if (count <= Capacity) return;
            if (HasPrints)
            {
                var lost = new byte[sizeof(int)];
                MemoryMarshal.Write(lost, count - Capacity);
                handler(new DebugPrint("(what {0} more steps of this loop printed was not recorded)"), [(new(DType.Int32, Shape.Scalar), lost)]);
            }
            if (failedLate) Step.Report(Slice(values[2..], Capacity), handler);
        }
    }

    private static RecordedValue[] Slice(ReadOnlySpan<RecordedValue> values, int index) => Array.ConvertAll(values.ToArray(), v => v[index]);
}
