using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using BrainState.Cpu.Kernels;

namespace BrainState.Cpu.Vectors;

/// <summary>512 bits of elements.</summary>
internal readonly unsafe struct Vec512<T>(Vector512<T> value) : IVector<Vec512<T>, T> where T : unmanaged
{
    private readonly Vector512<T> v = value;

    public static int Count => Vector512<T>.Count;

    public static Vec512<T> Zero => new(Vector512<T>.Zero);

    public static Vec512<T> One => new(Vector512<T>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> Splat(T value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> SplatBits(long bits) => sizeof(T) switch
    {
        1 => new(Vector512.Create((byte)bits).As<byte, T>()),
        2 => new(Vector512.Create((short)bits).As<short, T>()),
        4 => new(Vector512.Create((int)bits).As<int, T>()),
        _ => new(Vector512.Create(bits).As<long, T>()),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> Load(T* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> LoadPartial(T* source, nint count, Vec512<T> fill)
    {
        if (Avx512BW.IsSupported)
        {
            return sizeof(T) switch
            {
                1 => new(Avx512BW.MaskLoad((byte*)source, FirstLanes<byte>(count).AsByte(), fill.v.AsByte()).As<byte, T>()),
                2 => new(Avx512BW.MaskLoad((ushort*)source, FirstLanes<ushort>(count).AsUInt16(), fill.v.AsUInt16()).As<ushort, T>()),
                4 => new(Avx512F.MaskLoad((uint*)source, FirstLanes<uint>(count).AsUInt32(), fill.v.AsUInt32()).As<uint, T>()),
                _ => new(Avx512F.MaskLoad((ulong*)source, FirstLanes<ulong>(count).AsUInt64(), fill.v.AsUInt64()).As<ulong, T>()),
            };
        }
        Unsafe.CopyBlockUnaligned(&fill, source, (uint)(count * sizeof(T)));
        return fill;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(T* destination) => v.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StorePartial(T* destination, nint count)
    {
        if (Avx512BW.IsSupported)
        {
            if (sizeof(T) == 1) Avx512BW.MaskStore((byte*)destination, FirstLanes<byte>(count).AsByte(), v.AsByte());
            else if (sizeof(T) == 2) Avx512BW.MaskStore((ushort*)destination, FirstLanes<ushort>(count).AsUInt16(), v.AsUInt16());
            else if (sizeof(T) == 4) Avx512F.MaskStore((uint*)destination, FirstLanes<uint>(count).AsUInt32(), v.AsUInt32());
            else Avx512F.MaskStore((ulong*)destination, FirstLanes<ulong>(count).AsUInt64(), v.AsUInt64());
            return;
        }
        var copy = v;
        Unsafe.CopyBlockUnaligned(destination, &copy, (uint)(count * sizeof(T)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> operator +(Vec512<T> x, Vec512<T> y) => new(x.v + y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> operator -(Vec512<T> x, Vec512<T> y) => new(x.v - y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> operator *(Vec512<T> x, Vec512<T> y) => new(x.v * y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> operator /(Vec512<T> x, Vec512<T> y) => new(x.v / y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> operator &(Vec512<T> x, Vec512<T> y) => new(x.v & y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> operator |(Vec512<T> x, Vec512<T> y) => new(x.v | y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> operator ^(Vec512<T> x, Vec512<T> y) => new(x.v ^ y.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> operator ~(Vec512<T> x) => new(~x.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> operator -(Vec512<T> x) => new(-x.v);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> AndNot(Vec512<T> x, Vec512<T> y) => new(Vector512.AndNot(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> Min(Vec512<T> x, Vec512<T> y) => new(Vector512.Min(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> Max(Vec512<T> x, Vec512<T> y) => new(Vector512.Max(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> Abs(Vec512<T> x) => new(Vector512.Abs(x.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> Sqrt(Vec512<T> x) => new(Vector512.Sqrt(x.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> Floor(Vec512<T> x) => typeof(T) == typeof(float)
        ? new(Vector512.Floor(x.v.AsSingle()).As<float, T>())
        : new(Vector512.Floor(x.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> Ceiling(Vec512<T> x) => typeof(T) == typeof(float)
        ? new(Vector512.Ceiling(x.v.AsSingle()).As<float, T>())
        : new(Vector512.Ceiling(x.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> Truncate(Vec512<T> x) => typeof(T) == typeof(float)
        ? new(Vector512.Truncate(x.v.AsSingle()).As<float, T>())
        : new(Vector512.Truncate(x.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> RoundToEven(Vec512<T> x) => typeof(T) == typeof(float)
        ? new(Vector512.Round(x.v.AsSingle()).As<float, T>())
        : new(Vector512.Round(x.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> MultiplyAdd(Vec512<T> x, Vec512<T> y, Vec512<T> z) => typeof(T) == typeof(float)
        ? new(Vector512.FusedMultiplyAdd(x.v.AsSingle(), y.v.AsSingle(), z.v.AsSingle()).As<float, T>())
        : new(Vector512.FusedMultiplyAdd(x.v.AsDouble(), y.v.AsDouble(), z.v.AsDouble()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> Scale(Vec512<T> x, Vec512<T> n)
    {
        if (Avx512F.IsSupported) return new(Avx512F.Scale(x.v.AsSingle(), n.v.AsSingle()).As<float, T>());
        // In two steps, each by a power of two that float32 can represent.
        var whole = Vector512.ConvertToInt32(n.v.AsSingle());
        var first = Vector512.ShiftRightArithmetic(whole, 1);
        var bias = Vector512.Create(127);
        var scaled = x.v.AsSingle() * Vector512.ShiftLeft(first + bias, 23).AsSingle();
        return new((scaled * Vector512.ShiftLeft(whole - first + bias, 23).AsSingle()).As<float, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> Equal(Vec512<T> x, Vec512<T> y) => new(Vector512.Equals(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> Less(Vec512<T> x, Vec512<T> y) => new(Vector512.LessThan(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> LessOrEqual(Vec512<T> x, Vec512<T> y) => new(Vector512.LessThanOrEqual(x.v, y.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> Select(Vec512<T> mask, Vec512<T> yes, Vec512<T> no) => new(Vector512.ConditionalSelect(mask.v, yes.v, no.v));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Vec512<T> mask) => !Vector512.EqualsAll(mask.v.AsByte(), Vector512<byte>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> ShiftLeft(Vec512<T> x, int count) => sizeof(T) switch
    {
        1 => new(Vector512.ShiftLeft(x.v.AsByte(), count).As<byte, T>()),
        2 => new(Vector512.ShiftLeft(x.v.AsUInt16(), count).As<ushort, T>()),
        4 => new(Vector512.ShiftLeft(x.v.AsUInt32(), count).As<uint, T>()),
        _ => new(Vector512.ShiftLeft(x.v.AsUInt64(), count).As<ulong, T>()),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> ShiftRight(Vec512<T> x, int count) => sizeof(T) switch
    {
        1 => new(Vector512.ShiftRightLogical(x.v.AsByte(), count).As<byte, T>()),
        2 => new(Vector512.ShiftRightLogical(x.v.AsUInt16(), count).As<ushort, T>()),
        4 => new(Vector512.ShiftRightLogical(x.v.AsUInt32(), count).As<uint, T>()),
        _ => new(Vector512.ShiftRightLogical(x.v.AsUInt64(), count).As<ulong, T>()),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> ShiftRightSigned(Vec512<T> x, int count) => sizeof(T) switch
    {
        1 => new(Vector512.ShiftRightArithmetic(x.v.AsSByte(), count).As<sbyte, T>()),
        2 => new(Vector512.ShiftRightArithmetic(x.v.AsInt16(), count).As<short, T>()),
        4 => new(Vector512.ShiftRightArithmetic(x.v.AsInt32(), count).As<int, T>()),
        _ => new(Vector512.ShiftRightArithmetic(x.v.AsInt64(), count).As<long, T>()),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> RotateLeft(Vec512<T> x, int count)
    {
#pragma warning disable CA1857 // The count is a constant once this is inlined.
        if (Avx512F.IsSupported && sizeof(T) == 4) return new(Avx512F.RotateLeft(x.v.AsUInt32(), (byte)count).As<uint, T>());
#pragma warning restore CA1857
        return ShiftLeft(x, count) | ShiftRight(x, sizeof(T) * 8 - count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> AddBits(Vec512<T> x, Vec512<T> y) => sizeof(T) == 4
        ? new((x.v.AsInt32() + y.v.AsInt32()).As<int, T>())
        : new((x.v.AsInt64() + y.v.AsInt64()).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> SubtractBits(Vec512<T> x, Vec512<T> y) => sizeof(T) == 4
        ? new((x.v.AsInt32() - y.v.AsInt32()).As<int, T>())
        : new((x.v.AsInt64() - y.v.AsInt64()).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> ToInteger(Vec512<T> x) => sizeof(T) == 4
        ? new(Vector512.ConvertToInt32(x.v.AsSingle()).As<int, T>())
        : new(Vector512.ConvertToInt64(x.v.AsDouble()).As<long, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> FromInteger(Vec512<T> x) => sizeof(T) == 4
        ? new(Vector512.ConvertToSingle(x.v.AsInt32()).As<float, T>())
        : new(Vector512.ConvertToDouble(x.v.AsInt64()).As<double, T>());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vec512<T> LoadMask(byte* bools)
    {
        if (sizeof(T) == 1) return new((Vector512<byte>.Zero - Vector512.Load(bools)).As<byte, T>());
        if (sizeof(T) == 2) return new((Vector512<ushort>.Zero - Widen(Vector256.Load(bools))).As<ushort, T>());
        if (sizeof(T) == 4)
        {
            var wide = Avx512F.IsSupported
                ? Avx512F.ConvertToVector512UInt32(Vector128.Load(bools))
                : Widen(Vector256.Create(Vector128.WidenLower(Vector128.Load(bools)), Vector128.WidenUpper(Vector128.Load(bools))));
            return new((Vector512<uint>.Zero - wide).As<uint, T>());
        }
        var eight = Vector128.CreateScalarUnsafe(*(ulong*)bools).AsByte();
        var widest = Avx512F.IsSupported
            ? Avx512F.ConvertToVector512UInt64(eight)
            : Widen(Vector256.Create(Vector128.WidenLower(Vector128.WidenLower(eight)), Vector128.WidenUpper(Vector128.WidenLower(eight))));
        return new((Vector512<ulong>.Zero - widest).As<ulong, T>());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void StoreMask(byte* bools)
    {
        if (sizeof(T) == 1)
        {
            (v.AsByte() & Vector512<byte>.One).Store(bools);
            return;
        }
        if (Avx512BW.IsSupported)
        {
            if (sizeof(T) == 2) (Avx512BW.ConvertToVector256Byte(v.AsUInt16()) & Vector256<byte>.One).Store(bools);
            else if (sizeof(T) == 4) (Avx512F.ConvertToVector128Byte(v.AsUInt32()) & Vector128<byte>.One).Store(bools);
            else *(ulong*)bools = Avx512F.ConvertToVector128Byte(v.AsUInt64()).AsUInt64().ToScalar() & MaskBytes.Ones;
            return;
        }
        MaskBytes.Store(v.ExtractMostSignificantBits(), Count, bools);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Fold<TOp>(Vec512<T> x) where TOp : struct, IBinaryOp<T> =>
        Vec256<T>.Fold<TOp>(TOp.Apply(new Vec256<T>(x.v.GetLower()), new Vec256<T>(x.v.GetUpper())));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ushort> Widen(Vector256<byte> x) => Vector512.Create(Vector256.WidenLower(x), Vector256.WidenUpper(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Widen(Vector256<ushort> x) => Vector512.Create(Vector256.WidenLower(x), Vector256.WidenUpper(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Widen(Vector256<uint> x) => Vector512.Create(Vector256.WidenLower(x), Vector256.WidenUpper(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<TLane> FirstLanes<TLane>(nint count) where TLane : unmanaged => sizeof(TLane) switch
    {
        1 => Vector512.LessThan(Vector512<byte>.Indices, Vector512.Create((byte)count)).As<byte, TLane>(),
        2 => Vector512.LessThan(Vector512<ushort>.Indices, Vector512.Create((ushort)count)).As<ushort, TLane>(),
        4 => Vector512.LessThan(Vector512<uint>.Indices, Vector512.Create((uint)count)).As<uint, TLane>(),
        _ => Vector512.LessThan(Vector512<ulong>.Indices, Vector512.Create((ulong)count)).As<ulong, TLane>(),
    };
}
