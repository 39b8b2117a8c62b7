using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BrainState.Cpu.Kernels;

namespace BrainState.Cpu.Vectors;

/// <summary>256 bits of elements.</summary>
internal readonly unsafe struct Vec256<T>(Vector256<T> value) : IVector<Vec256<T>, T> where T : unmanaged
{
    private readonly Vector256<T> v = value;

    public static int Count => Vector256<T>.Count;

    public static Vec256<T> Zero => new(Vector256<T>.Zero);

    public static Vec256<T> One => new(Vector256<T>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> Splat(T value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> SplatBits(long bits) => sizeof(T) switch
    {
        1 => new(Vector256.Create((byte)bits).As<byte, T>()),
        2 => new(Vector256.Create((short)bits).As<short, T>()),
        4 => new(Vector256.Create((int)bits).As<int, T>()),
        _ => new(Vector256.Create(bits).As<long, T>()),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> Load(T* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> LoadPartial(T* source, nint count, Vec256<T> fill)
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
    public static Vec256<T> operator +(Vec256<T> x, Vec256<T> y) => new(x.v + y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> operator -(Vec256<T> x, Vec256<T> y) => new(x.v - y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> operator *(Vec256<T> x, Vec256<T> y) => new(x.v * y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> operator /(Vec256<T> x, Vec256<T> y) => new(x.v / y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> operator &(Vec256<T> x, Vec256<T> y) => new(x.v & y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> operator |(Vec256<T> x, Vec256<T> y) => new(x.v | y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> operator ^(Vec256<T> x, Vec256<T> y) => new(x.v ^ y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> operator ~(Vec256<T> x) => new(~x.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> operator -(Vec256<T> x) => new(-x.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> AndNot(Vec256<T> x, Vec256<T> y) => new(Vector256.AndNot(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> Min(Vec256<T> x, Vec256<T> y) => new(Vector256.Min(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> Max(Vec256<T> x, Vec256<T> y) => new(Vector256.Max(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> Abs(Vec256<T> x) => new(Vector256.Abs(x.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> Sqrt(Vec256<T> x) => new(Vector256.Sqrt(x.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> Floor(Vec256<T> x) => typeof(T) == typeof(float)
        ? new(Vector256.Floor(x.v.AsSingle()).As<float, T>())
        : new(Vector256.Floor(x.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> Ceiling(Vec256<T> x) => typeof(T) == typeof(float)
        ? new(Vector256.Ceiling(x.v.AsSingle()).As<float, T>())
        : new(Vector256.Ceiling(x.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> Truncate(Vec256<T> x) => typeof(T) == typeof(float)
        ? new(Vector256.Truncate(x.v.AsSingle()).As<float, T>())
        : new(Vector256.Truncate(x.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> RoundToEven(Vec256<T> x) => typeof(T) == typeof(float)
        ? new(Vector256.Round(x.v.AsSingle()).As<float, T>())
        : new(Vector256.Round(x.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> MultiplyAdd(Vec256<T> x, Vec256<T> y, Vec256<T> z) => typeof(T) == typeof(float)
        ? new(Vector256.FusedMultiplyAdd(x.v.AsSingle(), y.v.AsSingle(), z.v.AsSingle()).As<float, T>())
        : new(Vector256.FusedMultiplyAdd(x.v.AsDouble(), y.v.AsDouble(), z.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> Scale(Vec256<T> x, Vec256<T> n)
    {
        // In two steps, each by a power of two that float32 can represent.
        var whole = Vector256.ConvertToInt32(n.v.AsSingle());
        var first = Vector256.ShiftRightArithmetic(whole, 1);
        var bias = Vector256.Create(127);
        var scaled = x.v.AsSingle() * Vector256.ShiftLeft(first + bias, 23).AsSingle();
        return new((scaled * Vector256.ShiftLeft(whole - first + bias, 23).AsSingle()).As<float, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> Equal(Vec256<T> x, Vec256<T> y) => new(Vector256.Equals(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> Less(Vec256<T> x, Vec256<T> y) => new(Vector256.LessThan(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> LessOrEqual(Vec256<T> x, Vec256<T> y) => new(Vector256.LessThanOrEqual(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> Select(Vec256<T> mask, Vec256<T> yes, Vec256<T> no) => new(Vector256.ConditionalSelect(mask.v, yes.v, no.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Vec256<T> mask) => !Vector256.EqualsAll(mask.v.AsByte(), Vector256<byte>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> ShiftLeft(Vec256<T> x, int count) => sizeof(T) switch
    {
        1 => new(Vector256.ShiftLeft(x.v.AsByte(), count).As<byte, T>()),
        2 => new(Vector256.ShiftLeft(x.v.AsUInt16(), count).As<ushort, T>()),
        4 => new(Vector256.ShiftLeft(x.v.AsUInt32(), count).As<uint, T>()),
        _ => new(Vector256.ShiftLeft(x.v.AsUInt64(), count).As<ulong, T>()),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> ShiftRight(Vec256<T> x, int count) => sizeof(T) switch
    {
        1 => new(Vector256.ShiftRightLogical(x.v.AsByte(), count).As<byte, T>()),
        2 => new(Vector256.ShiftRightLogical(x.v.AsUInt16(), count).As<ushort, T>()),
        4 => new(Vector256.ShiftRightLogical(x.v.AsUInt32(), count).As<uint, T>()),
        _ => new(Vector256.ShiftRightLogical(x.v.AsUInt64(), count).As<ulong, T>()),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> ShiftRightSigned(Vec256<T> x, int count) => sizeof(T) switch
    {
        1 => new(Vector256.ShiftRightArithmetic(x.v.AsSByte(), count).As<sbyte, T>()),
        2 => new(Vector256.ShiftRightArithmetic(x.v.AsInt16(), count).As<short, T>()),
        4 => new(Vector256.ShiftRightArithmetic(x.v.AsInt32(), count).As<int, T>()),
        _ => new(Vector256.ShiftRightArithmetic(x.v.AsInt64(), count).As<long, T>()),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> RotateLeft(Vec256<T> x, int count) => ShiftLeft(x, count) | ShiftRight(x, sizeof(T) * 8 - count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> AddBits(Vec256<T> x, Vec256<T> y) => sizeof(T) == 4
        ? new((x.v.AsInt32() + y.v.AsInt32()).As<int, T>())
        : new((x.v.AsInt64() + y.v.AsInt64()).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> SubtractBits(Vec256<T> x, Vec256<T> y) => sizeof(T) == 4
        ? new((x.v.AsInt32() - y.v.AsInt32()).As<int, T>())
        : new((x.v.AsInt64() - y.v.AsInt64()).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> ToInteger(Vec256<T> x) => sizeof(T) == 4
        ? new(Vector256.ConvertToInt32(x.v.AsSingle()).As<int, T>())
        : new(Vector256.ConvertToInt64(x.v.AsDouble()).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> FromInteger(Vec256<T> x) => sizeof(T) == 4
        ? new(Vector256.ConvertToSingle(x.v.AsInt32()).As<float, T>())
        : new(Vector256.ConvertToDouble(x.v.AsInt64()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec256<T> LoadMask(byte* bools)
    {
        if (sizeof(T) == 1) return new((Vector256<byte>.Zero - Vector256.Load(bools)).As<byte, T>());
        if (sizeof(T) == 2)
        {
            var all = Vector128.Load(bools);
            return new((Vector256<ushort>.Zero - Vector256.Create(Vector128.WidenLower(all), Vector128.WidenUpper(all))).As<ushort, T>());
        }
        if (sizeof(T) == 4)
        {
            var eight = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)bools).AsByte());
            return new((Vector256<uint>.Zero - Vector256.Create(Vector128.WidenLower(eight), Vector128.WidenUpper(eight))).As<uint, T>());
        }
        var four = Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(uint*)bools).AsByte()));
        return new((Vector256<ulong>.Zero - Vector256.Create(Vector128.WidenLower(four), Vector128.WidenUpper(four))).As<ulong, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreMask(byte* bools)
    {
        if (sizeof(T) == 1) (v.AsByte() & Vector256<byte>.One).Store(bools);
        else MaskBytes.Store(v.ExtractMostSignificantBits(), Count, bools);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Fold<TOp>(Vec256<T> x) where TOp : struct, IBinaryOp<T> =>
        Vec128<T>.Fold<TOp>(TOp.Apply(new Vec128<T>(x.v.GetLower()), new Vec128<T>(x.v.GetUpper())));
}
