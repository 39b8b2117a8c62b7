using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BrainState.Cpu.MatMul;

/// <summary>Inner loops on operands that are read where they lie.</summary>
internal static unsafe class DirectKernel<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>
    /// Computes one row of the result as the sum of the rows of the right operand, which has its columns in a row, each times an element
    /// of the left one. Vectors get shorter towards the end.
    /// </summary>
    public static void Across(long k, T* a, long aStride, T* b, long bStride, T* c, long columns)
    {
        long done = 0;
        if (Simd.Has512) done = Across<Vector512<T>, Simd512<T>>(k, a, aStride, b, bStride, c, done, columns);
        if (Vector256.IsHardwareAccelerated) done = Across<Vector256<T>, Simd256<T>>(k, a, aStride, b, bStride, c, done, columns);
        done = Across<Vector128<T>, Simd128<T>>(k, a, aStride, b, bStride, c, done, columns);
        for (; done < columns; done++)
        {
            var sum = T.Zero;
            for (long p = 0; p < k; p++) sum = T.MultiplyAddEstimate(a[p * aStride], b[p * bStride + done], sum);
            c[done] = sum;
        }
    }

    /// <summary>As far as whole vectors go, eight at a time and then one. Returns where it stopped.</summary>
    private static long Across<TVector, TSimd>(long k, T* a, long aStride, T* b, long bStride, T* c, long done, long columns)
        where TSimd : ISimd<T, TVector>
    {
        var lanes = TSimd.Lanes;
        for (; done + 8 * lanes <= columns; done += 8 * lanes)
        {
            var zero = TSimd.Broadcast(T.Zero);
            TVector s0 = zero, s1 = zero, s2 = zero, s3 = zero, s4 = zero, s5 = zero, s6 = zero, s7 = zero;
            T* left = a, right = b + done;
            for (var p = k; p > 0; p--, left += aStride, right += bStride)
            {
                var x = TSimd.Broadcast(*left);
                s0 = TSimd.Fma(x, TSimd.Load(right), s0);
                s1 = TSimd.Fma(x, TSimd.Load(right + lanes), s1);
                s2 = TSimd.Fma(x, TSimd.Load(right + 2 * lanes), s2);
                s3 = TSimd.Fma(x, TSimd.Load(right + 3 * lanes), s3);
                s4 = TSimd.Fma(x, TSimd.Load(right + 4 * lanes), s4);
                s5 = TSimd.Fma(x, TSimd.Load(right + 5 * lanes), s5);
                s6 = TSimd.Fma(x, TSimd.Load(right + 6 * lanes), s6);
                s7 = TSimd.Fma(x, TSimd.Load(right + 7 * lanes), s7);
            }

            var to = c + done;
            TSimd.Store(s0, to);
            TSimd.Store(s1, to + lanes);
            TSimd.Store(s2, to + 2 * lanes);
            TSimd.Store(s3, to + 3 * lanes);
            TSimd.Store(s4, to + 4 * lanes);
            TSimd.Store(s5, to + 5 * lanes);
            TSimd.Store(s6, to + 6 * lanes);
            TSimd.Store(s7, to + 7 * lanes);
        }

        for (; done + lanes <= columns; done += lanes)
        {
            // Even and odd terms apart, so that two multiplications are under way at a time.
            TVector even = TSimd.Broadcast(T.Zero), odd = even;
            T* left = a, right = b + done;
            for (var p = k; p > 1; p -= 2, left += 2 * aStride, right += 2 * bStride)
            {
                even = TSimd.Fma(TSimd.Broadcast(*left), TSimd.Load(right), even);
                odd = TSimd.Fma(TSimd.Broadcast(left[aStride]), TSimd.Load(right + bStride), odd);
            }

            if (k % 2 != 0) even = TSimd.Fma(TSimd.Broadcast(*left), TSimd.Load(right), even);
            TSimd.Store(TSimd.Add(even, odd), c + done);
        }

        return done;
    }

    /// <summary>The sum of the products of two vectors of length <paramref name="k"/> that lie in a row.</summary>
    public static T Along(long k, T* a, T* b)
    {
        long done = 0;
        var sum = T.Zero;
        if (Simd.Has512) sum = Along<Vector512<T>, Simd512<T>>(k, a, b, ref done);
        else if (Vector256.IsHardwareAccelerated) sum = Along<Vector256<T>, Simd256<T>>(k, a, b, ref done);
        if (k - done >= Vector128<T>.Count) sum += Along<Vector128<T>, Simd128<T>>(k, a, b, ref done);
        for (; done < k; done++) sum = T.MultiplyAddEstimate(a[done], b[done], sum);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Along<TVector, TSimd>(long k, T* a, T* b, ref long done)
        where TSimd : ISimd<T, TVector>
    {
        var lanes = TSimd.Lanes;
        if (k - done < lanes) return T.Zero;
        var p = done;
        var zero = TSimd.Broadcast(T.Zero);
        TVector s0 = zero, s1 = zero, s2 = zero, s3 = zero;
        for (; p + 4 * lanes <= k; p += 4 * lanes)
        {
            s0 = TSimd.Fma(TSimd.Load(a + p), TSimd.Load(b + p), s0);
            s1 = TSimd.Fma(TSimd.Load(a + p + lanes), TSimd.Load(b + p + lanes), s1);
            s2 = TSimd.Fma(TSimd.Load(a + p + 2 * lanes), TSimd.Load(b + p + 2 * lanes), s2);
            s3 = TSimd.Fma(TSimd.Load(a + p + 3 * lanes), TSimd.Load(b + p + 3 * lanes), s3);
        }

        for (; p + lanes <= k; p += lanes) s0 = TSimd.Fma(TSimd.Load(a + p), TSimd.Load(b + p), s0);
        done = p;
        return TSimd.Sum(TSimd.Add(TSimd.Add(s0, s1), TSimd.Add(s2, s3)));
    }
}
