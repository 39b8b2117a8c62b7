using BrainState.Ops;

namespace BrainState.Nn.Composites;

/// <summary>
/// y = table[indices]: one row per index, for a table <c>[rows, …]</c> and integer indices of any shape. An index outside the table gives a row of NaN and has no gradient.
/// Backwards dtable is dy added up by index; the row at the padding index gets none.
/// </summary>
internal sealed class EmbeddingDefinition : CompositeDefinition<EmbeddingDefinition.Attributes>
{
    public static EmbeddingDefinition Instance { get; } = new();

    public override string Name => "embedding";

    public override CompositeSignature Signature { get; } = new(["table", "indices"], ["padding_index"], ["y"], ["indices"]);

    /// <param name="PaddingIndex">The row that is not trained, or null.</param>
    public readonly record struct Attributes(int? PaddingIndex);

    protected override ValueArray<OpParameter> Describe(Attributes attributes) => [new("padding_index", (long?)attributes.PaddingIndex)];

    protected override Tensor[] Body(Attributes attributes, Tensor[] operands)
    {
        var (table, indices) = (operands[0], operands[1]);
        var rank = indices.Rank;
        var row = table.Shape.With(0, Math.Min(1, table.Shape[0])).ToValueArray();
        var y = Lax.Gather(table, Np.ExpandDims(indices, rank), new(Enumerable.Range(rank, table.Rank - 1).ToValueArray(), [0], [0]), row);
        return [attributes.PaddingIndex is { } padding ? Lax.SelectN(IsPadding(indices, padding, y.Shape), y, Lax.StopGradient(y)) : y];
    }

    protected override ForwardPass Forward(Attributes attributes, Tensor[] operands) => new(Body(attributes, operands), [operands[1]]);

    protected override Tensor[] Backward(Attributes attributes, ValueArray<TensorSpec> operands, Tensor[] residuals, Tensor[] cotangents)
    {
        var (table, indices, dy) = (operands[0], residuals[0], cotangents[0]);
        if (attributes.PaddingIndex is { } padding) dy = Np.Where(IsPadding(indices, padding, dy.Shape), 0.0, dy);
        var rank = indices.Rank;
        var zeros = Lax.Full(table.Shape, 0, table.DType);
        return [Lax.ScatterAdd(zeros, Np.ExpandDims(indices, rank), dy, new(Enumerable.Range(rank, table.Rank - 1).ToValueArray(), [0], [0]))];
    }

    private static Tensor IsPadding(Tensor indices, int padding, Shape shape) =>
        Lax.BroadcastInDim(Lax.Eq(indices, padding), shape, ValueArray.Range(indices.Rank));
}
