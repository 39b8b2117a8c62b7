namespace BrainState.Ops;

/// <summary>Chooses among cases elementwise: <c>select_n(which, case0, case1, …)</c>.</summary>
/// <remarks>
/// (C1) There is at least one case, and all cases have the same spec. (C2) <c>which</c> is bool with at most two cases, or int32.
/// (C3) <c>which</c> has the shape of the cases or rank 0. An int32 outside the cases selects the nearest one.
/// </remarks>
public sealed record SelectN : Op
{
    /// <inheritdoc/>
    public override string Name => "select_n";

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        Require(operands.Length >= 2, "C1", $"it takes a selector and at least one case");
        var which = operands[0];
        var cases = operands[1..];
        foreach (var c in cases) Require(c == cases[0], "C1", $"all cases must have the same spec, but two are {cases[0]} and {c}");
        Require((which.DType == DType.Bool && cases.Length <= 2) || which.DType == DType.Int32, "C2",
            $"the selector must be bool (at most two cases) or int32, but is {which} for {cases.Length} cases");
        Require(which.Rank == 0 || which.Shape == cases[0].Shape, "C3", $"the selector must be a scalar or of shape {cases[0].Shape}, but is {which}");
        return [cases[0]];
    }
}

/// <summary><c>min(max(x, low), high)</c> with operands in the order low, x, high.</summary>
/// <remarks>(C1) All dtypes are equal and real. (C2) The bounds have the shape of x or rank 0. NaN in x stays.</remarks>
public sealed record Clamp : Op
{
    /// <inheritdoc/>
    public override string Name => "clamp";

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 3);
        var (low, x, high) = (operands[0], operands[1], operands[2]);
        RequireKind(x, DTypeKinds.Real, "C1");
        Require(low.DType == x.DType && high.DType == x.DType, "C1", $"dtypes must be equal, but are {low}, {x}, {high}");
        Require(low.Rank == 0 || low.Shape == x.Shape, "C2", $"the lower bound must be a scalar or of shape {x.Shape}, but is {low}");
        Require(high.Rank == 0 || high.Shape == x.Shape, "C2", $"the upper bound must be a scalar or of shape {x.Shape}, but is {high}");
        return [x];
    }
}
