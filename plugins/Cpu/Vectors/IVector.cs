using BrainState.Cpu.Kernels;

namespace BrainState.Cpu.Vectors;

/// <summary>
/// A hardware vector of elements <typeparamref name="T"/>. Kernels are written once against this interface and instantiated for the
/// width of the machine; the JIT sees through it. Comparisons give masks: lanes of all ones or all zeros.
/// </summary>
internal unsafe interface IVector<TSelf, T> where TSelf : unmanaged, IVector<TSelf, T> where T : unmanaged
{
    static abstract int Count { get; }

    static abstract TSelf Zero { get; }

    static abstract TSelf One { get; }

    static abstract TSelf Splat(T value);

    /// <summary>Every lane holds the low bits of <paramref name="bits"/>.</summary>
    static abstract TSelf SplatBits(long bits);

    static abstract TSelf Load(T* source);

    /// <summary>The first <paramref name="count"/> lanes from memory, the others from <paramref name="fill"/>. Touches no byte beyond.</summary>
    static abstract TSelf LoadPartial(T* source, nint count, TSelf fill);

    void Store(T* destination);

    /// <summary>Writes the first <paramref name="count"/> lanes and no byte beyond.</summary>
    void StorePartial(T* destination, nint count);

    static abstract TSelf operator +(TSelf x, TSelf y);

    static abstract TSelf operator -(TSelf x, TSelf y);

    static abstract TSelf operator *(TSelf x, TSelf y);

    static abstract TSelf operator /(TSelf x, TSelf y);

    static abstract TSelf operator &(TSelf x, TSelf y);

    static abstract TSelf operator |(TSelf x, TSelf y);

    static abstract TSelf operator ^(TSelf x, TSelf y);

    static abstract TSelf operator ~(TSelf x);

    static abstract TSelf operator -(TSelf x);

    /// <summary>x without the bits of <paramref name="y"/>.</summary>
    static abstract TSelf AndNot(TSelf x, TSelf y);

    /// <summary>NaN if either lane is.</summary>
    static abstract TSelf Min(TSelf x, TSelf y);

    /// <summary>NaN if either lane is.</summary>
    static abstract TSelf Max(TSelf x, TSelf y);

    static abstract TSelf Abs(TSelf x);

    static abstract TSelf Sqrt(TSelf x);

    static abstract TSelf Floor(TSelf x);

    static abstract TSelf Ceiling(TSelf x);

    static abstract TSelf Truncate(TSelf x);

    static abstract TSelf RoundToEven(TSelf x);

    /// <summary>x·y + z, rounded once.</summary>
    static abstract TSelf MultiplyAdd(TSelf x, TSelf y, TSelf z);

    /// <summary>x·2ⁿ for an integral n, correct into the denormals. float32 only.</summary>
    static abstract TSelf Scale(TSelf x, TSelf n);

    static abstract TSelf Equal(TSelf x, TSelf y);

    static abstract TSelf Less(TSelf x, TSelf y);

    static abstract TSelf LessOrEqual(TSelf x, TSelf y);

    static abstract TSelf Select(TSelf mask, TSelf yes, TSelf no);

    static abstract bool Any(TSelf mask);

    static abstract TSelf ShiftLeft(TSelf x, int count);

    static abstract TSelf ShiftRight(TSelf x, int count);

    static abstract TSelf ShiftRightSigned(TSelf x, int count);

    static abstract TSelf RotateLeft(TSelf x, int count);

    /// <summary>The sum of the lanes read as integers.</summary>
    static abstract TSelf AddBits(TSelf x, TSelf y);

    /// <summary>The difference of the lanes read as integers.</summary>
    static abstract TSelf SubtractBits(TSelf x, TSelf y);

    /// <summary>float32 or float64 lanes to the integer of the same width in the same lanes: truncated, saturated, NaN to 0.</summary>
    static abstract TSelf ToInteger(TSelf x);

    /// <summary>Lanes holding a signed integer to the float32 or float64 nearest to it.</summary>
    static abstract TSelf FromInteger(TSelf x);

    /// <summary>A mask from one bool per lane.</summary>
    static abstract TSelf LoadMask(byte* bools);

    /// <summary>This mask as one bool per lane.</summary>
    void StoreMask(byte* bools);

    /// <summary>Combines all lanes with an associative and commutative op.</summary>
    static abstract T Fold<TOp>(TSelf x) where TOp : struct, IBinaryOp<T>;
}
