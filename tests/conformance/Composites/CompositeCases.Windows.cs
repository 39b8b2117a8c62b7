using BrainState.Conformance.Generation;
using BrainState.Interpretation;
using BrainState.Nn.Composites;
using BrainState.Ops;

namespace BrainState.Conformance.Composites;

internal static partial class CompositeCases
{
    private static IEnumerable<CompositeCase> Cells()
    {
        foreach (var hasBias in (bool[])[true, false])
        {
            yield return CompositeCase.Of(LstmCellDefinition.Instance, new(1, hasBias), $"of a batch, bias {hasBias}", d => Lstm(d, [3], 2, hasBias));
            yield return CompositeCase.Of(LstmCellDefinition.Instance, new(0.5, hasBias), $"of one, bias {hasBias}", d => Lstm(d, [], 3, hasBias));
        }
        yield return CompositeCase.Of(LstmCellDefinition.Instance, new(1, true), "of two batch axes", d => Lstm(d, [2, 2], 2, true));
    }

    private static HostValue[] Lstm(HostDraw d, Shape batch, int n, bool hasBias) =>
        [d.Doubles([.. batch, 3]), d.Doubles([.. batch, n]), d.Doubles([.. batch, n]), d.Doubles([3 + n, 4 * n], -1, 1), .. hasBias ? [d.Doubles([4 * n])] : Array.Empty<HostValue>()];

    private static IEnumerable<CompositeCase> Attentions()
    {
        HostValue[] Operands(HostDraw d, int queries, int keys, int heads, int shared) =>
            [d.Doubles([2, queries, heads, 3]), d.Doubles([2, keys, shared, 3]), d.Doubles([2, keys, shared, 2])];
        yield return CompositeCase.Of(AttentionDefinition.Instance, new(0.6, false, false), "plain", d => Operands(d, 2, 3, 2, 2));
        yield return CompositeCase.Of(AttentionDefinition.Instance, new(0.6, true, false), "causal", d => Operands(d, 3, 2, 1, 1));
        yield return CompositeCase.Of(AttentionDefinition.Instance, new(0.6, false, false), "of shared heads", d => Operands(d, 2, 2, 4, 2));
        yield return CompositeCase.Of(AttentionDefinition.Instance, new(0.6, false, true), "with a mask", d => [.. Operands(d, 3, 3, 2, 1), d.Bools([2, 2, 3, 3])]);
        yield return CompositeCase.Of(AttentionDefinition.Instance, new(0.6, true, true), "causal with a mask for all", d => [.. Operands(d, 3, 3, 2, 2), d.Bools([1, 1, 3, 3])]);
        yield return CompositeCase.Of(AttentionDefinition.Instance, new(0.6, false, true), "with a mask of keys", d => [.. Operands(d, 2, 3, 2, 2), d.Bools([2, 1, 1, 3])]);
    }

    private static IEnumerable<CompositeCase> Convolutions()
    {
        yield return CompositeCase.Of(ConvDefinition.Instance, Geometry([1], [default], [1]), "of one axis", d => [d.Doubles([2, 4, 2]), d.Doubles([2, 2, 3])]);
        yield return CompositeCase.Of(ConvDefinition.Instance, Geometry([2], [new(1, 2)], [2]), "strided, dilated", d => [d.Doubles([1, 5, 2]), d.Doubles([2, 2, 2])]);
        yield return CompositeCase.Of(ConvDefinition.Instance, Geometry([1, 2], [new(1, 1), new(0, -1)], [1, 1], 2), "of two axes in groups", d => [d.Doubles([2, 3, 4, 4]), d.Doubles([2, 2, 2, 2])]) with { Tolerance = 8 };
        yield return CompositeCase.Of(ConvDefinition.Instance, Geometry([1, 1], [new(0, 1), default], [2, 1], 3), "of each channel", d => [d.Doubles([1, 4, 2, 3]), d.Doubles([2, 1, 1, 3])]) with { Tolerance = 8 };
        yield return CompositeCase.Of(ConvDefinition.Instance, Geometry([1, 2, 1], [default, new(1, 0), default], [1, 1, 1]), "of three axes", d => [d.Doubles([1, 2, 3, 2, 2]), d.Doubles([2, 2, 1, 2, 2])]) with { Tolerance = 8 };

        yield return CompositeCase.Of(ConvTransposeDefinition.Instance, Geometry([2], [default], [1]), "of one axis", d => [d.Doubles([2, 3, 2]), d.Doubles([3, 3, 2])]);
        yield return CompositeCase.Of(ConvTransposeDefinition.Instance, Geometry([3], [new(1, -1)], [2]), "dilated, cut and extended", d => [d.Doubles([1, 3, 2]), d.Doubles([2, 2, 2])]);
        yield return CompositeCase.Of(ConvTransposeDefinition.Instance, Geometry([2, 1], [new(1, 1), default], [1, 1], 2), "of two axes in groups", d => [d.Doubles([2, 2, 2, 4]), d.Doubles([3, 2, 2, 2])]) with { Tolerance = 8 };
        yield return CompositeCase.Of(ConvTransposeDefinition.Instance, Geometry([1, 2, 1], [default, new(0, 1), default], [1, 1, 1]), "of three axes", d => [d.Doubles([1, 2, 2, 1, 2]), d.Doubles([1, 2, 2, 2, 2])]) with { Tolerance = 8 };
    }

    private static IEnumerable<CompositeCase> Pools()
    {
        (PoolAttributes, Shape)[] pools =
        [
            (new([2], [2], [default]), [2, 5, 2]), (new([3], [1], [new(1, 1)]), [1, 4, 2]), (new([2, 3], [1, 2], [new(0, 1), new(1, 1)]), [2, 3, 4, 2]),
            (new([2, 1, 2], [2, 1, 1], [default, default, new(1, 0)]), [1, 4, 2, 3, 2]),
        ];
        foreach (var (pool, shape) in pools)
        {
            var variant = $"of {shape} by {pool.Size} every {pool.Strides}";
            yield return CompositeCase.Of(MaxPoolDefinition.Instance, pool, variant, d => [d.Spread(shape)]);
            yield return CompositeCase.Of(AvgPoolDefinition.Instance, pool, variant, d => [d.Doubles(shape)]);
        }
        yield return CompositeCase.Of(AvgPoolDefinition.Instance, new([2], [2], [new(1, 1)], CountPadding: true), "counting padding", d => [d.Doubles([1, 4, 2])]);
    }

    private static ConvolutionAttributes Geometry(ValueArray<int> strides, ValueArray<EdgePadding> padding, ValueArray<int> dilation, int groups = 1) => new(strides, padding, dilation, groups);
}
