using BrainState.Ops;

namespace BrainState.Nn.Composites;

/// <summary>
/// y = P · value with P = softmax(scale · query · keyᵀ) along the keys, for query <c>[batch, queries, heads, size]</c>, key <c>[batch, keys, kv_heads, size]</c> and value
/// <c>[batch, keys, kv_heads, value_size]</c>; heads is a multiple of kv_heads, and neighbouring heads share one. Where the mask, a bool tensor that stretches to <c>[batch, heads,
/// queries, keys]</c>, is false, P is 0; causal attention also leaves out keys at positions after the query's. A query without any key gives 0, and has no gradient. Backwards, with
/// dP = dy · valueᵀ and dS = P · (dP − Σ dy · y), dvalue = Pᵀ · dy, dquery = scale · dS · key and dkey = scale · dSᵀ · query, where P = exp(S − logsumexp) is computed again.
/// A. Vaswani et al., Attention is all you need (2017); T. Dao et al., FlashAttention (2022).
/// </summary>
internal sealed class AttentionDefinition : CompositeDefinition<AttentionDefinition.Attributes>
{
    public static AttentionDefinition Instance { get; } = new();

    public override string Name => "attention";

    public override CompositeSignature Signature { get; } =
        new(["query", "key", "value", "mask?"], ["causal", "mask", "scale"], ["y"], ["query", "key", "value", "mask?", "y", "logsumexp"]);

    /// <param name="Scale">The factor of products of queries and keys.</param>
    /// <param name="Causal">Whether query i sees no keys after i.</param>
    /// <param name="Mask">Whether there is a mask.</param>
    public readonly record struct Attributes(double Scale, bool Causal, bool Mask);

    protected override ValueArray<OpParameter> Describe(Attributes attributes) =>
        [new("causal", attributes.Causal), new("mask", attributes.Mask), new("scale", attributes.Scale)];

    protected override Tensor[] Body(Attributes attributes, Tensor[] operands) => Forward(attributes, operands).Results;

    protected override ForwardPass Forward(Attributes attributes, Tensor[] operands)
    {
        var (query, key, value) = (Grouped(operands[0], operands[1]), Wide.From(operands[1]), Wide.From(operands[2]));
        var scores = Scores(attributes, query, key, attributes.Mask ? operands[3] : null);
        var largest = Wide.Largest(scores, [4]);
        largest = Np.Where(Lax.Eq(largest, double.NegativeInfinity), 0.0, largest); // A query without keys.
        var weights = Np.Exp(scores - largest);
        var total = Lax.ReduceSum(weights, [4]);
        var isSeeing = Lax.Gt(total, 0.0);
        var divisor = Np.Where(isSeeing, total, 1.0);
        var mixed = Lax.DotGeneral(weights, value, [4], [1], [0, 1], [0, 2]);
        var y = Ungrouped(mixed / Np.ExpandDims(divisor, 4), operands[0], operands[2]);
        var logSumExp = Np.Where(isSeeing, Np.Log(divisor) + Lax.Reshape(largest, total.Shape), double.NegativeInfinity);
        y = Wide.To(y, operands[0].DType);
        return new([y], [.. operands, y, Lax.Reshape(logSumExp, [query.Shape[0], operands[0].Shape[2], query.Shape[3]])]);
    }

    protected override Tensor[] Backward(Attributes attributes, ValueArray<TensorSpec> operands, Tensor[] residuals, Tensor[] cotangents)
    {
        var (query, key, value) = (Grouped(residuals[0], residuals[1]), Wide.From(residuals[1]), Wide.From(residuals[2]));
        var (y, dy) = (Grouped(residuals[^2], residuals[1]), Grouped(cotangents[0], residuals[1]));
        var scores = Scores(attributes, query, key, attributes.Mask ? residuals[3] : null);
        var logSumExp = Lax.Reshape(residuals[^1], [.. scores.Shape.SkipLast(1), 1]);
        var weights = Np.Exp(scores - Np.Where(Lax.Eq(logSumExp, double.NegativeInfinity), 0.0, logSumExp));

        // Axes of scores are batch, kv head, group, query, key; of grouped queries batch, kv head, group, query, size; of keys and values batch, key, kv head, size.
        var dweights = Lax.DotGeneral(dy, value, [4], [3], [0, 1], [0, 2]);
        var dscores = attributes.Scale * (weights * (dweights - Wide.Sum(dy * y, [4])));
        var dquery = Ungrouped(Lax.DotGeneral(dscores, key, [4], [1], [0, 1], [0, 2]), residuals[0], residuals[0]);
        var dkey = Lax.Transpose(Lax.DotGeneral(dscores, query, [2, 3], [2, 3], [0, 1], [0, 1]), [0, 2, 1, 3]);
        var dvalue = Lax.Transpose(Lax.DotGeneral(weights, dy, [2, 3], [2, 3], [0, 1], [0, 1]), [0, 2, 1, 3]);
        return [Wide.To(dquery, operands[0].DType), Wide.To(dkey, operands[1].DType), Wide.To(dvalue, operands[2].DType)];
    }

    /// <summary>Products of queries and keys, <c>[batch, kv_heads, group, queries, keys]</c>, and −∞ where a query does not see a key.</summary>
    private static Tensor Scores(Attributes attributes, Tensor query, Tensor key, Tensor? mask)
    {
        var scores = attributes.Scale * Lax.DotGeneral(query, key, [4], [3], [0, 1], [0, 2]);
        if (mask is not null)
        {
            Shape heads = mask.Shape[1] == 1 ? [1, 1] : [scores.Shape[1], scores.Shape[2]];
            scores = Np.Where(Lax.Reshape(mask, [mask.Shape[0], .. heads, mask.Shape[2], mask.Shape[3]]), scores, double.NegativeInfinity);
        }
        if (attributes.Causal)
        {
            Shape pairs = [scores.Shape[3], scores.Shape[4]];
            scores = Np.Where(Lax.Ge(Lax.Iota(DType.Int32, pairs, 0), Lax.Iota(DType.Int32, pairs, 1)), scores, double.NegativeInfinity);
        }
        return scores;
    }

    /// <summary><c>[batch, queries, heads, size]</c> as <c>[batch, kv_heads, group, queries, size]</c>.</summary>
    private static Tensor Grouped(Tensor x, Tensor key)
    {
        var shared = key.Shape[2];
        return Lax.Transpose(Lax.Reshape(Wide.From(x), [x.Shape[0], x.Shape[1], shared, x.Shape[2] / Math.Max(1, shared), x.Shape[3]]), [0, 2, 3, 1, 4]);
    }

    /// <summary>The inverse of <see cref="Grouped"/>, for the heads of a query and the size of a value.</summary>
    private static Tensor Ungrouped(Tensor x, Tensor query, Tensor value) =>
        Lax.Reshape(Lax.Transpose(x, [0, 3, 1, 2, 4]), query.Shape.With(3, value.Shape[3]));
}
