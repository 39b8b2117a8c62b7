using BrainState.Ops;
using static BrainState.Batching.BatchRules;

namespace BrainState.Batching;

/// <summary>Batching of linear algebra and Fourier transforms, which work on the last axes and have batch axes in front anyway.</summary>
internal static class LinearAlgebraRules
{
    public static void Define()
    {
        Unary<Fft>(static (op, _) => op);
        Together<MatrixFactorization>(static (op, _) => op);
        Table.Define<TriangularSolve>(static (op, operands, axis) =>
        {
            var (solve, a, b) = ((TriangularSolve)op, operands[0], operands[1]);
            if (a.IsBatched) return [Lanes.Batched(Lax.One(op, a.Value, b.Repeated(axis)))];

            // One matrix for all lanes: their right-hand sides are columns (or rows) of one problem.
            var position = solve.LeftSide ? b.Rank - 1 : b.Rank - 2;
            var sides = Move(b.Value, 0, position);
            var together = Lax.Reshape(sides, b.Shape.With(position, axis.Size * b.Shape[position]));
            return [Lanes.Batched(Move(Lax.Reshape(Lax.One(op, a.Value, together), sides.Shape), position, 0))];
        });
    }
}
