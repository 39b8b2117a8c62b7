using BrainState.Ops;

namespace BrainState.Conformance.Gradients;

/// <content>Complex numbers, Fourier transforms and matrices, as functions of real tensors: of real and imaginary part.</content>
internal static partial class OpCases
{
    /// <summary>Real and imaginary part in one real tensor, so that all derivatives of a complex result are checked.</summary>
    private static Tensor Parts(Tensor z) => z.DType.Is(DTypeKinds.Complex) ? Np.Stack([Lax.Real(z), Lax.Imag(z)]) : z;

    private static OpCase OfComplex(string op, string variant, Func<Tensor, Tensor> f, Shape shape, double low = -2, double high = 2) =>
        new(op, $"complex, {variant}", x => Parts(f(Lax.Complex(x[0], x[1]))), [shape, shape], low, high);

    private static OpCase OfComplex(string op, string variant, Func<Tensor, Tensor, Tensor> f, Shape a, Shape b, double low = -2, double high = 2) =>
        new(op, $"complex, {variant}", x => Parts(f(Lax.Complex(x[0], x[1]), Lax.Complex(x[2], x[3]))), [a, a, b, b], low, high);

    private static IEnumerable<OpCase> Complex()
    {
        yield return new("complex", "of both", x => Parts(Lax.Complex(x[0], x[1])), [[3], [3]]);
        yield return new("complex", "of a tensor and a scalar", x => Parts(Lax.Square(Lax.Complex(x[0], x[1]))), [[3], []]);
        yield return new("complex", "of a tensor and a number", x => Parts(Lax.Complex(x[0], 0.5) * Lax.Complex(1.5, x[0])), [[3]]);
        (string, Func<Tensor, Tensor>)[] unary =
        [
            ("real", Lax.Real), ("imag", Lax.Imag), ("conj", Lax.Conj), ("abs", Lax.Abs), ("sign", Lax.Sign), ("neg", Lax.Neg), ("exp", Lax.Exp), ("log", Lax.Log), ("sqrt", Lax.Sqrt),
            ("rsqrt", Lax.Rsqrt), ("square", Lax.Square), ("sin", Lax.Sin), ("cos", Lax.Cos), ("tan", Lax.Tan), ("sinh", Lax.Sinh), ("cosh", Lax.Cosh), ("tanh", Lax.Tanh),
            ("asin", Lax.Asin), ("acos", Lax.Acos), ("atan", Lax.Atan), ("asinh", Lax.Asinh), ("acosh", Lax.Acosh), ("atanh", Lax.Atanh), ("logistic", Lax.Logistic),
            ("log1p", Lax.Log1p), ("expm1", Lax.Expm1), ("exp2", Lax.Exp2), ("integer_pow", z => Lax.IntegerPow(z, -3)), ("integer_pow", z => Lax.IntegerPow(z, 4)),
            ("convert_element_type", z => Lax.ConvertElementType(z, DType.Float64)), ("convert_element_type", z => Lax.ConvertElementType(Lax.Real(z), DType.Complex128) * z),
            ("reduce_sum", z => Lax.ReduceSum(z, [0])), ("reduce_prod", z => Lax.ReduceProd(z, [0])), ("cumsum", z => Lax.CumSum(z)), ("cumprod", z => Lax.CumProd(z)),
        ];
        // Away from the branch cuts, in two quadrants.
        foreach (var (name, f) in unary)
        {
            yield return OfComplex(name, "in the first quadrant", f, [3], 0.3, 1.4);
            yield return OfComplex(name, "in the third quadrant", f, [3], -1.4, -0.3);
        }
        yield return OfComplex("mul", "of a tensor and a scalar", Lax.Mul, [3], []);
        yield return OfComplex("div", "of tensors", Lax.Div, [3], [3], 0.3, 2);
        yield return OfComplex("pow", "of tensors", Lax.Pow, [3], [3], 0.3, 2);
        yield return OfComplex("dot_general", "of matrices", (a, b) => Lax.DotGeneral(a, b, [1], [0]), [2, 3], [3, 2]);
        yield return OfComplex("conv_general_dilated", "of vectors", (a, b) => Lax.Conv(a, b, [2], PaddingMode.Same), [1, 2, 5], [2, 2, 2]);
    }

    private static IEnumerable<OpCase> Fourier()
    {
        foreach (var n in (int[])[1, 2, 4, 5])
        {
            yield return OfComplex("fft", $"forwards, {n}", z => Lax.Fft(z, FftType.Fft, [n]), [2, n]);
            yield return OfComplex("fft", $"backwards, {n}", z => Lax.Fft(z, FftType.IFft, [n]), [2, n]);
            yield return new("fft", $"of real numbers, {n}", x => Parts(Lax.Fft(x[0], FftType.RFft, [n])), [[2, n]]);
            yield return OfComplex("fft", $"to real numbers, {n}", z => Lax.Fft(z, FftType.IRFft, [n]), [2, n / 2 + 1]);
        }
        yield return OfComplex("fft", "of two axes", z => Lax.Fft(z, FftType.Fft, [3, 4]), [3, 4]);
        yield return new("fft", "of two axes of real numbers", x => Parts(Lax.Fft(x[0], FftType.RFft, [3, 4])), [[3, 4]]);
        yield return OfComplex("fft", "of two axes to real numbers", z => Lax.Fft(z, FftType.IRFft, [3, 4]), [3, 3]);
    }

    /// <summary>A positive definite matrix from any.</summary>
    private static Tensor Definite(Tensor x) => BrainState.Matrices.Product(x, BrainState.Matrices.Adjoint(x)) + Tensor.From<double>([2], []) * BrainState.Matrices.Identity(x.Spec);

    /// <summary>A matrix far from singular, with different singular values.</summary>
    private static Tensor Regular(Tensor x) => x * 0.3 + BrainState.Matrices.Identity(x.Spec) * (1 + Lax.ConvertElementType(Lax.Iota(DType.Float64, x.Shape, x.Rank - 1), x.DType));

    private static IEnumerable<OpCase> Matrices()
    {
        yield return new("cholesky", "of batches", x => Lax.Linalg.Cholesky(Definite(x[0])), [[2, 3, 3]]);
        yield return new("cholesky", "of the lower triangle", x => Lax.Linalg.Cholesky(x[0] + 4 * BrainState.Matrices.Identity(x[0].Spec)), [[3, 3]], -0.5, 0.5);
        yield return OfComplex("cholesky", "of one", z => Lax.Linalg.Cholesky(Definite(z)), [2, 2]);
        foreach (var leftSide in (bool[])[true, false])
            foreach (var lower in (bool[])[true, false])
                foreach (var transpose in Enum.GetValues<MatrixTranspose>())
                    foreach (var unit in (bool[])[true, false])
                    {
                        Tensor Solve(Tensor a, Tensor b) => Lax.Linalg.TriangularSolve(Regular(a), b, leftSide, lower, transpose, unit);
                        var variant = $"left: {leftSide}, lower: {lower}, {transpose}, unit: {unit}";
                        Shape b = leftSide ? [3, 2] : [2, 3];
                        if (transpose != MatrixTranspose.Adjoint) yield return new("triangular_solve", variant, x => Solve(x[0], x[1]), [[3, 3], b]);
                        if (unit == lower) yield return OfComplex("triangular_solve", variant, Solve, [3, 3], b);
                    }
        yield return new("triangular_solve", "in batches", x => Lax.Linalg.TriangularSolve(Regular(x[0]), x[1]), [[2, 2, 2], [2, 1, 2]]);

        Tensor Joined(params Tensor[] parts) => Np.Concatenate([.. parts.Select(static p => Parts(p).Flatten())]);
        foreach (var (m, n) in ((int, int)[])[(3, 3), (4, 2), (2, 4)])
        {
            Tensor Qr(Tensor x) => Lax.Linalg.Qr(Regular(x), false) is var (q, r) ? Joined(q, r) : x;
            yield return new("qr", $"of {m} by {n}", x => Qr(x[0]), [[m, n]]);
            yield return OfComplex("qr", $"of {m} by {n}", Qr, [m, n]);
            yield return new("lu", $"of {m} by {n}", x => Lax.Linalg.Lu(Regular(x[0])).Lu, [[m, n]]);
            yield return new("lu", $"of {m} by {n} with exchanges", x => Lax.Linalg.Lu(Lax.Rev(Regular(x[0]), [0])).Lu, [[m, n]]);
            yield return OfComplex("lu", $"of {m} by {n}", x => Lax.Linalg.Lu(Regular(x)).Lu, [m, n]);
            // Signs and phases of the vectors are arbitrary; these functions of them are not.
            Tensor Svd(Tensor x)
            {
                var (s, u, vh) = Lax.Linalg.Svd(Regular(x), false);
                return Joined(s, Lax.Abs(u), Lax.Abs(vh), BrainState.Matrices.Product(u, vh));
            }
            yield return new("svd", $"of {m} by {n}", x => Svd(x[0]), [[m, n]]);
            yield return OfComplex("svd", $"of {m} by {n}", Svd, [m, n]);
            yield return new("svd", $"values of {m} by {n}", x => Lax.Linalg.SingularValues(Regular(x[0])), [[m, n]]);
        }
        yield return new("qr", "full of a square", x => Lax.Linalg.Qr(Regular(x[0]), true).Q, [[3, 3]]);
        yield return new("svd", "full of a square", x => Lax.Abs(Lax.Linalg.Svd(Regular(x[0]), true).U), [[3, 3]]);
        foreach (var lower in (bool[])[true, false])
        {
            Tensor Eigh(Tensor x) => Lax.Linalg.Eigh(Regular(x), lower) is var (v, w) ? Joined(w, Lax.Abs(v), BrainState.Matrices.Product(v, BrainState.Matrices.Adjoint(Lax.Mul(v, BrainState.Matrices.AsRows(Lax.ConvertElementType(Lax.Exp(w), v.DType), v.Shape))))) : x;
            yield return new("eigh", $"lower: {lower}", x => Eigh(x[0]), [[2, 3, 3]]);
            yield return OfComplex("eigh", $"lower: {lower}", Eigh, [3, 3]);
        }
    }
}
