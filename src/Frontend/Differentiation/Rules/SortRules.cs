using BrainState.Execution;
using BrainState.Ops;
using static BrainState.Differentiation.DerivativeRules;

namespace BrainState.Differentiation;

/// <summary>
/// Derivatives of <c>sort</c> and <c>top_k</c>. Sorting is a permutation that the keys decide, so tangents are sorted along with the keys; transposing it applies
/// the inverse permutation, which is a sort by the positions that the elements came from.
/// </summary>
internal static class SortRules
{
    public static void Define()
    {
        Jvps.Define<Sort>((op, primals, tangents) =>
        {
            var sort = (Sort)op;
            var count = primals.Length;
            var outputs = Eager.Bind(op, primals);
            var carried = tangents.Where(static t => t is not null).Cast<Tensor>().ToArray();
            var sorted = Eager.Bind(sort, [.. primals[..sort.KeyCount], .. carried])[sort.KeyCount..];
            var (results, next) = (new Tensor?[count], 0);
            for (var i = 0; i < count; i++)
                if (tangents[i] is not null)
                    results[i] = sorted[next++];
            return (outputs, results);
        });
        Jvps.Define<TopK>((op, primals, tangents) =>
        {
            var (values, positions) = Lax.TopK(primals[0], ((TopK)op).K);
            return ([values, positions], [Np.TakeAlongAxis(tangents[0]!, positions, -1), null]);
        });
        Transposes.Define<Sort>((op, ct, operands) =>
        {
            var sort = (Sort)op;
            var keys = operands[..sort.KeyCount].Select(static k => k.Known!).ToArray();
            var positions = Lax.Sort([.. keys, Lax.Iota(DType.Int32, operands[0].Spec.Shape, sort.Dimension)], sort.Dimension, sort.KeyCount)[^1];
            return Enumerable.Range(0, operands.Length)
                .Select(i => operands[i].IsLinear && ct[i] is { } cotangent ? Lax.Sort([positions, cotangent], sort.Dimension)[1] : null)
                .ToArray();
        });
    }
}
