using BrainState.Conformance.Generation;
using BrainState.Interpretation;
using BrainState.Nn.Composites;
using BrainState.Ops;

namespace BrainState.Conformance.Composites;

/// <summary>A composite with attributes and a way to make float64 operands for it.</summary>
internal sealed record CompositeCase(
    CompositeDefinition Definition, string Variant, Func<CompositeDefinition, ValueArray<TensorSpec>, Composite> Stage, Func<HostDraw, HostValue[]> Operands)
{
    public static CompositeCase Of<TAttributes>(CompositeDefinition<TAttributes> definition, TAttributes attributes, string variant, Func<HostDraw, HostValue[]> operands)
        where TAttributes : struct, IEquatable<TAttributes> =>
        new(definition, variant, (d, specs) => ((CompositeDefinition<TAttributes>)d).Stage(attributes, specs), operands);

    /// <summary>Whether the derivative is that of the values; not where a definition leaves out a part of it.</summary>
    public bool FollowsValues { get; init; } = true;

    /// <summary>How many units in the last place of a small float results may be off, relative to 1 + |result|.</summary>
    public double Tolerance { get; init; } = 4;

    public Composite For(IEnumerable<TensorSpec> operands) => Stage(Definition, operands.ToValueArray());

    public override string ToString() => $"{Definition.Name} {Variant}";
}
