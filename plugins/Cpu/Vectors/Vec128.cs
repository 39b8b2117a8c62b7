using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BrainState.Cpu.Kernels;

namespace BrainState.Cpu.Vectors;

/// <summary>128 bits of elements.</summary>
internal readonly unsafe struct Vec128<T>(Vector128<T> value) : IVector<Vec128<T>, T> where T : unmanaged
{
    private readonly Vector128<T> v = value;

    public static int Count => Vector128<T>.Count;

    public static Vec128<T> Zero => new(Vector128<T>.Zero);

    public static Vec128<T> One => new(Vector128<T>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> Splat(T value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> SplatBits(long bits) => sizeof(T) switch
    {
        1 => new(Vector128.Create((byte)bits).As<byte, T>()),
        2 => new(Vector128.Create((short)bits).As<short, T>()),
        4 => new(Vector128.Create((int)bits).As<int, T>()),
        _ => new(Vector128.Create(bits).As<long, T>()),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> Load(T* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> LoadPartial(T* source, nint count, Vec128<T> fill)
    {
        Unsafe.CopyBlockUnaligned(&fill, source, (uint)(count * sizeof(T)));
        return fill;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(T* destination) => v.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StorePartial(T* destination, nint count)
    {
        var copy = v;
        Unsafe.CopyBlockUnaligned(destination, &copy, (uint)(count * sizeof(T)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> operator +(Vec128<T> x, Vec128<T> y) => new(x.v + y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> operator -(Vec128<T> x, Vec128<T> y) => new(x.v - y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> operator *(Vec128<T> x, Vec128<T> y) => new(x.v * y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> operator /(Vec128<T> x, Vec128<T> y) => new(x.v / y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> operator &(Vec128<T> x, Vec128<T> y) => new(x.v & y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> operator |(Vec128<T> x, Vec128<T> y) => new(x.v | y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> operator ^(Vec128<T> x, Vec128<T> y) => new(x.v ^ y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> operator ~(Vec128<T> x) => new(~x.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> operator -(Vec128<T> x) => new(-x.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> AndNot(Vec128<T> x, Vec128<T> y) => new(Vector128.AndNot(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> Min(Vec128<T> x, Vec128<T> y) => new(Vector128.Min(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> Max(Vec128<T> x, Vec128<T> y) => new(Vector128.Max(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> Abs(Vec128<T> x) => new(Vector128.Abs(x.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> Sqrt(Vec128<T> x) => new(Vector128.Sqrt(x.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> Floor(Vec128<T> x) => typeof(T) == typeof(float)
        ? new(Vector128.Floor(x.v.AsSingle()).As<float, T>())
        : new(Vector128.Floor(x.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> Ceiling(Vec128<T> x) => typeof(T) == typeof(float)
        ? new(Vector128.Ceiling(x.v.AsSingle()).As<float, T>())
        : new(Vector128.Ceiling(x.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> Truncate(Vec128<T> x) => typeof(T) == typeof(float)
        ? new(Vector128.Truncate(x.v.AsSingle()).As<float, T>())
        : new(Vector128.Truncate(x.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> RoundToEven(Vec128<T> x) => typeof(T) == typeof(float)
        ? new(Vector128.Round(x.v.AsSingle()).As<float, T>())
        : new(Vector128.Round(x.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> MultiplyAdd(Vec128<T> x, Vec128<T> y, Vec128<T> z) => typeof(T) == typeof(float)
        ? new(Vector128.FusedMultiplyAdd(x.v.AsSingle(), y.v.AsSingle(), z.v.AsSingle()).As<float, T>())
        : new(Vector128.FusedMultiplyAdd(x.v.AsDouble(), y.v.AsDouble(), z.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> Scale(Vec128<T> x, Vec128<T> n)
    {
        // In two steps, each by a power of two that float32 can represent.
        var whole = Vector128.ConvertToInt32(n.v.AsSingle());
        var first = Vector128.ShiftRightArithmetic(whole, 1);
        var bias = Vector128.Create(127);
        var scaled = x.v.AsSingle() * Vector128.ShiftLeft(first + bias, 23).AsSingle();
        return new((scaled * Vector128.ShiftLeft(whole - first + bias, 23).AsSingle()).As<float, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> Equal(Vec128<T> x, Vec128<T> y) => new(Vector128.Equals(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> Less(Vec128<T> x, Vec128<T> y) => new(Vector128.LessThan(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> LessOrEqual(Vec128<T> x, Vec128<T> y) => new(Vector128.LessThanOrEqual(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> Select(Vec128<T> mask, Vec128<T> yes, Vec128<T> no) => new(Vector128.ConditionalSelect(mask.v, yes.v, no.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Vec128<T> mask) => !Vector128.EqualsAll(mask.v.AsByte(), Vector128<byte>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> ShiftLeft(Vec128<T> x, int count) => sizeof(T) switch
    {
        1 => new(Vector128.ShiftLeft(x.v.AsByte(), count).As<byte, T>()),
        2 => new(Vector128.ShiftLeft(x.v.AsUInt16(), count).As<ushort, T>()),
        4 => new(Vector128.ShiftLeft(x.v.AsUInt32(), count).As<uint, T>()),
        _ => new(Vector128.ShiftLeft(x.v.AsUInt64(), count).As<ulong, T>()),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> ShiftRight(Vec128<T> x, int count) => sizeof(T) switch
    {
        1 => new(Vector128.ShiftRightLogical(x.v.AsByte(), count).As<byte, T>()),
        2 => new(Vector128.ShiftRightLogical(x.v.AsUInt16(), count).As<ushort, T>()),
        4 => new(Vector128.ShiftRightLogical(x.v.AsUInt32(), count).As<uint, T>()),
        _ => new(Vector128.ShiftRightLogical(x.v.AsUInt64(), count).As<ulong, T>()),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> ShiftRightSigned(Vec128<T> x, int count) => sizeof(T) switch
    {
        1 => new(Vector128.ShiftRightArithmetic(x.v.AsSByte(), count).As<sbyte, T>()),
        2 => new(Vector128.ShiftRightArithmetic(x.v.AsInt16(), count).As<short, T>()),
        4 => new(Vector128.ShiftRightArithmetic(x.v.AsInt32(), count).As<int, T>()),
        _ => new(Vector128.ShiftRightArithmetic(x.v.AsInt64(), count).As<long, T>()),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> RotateLeft(Vec128<T> x, int count) => ShiftLeft(x, count) | ShiftRight(x, sizeof(T) * 8 - count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> AddBits(Vec128<T> x, Vec128<T> y) => sizeof(T) == 4
        ? new((x.v.AsInt32() + y.v.AsInt32()).As<int, T>())
        : new((x.v.AsInt64() + y.v.AsInt64()).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> SubtractBits(Vec128<T> x, Vec128<T> y) => sizeof(T) == 4
        ? new((x.v.AsInt32() - y.v.AsInt32()).As<int, T>())
        : new((x.v.AsInt64() - y.v.AsInt64()).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> ToInteger(Vec128<T> x) => sizeof(T) == 4
        ? new(Vector128.ConvertToInt32(x.v.AsSingle()).As<int, T>())
        : new(Vector128.ConvertToInt64(x.v.AsDouble()).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> FromInteger(Vec128<T> x) => sizeof(T) == 4
        ? new(Vector128.ConvertToSingle(x.v.AsInt32()).As<float, T>())
        : new(Vector128.ConvertToDouble(x.v.AsInt64()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec128<T> LoadMask(byte* bools)
    {
        if (sizeof(T) == 1) return new((Vector128<byte>.Zero - Vector128.Load(bools)).As<byte, T>());
        if (sizeof(T) == 2)
            return new((Vector128<ushort>.Zero - Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)bools).AsByte())).As<ushort, T>());
        if (sizeof(T) == 4)
        {
            var four = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(uint*)bools).AsByte());
            return new((Vector128<uint>.Zero - Vector128.WidenLower(four)).As<uint, T>());
        }
        return new(Vector128.Create(-(long)bools[0], -(long)bools[1]).As<long, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreMask(byte* bools)
    {
        if (sizeof(T) == 1) (v.AsByte() & Vector128<byte>.One).Store(bools);
        else MaskBytes.Store(v.ExtractMostSignificantBits(), Count, bools);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Fold<TOp>(Vec128<T> x) where TOp : struct, IBinaryOp<T>
    {
        x = TOp.Apply(x, new(Vector128.Shuffle(x.v.AsUInt64(), Vector128.Create(1UL, 0)).As<ulong, T>()));
        if (sizeof(T) <= 4) x = TOp.Apply(x, new(Vector128.Shuffle(x.v.AsUInt32(), Vector128.Create(1U, 0, 3, 2)).As<uint, T>()));
        if (sizeof(T) <= 2) x = TOp.Apply(x, ShiftRight32(x, 16));
        if (sizeof(T) == 1) x = TOp.Apply(x, ShiftRight32(x, 8));
        return x.v.ToScalar();
    }

    /// <summary>Brings a higher lane of each 32 bits down to the lowest one.</summary>
    private static Vec128<T> ShiftRight32(Vec128<T> x, int bits) => new(Vector128.ShiftRightLogical(x.v.AsUInt32(), bits).As<uint, T>());
}
