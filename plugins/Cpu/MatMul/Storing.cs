using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BrainState.Cpu.MatMul;

/// <summary>Converts finished sums to the elements of the result.</summary>
internal static unsafe class Storing<T, TStored>
    where T : unmanaged, INumberBase<T>
    where TStored : unmanaged
{
    /// <summary>Stores a block of sums.</summary>
    /// <param name="sums">The sums, <paramref name="width"/> elements from one row to the next.</param>
    /// <param name="width">See there.</param>
    /// <param name="rows">Rows of the block.</param>
    /// <param name="columns">Columns of the block.</param>
    /// <param name="result">Where the first element goes.</param>
    /// <param name="rowStride">Elements of the result from row to row.</param>
    /// <param name="columnStride">Elements of the result from column to column.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Store(T* sums, long width, long rows, long columns, byte* result, long rowStride, long columnStride)
    {
        for (long i = 0; i < rows; i++, sums += width, result += rowStride * sizeof(TStored))
        {
            var to = (TStored*)result;
            long j = 0;
            if (typeof(T) == typeof(float) && typeof(TStored) == typeof(BFloat16) && columnStride == 1)
                for (; j + Vector128<ushort>.Count <= columns; j += Vector128<ushort>.Count)
                    Vector128.Narrow(Round((float*)sums + j), Round((float*)sums + j + Vector128<float>.Count)).Store((ushort*)to + j);
            for (; j < columns; j++) Element<T>.Write(sums[j], to + j * columnStride);
        }
    }

    /// <summary>Four floats as the bits of a <see cref="BFloat16"/>, rounded to nearest, ties to even; a NaN stays one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Round(float* address)
    {
        var value = Vector128.Load(address);
        var bits = value.AsUInt32();
        var even = (bits >> 16) & Vector128<uint>.One;
        var rounded = (bits + Vector128.Create(0x7FFFu) + even) >> 16;
        return Vector128.ConditionalSelect(Vector128.IsNaN(value).AsUInt32(), (bits >> 16) | Vector128.Create(0x40u), rounded);
    }
}
