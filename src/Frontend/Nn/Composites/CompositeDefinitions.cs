namespace BrainState.Nn.Composites;

/// <summary>All functions that engines may have a kernel for.</summary>
internal static class CompositeDefinitions
{
    public static IReadOnlyList<CompositeDefinition> All { get; } =
    [
        SoftmaxDefinition.Instance, LogSoftmaxDefinition.Instance, CrossEntropyDefinition.Instance, SoftCrossEntropyDefinition.Instance,
        GeluDefinition.Instance, DropoutDefinition.Instance, EmbeddingDefinition.Instance,
        LayerNormDefinition.Instance, BatchNormDefinition.Instance, BatchNormInferenceDefinition.Instance,
        AttentionDefinition.Instance, LstmCellDefinition.Instance, ConvDefinition.Instance, ConvTransposeDefinition.Instance, MaxPoolDefinition.Instance, AvgPoolDefinition.Instance,
    ];
}
