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

        table.Add("stablehlo.triangular_solve", site =>
        {
            var solve = new TriangularSolve(site.Flag("left_side", absent: false), site.Flag("lower", absent: false), site.Word("transpose_a") switch
            {
                "NO_TRANSPOSE" or null => MatrixTranspose.None,
                "TRANSPOSE" => MatrixTranspose.Transpose,
                "ADJOINT" => MatrixTranspose.Adjoint,
                var other => throw site.Error($"'{other}' is not a transposition"),
            }, site.Flag("unit_diagonal", absent: false));
            return InFloat32(site, operands => site.Add(solve, operands));
        });

        // From an upper triangle: the adjoint is lower, and so is its factor.
        table.Add("stablehlo.cholesky", site => InFloat32(site, operands => site.Flag("lower", absent: false)
            ? site.Add(new Cholesky(), operands)
            : Adjoint(site, site.Add(new Cholesky(), Adjoint(site, operands[0])))));
    }

    /// <summary>Ops on matrices take no 16-bit floats: those are computed in float32.</summary>
    private static Operand InFloat32(OpSite site, Func<Operand[], Operand> compute)
    {
        var dtype = site.SpecOf(site.X).DType;
        if (dtype is not (DType.Float16 or DType.BFloat16)) return compute(site.Operands);
        return site.Add(new ConvertElementType(dtype), compute([.. site.Operands.Select(x => site.Add(new ConvertElementType(DType.Float32), x))]));
    }

    private static Operand Adjoint(OpSite site, Operand x)
    {
        var spec = site.SpecOf(x);
        if (spec.Rank < 2) throw site.Error($"{spec} holds no matrices");
        var transposed = site.Add(new Transpose(Enumerable.Range(0, spec.Rank - 2).Append(spec.Rank - 1).Append(spec.Rank - 2).ToValueArray()), x);
        return spec.DType.Is(DTypeKinds.Complex) ? site.Add(new Conj(), transposed) : transposed;
    }
}
