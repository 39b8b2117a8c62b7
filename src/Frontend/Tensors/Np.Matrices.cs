using BrainState.Execution;
using BrainState.Ops;

namespace BrainState;

/// <content>Triangles and diagonals of the matrices in the last two axes.</content>
public static partial class Np
{
    /// <summary>Elements on and below a diagonal, zeros above; 0 is the main diagonal, positive ones are above it.</summary>
    public static Tensor Tril(Tensor x, int k = 0) => Composed.Run(nameof(Tril), k, [RequireMatrix(x)], static (k, o) => Matrices.Lower(o[0], k));

    /// <summary>Elements on and above a diagonal, zeros below.</summary>
    public static Tensor Triu(Tensor x, int k = 0) => Composed.Run(nameof(Triu), k, [RequireMatrix(x)], static (k, o) => Matrices.Upper(o[0], k));

    /// <summary>A diagonal of each matrix: elements (i, i + offset).</summary>
    public static Tensor Diagonal(Tensor x, int offset = 0) => Composed.Run(nameof(Diagonal), offset, [RequireMatrix(x)], static (offset, o) => Matrices.Diagonal(o[0], offset));

    /// <summary>A diagonal of a matrix, or for a vector the square matrix that has it there and zeros elsewhere.</summary>
    public static Tensor Diag(Tensor x, int k = 0) => x.Rank != 1 ? Diagonal(x, k) : Composed.Run(nameof(Diag), k, [x], static (k, o) =>
    {
        var (above, below) = (new PaddingConfig(Math.Max(0, -k), Math.Max(0, k), 0), new PaddingConfig(Math.Max(0, k), Math.Max(0, -k), 0));
        return Lax.Pad(Matrices.FromDiagonal(o[0]), Lax.ConvertElementType(0, o[0].DType), [above, below]);
    });

    /// <summary>The sum of a diagonal of each matrix.</summary>
    public static Tensor Trace(Tensor x, int offset = 0) => Sum(Diagonal(x, offset), -1);

    private static Tensor RequireMatrix(Tensor x) => x.Rank >= 2 ? x : throw new ArgumentException($"Matrices are needed, but a tensor is {x.Spec}.");
}
