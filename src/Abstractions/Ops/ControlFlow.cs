using BrainState.Programs;

namespace BrainState.Ops;

/// <summary>
/// Runs the body once per step. Operands are constants, the initial carry, then arrays whose leading axis is the step;
/// results are the final carry, then the stacked per-step results.
/// </summary>
/// <remarks>
/// (C1) The body takes constants, carry and one slice of each array. (C2) The body returns the carry with unchanged specs, then per-step results.
/// (C3) The leading axis of every array is <see cref="Length"/>. (C4) Length ≥ 0 and unroll ≥ 1. Reverse runs from the last step to the first;
/// slices and results keep their positions.
/// </remarks>
public sealed record Scan(Program Body, int ConstCount, int CarryCount, int Length, bool Reverse, int Unroll) : BodyOp
{
    /// <inheritdoc/>
    public override string Name => "scan";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters =>
    [
        new("body", Body), new("length", Length), new("num_carry", CarryCount), new("num_consts", ConstCount),
        new("reverse", Reverse), new("unroll", Unroll),
    ];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        Require(Length >= 0 && Unroll >= 1, "C4", $"length must not be negative and unroll must be positive, but are {Length} and {Unroll}");
        Require(ConstCount >= 0 && CarryCount >= 0 && ConstCount <= operands.Length - CarryCount, "C1",
            $"it needs {ConstCount} constants and {CarryCount} carries, but has {operands.Length} operands");
        var fixedCount = ConstCount + CarryCount;
        var bodyInputs = operands.ToArray();
        for (var i = fixedCount; i < bodyInputs.Length; i++)
        {
            Require(bodyInputs[i].Rank > 0 && bodyInputs[i].Shape[0] == Length, "C3", $"the leading axis of {bodyInputs[i]} must be {Length}");
            bodyInputs[i] = bodyInputs[i].With(bodyInputs[i].Shape.Without([0]));
        }
        RequireInputs(Body, bodyInputs, "C1", "the body");
        Require(Body.OutputSpecs.Length >= CarryCount, "C2", $"the body must return {CarryCount} carries, but has {Body.OutputSpecs.Length} results");
        RequireSpecs(Body.OutputSpecs.AsSpan()[..CarryCount], operands[ConstCount..fixedCount], "C2", "the carries that the body returns");
        return [.. operands[ConstCount..fixedCount], .. Body.OutputSpecs.Skip(CarryCount).Select(s => s.With(s.Shape.Insert(0, Length)))];
    }
}

/// <summary>Runs the body while the condition holds. Operands are constants of the condition, constants of the body, then the carry; the result is the final carry.</summary>
/// <remarks>
/// (C1) The condition takes its constants and the carry and returns one bool scalar.
/// (C2) The body takes its constants and the carry and returns the carry with unchanged specs.
/// </remarks>
public sealed record While(Program Cond, Program Body, int CondConstCount, int BodyConstCount) : BodyOp
{
    /// <inheritdoc/>
    public override string Name => "while";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters =>
        [new("body", Body), new("body_nconsts", BodyConstCount), new("cond", Cond), new("cond_nconsts", CondConstCount)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        Require(CondConstCount >= 0 && BodyConstCount >= 0 && CondConstCount <= operands.Length - BodyConstCount, "C1",
            $"it needs {CondConstCount} and {BodyConstCount} constants, but has {operands.Length} operands");
        var constCount = CondConstCount + BodyConstCount;
        var carry = operands[constCount..];
        RequireInputs(Cond, [.. operands[..CondConstCount], .. carry], "C1", "the condition");
        RequireSpecs(Cond.OutputSpecs.AsSpan(), [new(DType.Bool, Shape.Scalar)], "C1", "the results of the condition");
        RequireInputs(Body, [.. operands[CondConstCount..constCount], .. carry], "C2", "the body");
        RequireSpecs(Body.OutputSpecs.AsSpan(), carry, "C2", "the results of the body");
        return carry.ToArray();
    }
}

/// <summary>Runs the branch that the first operand selects on the other operands. Two branches: 0 is "false", 1 is "true"; more make a switch.</summary>
/// <remarks>
/// (C1) There is at least one branch, and all take the other operands and return the same specs. (C2) The index is an int32 scalar;
/// values outside the branches select the nearest one.
/// </remarks>
public sealed record Cond(ValueArray<Program> Branches) : BodyOp
{
    /// <inheritdoc/>
    public override string Name => "cond";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("branches", Branches)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        Require(Branches.Count > 0, "C1", $"it needs at least one branch");
        Require(operands.Length > 0 && operands[0] == new TensorSpec(DType.Int32, Shape.Scalar), "C2", $"the index must be an int32 scalar");
        foreach (var branch in Branches)
        {
            RequireInputs(branch, operands[1..], "C1", "each branch");
            RequireSpecs(branch.OutputSpecs.AsSpan(), Branches[0].OutputSpecs.AsSpan(), "C1", "the results of each branch");
        }
        return [.. Branches[0].OutputSpecs];
    }
}

/// <summary>Runs a named program, such as a jitted function inside another.</summary>
/// <remarks>(C1) The operands are the body's inputs.</remarks>
public sealed record Call(Program Body, string Function) : BodyOp
{
    /// <inheritdoc/>
    public override string Name => "call";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("body", Body), new("name", Function)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireInputs(Body, operands, "C1", "the body");
        return [.. Body.OutputSpecs];
    }
}

/// <summary>Runs the body; its derivative computes values again that the policy does not save.</summary>
/// <remarks>(C1) The operands are the body's inputs.</remarks>
public sealed record Checkpoint(Program Body, CheckpointPolicy Policy) : BodyOp
{
    /// <inheritdoc/>
    public override string Name => "checkpoint";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("body", Body), new("policy", Policy.ToString())];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireInputs(Body, operands, "C1", "the body");
        return [.. Body.OutputSpecs];
    }
}

/// <summary>The operands, unchanged. No pass may merge or move computations across it, which keeps recomputed values apart from saved ones.</summary>
public sealed record OptimizationBarrier : Op
{
    /// <inheritdoc/>
    public override string Name => "optimization_barrier";

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands) => operands.ToArray();
}
