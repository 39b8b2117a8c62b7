using System.Collections.Immutable;

namespace BrainState.Interpretation.Evaluation;

/// <summary>What a rule needs to evaluate one equation: the values of the operands, the specs that the results must have, and the run that it is part of.</summary>
internal sealed record Step(HostValue[] Operands, ImmutableArray<TensorSpec> Results, Execution Execution)
{
    /// <summary>The first operand.</summary>
    public HostValue X => Operands[0];

    /// <summary>The second operand.</summary>
    public HostValue Y => Operands[1];

    /// <summary>The spec of the only result.</summary>
    public TensorSpec Result => Results[0];
}
