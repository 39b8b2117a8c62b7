using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BrainState.Cpu.MatMul;

/// <summary>Loads stored elements as a vector of the numbers <typeparamref name="T"/> that sums are computed in.</summary>
internal static unsafe class Widening<TStored, T>
    where TStored : unmanaged
    where T : unmanaged
{
    /// <summary>Whether <see cref="Load"/> exists for these types.</summary>
    public static bool IsVectorized =>
        IsCopy || (typeof(T) == typeof(float) && (typeof(TStored) == typeof(BFloat16) || typeof(TStored) == typeof(Half)));

    /// <summary>Whether stored elements are such numbers already; for integers of one size the sign makes no difference.</summary>
    public static bool IsCopy => typeof(TStored) == typeof(T)
        || (typeof(T) == typeof(int) && typeof(TStored) == typeof(uint))
        || (typeof(T) == typeof(long) && typeof(TStored) == typeof(ulong));

    /// <summary>As many elements from <paramref name="address"/> on as a vector holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<T> Load(TStored* address)
    {
        if (IsCopy) return Vector128.Load((T*)address);
        var (bits, _) = Vector128.Widen(Vector128.CreateScalarUnsafe(*(ulong*)address).AsUInt16());
        if (typeof(TStored) == typeof(BFloat16)) return (bits << 16).As<uint, T>();

        // Exponent and fraction at their new place make a value 2^112 too small, subnormal or not; infinity and NaN need all exponent bits.
        var value = ((bits & Vector128.Create(0x7FFFu)) << 13).AsSingle() * Vector128.Create(5.192296858534828e33f);
        var special = Vector128.GreaterThan(bits & Vector128.Create(0x7FFFu), Vector128.Create(0x7BFFu)) & Vector128.Create(0x7F800000u);
        return (value.AsUInt32() | special | ((bits & Vector128.Create(0x8000u)) << 16)).As<uint, T>();
    }
}
