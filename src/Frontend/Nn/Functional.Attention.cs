using BrainState.Nn.Composites;

namespace BrainState.Nn;

/// <content>Attention and recurrent cells.</content>
public static partial class Functional
{
    /// <summary>softmax(scale · query · keyᵀ) · value: for each query and head, the mean of the values of the keys that it sees, weighted by similarity.</summary>
    /// <param name="query">Queries, <c>[batch, queries, heads, size]</c>, or without batch.</param>
    /// <param name="key">Keys, <c>[batch, keys, kv_heads, size]</c>; each is shared by heads / kv_heads neighbouring heads of queries.</param>
    /// <param name="value">Values, <c>[batch, keys, kv_heads, value size]</c>.</param>
    /// <param name="mask">Which keys each query sees, bools that stretch to <c>[batch, heads, queries, keys]</c>; all unless given. A query without keys gives 0.</param>
    /// <param name="isCausal">Whether query i sees no keys after i.</param>
    /// <param name="scale">The factor of the products; 1 / √size unless given.</param>
    /// <exception cref="ArgumentException">The shapes do not fit each other.</exception>
    public static Tensor Attention(Tensor query, Tensor key, Tensor value, Tensor? mask = null, bool isCausal = false, double? scale = null)
    {
        var dtype = Promotion.Of(Floating(query, nameof(Attention)), Floating(key, nameof(Attention)), Floating(value, nameof(Attention))).DType;
        Tensor[] operands = [.. new[] { query, key, value }.Select(o => Lax.ConvertElementType(o, dtype))];
        var fits = operands.All(o => o.Rank == query.Rank) && query.Rank is 3 or 4
            && key.Shape.SkipLast(1).SequenceEqual(value.Shape.SkipLast(1)) && query.Shape[^1] == key.Shape[^1]
            && key.Shape[^2] > 0 && query.Shape[^2] % key.Shape[^2] == 0 && (query.Rank == 3 || query.Shape[0] == key.Shape[0]);
        if (!fits)
            throw new ArgumentException($"Attention needs query [batch, queries, heads, size], key [batch, keys, kv_heads, size] and value [batch, keys, kv_heads, value size], but they are {query.Spec}, {key.Spec} and {value.Spec}.");
        var isAlone = query.Rank == 3;
        if (isAlone) operands = [.. operands.Select(static o => Np.ExpandDims(o, 0))];
        if (mask is not null) operands = [.. operands, Mask(mask, [operands[0].Shape[0], operands[0].Shape[2], operands[0].Shape[1], operands[1].Shape[1]])];
        var y = AttentionDefinition.Instance.Apply(new(scale ?? 1 / Math.Sqrt(query.Shape[^1]), isCausal, mask is not null), operands)[0];
        return isAlone ? Lax.Reshape(y, y.Shape.Without([0])) : y;
    }

    /// <summary>One step of a long short-term memory, with gates in the order input, candidate, forget, output.</summary>
    /// <param name="x">The input, <c>[…, inputs]</c>.</param>
    /// <param name="h">The previous output, <c>[…, n]</c>.</param>
    /// <param name="c">The previous memory, <c>[…, n]</c>.</param>
    /// <param name="weight">The weight of x and h together, <c>[inputs + n, 4n]</c>.</param>
    /// <param name="bias">The bias, <c>[4n]</c>; 0 unless given.</param>
    /// <param name="forgetBias">What is added to the forget gate.</param>
    /// <returns>The new output and memory.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit each other.</exception>
    public static (Tensor H, Tensor C) LstmCell(Tensor x, Tensor h, Tensor c, Tensor weight, Tensor? bias = null, double forgetBias = 1)
    {
        Tensor[] given = [x, h, c, weight, .. bias is null ? Array.Empty<Tensor>() : [bias]];
        var dtype = Promotion.Of([.. given.Select(static o => Floating(o, nameof(LstmCell)))]).DType;
        var fits = x.Rank > 0 && h.Shape == c.Shape && x.Rank == h.Rank && x.Shape.SkipLast(1).SequenceEqual(h.Shape.SkipLast(1));
        if (!fits || !weight.Shape.SequenceEqual([x.Shape[^1] + h.Shape[^1], 4 * h.Shape[^1]]) || bias?.Shape.SequenceEqual([4 * h.Shape[^1]]) == false)
            throw new ArgumentException($"LstmCell needs x […, inputs], h and c […, n], a weight [inputs + n, 4n] and a bias [4n], but they are {string.Join(", ", given.Select(static o => o.Spec))}.");
        var results = LstmCellDefinition.Instance.Apply(new(forgetBias, bias is not null), [.. given.Select(o => Lax.ConvertElementType(o, dtype))]);
        return (results[0], results[1]);
    }

    /// <summary>A mask with four axes that stretches to a shape.</summary>
    private static Tensor Mask(Tensor mask, Shape shape)
    {
        var axes = Enumerable.Repeat(1, Math.Max(0, 4 - mask.Rank)).Concat(mask.Shape).ToArray();
        if (mask.DType != DType.Bool || axes.Length != 4 || !axes.Zip(shape, static (size, whole) => size == 1 || size == whole).All(static fits => fits))
            throw new ArgumentException($"The mask must be bools that stretch to {shape}, but is {mask.Spec}.", nameof(mask));
        return Lax.Reshape(mask, axes);
    }
}
