using System.Numerics;
using System.Runtime.CompilerServices;

namespace BrainState.Cpu.MatMul;

/// <summary>Conversions between the stored elements and the numbers <typeparamref name="T"/> that sums are computed in.</summary>
internal static unsafe class Element<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>The element at <paramref name="address"/>; integers keep their low bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Read<TStored>(TStored* address)
        where TStored : unmanaged
    {
        if (typeof(TStored) == typeof(T)) return *(T*)address;
        if (typeof(TStored) == typeof(BFloat16)) return T.CreateTruncating((float)*(BFloat16*)address);
        if (typeof(TStored) == typeof(Half)) return T.CreateTruncating((float)*(Half*)address);
        if (typeof(TStored) == typeof(float)) return T.CreateTruncating(*(float*)address);
        if (typeof(TStored) == typeof(double)) return T.CreateTruncating(*(double*)address);
        if (typeof(TStored) == typeof(sbyte)) return T.CreateTruncating(*(sbyte*)address);
        if (typeof(TStored) == typeof(short)) return T.CreateTruncating(*(short*)address);
        if (typeof(TStored) == typeof(int)) return T.CreateTruncating(*(int*)address);
        if (typeof(TStored) == typeof(long)) return T.CreateTruncating(*(long*)address);
        if (typeof(TStored) == typeof(byte)) return T.CreateTruncating(*(byte*)address);
        if (typeof(TStored) == typeof(ushort)) return T.CreateTruncating(*(ushort*)address);
        if (typeof(TStored) == typeof(uint)) return T.CreateTruncating(*(uint*)address);
        return T.CreateTruncating(*(ulong*)address);
    }

    /// <summary>Stores <paramref name="value"/>: floats rounded once, integers by their low bits, floats to integers saturated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write<TStored>(T value, TStored* address)
        where TStored : unmanaged
    {
        if (typeof(TStored) == typeof(T)) *(T*)address = value;
        else if (typeof(TStored) == typeof(BFloat16)) *(BFloat16*)address = Round(value);
        else if (typeof(TStored) == typeof(Half)) *(Half*)address = Half.CreateTruncating(value);
        else if (typeof(TStored) == typeof(float)) *(float*)address = float.CreateTruncating(value);
        else if (typeof(TStored) == typeof(double)) *(double*)address = double.CreateTruncating(value);
        else if (typeof(TStored) == typeof(sbyte)) *(sbyte*)address = Integer<sbyte>(value);
        else if (typeof(TStored) == typeof(short)) *(short*)address = Integer<short>(value);
        else if (typeof(TStored) == typeof(int)) *(int*)address = Integer<int>(value);
        else if (typeof(TStored) == typeof(long)) *(long*)address = Integer<long>(value);
        else if (typeof(TStored) == typeof(byte)) *(byte*)address = Integer<byte>(value);
        else if (typeof(TStored) == typeof(ushort)) *(ushort*)address = Integer<ushort>(value);
        else if (typeof(TStored) == typeof(uint)) *(uint*)address = Integer<uint>(value);
        else *(ulong*)address = Integer<ulong>(value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static BFloat16 Round(T value) =>
        typeof(T) == typeof(float) ? (BFloat16)float.CreateTruncating(value) : (BFloat16)double.CreateTruncating(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TInteger Integer<TInteger>(T value)
        where TInteger : unmanaged, INumberBase<TInteger> =>
        typeof(T) == typeof(double) ? TInteger.CreateSaturating(value) : TInteger.CreateTruncating(value);
}
