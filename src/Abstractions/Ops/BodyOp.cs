using BrainState.Programs;

namespace BrainState.Ops;

/// <summary>An op that runs other programs. Bodies are closed: all they read comes through operands.</summary>
public abstract record BodyOp : Op
{
    /// <inheritdoc/>
    public sealed override IEnumerable<Program> Bodies =>
        Parameters.SelectMany(static p => p.Value switch
        {
            Program body => [body],
            ValueArray<Program> bodies => bodies,
            _ => Enumerable.Empty<Program>(),
        });

    /// <inheritdoc/>
    public sealed override bool HasEffects => Bodies.Any(static b => b.HasEffects);

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
        Program body, Program forward, Program backward, ReadOnlySpan<TensorSpec> operands, int constCount, string forwardLabel, string backwardLabel)
    {
        var results = body.OutputSpecs.AsSpan();
        RequireInputs(forward, operands, forwardLabel, "fwd");
        Require(forward.OutputSpecs.Length >= results.Length, forwardLabel, $"fwd must return the results, then residuals");
        RequireSpecs(forward.OutputSpecs.AsSpan()[..results.Length], results, forwardLabel, "the results of fwd before the residuals");
        var residuals = forward.OutputSpecs.AsSpan()[results.Length..];
        RequireInputs(backward, [.. residuals, .. Differentiable(results)], backwardLabel, "bwd");
        RequireSpecs(backward.OutputSpecs.AsSpan(), Differentiable(operands[constCount..]), backwardLabel, "the results of bwd");
    }

    /// <summary>The tensors among n tensors and n scalars that a program combines as in <see cref="Reduce"/>.</summary>
    private protected ReadOnlySpan<TensorSpec> RequireMonoid(Program body, ReadOnlySpan<TensorSpec> operands, string operandLabel, string bodyLabel)
    {
        Require(operands.Length >= 2 && operands.Length % 2 == 0, operandLabel, $"it takes tensors, then as many initial values, but {operands.Length} operands were given");
        var tensors = operands[..(operands.Length / 2)];
        var initial = operands[tensors.Length..];
        for (var i = 0; i < tensors.Length; i++)
        {
            Require(tensors[i].Shape == tensors[0].Shape, operandLabel, $"shapes must be equal, but two operands are {tensors[0]} and {tensors[i]}");
            Require(initial[i] == tensors[i].With(Shape.Scalar), operandLabel, $"the initial value of {tensors[i]} must be a scalar, but is {initial[i]}");
        }
        RequireInputs(body, [.. initial, .. initial], bodyLabel, "the body");
        RequireSpecs(body.OutputSpecs.AsSpan(), initial, bodyLabel, "the results of the body");
        return tensors;
    }

    private static string Join(ReadOnlySpan<TensorSpec> specs) => string.Join(", ", specs.ToArray());
}
