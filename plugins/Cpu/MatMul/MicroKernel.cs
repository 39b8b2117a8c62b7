using System.Runtime.CompilerServices;

namespace BrainState.Cpu.MatMul;

/// <summary>The inner loop of the packed product: one tile of the result, held in registers, summed over one block of k.</summary>
/// <remarks>
/// Each accumulator is a local of its own, and each row has a guard with a constant condition: the JIT keeps the locals of the rows
/// there are in registers and drops the others. Two vectors per row and 14 rows fill 28 of 32 registers; six rows fill 12 of 16.
/// Two k per turn, because with hyper-threads the instructions fetched per cycle are the limit and not the multipliers.
/// </remarks>
internal static unsafe class MicroKernel<T, TVector, TSimd, TRows>
    where T : unmanaged
    where TSimd : ISimd<T, TVector>
    where TRows : unmanaged
{
    /// <summary>
    /// Sets or adds to the tile at <paramref name="c"/> the product of a packed panel of the left operand, one column of it after the
    /// other, and one of the right, one row of it after the other.
    /// </summary>
    /// <param name="depth">The columns of the left panel and rows of the right one: an even number.</param>
    /// <param name="a">The left panel.</param>
    /// <param name="b">The right panel, two vectors wide.</param>
    /// <param name="c">The tile.</param>
    /// <param name="stride">Elements from one row of the tile to the next.</param>
    /// <param name="add">Whether to add to what is there.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(nint depth, T* a, T* b, T* c, nint stride, bool add)
    {
        var zero = TSimd.Broadcast(default);
        TVector l0 = zero, r0 = zero;
        TVector l1 = zero, r1 = zero;
        TVector l2 = zero, r2 = zero;
        TVector l3 = zero, r3 = zero;
        TVector l4 = zero, r4 = zero;
        TVector l5 = zero, r5 = zero;
        TVector l6 = zero, r6 = zero;
        TVector l7 = zero, r7 = zero;
        TVector l8 = zero, r8 = zero;
        TVector l9 = zero, r9 = zero;
        TVector l10 = zero, r10 = zero;
        TVector l11 = zero, r11 = zero;
        TVector l12 = zero, r12 = zero;
        TVector l13 = zero, r13 = zero;
        for (; depth > 0; depth -= 2)
        {
            TVector left = TSimd.Load(b), right = TSimd.Load(b + TSimd.Lanes);
            if (sizeof(TRows) > 0) { var x = TSimd.Broadcast(a[0]); l0 = TSimd.Fma(x, left, l0); r0 = TSimd.Fma(x, right, r0); }
            if (sizeof(TRows) > 1) { var x = TSimd.Broadcast(a[1]); l1 = TSimd.Fma(x, left, l1); r1 = TSimd.Fma(x, right, r1); }
            if (sizeof(TRows) > 2) { var x = TSimd.Broadcast(a[2]); l2 = TSimd.Fma(x, left, l2); r2 = TSimd.Fma(x, right, r2); }
            if (sizeof(TRows) > 3) { var x = TSimd.Broadcast(a[3]); l3 = TSimd.Fma(x, left, l3); r3 = TSimd.Fma(x, right, r3); }
            if (sizeof(TRows) > 4) { var x = TSimd.Broadcast(a[4]); l4 = TSimd.Fma(x, left, l4); r4 = TSimd.Fma(x, right, r4); }
            if (sizeof(TRows) > 5) { var x = TSimd.Broadcast(a[5]); l5 = TSimd.Fma(x, left, l5); r5 = TSimd.Fma(x, right, r5); }
            if (sizeof(TRows) > 6) { var x = TSimd.Broadcast(a[6]); l6 = TSimd.Fma(x, left, l6); r6 = TSimd.Fma(x, right, r6); }
            if (sizeof(TRows) > 7) { var x = TSimd.Broadcast(a[7]); l7 = TSimd.Fma(x, left, l7); r7 = TSimd.Fma(x, right, r7); }
            if (sizeof(TRows) > 8) { var x = TSimd.Broadcast(a[8]); l8 = TSimd.Fma(x, left, l8); r8 = TSimd.Fma(x, right, r8); }
            if (sizeof(TRows) > 9) { var x = TSimd.Broadcast(a[9]); l9 = TSimd.Fma(x, left, l9); r9 = TSimd.Fma(x, right, r9); }
            if (sizeof(TRows) > 10) { var x = TSimd.Broadcast(a[10]); l10 = TSimd.Fma(x, left, l10); r10 = TSimd.Fma(x, right, r10); }
            if (sizeof(TRows) > 11) { var x = TSimd.Broadcast(a[11]); l11 = TSimd.Fma(x, left, l11); r11 = TSimd.Fma(x, right, r11); }
            if (sizeof(TRows) > 12) { var x = TSimd.Broadcast(a[12]); l12 = TSimd.Fma(x, left, l12); r12 = TSimd.Fma(x, right, r12); }
            if (sizeof(TRows) > 13) { var x = TSimd.Broadcast(a[13]); l13 = TSimd.Fma(x, left, l13); r13 = TSimd.Fma(x, right, r13); }

            a += sizeof(TRows);
            b += 2 * TSimd.Lanes;
            left = TSimd.Load(b);
            right = TSimd.Load(b + TSimd.Lanes);
            if (sizeof(TRows) > 0) { var x = TSimd.Broadcast(a[0]); l0 = TSimd.Fma(x, left, l0); r0 = TSimd.Fma(x, right, r0); }
            if (sizeof(TRows) > 1) { var x = TSimd.Broadcast(a[1]); l1 = TSimd.Fma(x, left, l1); r1 = TSimd.Fma(x, right, r1); }
            if (sizeof(TRows) > 2) { var x = TSimd.Broadcast(a[2]); l2 = TSimd.Fma(x, left, l2); r2 = TSimd.Fma(x, right, r2); }
            if (sizeof(TRows) > 3) { var x = TSimd.Broadcast(a[3]); l3 = TSimd.Fma(x, left, l3); r3 = TSimd.Fma(x, right, r3); }
            if (sizeof(TRows) > 4) { var x = TSimd.Broadcast(a[4]); l4 = TSimd.Fma(x, left, l4); r4 = TSimd.Fma(x, right, r4); }
            if (sizeof(TRows) > 5) { var x = TSimd.Broadcast(a[5]); l5 = TSimd.Fma(x, left, l5); r5 = TSimd.Fma(x, right, r5); }
            if (sizeof(TRows) > 6) { var x = TSimd.Broadcast(a[6]); l6 = TSimd.Fma(x, left, l6); r6 = TSimd.Fma(x, right, r6); }
            if (sizeof(TRows) > 7) { var x = TSimd.Broadcast(a[7]); l7 = TSimd.Fma(x, left, l7); r7 = TSimd.Fma(x, right, r7); }
            if (sizeof(TRows) > 8) { var x = TSimd.Broadcast(a[8]); l8 = TSimd.Fma(x, left, l8); r8 = TSimd.Fma(x, right, r8); }
            if (sizeof(TRows) > 9) { var x = TSimd.Broadcast(a[9]); l9 = TSimd.Fma(x, left, l9); r9 = TSimd.Fma(x, right, r9); }
            if (sizeof(TRows) > 10) { var x = TSimd.Broadcast(a[10]); l10 = TSimd.Fma(x, left, l10); r10 = TSimd.Fma(x, right, r10); }
            if (sizeof(TRows) > 11) { var x = TSimd.Broadcast(a[11]); l11 = TSimd.Fma(x, left, l11); r11 = TSimd.Fma(x, right, r11); }
            if (sizeof(TRows) > 12) { var x = TSimd.Broadcast(a[12]); l12 = TSimd.Fma(x, left, l12); r12 = TSimd.Fma(x, right, r12); }
            if (sizeof(TRows) > 13) { var x = TSimd.Broadcast(a[13]); l13 = TSimd.Fma(x, left, l13); r13 = TSimd.Fma(x, right, r13); }

            a += sizeof(TRows);
            b += 2 * TSimd.Lanes;
        }

        if (sizeof(TRows) > 0) Finish(l0, r0, c + (0 * stride), add);
        if (sizeof(TRows) > 1) Finish(l1, r1, c + (1 * stride), add);
        if (sizeof(TRows) > 2) Finish(l2, r2, c + (2 * stride), add);
        if (sizeof(TRows) > 3) Finish(l3, r3, c + (3 * stride), add);
        if (sizeof(TRows) > 4) Finish(l4, r4, c + (4 * stride), add);
        if (sizeof(TRows) > 5) Finish(l5, r5, c + (5 * stride), add);
        if (sizeof(TRows) > 6) Finish(l6, r6, c + (6 * stride), add);
        if (sizeof(TRows) > 7) Finish(l7, r7, c + (7 * stride), add);
        if (sizeof(TRows) > 8) Finish(l8, r8, c + (8 * stride), add);
        if (sizeof(TRows) > 9) Finish(l9, r9, c + (9 * stride), add);
        if (sizeof(TRows) > 10) Finish(l10, r10, c + (10 * stride), add);
        if (sizeof(TRows) > 11) Finish(l11, r11, c + (11 * stride), add);
        if (sizeof(TRows) > 12) Finish(l12, r12, c + (12 * stride), add);
        if (sizeof(TRows) > 13) Finish(l13, r13, c + (13 * stride), add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish(TVector left, TVector right, T* c, bool add)
    {
        if (add)
        {
            left = TSimd.Add(TSimd.Load(c), left);
            right = TSimd.Add(TSimd.Load(c + TSimd.Lanes), right);
        }

        TSimd.Store(left, c);
        TSimd.Store(right, c + TSimd.Lanes);
    }
}
