using System.Runtime.CompilerServices;
using BrainState.Cpu.Vectors;

namespace BrainState.Cpu.Numerics;

/// <summary>The error function and its inverse in float32.</summary>
internal static class Float32Error
{
    /// <summary>
    /// erf x = x + x·P(x²) below 0.95, and 1 − exp(t·R(t)) with t = |x| above, where R fits ln(erfc t)/t on [0.93, 4]; beyond 4 it is ±1.
    /// Both polynomials are minimax fits made for this file.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V>(V x) where V : unmanaged, IVector<V, float>
    {
        var z = x * x;
        var p = V.MultiplyAdd(V.Splat(8.20416972e-05f), z, V.Splat(-0.00081029156f));
        p = V.MultiplyAdd(p, z, V.Splat(0.00519748731f));
        p = V.MultiplyAdd(p, z, V.Splat(-0.0268579591f));
        p = V.MultiplyAdd(p, z, V.Splat(0.112836696f));
        p = V.MultiplyAdd(p, z, V.Splat(-0.376126319f));
        p = V.MultiplyAdd(p, z, V.Splat(0.128379166f));
        var small = V.MultiplyAdd(p, x, x);

        var t = V.Min(V.Abs(x), V.Splat(4f));
        var r = V.MultiplyAdd(V.Splat(2.69417086e-07f), t, V.Splat(-4.3335308e-06f));
        r = V.MultiplyAdd(r, t, V.Splat(1.13270798e-05f));
        r = V.MultiplyAdd(r, t, V.Splat(0.000283441419f));
        r = V.MultiplyAdd(r, t, V.Splat(-0.00369015546f));
        r = V.MultiplyAdd(r, t, V.Splat(0.0240600221f));
        r = V.MultiplyAdd(r, t, V.Splat(-0.106713489f));
        r = V.MultiplyAdd(r, t, V.Splat(-0.634811163f));
        r = V.MultiplyAdd(r, t, V.Splat(-1.12874138f));
        var large = V.One - Float32Exponential.Exp(r * t);
        return V.Select(V.Less(t, V.Splat(0.95f)), small, large | (x & V.SplatBits(0x80000000)));
    }

    /// <summary>
    /// The inverse error function after M. Giles, "Approximating the erfinv function" (2010), operation by operation as XLA's CPU backend
    /// computes it: with w = −log1p(−x²), x times a polynomial in w − 2.5 or, where w ≥ 5, in √w − 3.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ErfInv<V>(V x) where V : unmanaged, IVector<V, float>
    {
        var w = -Float32Logarithm.Log1p(x * -x);
        var central = V.Less(w, V.Splat(5f));
        w = V.Select(central, w - V.Splat(2.5f), V.Sqrt(w) - V.Splat(3f));
        var p = Pick(central, 2.81022636e-08f, -0.000200214257f);
        p = V.MultiplyAdd(p, w, Pick(central, 3.43273939e-07f, 0.000100950558f));
        p = V.MultiplyAdd(p, w, Pick(central, -3.5233877e-06f, 0.00134934322f));
        p = V.MultiplyAdd(p, w, Pick(central, -4.39150654e-06f, -0.00367342844f));
        p = V.MultiplyAdd(p, w, Pick(central, 0.00021858087f, 0.00573950773f));
        p = V.MultiplyAdd(p, w, Pick(central, -0.00125372503f, -0.0076224613f));
        p = V.MultiplyAdd(p, w, Pick(central, -0.00417768164f, 0.00943887047f));
        p = V.MultiplyAdd(p, w, Pick(central, 0.246640727f, 1.00167406f));
        p = V.MultiplyAdd(p, w, Pick(central, 1.50140941f, 2.83297682f));
        return V.Select(V.Equal(V.Abs(x), V.One), x * V.Splat(float.PositiveInfinity), p * x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static V Pick(V central, float one, float other) => V.Select(central, V.Splat(one), V.Splat(other));
    }
}
