using BrainState.Differentiation;
using BrainState.Execution;
using BrainState.Nn.Composites;
using BrainState.Ops;
using BrainState.UnitTests.Tensors;

namespace BrainState.UnitTests.Composites;

/// <summary>A composite with attributes and a way to make float64 operands for it.</summary>
internal sealed record CompositeCase(
    CompositeDefinition Definition, string Variant, Func<CompositeDefinition, ValueArray<TensorSpec>, Composite> Stage, Func<Draw, Tensor[]> Operands)
{
    public static CompositeCase Of<TAttributes>(CompositeDefinition<TAttributes> definition, TAttributes attributes, string variant, Func<Draw, Tensor[]> operands)
        where TAttributes : struct, IEquatable<TAttributes> =>
        new(definition, variant, (d, specs) => ((CompositeDefinition<TAttributes>)d).Stage(attributes, specs), operands);

    /// <summary>Whether the derivative is that of the values; not where a definition leaves out a part of it.</summary>
    public bool FollowsValues { get; init; } = true;

    /// <summary>How many units in the last place of a small float results may be off, relative to 1 + |result|.</summary>
    public double Tolerance { get; init; } = 4;

    public Composite For(params Tensor[] operands) => Stage(Definition, operands.Select(static o => o.Spec).ToValueArray());

    /// <summary>As an engine sees it: one equation.</summary>
    public Tensor[] Apply(params Tensor[] operands) => Eager.Bind(For(operands), operands);

    /// <summary>The equations of the body in its place.</summary>
    public Tensor[] Expanded(params Tensor[] operands) => ProgramFunction.Apply(For(operands).Body, operands);

    public override string ToString() => $"{Definition.Name} {Variant}";
}
