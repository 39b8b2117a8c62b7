using System.Numerics;
using System.Runtime.CompilerServices;

namespace BrainState.Cpu.Kernels;

/// <summary>How a tensor is read in another order: axis sizes and the distance, in elements, between neighbours along each. In native memory.</summary>
internal unsafe struct ViewLayout
{
    public int Rank;
    public long* Sizes;
    public long* Strides;
}

/// <summary>Result = the elements of A, whole tensors that registers do not advance through, in the order of a <see cref="ViewLayout"/> (Data).</summary>
internal static unsafe class ViewKernels<T> where T : unmanaged
{
    private const int MaxRank = 64;

    public static TileKernel Dense => &Run;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(byte** registers, Instruction* instruction, nint start, nint count)
    {
        var result = (T*)registers[instruction->Result];
        var source = (T*)registers[instruction->A];
        var layout = (ViewLayout*)instruction->Data;
        var last = layout->Rank - 1;
        var index = stackalloc long[MaxRank];
        long rest = start;
        for (var axis = last; axis >= 0; axis--)
        {
            (rest, index[axis]) = Math.DivRem(rest, layout->Sizes[axis]);
            source += index[axis] * layout->Strides[axis];
        }

        var (innerSize, innerStride) = (layout->Sizes[last], (nint)layout->Strides[last]);
        while (true)
        {
            var run = (nint)Math.Min(count, innerSize - index[last]);
            Read(result, source, innerStride, run);
            count -= run;
            if (count == 0) return;
            result += run;
            source -= index[last] * innerStride;
            index[last] = 0;
            for (var axis = last - 1; ; axis--)
            {
                source += layout->Strides[axis];
                if (++index[axis] < layout->Sizes[axis]) break;
                source -= layout->Sizes[axis] * layout->Strides[axis];
                index[axis] = 0;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Read(T* result, T* source, nint stride, nint count)
    {
        if (count >= 16 && stride <= 1 && stride >= 0)
        {
            if (stride == 0) new Span<T>(result, (int)count).Fill(*source);
            else Unsafe.CopyBlockUnaligned(result, source, (uint)(count * sizeof(T)));
            return;
        }
        for (nint i = 0; i < count; i++, source += stride) result[i] = *source;
    }
}

/// <summary>The sizes of an iota: the position along an axis of size <see cref="Size"/> with <see cref="Inner"/> elements per step.</summary>
internal struct IotaExtent
{
    public long Size, Inner;
}

/// <summary>Result = positions along an axis (Data: <see cref="IotaExtent"/>).</summary>
internal static unsafe class IotaKernels<T> where T : unmanaged, INumberBase<T>
{
    public static TileKernel Dense => &Run;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(byte** registers, Instruction* instruction, nint start, nint count)
    {
        var result = (T*)registers[instruction->Result];
        var (size, inner) = (((IotaExtent*)instruction->Data)->Size, ((IotaExtent*)instruction->Data)->Inner);
        var (step, within) = Math.DivRem((long)start, inner);
        var position = step % size;
        for (nint i = 0; i < count; i++)
        {
            result[i] = T.CreateTruncating(position);
            if (++within < inner) continue;
            within = 0;
            if (++position == size) position = 0;
        }
    }
}
