using BrainState.Conformance.Generation;
using BrainState.Interpretation;
using BrainState.Nn.Composites;

namespace BrainState.Conformance.Composites;

/// <summary>For every composite, operands to check it with.</summary>
internal static partial class CompositeCases
{
    public static IReadOnlyList<CompositeCase> All { get; } =
        [.. Softmaxes(), .. Activations(), .. Normalizations(), .. Cells(), .. Attentions(), .. Convolutions(), .. Pools()];

    private static IEnumerable<CompositeCase> Softmaxes()
    {
        foreach (var (axis, shape) in new (int, Shape)[] { (0, [5]), (1, [3, 4]), (0, [3, 2]), (1, [2, 3, 2]), (1, [2, 1]) })
        {
            yield return CompositeCase.Of(SoftmaxDefinition.Instance, new(axis), $"of {shape} along {axis}", d => [d.Doubles(shape, -3, 3)]);
            yield return CompositeCase.Of(LogSoftmaxDefinition.Instance, new(axis), $"of {shape} along {axis}", d => [d.Doubles(shape, -3, 3)]);
        }
        yield return CompositeCase.Of(CrossEntropyDefinition.Instance, default, "of rows", d => [d.Doubles([4, 3]), d.Ints([4], 0, 3)]);
        yield return CompositeCase.Of(CrossEntropyDefinition.Instance, default, "with labels outside", d => [d.Doubles([2, 3, 2]), d.Ints([2, 3], -1, 4)]);
        yield return CompositeCase.Of(CrossEntropyDefinition.Instance, default, "of one row", d => [d.Doubles([5]), d.Ints([], 0, 5)]);
        yield return CompositeCase.Of(SoftCrossEntropyDefinition.Instance, default, "of rows", d => [d.Doubles([4, 3]), d.Doubles([4, 3], 0, 1)]);
        yield return CompositeCase.Of(SoftCrossEntropyDefinition.Instance, default, "of one row", d => [d.Doubles([5]), d.Doubles([5], 0, 1)]);
    }

    private static IEnumerable<CompositeCase> Activations()
    {
        yield return CompositeCase.Of(GeluDefinition.Instance, new(true), "approximately", d => [d.Doubles([3, 4], -4, 4)]);
        yield return CompositeCase.Of(GeluDefinition.Instance, new(false), "exactly", d => [d.Doubles([3, 4], -4, 4)]);
        yield return CompositeCase.Of(DropoutDefinition.Instance, new(0.6, []), "of elements", d => [d.Doubles([4, 3]), d.Key()]);
        yield return CompositeCase.Of(DropoutDefinition.Instance, new(0.3, [1]), "of rows", d => [d.Doubles([4, 3]), d.Key()]);
        yield return CompositeCase.Of(DropoutDefinition.Instance, new(1, []), "of nothing", d => [d.Doubles([3]), d.Key()]);
        yield return CompositeCase.Of(EmbeddingDefinition.Instance, new(null), "of vectors", d => [d.Doubles([4, 3]), d.Ints([2, 3], 0, 4)]);
        yield return CompositeCase.Of(EmbeddingDefinition.Instance, new(1), "with a padding row", d => [d.Doubles([3, 2]), d.Ints([6], 0, 3)]) with { FollowsValues = false };
        yield return CompositeCase.Of(EmbeddingDefinition.Instance, new(2), "with indices outside", d => [d.Doubles([3, 2]), d.Ints([9], -2, 5)]) with { FollowsValues = false };
        yield return CompositeCase.Of(EmbeddingDefinition.Instance, new(null), "of scalars", d => [d.Doubles([4]), d.Ints([], 0, 4)]);
    }

    private static IEnumerable<CompositeCase> Normalizations()
    {
        (Shape, int)[] shapes = [([3, 5], 1), ([2, 3, 2], 2), ([4], 1)];
        foreach (var (shape, count) in shapes)
        {
            Shape last = Shape.Create(shape.Dims[^count..]);
            yield return CompositeCase.Of(LayerNormDefinition.Instance, new(count, 1e-3, false, false), $"of {shape}", d => [d.Doubles(shape)]);
            yield return CompositeCase.Of(LayerNormDefinition.Instance, new(count, 1e-3, true, true), $"of {shape}, scaled and shifted", d => [d.Doubles(shape), d.Doubles(last), d.Doubles(last)]);
        }
        yield return CompositeCase.Of(LayerNormDefinition.Instance, new(1, 1e-3, true, false), "scaled", d => [d.Doubles([3, 4]), d.Doubles([4])]);
        yield return CompositeCase.Of(LayerNormDefinition.Instance, new(1, 1e-3, false, true), "shifted", d => [d.Doubles([3, 4]), d.Doubles([4])]);

        foreach (var (axis, shape) in new (int, Shape)[] { (1, [5, 3]), (0, [2, 6]), (3, [2, 2, 3, 2]), (1, [2, 3, 4]) })
        {
            HostValue[] Vectors(HostDraw d, int count) => [.. Enumerable.Range(0, count).Select(_ => d.Doubles([shape[axis]], 0.3, 2))];
            yield return CompositeCase.Of(BatchNormDefinition.Instance, new(axis, 1e-3, false, false), $"of {shape}", d => [d.Doubles(shape)]);
            yield return CompositeCase.Of(BatchNormDefinition.Instance, new(axis, 1e-3, true, true), $"of {shape}, scaled and shifted", d => [d.Doubles(shape), .. Vectors(d, 2)]);
            yield return CompositeCase.Of(BatchNormInferenceDefinition.Instance, new(axis, 1e-3, false, false), $"of {shape}", d => [d.Doubles(shape), .. Vectors(d, 2)]);
            yield return CompositeCase.Of(BatchNormInferenceDefinition.Instance, new(axis, 1e-3, true, true), $"of {shape}, scaled and shifted", d => [d.Doubles(shape), .. Vectors(d, 4)]);
        }
        yield return CompositeCase.Of(BatchNormDefinition.Instance, new(1, 1e-3, true, false), "scaled", d => [d.Doubles([4, 2]), d.Doubles([2])]);
        yield return CompositeCase.Of(BatchNormInferenceDefinition.Instance, new(1, 1e-3, false, true), "shifted", d => [d.Doubles([4, 2]), d.Doubles([2]), d.Doubles([2], 0.3, 2), d.Doubles([2])]);
    }
}
