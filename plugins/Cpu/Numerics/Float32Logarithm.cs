using System.Runtime.CompilerServices;
using BrainState.Cpu.Vectors;

namespace BrainState.Cpu.Numerics;

/// <summary>
/// Logarithms in float32, operation by operation as XLA's CPU backend computes them, because random normals are bit-exact only then:
/// S. Moshier's Cephes polynomials, every product that is added fused.
/// </summary>
internal static class Float32Logarithm
{
    /// <summary>ln x: with x = 2ᵉ·(1 + m), √½ ≤ 1 + m &lt; √2, a polynomial in m plus e·ln 2 in two parts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V>(V x) where V : unmanaged, IVector<V, float>
    {
        // Denormals are scaled into the normal range first.
        var denormal = V.Less(x, V.Splat(1.17549435e-38f));
        var bits = V.Select(denormal, x * V.Splat(8388608f), x);
        var e = V.FromInteger(V.SubtractBits(V.ShiftRight(bits, 23), V.SplatBits(126))) - (denormal & V.Splat(23f));
        var m = (bits & V.SplatBits(0x007FFFFF)) | V.Splat(0.5f);
        var low = V.Less(m, V.Splat(0.707106769f));
        e -= low & V.One;
        m = m - V.One + (low & m);

        var m2 = m * m;
        var m3 = m2 * m;
        var p0 = V.MultiplyAdd(V.MultiplyAdd(V.Splat(7.0376836292e-2f), m, V.Splat(-1.1514610310e-1f)), m, V.Splat(1.1676998740e-1f));
        var p1 = V.MultiplyAdd(V.MultiplyAdd(V.Splat(-1.2420140846e-1f), m, V.Splat(1.4249322787e-1f)), m, V.Splat(-1.6668057665e-1f));
        var p2 = V.MultiplyAdd(V.MultiplyAdd(V.Splat(2.0000714765e-1f), m, V.Splat(-2.4999993993e-1f)), m, V.Splat(3.3333331174e-1f));
        var y = V.MultiplyAdd(V.MultiplyAdd(p0, m3, p1), m3, p2) * m3;
        y += V.Splat(-2.12194440e-4f) * e;
        m -= V.Splat(0.5f) * m2;
        m += y;
        var result = m + V.Splat(0.693359375f) * e;

        result = V.Select(V.Equal(x, V.Splat(float.PositiveInfinity)), x, result);
        result = V.Select(V.Equal(x, V.Zero), V.Splat(float.NegativeInfinity), result);
        return V.Select(V.LessOrEqual(V.Zero, x), result, V.Splat(float.NaN));
    }

    /// <summary>ln(1 + x): a rational function for |x| &lt; √2 − 1, the logarithm of the sum otherwise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log1p<V>(V x) where V : unmanaged, IVector<V, float>
    {
        var x2 = x * x;
        var numerator = V.MultiplyAdd(V.Splat(4.5270000862445199e-5f), x, V.Splat(0.49854102823193375f));
        numerator = V.MultiplyAdd(numerator, x, V.Splat(6.5787325942061045f));
        numerator = V.MultiplyAdd(numerator, x, V.Splat(29.911919328553073f));
        numerator = V.MultiplyAdd(numerator, x, V.Splat(60.949667980987788f));
        numerator = V.MultiplyAdd(numerator, x, V.Splat(57.112963585905385f));
        numerator = V.MultiplyAdd(numerator, x, V.Splat(20.039553499201281f));
        var denominator = x + V.Splat(15.062909083469192f);
        denominator = V.MultiplyAdd(denominator, x, V.Splat(83.04756596796721f));
        denominator = V.MultiplyAdd(denominator, x, V.Splat(221.76239823732856f));
        denominator = V.MultiplyAdd(denominator, x, V.Splat(309.09872225312060f));
        denominator = V.MultiplyAdd(denominator, x, V.Splat(216.42788614495948f));
        denominator = V.MultiplyAdd(denominator, x, V.Splat(60.118660497603844f));
        var small = x + V.MultiplyAdd(V.Splat(-0.5f), x2, x * x2 * (numerator / denominator));
        return V.Select(V.Less(V.Abs(x), V.Splat(0.41421356237309504880f)), V.Select(V.Equal(x, V.Zero), x, small), Log(x + V.One));
    }
}
