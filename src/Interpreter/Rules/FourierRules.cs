using System.Numerics;
using BrainState.Interpretation.Evaluation;
using BrainState.Interpretation.Numerics;
using BrainState.Ops;

namespace BrainState.Interpretation.Rules;

/// <summary>Fourier transforms by definition, one axis after the other in complex128.</summary>
internal static class FourierRules
{
    public static void AddTo(RuleTable table) => table.Add<Fft>(static (op, step) =>
    {
        var shape = step.X.Spec.Shape;
        var values = Enumerable.Range(0, step.X.Count).Select(i => step.X[i].ToComplex()).ToArray();
        var isInverse = op.Type is FftType.IFft or FftType.IRFft;

        // The last axis comes last: half of it determines the other half only once the other axes are transformed back.
        foreach (var axis in Enumerable.Range(shape.Rank - op.Lengths.Count, op.Lengths.Count))
        {
            var last = axis == shape.Rank - 1;
            var length = op.Lengths[^(shape.Rank - axis)];
            values = Along(values, shape, axis, line => (op.Type, last) switch
            {
                (FftType.RFft, true) => Transform(line, sign: -1)[..((length / 2) + 1)],
                (FftType.IRFft, true) => Transform(Hermitian(line, length), sign: 1),
                _ => Transform(line, isInverse ? 1 : -1),
            });
        }
        var scale = isInverse ? op.Lengths.Aggregate(1.0, static (product, n) => product * n) : 1;
        return HostValue.Generate(step.Result, i => Number.Round(step.Result.DType, values[i] / scale));
    });

    /// <summary>X[k] = Σ x[n] exp(sign · 2πi kn/N).</summary>
    private static Complex[] Transform(Complex[] x, int sign) =>
        [.. Enumerable.Range(0, x.Length).Select(k => x.Select((value, n) => value * Root((long)k * n % x.Length, x.Length, sign)).Aggregate(Complex.Zero, Complex.Add))];

    private static Complex Root(long k, int n, int sign) => new(Math.Cos(2 * Math.PI * k / n), sign * Math.Sin(2 * Math.PI * k / n));

    /// <summary>The spectrum of a real signal from its first half: X[N − k] is the conjugate of X[k]. What is its own partner is real.</summary>
    private static Complex[] Hermitian(Complex[] half, int length) => [.. Enumerable.Range(0, length).Select(k =>
        k == (length - k) % length ? half[k].Real : k < half.Length ? half[k] : Complex.Conjugate(half[length - k]))];

    /// <summary>Replaces each line along an axis, which may change its length.</summary>
    private static Complex[] Along(Complex[] values, Shape shape, int axis, Func<Complex[], Complex[]> transform)
    {
        Complex[][] lines = [.. Positions.Lines(shape, axis).Select(line => transform([.. line.Select(position => values[position])]))];
        if (lines.Length == 0) return [];
        var changed = shape.With(axis, lines[0].Length);
        var results = new Complex[changed.ElementCount];
        foreach (var (positions, line) in Positions.Lines(changed, axis).Zip(lines))
            for (var i = 0; i < line.Length; i++)
                results[positions[i]] = line[i];
        return results;
    }
}
