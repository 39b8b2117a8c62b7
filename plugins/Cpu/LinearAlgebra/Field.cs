using System.Numerics;
using System.Runtime.CompilerServices;

namespace BrainState.Cpu.LinearAlgebra;

/// <summary>What real (double) and complex (<see cref="Complex"/>) numbers have in common, as algorithms on matrices need it.</summary>
internal static unsafe class Field<T> where T : unmanaged, INumberBase<T>
{
    public static T Of(double x) => T.CreateTruncating(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Conjugate(T x) => typeof(T) == typeof(Complex) ? (T)(object)Complex.Conjugate((Complex)(object)x) : x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Real(T x) => typeof(T) == typeof(Complex) ? ((Complex)(object)x).Real : (double)(object)x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Imaginary(T x) => typeof(T) == typeof(Complex) ? ((Complex)(object)x).Imaginary : 0;

    /// <summary>|x|.</summary>
    public static double Magnitude(T x) => typeof(T) == typeof(Complex) ? Complex.Abs((Complex)(object)x) : Math.Abs((double)(object)x);

    /// <summary>Σ x*ᵢ yᵢ.</summary>
    public static T Inner(T* x, T* y, int count)
    {
        var sum = T.Zero;
        for (var i = 0; i < count; i++) sum += Conjugate(x[i]) * y[i];
        return sum;
    }

    /// <summary>y + a x, in place of y.</summary>
    public static void Add(T a, T* x, T* y, int count)
    {
        for (var i = 0; i < count; i++) y[i] += a * x[i];
    }

    /// <summary>The Euclidean length of numbers <paramref name="stride"/> apart; squares neither overflow nor underflow.</summary>
    public static double Norm(T* x, int count, int stride = 1)
    {
        double largest = 0;
        for (var i = 0; i < count; i++) largest = Math.Max(largest, Magnitude(x[(long)i * stride]));
        if (largest == 0 || !double.IsFinite(largest)) return largest;
        double sum = 0;
        for (var i = 0; i < count; i++)
        {
            var ratio = Magnitude(x[(long)i * stride]) / largest;
            sum += ratio * ratio;
        }
        return largest * Math.Sqrt(sum);
    }
}
