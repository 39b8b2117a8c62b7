using System.Runtime.CompilerServices;
using BrainState.Cpu.Lowering;
using BrainState.Cpu.Planning;

namespace BrainState.Cpu.Steps;

/// <summary>
/// Sorts lanes by one or more keys, stably. Each lane's positions are sorted by the last key first, then by the ones before it; a key and
/// the position before that pass together are unique, which makes any sort stable. Then all operands are permuted.
/// </summary>
internal sealed unsafe class SortStep(DType[] dtypes, int keyCount, long length, long stride, long lanes, StepMemory memory) : Step
{
    private const int MaxParts = 8;
    private const long ParallelCount = 1 << 14;

    private readonly long length = length;
    private readonly long lanes = lanes;
    private readonly Location[] inputs = memory.Inputs;
    private readonly Location[] outputs = memory.Outputs;
    private readonly Location scratch = memory.Scratch;

    /// <summary>The scratch memory for lanes of the given length.</summary>
    public static long ScratchBytes(long length, long lanes) => PartBytes(length) * Parts(length, lanes);

    private static long PartBytes(long length) => length * (sizeof(Entry) + 2 * sizeof(int));

    private static int Parts(long length, long lanes) => length * lanes < ParallelCount ? 1 : (int)Math.Min(lanes, MaxParts);

    public override void Run(Frame frame)
    {
        var work = new Work { Step = this, Frame = frame, Parts = Parts(length, lanes) };
#pragma warning disable CS8500 // The work is on this stack frame, which outlives all parts, and holds its references there.
        frame.Workers.Run(work.Parts, &RunPart, &work);
#pragma warning restore CS8500
    }

    private static void RunPart(void* state, int part)
    {
        ref var work = ref Unsafe.AsRef<Work>(state);
        var step = work.Step;
        var end = step.lanes * (part + 1) / work.Parts;
        for (var lane = step.lanes * part / work.Parts; lane < end; lane++)
            step.SortLane(work.Frame, lane, work.Frame[step.scratch] + part * PartBytes(step.length));
    }

    private void SortLane(Frame frame, long lane, byte* buffer)
    {
        var entries = new Span<Entry>(buffer, (int)length);
        var order = (int*)(buffer + length * sizeof(Entry));
        var before = order + length;
        var (outer, inner) = Math.DivRem(lane, stride);
        var first = outer * length * stride + inner;
        for (var i = 0; i < entries.Length; i++) order[i] = i;
        for (var key = keyCount - 1; key >= 0; key--)
        {
            var size = dtypes[key].Size;
            var source = frame[inputs[key]] + first * size;
            if (SortKeys.IsShort(dtypes[key]))
            {
                // Key and position fit into one integer, which sorts fastest.
                var packed = new Span<ulong>(buffer, (int)length);
                for (var i = 0; i < packed.Length; i++) packed[i] = (SortKeys.Read(dtypes[key], source + order[i] * stride * size) << 32) | (uint)i;
                packed.Sort();
                Unsafe.CopyBlock(before, order, (uint)(length * sizeof(int)));
                for (var i = 0; i < packed.Length; i++) order[i] = before[(uint)packed[i]];
            }
            else
            {
                for (var i = 0; i < entries.Length; i++) entries[i] = new(SortKeys.Read(dtypes[key], source + order[i] * stride * size), i);
                entries.Sort();
                Unsafe.CopyBlock(before, order, (uint)(length * sizeof(int)));
                for (var i = 0; i < entries.Length; i++) order[i] = before[entries[i].Position];
            }
        }
        for (var i = 0; i < inputs.Length; i++) Permute(dtypes[i].Size, frame[inputs[i]], frame[outputs[i]], first, order);
    }

    private void Permute(int size, byte* source, byte* target, long first, int* order)
    {
        switch (size)
        {
            case 1: Permute(source + first, target + first, order); break;
            case 2: Permute((ushort*)source + first, (ushort*)target + first, order); break;
            case 4: Permute((uint*)source + first, (uint*)target + first, order); break;
            case 8: Permute((ulong*)source + first, (ulong*)target + first, order); break;
            default: Permute((UInt128*)source + first, (UInt128*)target + first, order); break;
        }
    }

    private void Permute<T>(T* source, T* target, int* order) where T : unmanaged
    {
        for (long i = 0; i < length; i++) target[i * stride] = source[order[i] * stride];
    }

    private readonly record struct Entry(ulong Key, int Position) : IComparable<Entry>
    {
        public int CompareTo(Entry other) => Key != other.Key ? Key.CompareTo(other.Key) : Position.CompareTo(other.Position);
    }

    private struct Work
    {
        public SortStep Step;
        public Frame Frame;
        public int Parts;
    }
}
