using BrainState.Execution;
using BrainState.Ops;

namespace BrainState;

/// <summary>How a Fourier transform and its inverse share the factor 1/n.</summary>
public enum FftNorm
{
    /// <summary>The inverse transform has all of it.</summary>
    Backward,
    /// <summary>Both have its root.</summary>
    Ortho,
    /// <summary>The forward transform has all of it.</summary>
    Forward,
}

/// <content>Complex numbers and Fourier transforms.</content>
public static partial class Np
{
    /// <summary>The real part; real numbers are their own.</summary>
    public static Tensor Real(Tensor x) => IsComplex(x) ? Lax.Real(x) : Lax.Unchanged(x);

    /// <summary>The imaginary part; that of real numbers is 0.</summary>
    public static Tensor Imag(Tensor x) => IsComplex(x) ? Lax.Imag(x) : ZerosLike(x);

    /// <summary>The complex conjugate; real numbers are their own.</summary>
    public static Tensor Conj(Tensor x) => IsComplex(x) ? Lax.Conj(x) : Lax.Unchanged(x);

    /// <summary>The angle of x in the complex plane in radians, in (−π, π].</summary>
    public static Tensor Angle(Tensor x) => Composed.Run(nameof(Angle), 0, [x], static (_, o) => ArcTan2(Imag(o[0]), Real(o[0])));

    /// <summary>The discrete Fourier transform along an axis, which is first cropped or filled with zeros to a length.</summary>
    public static Tensor Fft(Tensor x, int? length = null, int axis = -1, FftNorm norm = FftNorm.Backward) => FftN(x, OneLength(length), axis, norm);

    /// <summary>The inverse of <see cref="Fft"/>.</summary>
    public static Tensor IFft(Tensor x, int? length = null, int axis = -1, FftNorm norm = FftNorm.Backward) => IFftN(x, OneLength(length), axis, norm);

    /// <summary>The Fourier transform of a real signal: frequencies 0 to length/2.</summary>
    public static Tensor RFft(Tensor x, int? length = null, int axis = -1, FftNorm norm = FftNorm.Backward) => RFftN(x, OneLength(length), axis, norm);

    /// <summary>The inverse of <see cref="RFft"/>: a real signal of the given length, 2·(size − 1) unless given.</summary>
    public static Tensor IRFft(Tensor x, int? length = null, int axis = -1, FftNorm norm = FftNorm.Backward) => IRFftN(x, OneLength(length), axis, norm);

    /// <summary><see cref="Fft"/> along the last two axes.</summary>
    public static Tensor Fft2(Tensor x, FftNorm norm = FftNorm.Backward) => FftN(x, null, [-2, -1], norm);

    /// <summary>The inverse of <see cref="Fft2"/>.</summary>
    public static Tensor IFft2(Tensor x, FftNorm norm = FftNorm.Backward) => IFftN(x, null, [-2, -1], norm);

    /// <summary><see cref="Fft"/> along several axes, 1 to 3, or all.</summary>
    public static Tensor FftN(Tensor x, int[]? lengths = null, Axes axes = default, FftNorm norm = FftNorm.Backward) => Transformed(x, FftType.Fft, lengths, axes, norm);

    /// <summary>The inverse of <see cref="FftN"/>.</summary>
    public static Tensor IFftN(Tensor x, int[]? lengths = null, Axes axes = default, FftNorm norm = FftNorm.Backward) => Transformed(x, FftType.IFft, lengths, axes, norm);

    /// <summary><see cref="FftN"/> of a real signal: along the last of the axes, frequencies 0 to length/2.</summary>
    public static Tensor RFftN(Tensor x, int[]? lengths = null, Axes axes = default, FftNorm norm = FftNorm.Backward) => Transformed(x, FftType.RFft, lengths, axes, norm);

    /// <summary>The inverse of <see cref="RFftN"/>.</summary>
    public static Tensor IRFftN(Tensor x, int[]? lengths = null, Axes axes = default, FftNorm norm = FftNorm.Backward) => Transformed(x, FftType.IRFft, lengths, axes, norm);

    /// <summary>The frequencies of <see cref="Fft"/> for samples that are <paramref name="spacing"/> apart: 0, 1, …, then the negative ones.</summary>
    public static Tensor FftFreq(int length, double spacing = 1) =>
        Lax.ConvertElementType(Tensor.From<double>([.. Enumerable.Range(0, length).Select(k => (k < (length + 1) / 2 ? k : k - length) / (length * spacing))]), Environ.DefaultFloat);

    /// <summary>The frequencies of <see cref="RFft"/> for samples that are <paramref name="spacing"/> apart.</summary>
    public static Tensor RFftFreq(int length, double spacing = 1) =>
        Lax.ConvertElementType(Tensor.From<double>([.. Enumerable.Range(0, length / 2 + 1).Select(k => k / (length * spacing))]), Environ.DefaultFloat);

    /// <summary>Frequency 0 in the middle of the given axes, or of all.</summary>
    public static Tensor FftShift(Tensor x, Axes axes = default) =>
        Composed.Run(nameof(FftShift), axes.Of(x.Rank), [x], static (axes, o) => axes.Aggregate(o[0], static (v, axis) => Roll(v, v.Shape[axis] / 2, axis)));

    /// <summary>The inverse of <see cref="FftShift"/>.</summary>
    public static Tensor IFftShift(Tensor x, Axes axes = default) =>
        Composed.Run(nameof(IFftShift), axes.Of(x.Rank), [x], static (axes, o) => axes.Aggregate(o[0], static (v, axis) => Roll(v, -(v.Shape[axis] / 2), axis)));

    private static bool IsComplex(Tensor x) => x.DType.Is(DTypeKinds.Complex);

    private static int[]? OneLength(int? length) => length is { } n ? [n] : null;

    private static Tensor Transformed(Tensor x, FftType type, int[]? lengths, Axes axis, FftNorm norm)
    {
        var axes = axis.Of(x.Rank);
        if (axes.Count is < 1 or > 3) throw new ArgumentException($"A Fourier transform takes 1 to 3 axes, not {axes.Count}.", nameof(axis));
        if (lengths is not null && lengths.Length != axes.Count) throw new ArgumentException($"There must be one length for each of {axes.Count} axes, but there are {lengths.Length}.", nameof(lengths));
        var sizes = lengths?.ToValueArray() ?? axes.Select((a, i) => type == FftType.IRFft && i == axes.Count - 1 ? Math.Max(1, 2 * (x.Shape[a] - 1)) : x.Shape[a]).ToValueArray();
        return Composed.Run(nameof(Transformed), (type, sizes, axes, norm), [x], static (s, o) =>
        {
            var v = Suited(o[0], s.type);
            int[] order = [.. Enumerable.Range(0, v.Rank).Where(a => !s.axes.Contains(a)), .. s.axes];
            v = Lax.Transpose(v, order.ToValueArray());
            // Crop or fill the last axes to the lengths that the transform takes.
            var padding = Enumerable.Range(0, v.Rank).Select(a =>
            {
                var i = a - (v.Rank - s.sizes.Count);
                if (i < 0) return default;
                var wanted = s.type == FftType.IRFft && i == s.sizes.Count - 1 ? s.sizes[i] / 2 + 1 : s.sizes[i];
                return new PaddingConfig(0, wanted - v.Shape[a], 0);
            }).ToValueArray();
            if (padding.Any(static p => p != default)) v = Lax.Pad(v, Lax.ConvertElementType(0, v.DType), padding);
            v = Lax.Fft(v, s.type, s.sizes);

            var count = s.sizes.Aggregate(1.0, static (n, size) => n * size);
            var isInverse = s.type is FftType.IFft or FftType.IRFft;
            var scale = s.norm switch
            {
                FftNorm.Ortho => isInverse ? Math.Sqrt(count) : 1 / Math.Sqrt(count),
                FftNorm.Forward => isInverse ? count : 1 / count,
                _ => 1,
            };
            if (scale != 1) v = Lax.Mul(v, scale);
            return Lax.Transpose(v, Enumerable.Range(0, v.Rank).OrderBy(a => order[a]).ToValueArray());
        });

        static Tensor Suited(Tensor x, FftType type) => type == FftType.RFft
            ? IsComplex(x) ? throw new ArgumentException($"RFft takes real numbers, but the tensor is {x.Spec}; use Fft.") : Lax.ConvertElementType(x, x.DType == DType.Float64 ? DType.Float64 : DType.Float32)
            : Lax.ConvertElementType(x, x.DType is DType.Float64 or DType.Complex128 ? DType.Complex128 : DType.Complex64);
    }
}
