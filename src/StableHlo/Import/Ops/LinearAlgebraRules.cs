using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.StableHlo.Import.Ops;

/// <summary>Fourier transforms and matrix equations.</summary>
internal static class LinearAlgebraRules
{
    public static void AddTo(OpTable table)
    {
        table.Add("stablehlo.fft", site => site.Add(new Fft(site.Word("fft_type") switch
        {
            "FFT" => FftType.Fft,
            "IFFT" => FftType.IFft,
            "RFFT" => FftType.RFft,
            "IRFFT" => FftType.IRFft,
            var other => throw site.Error($"'{other}' is not a Fourier transform"),
        }, site.Ints("fft_length")), site.X));

        table.Add("stablehlo.triangular_solve", site => site.Add(new TriangularSolve(
            site.Flag("left_side", absent: false), site.Flag("lower", absent: false), site.Word("transpose_a") switch
            {
                "NO_TRANSPOSE" or null => MatrixTranspose.None,
                "TRANSPOSE" => MatrixTranspose.Transpose,
                "ADJOINT" => MatrixTranspose.Adjoint,
                var other => throw site.Error($"'{other}' is not a transposition"),
            }, site.Flag("unit_diagonal", absent: false)), site.X, site.Y));

        // From an upper triangle: the adjoint is lower, and so is its factor.
        table.Add("stablehlo.cholesky", site => site.Flag("lower", absent: false)
            ? site.Add(new Cholesky(), site.X)
            : Adjoint(site, site.Add(new Cholesky(), Adjoint(site, site.X))));
    }

    private static Operand Adjoint(OpSite site, Operand x)
    {
        var spec = site.SpecOf(x);
        if (spec.Rank < 2) throw site.Error($"{spec} holds no matrices");
        var transposed = site.Add(new Transpose(Enumerable.Range(0, spec.Rank - 2).Append(spec.Rank - 1).Append(spec.Rank - 2).ToValueArray()), x);
        return spec.DType.Is(DTypeKinds.Complex) ? site.Add(new Conj(), transposed) : transposed;
    }
}
