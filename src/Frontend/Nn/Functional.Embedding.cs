using BrainState.Nn.Composites;

namespace BrainState.Nn;

/// <content>Embedding.</content>
public static partial class Functional
{
    /// <summary>The row of a table that each index names; negative indices count from the end, and others outside give NaN.</summary>
    /// <param name="table">The rows, along the first axis.</param>
    /// <param name="indices">Integers of any shape.</param>
    /// <param name="paddingIndex">A row that gets no gradient.</param>
    /// <exception cref="ArgumentException">The table has no rows of floats, the indices are no integers, or the padding index is outside.</exception>
    public static Tensor Embedding(Tensor table, Tensor indices, int? paddingIndex = null)
    {
        table = Inexact(table);
        if (table.Rank == 0) throw new ArgumentException($"A table needs an axis of rows, but is {table.Spec}.", nameof(table));
        if (paddingIndex is { } padding) paddingIndex = Axes.Normalize(padding, table.Shape[0]);
        return EmbeddingDefinition.Instance.Apply(new(paddingIndex), table, Np.FromStart(indices, table.Shape[0]))[0];
    }
}
