using System.Runtime.CompilerServices;
using BrainState.Cpu.Vectors;

namespace BrainState.Cpu.Kernels;

internal readonly struct AddOp : IAnyBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x, V y) where T : unmanaged where V : unmanaged, IVector<V, T> => x + y;
}

internal readonly struct SubtractOp : IAnyBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x, V y) where T : unmanaged where V : unmanaged, IVector<V, T> => x - y;
}

internal readonly struct MultiplyOp : IAnyBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x, V y) where T : unmanaged where V : unmanaged, IVector<V, T> => x * y;
}

/// <summary>Floats only; integers have corner cases that trap.</summary>
internal readonly struct DivideOp : IAnyBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x, V y) where T : unmanaged where V : unmanaged, IVector<V, T> => x / y;
}

internal readonly struct MaxOp : IAnyBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x, V y) where T : unmanaged where V : unmanaged, IVector<V, T> => V.Max(x, y);
}

internal readonly struct MinOp : IAnyBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x, V y) where T : unmanaged where V : unmanaged, IVector<V, T> => V.Min(x, y);
}

internal readonly struct AndOp : IAnyBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x, V y) where T : unmanaged where V : unmanaged, IVector<V, T> => x & y;
}

internal readonly struct OrOp : IAnyBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x, V y) where T : unmanaged where V : unmanaged, IVector<V, T> => x | y;
}

internal readonly struct XorOp : IAnyBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x, V y) where T : unmanaged where V : unmanaged, IVector<V, T> => x ^ y;
}

internal readonly struct EqualOp : IAnyBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x, V y) where T : unmanaged where V : unmanaged, IVector<V, T> => V.Equal(x, y);
}

internal readonly struct NotEqualOp : IAnyBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x, V y) where T : unmanaged where V : unmanaged, IVector<V, T> => ~V.Equal(x, y);
}

internal readonly struct LessOp : IAnyBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x, V y) where T : unmanaged where V : unmanaged, IVector<V, T> => V.Less(x, y);
}

internal readonly struct LessOrEqualOp : IAnyBinaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x, V y) where T : unmanaged where V : unmanaged, IVector<V, T> => V.LessOrEqual(x, y);
}

internal readonly struct NegateOp : IAnyUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x) where T : unmanaged where V : unmanaged, IVector<V, T> => -x;
}

internal readonly struct AbsOp : IAnyUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x) where T : unmanaged where V : unmanaged, IVector<V, T> => V.Abs(x);
}

internal readonly struct ComplementOp : IAnyUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x) where T : unmanaged where V : unmanaged, IVector<V, T> => ~x;
}

internal readonly struct SquareOp : IAnyUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x) where T : unmanaged where V : unmanaged, IVector<V, T> => x * x;
}

/// <summary>±0 and NaN compare neither above nor below zero and pass through.</summary>
internal readonly struct SignOp : IAnyUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x) where T : unmanaged where V : unmanaged, IVector<V, T> =>
        V.Select(V.Less(V.Zero, x), V.One, V.Select(V.Less(x, V.Zero), V.Zero - V.One, x));
}

internal readonly struct SqrtOp : IAnyUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x) where T : unmanaged where V : unmanaged, IVector<V, T> => V.Sqrt(x);
}

internal readonly struct ReciprocalSqrtOp : IAnyUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x) where T : unmanaged where V : unmanaged, IVector<V, T> => V.One / V.Sqrt(x);
}

internal readonly struct FloorOp : IAnyUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x) where T : unmanaged where V : unmanaged, IVector<V, T> => V.Floor(x);
}

internal readonly struct CeilingOp : IAnyUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x) where T : unmanaged where V : unmanaged, IVector<V, T> => V.Ceiling(x);
}

internal readonly struct RoundToEvenOp : IAnyUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x) where T : unmanaged where V : unmanaged, IVector<V, T> => V.RoundToEven(x);
}

/// <summary>The fraction that truncation drops is exact, so comparing it with one half is.</summary>
internal readonly struct RoundAwayFromZeroOp : IAnyUnaryOp
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V, T>(V x) where T : unmanaged where V : unmanaged, IVector<V, T>
    {
        var whole = V.Truncate(x);
        var dropped = V.Abs(x - whole);
        var away = V.Select(V.Less(x, V.Zero), whole - V.One, whole + V.One);
        return V.Select(V.LessOrEqual(V.One, dropped + dropped), away, whole);
    }
}
