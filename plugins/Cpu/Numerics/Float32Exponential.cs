using System.Runtime.CompilerServices;
using BrainState.Cpu.Kernels;
using BrainState.Cpu.Vectors;

namespace BrainState.Cpu.Numerics;

/// <summary>
/// The exponential family in float32. With n = round(x/ln 2) and r = x − n·ln 2, |r| ≤ ln 2 / 2, eˣ = 2ⁿ·eʳ and
/// eʳ = 1 + r + r²·P(r), where P is a minimax polynomial (fitted for this file, error 1.4e−9).
/// </summary>
internal static class Float32Exponential
{
    /// <summary>eˣ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V>(V x) where V : unmanaged, IVector<V, float>
    {
        // Beyond these bounds the result is 0 or ∞ anyway; they keep n small. Products that are close to what rounds to 0 take thirty times as long, so the lower one is far from that.
        x = V.Min(V.Max(x, V.Splat(-150f)), V.Splat(89f));
        var n = V.RoundToEven(x * V.Splat(1.44269502f));
        var r = Reduce(x, n);
        return V.Scale(V.MultiplyAdd(r * r, Tail(r), r) + V.One, n);
    }

    /// <summary>2ˣ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp2<V>(V x) where V : unmanaged, IVector<V, float>
    {
        x = V.Min(V.Max(x, V.Splat(-250f)), V.Splat(129f));
        var n = V.RoundToEven(x);
        var r = (x - n) * V.Splat(0.693147182f);
        return V.Scale(V.MultiplyAdd(r * r, Tail(r), r) + V.One, n);
    }

    /// <summary>eˣ − 1 = 2ⁿ·(eʳ − 1) + (2ⁿ − 1), where the first summand is accurate near 0 and the second is exact or dominates.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Expm1<V>(V x) where V : unmanaged, IVector<V, float>
    {
        var bounded = V.Min(V.Max(x, V.Splat(-150f)), V.Splat(89f));
        var n = V.RoundToEven(bounded * V.Splat(1.44269502f));
        var r = Reduce(bounded, n);
        // In halves, because 2¹²⁸ is not a float32 although results up to it are.
        var half = V.Scale(V.Splat(0.5f), n);
        var sum = V.MultiplyAdd(half, V.MultiplyAdd(r * r, Tail(r), r), half - V.Splat(0.5f));
        return V.Select(V.Equal(x, V.Zero), x, sum + sum);
    }

    /// <summary>1 / (1 + e⁻ˣ), computed from e^−|x| so that nothing overflows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Logistic<V>(V x) where V : unmanaged, IVector<V, float>
    {
        var e = Exp(-V.Abs(x));
        return V.Select(V.Less(x, V.Zero), e, V.One) / (V.One + e);
    }

    /// <summary>tanh x: x + x³·P(x²) below 0.625 (error 4e−8), 1 − 2/(e^2|x| + 1) with the sign of x above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x) where V : unmanaged, IVector<V, float>
    {
        var z = x * x;
        var p = V.MultiplyAdd(V.Splat(-0.00609671418f), z, V.Splat(0.0209971797f));
        p = V.MultiplyAdd(p, z, V.Splat(-0.0538509078f));
        p = V.MultiplyAdd(p, z, V.Splat(0.133327693f));
        p = V.MultiplyAdd(p, z, V.Splat(-0.333333284f));
        var small = V.MultiplyAdd(p * z, x, x);

        var magnitude = V.Abs(x);
        var large = V.One - V.Splat(2f) / (Exp(magnitude + magnitude) + V.One);
        return V.Select(V.Less(magnitude, V.Splat(0.625f)), small, large | (x & V.SplatBits(0x80000000)));
    }

    /// <summary>x − n·ln 2 in two steps; the first is exact because n has few bits and so has the first part of ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Reduce<V>(V x, V n) where V : unmanaged, IVector<V, float> =>
        V.MultiplyAdd(n, V.Splat(-1.42860677e-06f), V.MultiplyAdd(n, V.Splat(-0.693145752f), x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Tail<V>(V r) where V : unmanaged, IVector<V, float>
    {
        var p = V.MultiplyAdd(V.Splat(0.000198909882f), r, V.Splat(0.00139336474f));
        p = V.MultiplyAdd(p, r, V.Splat(0.00833331048f));
        p = V.MultiplyAdd(p, r, V.Splat(0.0416664667f));
        p = V.MultiplyAdd(p, r, V.Splat(0.166666672f));
        return V.MultiplyAdd(p, r, V.Splat(0.5f));
    }
}
