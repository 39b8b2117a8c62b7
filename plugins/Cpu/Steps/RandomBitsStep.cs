using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BrainState.Cpu.Lowering;
using BrainState.Cpu.Planning;
using BrainState.Cpu.Vectors;

namespace BrainState.Cpu.Steps;

/// <summary>
/// Uniform random bits: threefry2x32 with 20 rounds (J. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011) of the 64-bit
/// position of each element, many positions at a time.
/// </summary>
internal sealed unsafe class RandomBitsStep(int elementSize, long perKey, long count, StepMemory memory) : Step
{
    private const long ParallelCount = 1 << 14;
    private const int Chunk = 1 << 12;

    private readonly Location keys = memory.Inputs[0];
    private readonly Location result = memory.Outputs[0];

    public override void Run(Frame frame)
    {
        var work = new Work { Keys = (uint*)frame[keys], Result = frame[result], PerKey = perKey, Count = count, ElementSize = elementSize, Parts = 1 };
        if (count >= ParallelCount) work.Parts = (int)Math.Min((count + Chunk - 1) / Chunk, 4 * frame.Workers.Degree);
        frame.Workers.Run(work.Parts, &RunPart, &work);
    }

    private static void RunPart(void* state, int part)
    {
        var work = (Work*)state;
        var end = work->Count * (part + 1) / work->Parts;
        for (var i = work->Count * part / work->Parts; i < end;)
        {
            var (key, position) = Math.DivRem(i, work->PerKey);
            var run = Math.Min(end - i, work->PerKey - position);
            var target = work->Result + i * work->ElementSize;
            if (Vector512.IsHardwareAccelerated) Fill<Vec512<uint>>(work->Keys + 2 * key, position, run, target, work->ElementSize);
            else if (Vector256.IsHardwareAccelerated) Fill<Vec256<uint>>(work->Keys + 2 * key, position, run, target, work->ElementSize);
            else Fill<Vec128<uint>>(work->Keys + 2 * key, position, run, target, work->ElementSize);
            i += run;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill<V>(uint* key, long position, long count, byte* target, int elementSize) where V : unmanaged, IVector<V, uint>
    {
        var first = stackalloc uint[16];
        var second = stackalloc uint[16];
        for (var i = 0; i < V.Count; i++) first[i] = (uint)i;
        var lanes = V.Load(first);
        while (count > 0)
        {
            // The high half of the position must be the same in all lanes.
            var run = (int)Math.Min(Math.Min(count, V.Count), (1L << 32) - (uint)position);
            var (x, y) = (V.Splat((uint)(position >> 32)), lanes + V.Splat((uint)position));
            Threefry(key[0], key[1], ref x, ref y);
            if (elementSize == 4 && run == V.Count) (x ^ y).Store((uint*)target);
            else
            {
                (elementSize == 8 ? x : x ^ y).Store(first);
                y.Store(second);
                for (var i = 0; i < run; i++) Put(target, i, elementSize, first[i], second[i]);
            }
            position += run;
            count -= run;
            target += run * elementSize;
        }
    }

    private static void Put(byte* target, int index, int elementSize, uint first, uint second)
    {
        switch (elementSize)
        {
            case 1: target[index] = (byte)first; break;
            case 2: ((ushort*)target)[index] = (ushort)first; break;
            case 4: ((uint*)target)[index] = first; break;
            default: ((ulong*)target)[index] = ((ulong)first << 32) | second; break;
        }
    }

    /// <summary>Encrypts x and y in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Threefry<V>(uint key0, uint key1, ref V x, ref V y) where V : unmanaged, IVector<V, uint>
    {
        var (a, b, c) = (V.Splat(key0), V.Splat(key1), V.Splat(key0 ^ key1 ^ 0x1BD11BDA));
        (x, y) = (x + a, y + b);
        EvenRounds(ref x, ref y);
        (x, y) = (x + b, y + c + V.Splat(1));
        OddRounds(ref x, ref y);
        (x, y) = (x + c, y + a + V.Splat(2));
        EvenRounds(ref x, ref y);
        (x, y) = (x + a, y + b + V.Splat(3));
        OddRounds(ref x, ref y);
        (x, y) = (x + b, y + c + V.Splat(4));
        EvenRounds(ref x, ref y);
        (x, y) = (x + c, y + a + V.Splat(5));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EvenRounds<V>(ref V x, ref V y) where V : unmanaged, IVector<V, uint>
    {
        Round(ref x, ref y, 13);
        Round(ref x, ref y, 15);
        Round(ref x, ref y, 26);
        Round(ref x, ref y, 6);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OddRounds<V>(ref V x, ref V y) where V : unmanaged, IVector<V, uint>
    {
        Round(ref x, ref y, 17);
        Round(ref x, ref y, 29);
        Round(ref x, ref y, 16);
        Round(ref x, ref y, 24);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round<V>(ref V x, ref V y, int rotation) where V : unmanaged, IVector<V, uint>
    {
        x += y;
        y = V.RotateLeft(y, rotation) ^ x;
    }

    private struct Work
    {
        public uint* Keys;
        public byte* Result;
        public long PerKey, Count;
        public int ElementSize, Parts;
    }
}
