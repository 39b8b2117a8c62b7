using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Differentiation;

/// <summary>
/// A linear map that is known by its transpose only: operands are residuals, then tangents; results are tangents. <paramref name="Transposed"/> takes the residuals, then a
/// cotangent for each result, and returns one for each tangent operand. It occurs in linear programs, which are transposed and never run.
/// </summary>
internal sealed record Pullback(Program Transposed, int ResidualCount) : Op
{
    public override string Name => "pullback";

    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands) => Transposed.Inputs.AsSpan()[ResidualCount..].ToArray();

    /// <summary>Applies the map to unknown tangents; returns the tangents of those results of the original function that move.</summary>
    public static Tensor[] Apply(Program transposed, ReadOnlySpan<Tensor> residuals, IEnumerable<Tensor> tangents) =>
        Execution.Eager.Bind(new Pullback(transposed, residuals.Length), [.. residuals, .. tangents]);
}
