using BrainState.Programs;

namespace BrainState.Ops;

/// <summary>
/// Runs the body; its derivative in forward mode is the program <see cref="Jvp"/>. The first <see cref="ConstCount"/> operands are constants, which have no derivative:
/// differentiating with respect to them is an error.
/// </summary>
/// <remarks>
/// (C1) The operands are the body's inputs. (C2) Jvp takes the operands, then a tangent for each floating or complex one that is no constant; it returns the
/// results, then a tangent for each floating or complex one.
/// </remarks>
public sealed record CustomJvp(Program Body, Program Jvp, int ConstCount = 0) : BodyOp
{
    /// <inheritdoc/>
    public override string Name => "custom_jvp";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("body", Body), new("jvp", Jvp), new("num_consts", ConstCount)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireInputs(Body, operands, "C1", "the body");
        var results = Body.OutputSpecs.AsSpan();
        Require(ConstCount >= 0 && ConstCount <= operands.Length, "C2", $"num_consts must be between 0 and {operands.Length}, but is {ConstCount}");
        RequireInputs(Jvp, [.. operands, .. Differentiable(operands[ConstCount..])], "C2", "jvp");
        RequireSpecs(Jvp.OutputSpecs.AsSpan(), [.. results, .. Differentiable(results)], "C2", "the results of jvp");
        return results.ToArray();
    }
}

/// <summary>
/// Runs the body; its derivative in reverse mode is given by <see cref="Forward"/> and <see cref="Backward"/>. The first <see cref="ConstCount"/> operands are constants, which
/// have no derivative: differentiating with respect to them is an error.
/// </summary>
/// <remarks>
/// (C1) The operands are the body's inputs. (C2) Forward takes the operands and returns the results, then residuals.
/// (C3) Backward takes the residuals, then a cotangent for each floating or complex result; it returns a cotangent for each floating or complex operand that is no constant.
/// </remarks>
public sealed record CustomVjp(Program Body, Program Forward, Program Backward, int ConstCount = 0) : BodyOp
{
    /// <inheritdoc/>
    public override string Name => "custom_vjp";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("body", Body), new("bwd", Backward), new("fwd", Forward), new("num_consts", ConstCount)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireInputs(Body, operands, "C1", "the body");
        Require(ConstCount >= 0 && ConstCount <= operands.Length, "C3", $"num_consts must be between 0 and {operands.Length}, but is {ConstCount}");
        RequireDerivative(Body, Forward, Backward, operands, ConstCount, "C2", "C3");
        return [.. Body.OutputSpecs];
    }
}

/// <summary>
/// A named function with a definition: <see cref="Body"/>, and optionally <see cref="Forward"/> and <see cref="Backward"/> as in
/// <see cref="CustomVjp"/>. A backend may run any of the three with a kernel of its own that it claims by name; what they mean is defined here.
/// </summary>
/// <remarks>
/// (C1) The operands are the body's inputs. (C2) Forward and backward are both there or both absent, and fit as in <see cref="CustomVjp"/> (C2, C3).
/// Attributes are the parameters of a native kernel, such as an axis; the programs already have them built in. Their values are null, bool, long, finite double, string, or tuples of these.
/// </remarks>
public sealed record Composite(string Function, ValueArray<OpParameter> Attributes, Program Body, Program? Forward, Program? Backward) : BodyOp
{
    /// <inheritdoc/>
    public override string Name => "composite";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters =>
    [
        new("attributes", Attributes.Select(object? (a) => OpParameter.Tuple(a.Name, a.Value)).ToValueArray()),
        new("body", Body), new("bwd", Backward), new("fwd", Forward), new("name", Function),
    ];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireInputs(Body, operands, "C1", "the body");
        Require(Forward is null == Backward is null, "C2", $"fwd and bwd must both be given or both be absent");
        if (Forward is not null) RequireDerivative(Body, Forward, Backward!, operands, 0, "C2", "C2");
        return [.. Body.OutputSpecs];
    }

    internal static Composite Read(OpParameters parameters) => new(
        parameters.String("name"),
        parameters.Tuple("attributes").Select(pair => pair is ValueArray<object?> { Count: 2 } p && p[0] is string name
            ? new OpParameter(name, p[1])
            : throw parameters.Mismatch("attributes", "a tuple of (name, value)")).ToValueArray(),
        parameters.Program("body"),
        parameters.Has("fwd") ? parameters.Program("fwd") : null,
        parameters.Has("bwd") ? parameters.Program("bwd") : null);
}
