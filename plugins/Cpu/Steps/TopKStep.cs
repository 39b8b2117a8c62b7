using System.Runtime.CompilerServices;
using BrainState.Cpu.Lowering;
using BrainState.Cpu.Planning;

namespace BrainState.Cpu.Steps;

/// <summary>
/// The largest elements of each lane, in order. Few are collected in a sorted list that most elements need only be compared with the end of;
/// for many, all are sorted.
/// </summary>
internal sealed unsafe class TopKStep(DType dtype, int k, int length, long lanes, StepMemory memory) : Step
{
    private const int MaxParts = 8, FewElements = 64;
    private const long ParallelCount = 1 << 14;

    private readonly Location source = memory.Inputs[0];
    private readonly Location values = memory.Outputs[0];
    private readonly Location positions = memory.Outputs[1];
    private readonly Location scratch = memory.Scratch;

    /// <summary>The scratch memory for lanes of the given length.</summary>
    public static long ScratchBytes(int length, long lanes) => PartBytes(length) * Parts(length, lanes);

    private static long PartBytes(int length) => (long)length * sizeof(Entry);

    private static int Parts(int length, long lanes) => length * lanes < ParallelCount ? 1 : (int)Math.Min(lanes, MaxParts);

    public override void Run(Frame frame)
    {
        // The work stays on this stack until all parts are done, so its address may be passed around although it refers to objects.
        var work = new Work { Step = this, Frame = frame, Parts = Parts(length, lanes) };
        frame.Workers.Run(work.Parts, &RunPart, Unsafe.AsPointer(ref work));
    }

    private static void RunPart(void* state, int part)
    {
        ref var work = ref Unsafe.AsRef<Work>(state);
        var step = work.Step;
        var end = step.Lanes * (part + 1) / work.Parts;
        for (var lane = step.Lanes * part / work.Parts; lane < end; lane++)
            step.Select(work.Frame, lane, (Entry*)(work.Frame[step.scratch] + part * PartBytes(step.Length)));
    }

    private long Lanes => lanes;

    private int Length => length;

    private void Select(Frame frame, long lane, Entry* entries)
    {
        var size = dtype.Size;
        var x = frame[source] + lane * length * size;
        if (k <= FewElements) Collect(x, entries);
        else
        {
            for (var i = 0; i < length; i++) entries[i] = new(~SortKeys.Read(dtype, x + (long)i * size), i);
            new Span<Entry>(entries, length).Sort();
        }
        var to = frame[values] + lane * k * size;
        var places = (int*)frame[positions] + lane * k;
        for (var i = 0; i < k; i++)
        {
            places[i] = entries[i].Position;
            Unsafe.CopyBlockUnaligned(to + (long)i * size, x + (long)entries[i].Position * size, (uint)size);
        }
    }

    /// <summary>Keys are complemented, so that the smallest are wanted; an equal one that comes later stays behind.</summary>
    private void Collect(byte* x, Entry* best)
    {
        var count = 0;
        for (var i = 0; i < length; i++, x += dtype.Size)
        {
            var key = ~SortKeys.Read(dtype, x);
            if (count == k && key >= best[count - 1].Key) continue;
            var place = count < k ? count++ : count - 1;
            for (; place > 0 && best[place - 1].Key > key; place--) best[place] = best[place - 1];
            best[place] = new(key, i);
        }
    }

    private readonly record struct Entry(ulong Key, int Position) : IComparable<Entry>
    {
        public int CompareTo(Entry other) => Key != other.Key ? Key.CompareTo(other.Key) : Position.CompareTo(other.Position);
    }

    private struct Work
    {
        public TopKStep Step;
        public Frame Frame;
        public int Parts;
    }
}
