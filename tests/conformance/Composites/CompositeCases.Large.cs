using BrainState.Nn.Composites;
using BrainState.Ops;

namespace BrainState.Conformance.Composites;

/// <content>Sizes that no vector and no tile divides: a kernel's main loop and its remainder.</content>
internal static partial class CompositeCases
{
    public static IReadOnlyList<CompositeCase> Large { get; } =
    [
        CompositeCase.Of(SoftmaxDefinition.Instance, new(1), "of long rows", d => [d.Doubles([3, 67], -3, 3)]),
        CompositeCase.Of(LogSoftmaxDefinition.Instance, new(0), "of long columns", d => [d.Doubles([67, 19], -3, 3)]),
        CompositeCase.Of(CrossEntropyDefinition.Instance, default, "of long rows", d => [d.Doubles([9, 67]), d.Ints([9], 0, 67)]),
        CompositeCase.Of(SoftCrossEntropyDefinition.Instance, default, "of long rows", d => [d.Doubles([9, 67]), d.Doubles([9, 67], 0, 0.1)]),
        CompositeCase.Of(GeluDefinition.Instance, new(true), "approximately, of many", d => [d.Doubles([7, 37], -4, 4)]),
        CompositeCase.Of(GeluDefinition.Instance, new(false), "exactly, of many", d => [d.Doubles([7, 37], -4, 4)]),
        CompositeCase.Of(DropoutDefinition.Instance, new(0.6, []), "of many", d => [d.Doubles([17, 19]), d.Key()]),
        CompositeCase.Of(EmbeddingDefinition.Instance, new(null), "of long vectors", d => [d.Doubles([31, 37]), d.Ints([3, 11], 0, 31)]),
        CompositeCase.Of(LayerNormDefinition.Instance, new(1, 1e-3, true, true), "of long rows", d => [d.Doubles([5, 131]), d.Doubles([131]), d.Doubles([131])]),
        CompositeCase.Of(BatchNormDefinition.Instance, new(3, 1e-3, true, true), "of images", d => [d.Doubles([4, 5, 3, 17]), d.Doubles([17]), d.Doubles([17])]),
        CompositeCase.Of(BatchNormDefinition.Instance, new(1, 1e-3, true, true), "of many rows", d => [d.Doubles([131, 3]), d.Doubles([3]), d.Doubles([3])]),
        CompositeCase.Of(BatchNormDefinition.Instance, new(1, 1e-3, true, false), "of long channels", d => [d.Doubles([3, 2, 67]), d.Doubles([2])]),
        CompositeCase.Of(BatchNormInferenceDefinition.Instance, new(3, 1e-3, true, true), "of images",
            d => [d.Doubles([4, 5, 3, 17]), d.Doubles([17]), d.Doubles([17], 0.3, 2), d.Doubles([17]), d.Doubles([17])]),
        CompositeCase.Of(AttentionDefinition.Instance, new(0.3, true, false), "of long texts", d => [d.Doubles([1, 9, 2, 17]), d.Doubles([1, 19, 1, 17]), d.Doubles([1, 19, 1, 9])]),
        CompositeCase.Of(AttentionDefinition.Instance, new(0.3, false, false), "of many queries", d => [d.Doubles([2, 131, 2, 5]), d.Doubles([2, 67, 2, 5]), d.Doubles([2, 67, 2, 3])]),
        CompositeCase.Of(AttentionDefinition.Instance, new(0.3, true, false), "causal of many queries, with shared heads",
            d => [d.Doubles([1, 131, 4, 5]), d.Doubles([1, 137, 2, 5]), d.Doubles([1, 137, 2, 3])]),
        CompositeCase.Of(AttentionDefinition.Instance, new(0.3, true, true), "causal of many queries, with a mask",
            d => [d.Doubles([1, 131, 2, 5]), d.Doubles([1, 67, 1, 5]), d.Doubles([1, 67, 1, 3]), d.Bools([1, 2, 131, 67])]),
        CompositeCase.Of(AttentionDefinition.Instance, new(0.3, false, true), "of many queries, with a mask of queries",
            d => [d.Doubles([2, 67, 2, 5]), d.Doubles([2, 67, 2, 5]), d.Doubles([2, 67, 2, 3]), d.Bools([1, 1, 67, 1])]),
        CompositeCase.Of(LstmCellDefinition.Instance, new(1, true), "of many units",
            d => [d.Doubles([5, 7]), d.Doubles([5, 19]), d.Doubles([5, 19]), d.Doubles([26, 76], -0.5, 0.5), d.Doubles([76])]) with { Tolerance = 8 },
        CompositeCase.Of(ConvDefinition.Instance, Geometry([1, 2], [new(1, 1), new(0, 1)], [1, 1]), "of images", d => [d.Doubles([2, 9, 11, 5]), d.Doubles([3, 3, 5, 9], -1, 1)]) with { Tolerance = 8 },
        CompositeCase.Of(ConvTransposeDefinition.Instance, Geometry([2, 1], [new(1, 1), default], [1, 1]), "of images", d => [d.Doubles([2, 5, 7, 5]), d.Doubles([3, 3, 9, 5], -1, 1)]) with { Tolerance = 8 },
        CompositeCase.Of(MaxPoolDefinition.Instance, new([3, 2], [2, 2], [new(1, 1), new(0, 1)]), "of images", d => [d.Spread([2, 9, 8, 17])]),
        CompositeCase.Of(AvgPoolDefinition.Instance, new([3, 2], [2, 2], [new(1, 1), new(0, 1)]), "of images", d => [d.Doubles([2, 9, 8, 17])]),
    ];
}
