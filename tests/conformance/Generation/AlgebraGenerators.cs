using BrainState.Ops;

namespace BrainState.Conformance.Generation;

/// <summary>Generators of Fourier transforms and linear algebra.</summary>
internal static class AlgebraGenerators
{
    /// <summary>The generators, by op name.</summary>
    public static readonly IReadOnlyDictionary<string, OpGenerator> Table = new Dictionary<string, OpGenerator>
    {
        ["fft"] = Fft,
        ["cholesky"] = s => Factorization(s, new Cholesky(), isSquare: true),
        ["qr"] = s => Factorization(s, new Qr(s.Coin())),
        ["lu"] = s => Factorization(s, new Lu()),
        ["eigh"] = s => Factorization(s, new Eigh(s.Coin()), isSquare: true),
        ["svd"] = s => Factorization(s, new Svd(s.Coin(), s.Coin())),
        ["triangular_solve"] = TriangularSolve,
    };

    static Generated? Fft(GeneratorScope s)
    {
        if (s.Spec(DTypeKinds.Inexact, 1) is not { } x || x.DType is DType.Float16 or DType.BFloat16) return null;
        var type = x.DType.IsFloating ? FftType.RFft : s.Pick([FftType.Fft, FftType.IFft, FftType.IRFft]);
        var lengths = x.Shape.Skip(x.Rank - s.Random.Next(1, x.Rank + 1)).ToArray();
        if (type == FftType.IRFft) lengths[^1] = (2 * lengths[^1]) - s.Random.Next(1, 3); // Two lengths have the same half.
        return lengths.All(static n => n > 0) ? new(new Fft(type, lengths.ToValueArray()), [s.Value(x)]) : null;
    }

    static TensorSpec? Matrices(GeneratorScope s, bool isSquare) =>
        s.Spec(DTypeKinds.Inexact, 2) is { } x && x.DType is not (DType.Float16 or DType.BFloat16) ? isSquare ? x.With(x.Shape.With(x.Rank - 1, x.Shape[^2])) : x : null;

    static Generated? Factorization(GeneratorScope s, MatrixFactorization op, bool isSquare = false) => Matrices(s, isSquare) is { } x ? new(op, [s.Value(x)]) : null;

    static Generated? TriangularSolve(GeneratorScope s)
    {
        if (Matrices(s, isSquare: true) is not { } a) return null;
        var op = new TriangularSolve(s.Coin(), s.Coin(), s.Pick(Enum.GetValues<MatrixTranspose>()), s.Coin());
        return new(op, [s.Value(a), s.Value(a.With(a.Shape.With(op.LeftSide ? a.Rank - 1 : a.Rank - 2, s.Size())))]);
    }
}
