using System.Runtime.CompilerServices;
using BrainState.Cpu.Kernels;
using BrainState.Cpu.Vectors;

namespace BrainState.Cpu.Numerics;

/// <summary>
/// Sine and cosine in float32. x = n·π/2 + r with |r| ≤ π/4, reduced in three fused steps (W. Cody and W. Waite), which is exact enough
/// while n has at most 16 bits; then sin r = r + r³·S(r²) and cos r = 1 − r²/2 + r⁴·C(r²) with minimax polynomials (fitted for this file).
/// </summary>
internal static class Float32Trigonometry
{
    /// <summary>The largest magnitude that the vector code reduces.</summary>
    private const float Limit = 65536f;

    /// <summary>sin x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sin<V>(V x) where V : unmanaged, IVector<V, float>
    {
        var result = Evaluate(x, 0);
        return V.Any(V.Less(V.Splat(Limit), V.Abs(x))) ? EachLane<V, SinOp>(x) : V.Select(V.Equal(x, V.Zero), x, result);
    }

    /// <summary>cos x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Cos<V>(V x) where V : unmanaged, IVector<V, float>
    {
        var result = Evaluate(x, 1);
        return V.Any(V.Less(V.Splat(Limit), V.Abs(x))) ? EachLane<V, CosOp>(x) : result;
    }

    /// <summary>sin(x + quarter·π/2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Evaluate<V>(V x, int quarter) where V : unmanaged, IVector<V, float>
    {
        var n = V.RoundToEven(x * V.Splat(0.636619747f));
        var r = V.MultiplyAdd(n, V.Splat(-1.57079637f), x);
        r = V.MultiplyAdd(n, V.Splat(4.37113883e-08f), r);
        r = V.MultiplyAdd(n, V.Splat(1.71512451e-15f), r);

        var z = r * r;
        var s = V.MultiplyAdd(V.Splat(2.72449711e-06f), z, V.Splat(-0.000198400478f));
        s = V.MultiplyAdd(s, z, V.Splat(0.00833333191f));
        s = V.MultiplyAdd(s, z, V.Splat(-0.166666672f));
        var sine = V.MultiplyAdd(s * z, r, r);
        var c = V.MultiplyAdd(V.Splat(2.45438514e-05f), z, V.Splat(-0.00138882839f));
        c = V.MultiplyAdd(c, z, V.Splat(0.0416666642f));
        var cosine = V.MultiplyAdd(z, V.MultiplyAdd(c, z, V.Splat(-0.5f)), V.One);

        // The quadrant's low bit chooses the function, the next one the sign.
        var quadrant = V.AddBits(V.ToInteger(n), V.SplatBits(quarter));
        var odd = V.SubtractBits(V.Zero, quadrant & V.SplatBits(1));
        return V.Select(odd, cosine, sine) ^ V.ShiftLeft(quadrant & V.SplatBits(2), 30);
    }

    private static unsafe V EachLane<V, TOp>(V x) where V : unmanaged, IVector<V, float> where TOp : struct, IScalarUnaryOp<double>
    {
        var lanes = (float*)&x;
        for (var i = 0; i < V.Count; i++) lanes[i] = (float)TOp.Apply(lanes[i]);
        return x;
    }
}
