using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BrainState.Cpu.MatMul;

/// <summary>
/// Copies a panel of an operand, some of its rows (or columns) over one block of k, into the order in which the micro-kernel reads it,
/// as numbers of the type that it computes with.
/// </summary>
/// <remarks>The loops are optimised at once: waiting for the JIT to find them hot makes the first runs ten times as slow.</remarks>
internal static unsafe class Packing<TStored, T>
    where TStored : unmanaged
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Packs one panel: element (i, p) goes to <paramref name="packed"/>[p · <paramref name="height"/> + i].</summary>
    /// <param name="operand">Which axes of the operand are meant.</param>
    /// <param name="source">The operand, from the current batch element on.</param>
    /// <param name="first">The first row.</param>
    /// <param name="rows">The rows there are: few, as many as the registers of the kernel hold.</param>
    /// <param name="height">The rows of the panel; those that there are not become 0.</param>
    /// <param name="start">The first k.</param>
    /// <param name="depth">The k there are. After an odd number one more is packed, as 0, because the kernel takes two at a time.</param>
    /// <param name="packed">The panel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(DotOperand operand, byte* source, long first, int rows, int height, long start, long depth, T* packed)
    {
        var offsets = stackalloc long[rows];
        for (var i = 0; i < rows; i++) offsets[i] = operand.Free.Offset(first + i);
        var adjacent = offsets[rows - 1] - offsets[0] == rows - 1 && operand.Free.Stride == 1;
        if (rows < height) new Span<T>(packed, (int)depth * height).Clear();
        if (depth % 2 != 0) new Span<T>(packed + depth * height, height).Clear();

        var k = operand.Depth;
        for (var end = start + depth; start < end;)
        {
            var run = k.IsUniform ? end - start : Math.Min(end - start, k.Run - start % k.Run);
            var from = (TStored*)source + k.Offset(start);
            if (adjacent) Copy(from + offsets[0], k.Stride, run, rows, height, packed);
            else if (k.Stride == 1) Transpose(from, offsets, run, rows, height, packed);
            else Gather(from, offsets, k.Stride, run, rows, height, packed);
            packed += run * height;
            start += run;
        }
    }

    /// <summary>The rows lie next to each other. Vectors are as wide as fits, and the last one overlaps the one before.</summary>
    private static void Copy(TStored* source, long stride, long run, int rows, int height, T* packed)
    {
        if (!Widening<TStored, T>.IsVectorized || rows < Vector128<T>.Count)
        {
            for (; run > 0; run--, source += stride, packed += height)
                for (var i = 0; i < rows; i++)
                    packed[i] = Element<T>.Read(source + i);
        }
        else if (!Widening<TStored, T>.IsCopy)
        {
            for (; run > 0; run--, source += stride, packed += height)
            {
                var last = rows - Vector128<T>.Count;
                for (var i = 0; i < last; i += Vector128<T>.Count) Widening<TStored, T>.Load(source + i).Store(packed + i);
                Widening<TStored, T>.Load(source + last).Store(packed + last);
            }
        }
        else if (Simd.Has512 && rows >= Vector512<T>.Count)
            Copy<Vector512<T>, Simd512<T>>((T*)source, stride, run, rows, height, packed);
        else if (Vector256.IsHardwareAccelerated && rows >= Vector256<T>.Count)
            Copy<Vector256<T>, Simd256<T>>((T*)source, stride, run, rows, height, packed);
        else
            Copy<Vector128<T>, Simd128<T>>((T*)source, stride, run, rows, height, packed);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy<TVector, TSimd>(T* source, long stride, long run, int rows, int height, T* packed)
        where TSimd : ISimd<T, TVector>
    {
        var last = rows - TSimd.Lanes;
        if (last <= TSimd.Lanes)
        {
            for (; run > 0; run--, source += stride, packed += height)
            {
                TVector head = TSimd.Load(source), tail = TSimd.Load(source + last);
                TSimd.Store(head, packed);
                TSimd.Store(tail, packed + last);
            }

            return;
        }

        for (; run > 0; run--, source += stride, packed += height)
        {
            for (var i = 0; i < last; i += TSimd.Lanes) TSimd.Store(TSimd.Load(source + i), packed + i);
            TSimd.Store(TSimd.Load(source + last), packed + last);
        }
    }

    /// <summary>The operand has k innermost: little squares are transposed in registers; the last overlaps the one before.</summary>
    private static void Transpose(TStored* source, long* offsets, long run, int rows, int height, T* packed)
    {
        var lanes = Vector128<T>.Count;
        if (!Widening<TStored, T>.IsVectorized || !Interleaving.IsSupported || rows < lanes)
        {
            Gather(source, offsets, 1, run, rows, height, packed);
            return;
        }

        for (var i = 0; i < rows; i += lanes)
        {
            i = Math.Min(i, rows - lanes);
            var done = sizeof(T) == 4
                ? Transpose4(source, offsets + i, run, height, packed + i)
                : Transpose2(source, offsets + i, run, height, packed + i);
            Gather(source + done, offsets + i, 1, run - done, lanes, height, packed + done * height + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Transpose4(TStored* source, long* offsets, long run, int height, T* packed)
    {
        TStored* a = source + offsets[0], b = source + offsets[1], c = source + offsets[2], d = source + offsets[3];
        long p = 0;
        for (; p + 4 <= run; p += 4, packed += 4 * height)
        {
            var (x, y, z, w) = (Load(a + p), Load(b + p), Load(c + p), Load(d + p));
            var (xy, zw) = (Interleaving.Low32(x, y).AsUInt64(), Interleaving.Low32(z, w).AsUInt64());
            Interleaving.Low64(xy, zw).As<ulong, T>().Store(packed);
            Interleaving.High64(xy, zw).As<ulong, T>().Store(packed + height);
            (xy, zw) = (Interleaving.High32(x, y).AsUInt64(), Interleaving.High32(z, w).AsUInt64());
            Interleaving.Low64(xy, zw).As<ulong, T>().Store(packed + 2 * height);
            Interleaving.High64(xy, zw).As<ulong, T>().Store(packed + 3 * height);
        }

        return p;

        static Vector128<uint> Load(TStored* address) => Widening<TStored, T>.Load(address).AsUInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Transpose2(TStored* source, long* offsets, long run, int height, T* packed)
    {
        TStored* a = source + offsets[0], b = source + offsets[1];
        long p = 0;
        for (; p + 2 <= run; p += 2, packed += 2 * height)
        {
            var (x, y) = (Widening<TStored, T>.Load(a + p).AsUInt64(), Widening<TStored, T>.Load(b + p).AsUInt64());
            Interleaving.Low64(x, y).As<ulong, T>().Store(packed);
            Interleaving.High64(x, y).As<ulong, T>().Store(packed + height);
        }

        return p;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Gather(TStored* source, long* offsets, long stride, long run, int rows, int height, T* packed)
    {
        for (var i = 0; i < rows; i++)
        {
            var row = source + offsets[i];
            var target = packed + i;
            for (var p = run; p > 0; p--, row += stride, target += height) *target = Element<T>.Read(row);
        }
    }
}
