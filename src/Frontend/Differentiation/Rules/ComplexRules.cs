using BrainState.Ops;
using static BrainState.Differentiation.DerivativeRules;

namespace BrainState.Differentiation;

/// <summary>
/// Derivatives of ops that lead from real to complex numbers or back, and of Fourier transforms. Cotangents follow JAX's convention: c is paired with a tangent t as
/// Re(c·t), without conjugation, so that transposes of complex matrices are plain transposes.
/// </summary>
internal static class ComplexRules
{
    public static void Define()
    {
        Linear<MakeComplex>((_, ct, operands) =>
        [
            operands[0].IsLinear ? Unstretch(Lax.Real(ct[0]!), operands[0].Spec) : null,
            operands[1].IsLinear ? Unstretch(Lax.Neg(Lax.Imag(ct[0]!)), operands[1].Spec) : null,
        ]);
        Linear<Real>((_, ct, _) => [Lax.Complex(ct[0]!, Zeros(ct[0]!.Spec))]);
        Linear<Imag>((_, ct, _) => [Lax.Complex(Zeros(ct[0]!.Spec), Lax.Neg(ct[0]!))]);
        Linear<Conj>((_, ct, _) => [Lax.Conj(ct[0]!)]);
        Linear<Fft>((op, ct, operands) => [((Fft)op).Type switch
        {
            FftType.RFft => OfRealInput((Fft)op, ct[0]!, operands[0].Spec),
            FftType.IRFft => OfRealResult((Fft)op, ct[0]!),
            _ => Lax.One(op, ct[0]!), // The matrices of both transforms are symmetric.
        }]);
    }

    /// <summary>The transform of a real signal is part of the complex one; the missing coefficients have the cotangent 0.</summary>
    private static Tensor OfRealInput(Fft fft, Tensor ct, TensorSpec signal)
    {
        var padding = Enumerable.Range(0, ct.Rank).Select(axis => new PaddingConfig(0, signal.Shape[axis] - ct.Shape[axis], 0));
        return Lax.Real(Lax.Fft(Lax.Pad(ct, Lax.ConvertElementType(0, ct.DType), padding.ToValueArray()), FftType.Fft, fft.Lengths));
    }

    /// <summary>Each coefficient counts twice, also for its conjugate at the negative frequency, except those at frequency 0 and N/2, which are their own.</summary>
    private static Tensor OfRealResult(Fft fft, Tensor ct)
    {
        var coefficients = Lax.Conj(Lax.Fft(ct, FftType.RFft, fft.Lengths));
        var frequency = Lax.Iota(DType.Int32, coefficients.Shape, coefficients.Rank - 1);
        var isOwn = Lax.Or(Lax.Eq(frequency, 0), Lax.Eq(Lax.Mul(frequency, 2), fft.Lengths[^1]));
        var scale = 1.0 / fft.Lengths.Aggregate(1.0, static (product, n) => product * n);
        var weights = Lax.SelectN(isOwn, Lax.Full(frequency.Shape, 2 * scale, coefficients.DType), Lax.Full(frequency.Shape, scale, coefficients.DType));
        return Lax.Mul(coefficients, weights);
    }
}
