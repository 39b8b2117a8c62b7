using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using BrainState.Cpu.Threading;

namespace BrainState.Cpu.MatMul;

/// <summary>A sum of products on given shapes and real dtypes, prepared to be run many times. It is immutable; runs may overlap.</summary>
/// <remarks>
/// Sums are formed in float32 if operands and result are at most that, in float64 if one of them is wider or only one is integer.
/// From integers to integers they are formed modulo 2^32 or 2^64, which gives the low bits of any result exactly.
/// </remarks>
internal sealed unsafe class DotPlan
{
    private readonly IDotAlgorithm? algorithm;
    private readonly long resultBytes;

    private DotPlan(IDotAlgorithm? algorithm, long resultBytes) => (this.algorithm, this.resultBytes) = (algorithm, resultBytes);

    /// <summary>Bytes of scratch that <see cref="Run"/> needs, aligned to 64.</summary>
    public long ScratchBytes => algorithm?.ScratchBytes ?? 0;

    /// <summary>Bytes of an operand in the order in which products read it, aligned to 64; 0 if it is read where it lies.</summary>
    public long PackedBytes => algorithm?.PackedBytes ?? 0;

    /// <summary>The operand, 0 or 1, that can be packed once for many runs.</summary>
    public int PackedOperand => algorithm is { Swapped: true } ? 0 : 1;

    /// <summary>Packs that operand.</summary>
    public void Pack(byte* operand, byte* packed) => algorithm!.Pack(operand, packed);

    /// <summary>Prepares products of operands of <paramref name="operand"/>, neither bool nor complex.</summary>
    public static DotPlan Prepare(DotShape shape, DType operand, DType result)
    {
        var bytes = shape.Batch * shape.M * shape.N * result.Size;
        if (bytes == 0 || shape.K == 0) return new(null, bytes);
        IDotAlgorithm algorithm =
            operand.IsInteger && result.IsInteger
                ? result.Size == 8 ? Choose<long>(shape, operand, result) : Choose<int>(shape, operand, result)
            : operand.IsFloating && result.IsFloating && operand.Size < 8 && result.Size < 8
                ? Choose<float>(shape, operand, result)
            : Choose<double>(shape, operand, result);
        return new(algorithm, bytes);
    }

    /// <summary>
    /// Computes the product of <paramref name="lhs"/> and <paramref name="rhs"/>, which the result must not overlap; <paramref name="packed"/> is what <see cref="Pack"/> made of one
    /// of them, or null.
    /// </summary>
    public void Run(byte* lhs, byte* rhs, byte* packed, byte* result, byte* scratch, WorkerPool pool)
    {
        if (algorithm is { Swapped: true }) algorithm.Run(rhs, lhs, packed, result, scratch, pool);
        else if (algorithm is not null) algorithm.Run(lhs, rhs, packed, result, scratch, pool);
        else if (resultBytes != 0) NativeMemory.Clear(result, (nuint)resultBytes);
    }

    private static IDotAlgorithm Choose<T>(DotShape shape, DType operand, DType result)
        where T : unmanaged, INumberBase<T>
    {
        var formats = new DotFormats<T>(operand, result);
        if (formats.IsSumOperand && formats.IsSumStored && DirectDot<T>.TryPrepare(shape) is { } direct) return direct;
        return Simd.Has512 ? new PackedDot<T, Vector512<T>, Simd512<T>>(shape, formats, 14)
            : Vector256.IsHardwareAccelerated ? new PackedDot<T, Vector256<T>, Simd256<T>>(shape, formats, 6)
            : new PackedDot<T, Vector128<T>, Simd128<T>>(shape, formats, AdvSimd.IsSupported ? 12 : 6);
    }
}
