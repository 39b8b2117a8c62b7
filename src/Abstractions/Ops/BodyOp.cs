using BrainState.Programs;

namespace BrainState.Ops;

/// <summary>An op that runs other programs. Bodies are closed: all they read comes through operands.</summary>
public abstract record BodyOp : Op
{
    /// <summary>Throws unless <paramref name="body"/> takes exactly <paramref name="operands"/>.</summary>
    protected void RequireInputs(Program body, ReadOnlySpan<TensorSpec> operands, string label, string name) =>
        RequireSpecs(body.Inputs.AsSpan(), operands, label, $"the inputs of {name}");

    /// <summary>Throws unless <paramref name="actual"/> equals <paramref name="expected"/>.</summary>
    protected void RequireSpecs(ReadOnlySpan<TensorSpec> actual, ReadOnlySpan<TensorSpec> expected, string label, string name)
    {
        if (!actual.SequenceEqual(expected))
            throw new OpConstraintException(this, label, $"{name} must be ({Join(expected)}), but are ({Join(actual)})");
    }

    /// <summary>The specs that have tangents and cotangents, in order.</summary>
    protected static TensorSpec[] Differentiable(ReadOnlySpan<TensorSpec> specs) => [.. specs.ToArray().Where(static s => s.DType.IsDifferentiable)];

    /// <summary>Throws unless <paramref name="forward"/> and <paramref name="backward"/> fit <paramref name="body"/> as in <see cref="CustomVjp"/>.</summary>
    protected void RequireDerivative(
        Program body, Program forward, Program backward, ReadOnlySpan<TensorSpec> operands, string forwardLabel, string backwardLabel)
    {
        var results = body.OutputSpecs.AsSpan();
        RequireInputs(forward, operands, forwardLabel, "fwd");
        Require(forward.OutputSpecs.Length >= results.Length, forwardLabel, $"fwd must return the results, then residuals");
        RequireSpecs(forward.OutputSpecs.AsSpan()[..results.Length], results, forwardLabel, "the results of fwd before the residuals");
        var residuals = forward.OutputSpecs.AsSpan()[results.Length..];
        RequireInputs(backward, [.. residuals, .. Differentiable(results)], backwardLabel, "bwd");
        RequireSpecs(backward.OutputSpecs.AsSpan(), Differentiable(operands), backwardLabel, "the results of bwd");
    }

    private static string Join(ReadOnlySpan<TensorSpec> specs) => string.Join(", ", specs.ToArray());
}
