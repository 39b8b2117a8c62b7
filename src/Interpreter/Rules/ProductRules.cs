using System.Numerics;
using BrainState.Interpretation.Evaluation;
using BrainState.Interpretation.Numerics;
using BrainState.Ops;

namespace BrainState.Interpretation.Rules;

/// <summary>Sums of products. They are accumulated in float64 or exactly, and rounded to the result's dtype once.</summary>
internal static class ProductRules
{
    public static void AddTo(RuleTable table) => table.Add<DotGeneral>((op, step) =>
    {
        var dtype = op.PreferredElementType;
        return step.X.Spec.DType.Kind switch
        {
            DTypeKinds.Floating => Contract(op, step, static x => x.ToDouble(), x => Number.Round(dtype, x)),
            DTypeKinds.Complex => Contract(op, step, static x => x.ToComplex(), x => Number.Round(dtype, x)),
            _ => Contract(op, step, static x => (BigInteger)Number.Integer(x), x => Number.Of(dtype, x)),
        };
    });

    private static HostValue Contract<T>(DotGeneral op, Step step, Func<Scalar, T> number, Func<T, Scalar> finish) where T : INumberBase<T>
    {
        var (lhs, rhs) = (step.X.Spec.Shape, step.Y.Spec.Shape);
        int[] lhsFree = Free(lhs.Rank, op.LhsBatch, op.LhsContracting), rhsFree = Free(rhs.Rank, op.RhsBatch, op.RhsContracting);
        Shape contracted = op.LhsContracting.Select(axis => lhs[axis]).ToArray();
        int[] x = new int[lhs.Rank], y = new int[rhs.Rank];
        return Positions.Generate(step.Result, index =>
        {
            // The result's axes are those of the batch, then the free ones of either side.
            var batchCount = op.LhsBatch.Count;
            Scatter(index.AsSpan(0, batchCount), op.LhsBatch.Span, x);
            Scatter(index.AsSpan(0, batchCount), op.RhsBatch.Span, y);
            Scatter(index.AsSpan(batchCount, lhsFree.Length), lhsFree, x);
            Scatter(index.AsSpan(batchCount + lhsFree.Length), rhsFree, y);
            var sum = T.Zero;
            foreach (var k in Positions.All(contracted))
            {
                Scatter(k, op.LhsContracting.Span, x);
                Scatter(k, op.RhsContracting.Span, y);
                sum += number(step.X.At(x)) * number(step.Y.At(y));
            }
            return finish(sum);
        });
    }

    private static int[] Free(int rank, ValueArray<int> batch, ValueArray<int> contracting) =>
        [.. Enumerable.Range(0, rank).Where(axis => !batch.Contains(axis) && !contracting.Contains(axis))];

    private static void Scatter(ReadOnlySpan<int> values, ReadOnlySpan<int> axes, Span<int> index)
    {
        for (var i = 0; i < axes.Length; i++) index[axes[i]] = values[i];
    }
}
