using BrainState.Conformance;
using BrainState.Conformance.Composites;
using BrainState.Conformance.Generation;
using BrainState.Differentiation;
using BrainState.Execution;
using BrainState.Ops;

namespace BrainState.UnitTests.Composites;

/// <summary>The cases as functions of tensors.</summary>
internal static class CompositeCalls
{
    public static Tensor[] Tensors(this CompositeCase item, int seed) => [.. item.Operands(new HostDraw(seed)).Select(TensorValues.ToTensor)];

    public static Composite For(this CompositeCase item, Tensor[] operands) => item.For(operands.Select(static o => o.Spec));

    /// <summary>As an engine sees it: one equation.</summary>
    public static Tensor[] Apply(this CompositeCase item, Tensor[] operands) => Eager.Bind(item.For(operands), operands);

    /// <summary>The equations of the body in its place.</summary>
    public static Tensor[] Expanded(this CompositeCase item, Tensor[] operands) => ProgramFunction.Apply(item.For(operands).Body, operands);
}
