using BrainState.Execution;
using BrainState.Ops;
using static BrainState.Differentiation.DerivativeRules;
using static BrainState.Matrices;

namespace BrainState.Differentiation;

/// <summary>
/// Derivatives of matrix factorisations. M. Giles, Collected matrix derivative results for forward and reverse mode algorithmic differentiation (2008);
/// I. Murray, Differentiation of the Cholesky decomposition (2016); M. Seeger et al., Auto-differentiating linear algebra (2017).
/// </summary>
internal static class MatrixRules
{
    public static void Define()
    {
        Jvps.Define<TriangularSolve>(Solve);
        Transposes.Define<TriangularSolve>((op, ct, operands) =>
        {
            // Linear in b only. A plain transpose undoes the transpose of an adjoint and leaves the conjugate.
            var (solve, a) = ((TriangularSolve)op, operands[0].Known!);
            var back = solve with { TransposeA = solve.TransposeA == MatrixTranspose.None ? MatrixTranspose.Transpose : MatrixTranspose.None };
            return [null, Lax.One(back, solve.TransposeA == MatrixTranspose.Adjoint ? Conj(a) : a, ct[0]!)];
        });
        Jvps.Define<Cholesky>((op, x, t) =>
        {
            // L' = L·Φ(L⁻¹·x'·L⁻ᴴ), where Φ takes the lower triangle with half the diagonal.
            var l = Lax.One(op, x);
            var inner = LeftSolve(l, Adjoint(LeftSolve(l, Hermitian(t[0]!, lower: true))));
            return ([l], [Product(l, HalfLower(inner))]);
        });
        Jvps.Define<Qr>((op, x, t) => Qr((Qr)op, x[0], t[0]!));
        Jvps.Define<Lu>((op, x, t) => Lu(op, x[0], t[0]!));
        Jvps.Define<Eigh>((op, x, t) => Eigh((Eigh)op, x[0], t[0]!));
        Jvps.Define<Svd>((op, x, t) => Svd((Svd)op, x[0], t[0]!));
    }

    /// <summary>From op(a)·x = b: op(a)·x' = b' − op(a')·x.</summary>
    private static (Tensor[], Tensor?[]) Solve(Op op, Tensor[] primals, Tensor?[] tangents)
    {
        var solve = (TriangularSolve)op;
        var x = Lax.One(op, primals);
        var right = tangents[1];
        if (tangents[0] is { } ta)
        {
            var diagonal = solve.UnitDiagonal ? 1 : 0;
            ta = solve.Lower ? Lower(ta, -diagonal) : Upper(ta, diagonal);
            if (solve.TransposeA != MatrixTranspose.None) ta = Transpose(ta);
            if (solve.TransposeA == MatrixTranspose.Adjoint) ta = Conj(ta);
            right = Sum(right, Lax.Neg(solve.LeftSide ? Product(ta, x) : Product(x, ta)));
        }
        return ([x], [Lax.One(op, primals[0], right!)]);
    }

    private static (Tensor[], Tensor?[]) Qr(Qr qr, Tensor x, Tensor t)
    {
        var (m, n) = (x.Shape[^2], x.Shape[^1]);
        if (qr.FullMatrices && m > n)
            throw new NotSupportedException("qr has no derivative with full matrices of more rows than columns, because the additional columns of Q are not determined. Use fullMatrices: false.");
        var (q, r) = Lax.Linalg.Qr(x, qr.FullMatrices);

        // x' = Q'·R + Q·R' with skew Qᴴ·Q' and triangular R'; of a wide matrix, the square part determines Q.
        var square = Math.Min(m, n);
        var (tLeft, rLeft) = (Columns(t, 0, square), Columns(r, 0, square));
        var tangentInverse = Lax.Linalg.TriangularSolve(rLeft, tLeft);
        var inner = Product(Adjoint(q), tangentInverse);
        var below = Lower(inner, -1);
        var skew = Lax.Sub(below, Adjoint(below));
        if (x.DType.Is(DTypeKinds.Complex))
        {
            var diagonal = Lax.Sub(inner, OffDiagonal(inner));
            skew = Lax.Add(skew, Lax.Sub(diagonal, Lax.ConvertElementType(Lax.Real(diagonal), x.DType)));
        }
        var tq = Lax.Add(Product(q, Lax.Sub(skew, inner)), tangentInverse);
        var tr = Product(Lax.Sub(inner, skew), rLeft);
        if (m < n)
        {
            var rest = Lax.Add(Product(Adjoint(tq), Columns(x, m, n)), Product(Adjoint(q), Columns(t, m, n)));
            tr = Lax.Concatenate([tr, rest], tr.Rank - 1);
        }
        return ([q, r], [tq, tr]);
    }

    /// <summary>With square L and U: L' = L·lower(L⁻¹·P·x'·U⁻¹) and U' = upper(L⁻¹·P·x'·U⁻¹)·U.</summary>
    private static (Tensor[], Tensor?[]) Lu(Op op, Tensor x, Tensor t)
    {
        var outputs = Eager.Bind(op, x);
        var (lu, permutation) = (outputs[0], outputs[2]);
        var (m, n) = (x.Shape[^2], x.Shape[^1]);
        var k = Math.Min(m, n);
        // Columns of the identity complete L, rows of it complete U, where x is not square.
        var l = Lax.Concatenate([Lax.Add(Lower(Columns(lu, 0, k), -1), Columns(Unit(m), 0, k)), Columns(Unit(m), k, m)], x.Rank - 1);
        var u = Lax.Concatenate([Upper(Rows(lu, 0, k)), Rows(Unit(n), k, n)], x.Rank - 2);
        var permuted = Np.TakeAlongAxis(t, Lax.BroadcastInDim(permutation, t.Shape, ValueArray.Range(t.Rank - 1)), -2);
        var inner = Lax.Linalg.TriangularSolve(u, LeftSolve(l, permuted, unitDiagonal: true));
        return (outputs, [Lax.Add(Product(l, Lower(inner, -1)), Product(Upper(inner), u)), null, null]);

        Tensor Unit(int size) => Identity(x.Spec.With(Shape.Create([.. x.Shape.Dims[..^2], size, size])));
    }

    /// <summary>w' = diag(Vᴴ·x'·V) and V' = V·(F ∘ Vᴴ·x'·V) with F = 1/(wⱼ − wᵢ) off the diagonal.</summary>
    private static (Tensor[], Tensor?[]) Eigh(Eigh eigh, Tensor x, Tensor t)
    {
        var (v, w) = Lax.Linalg.Eigh(x, eigh.Lower);
        var inner = Product(Adjoint(v), Product(Hermitian(t, eigh.Lower), v));
        var tv = Product(v, Lax.Mul(inner, Lax.ConvertElementType(Differences(w, static (a, b) => Lax.Sub(b, a)), x.DType)));
        return ([v, w], [tv, Real(Diagonal(inner))]);
    }

    private static (Tensor[], Tensor?[]) Svd(Svd svd, Tensor x, Tensor t)
    {
        var (m, n) = (x.Shape[^2], x.Shape[^1]);
        if (svd.ComputeVectors && svd.FullMatrices && m != n)
            throw new NotSupportedException("svd has no derivative with full matrices that are not square, because the additional vectors are not determined. Use fullMatrices: false.");
        var (s, u, vh) = Lax.Linalg.Svd(x, fullMatrices: false);
        var v = Adjoint(vh);
        var inner = Product(Adjoint(u), Product(t, v));
        var ts = Real(Diagonal(inner));
        if (!svd.ComputeVectors) return ([s], [ts]);

        Tensor Cast(Tensor real) => Lax.ConvertElementType(real, x.DType);
        var factor = Cast(Differences(s, static (a, b) => Lax.Mul(Lax.Add(a, b), Lax.Sub(b, a))));
        var (rightScaled, leftScaled) = (Lax.Mul(inner, Cast(AsRows(s, inner.Shape))), Lax.Mul(inner, Cast(AsColumns(s, inner.Shape))));
        var inverse = Lax.SelectN(Lax.Eq(s, 0), Lax.Div(1, s), Zeros(s.Spec));
        // What turns both vectors of a complex pair alike: the imaginary diagonal.
        var phase = Lax.Mul(Lax.Mul(Lax.Sub(inner, Adjoint(inner)), 0.5), Cast(FromDiagonal(inverse)));
        var tu = Product(u, Lax.Add(Lax.Mul(factor, Lax.Add(rightScaled, Adjoint(rightScaled))), phase));
        var tv = Product(v, Lax.Mul(factor, Lax.Add(leftScaled, Adjoint(leftScaled))));
        // Components outside the spaces that U and V span.
        if (m > n) tu = Lax.Add(tu, Outside(u, Product(t, v), inverse));
        if (n > m) tv = Lax.Add(tv, Outside(v, Product(Adjoint(t), u), inverse));
        return ([s, u, vh], [ts, tu, Adjoint(tv)]);

        Tensor Outside(Tensor basis, Tensor vectors, Tensor scale)
        {
            var rest = Lax.Sub(vectors, Product(basis, Product(Adjoint(basis), vectors)));
            return Lax.Mul(rest, Cast(AsRows(scale, rest.Shape)));
        }
    }

    /// <summary>1 / difference(xᵢ, xⱼ) for i ≠ j, and 0 on the diagonal.</summary>
    private static Tensor Differences(Tensor x, Func<Tensor, Tensor, Tensor> difference)
    {
        var shape = x.Shape.Insert(x.Rank, x.Shape[^1]);
        var differences = difference(AsColumns(x, shape), AsRows(x, shape));
        var identity = Identity(x.Spec.With(shape));
        return Lax.Sub(Lax.Div(1, Lax.Add(differences, identity)), identity);
    }

    /// <summary>The lower triangle with half the diagonal.</summary>
    private static Tensor HalfLower(Tensor x) => Lax.Mul(Lax.Add(Lower(x), Lower(x, -1)), 0.5);

    private static Tensor LeftSolve(Tensor l, Tensor b, bool unitDiagonal = false) => Lax.Linalg.TriangularSolve(l, b, leftSide: true, lower: true, unitDiagonal: unitDiagonal);

    private static Tensor Columns(Tensor x, int from, int to) => Lax.SliceInDim(x, from, to, axis: x.Rank - 1);

    private static Tensor Rows(Tensor x, int from, int to) => Lax.SliceInDim(x, from, to, axis: x.Rank - 2);
}
