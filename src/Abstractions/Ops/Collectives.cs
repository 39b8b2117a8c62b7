namespace BrainState.Ops;

/// <summary>
/// Combines values across a named axis: over the lanes of a mapped function, or over the devices that run one program. Each participant gives its own value and
/// gets a result; all of them must come to the same collectives in the same order. An axis that nothing maps, or one of another size than a parameter says, is an error
/// when the program is run.
/// </summary>
public abstract record Collective(string AxisName) : Op
{
    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("axis_name", AxisName)];
}

/// <summary>A collective that combines the values of all participants element by element; all get the same result.</summary>
/// <remarks>(C1) The dtype is of a kind the op accepts.</remarks>
public abstract record AllReduce(string AxisName) : Collective(AxisName)
{
    /// <summary>The kinds of dtype the op accepts.</summary>
    public abstract DTypeKinds Accepts { get; }

    /// <inheritdoc/>
    public sealed override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 1);
        RequireKind(operands[0], Accepts, "C1");
        return [operands[0]];
    }
}

/// <summary>The sum over all participants. Integers wrap around; float16 and bfloat16 add up in float32 and are rounded once.</summary>
public sealed record PSum(string AxisName) : AllReduce(AxisName)
{
    /// <inheritdoc/>
    public override string Name => "psum";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Number;
}

/// <summary>The largest over all participants, as <see cref="Max"/>.</summary>
public sealed record PMax(string AxisName) : AllReduce(AxisName)
{
    /// <inheritdoc/>
    public override string Name => "pmax";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Real | DTypeKinds.Bool;
}

/// <summary>The smallest over all participants, as <see cref="Min"/>.</summary>
public sealed record PMin(string AxisName) : AllReduce(AxisName)
{
    /// <inheritdoc/>
    public override string Name => "pmin";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Real | DTypeKinds.Bool;
}

/// <summary>The position of a participant along the axis: an int32 scalar. No operands.</summary>
public sealed record AxisIndex(string AxisName) : Collective(AxisName)
{
    /// <inheritdoc/>
    public override string Name => "axis_index";

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 0);
        return [new(DType.Int32, Shape.Scalar)];
    }
}

/// <summary>Sends values from one participant to another; who receives nothing gets zeros. Positions beyond the axis are an error when the program is run.</summary>
/// <remarks>(C1) Sources and destinations are distinct positions ≥ 0, each.</remarks>
public sealed record PPermute(string AxisName, ValueArray<(int Source, int Destination)> Permutation) : Collective(AxisName)
{
    /// <inheritdoc/>
    public override string Name => "ppermute";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters =>
        [new("axis_name", AxisName), new("perm", Permutation.Select(object? (p) => OpParameter.Tuple(p.Source, p.Destination)).ToValueArray())];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 1);
        var (sources, destinations) = (Permutation.Select(static p => p.Source).ToArray(), Permutation.Select(static p => p.Destination).ToArray());
        Require(sources.Concat(destinations).All(static p => p >= 0) && sources.Distinct().Count() == sources.Length && destinations.Distinct().Count() == destinations.Length, "C1",
            $"sources and destinations must be distinct and not negative, but the pairs are {Permutation}");
        return [operands[0]];
    }

    internal static PPermute Read(OpParameters p) => new(p.String("axis_name"), p.Tuple("perm").Select(pair => p.ToInts(pair, "perm") is { Count: 2 } ends
        ? (ends[0], ends[1])
        : throw p.Mismatch("perm", "a tuple of (source, destination)")).ToValueArray());
}

/// <summary>The values of all participants, stacked along a new axis <see cref="Dimension"/> of size <see cref="AxisSize"/>.</summary>
/// <remarks>(C1) The dimension is an axis of the result. (C2) The size is positive.</remarks>
public sealed record AllGather(string AxisName, int AxisSize, int Dimension) : Collective(AxisName)
{
    /// <inheritdoc/>
    public override string Name => "all_gather";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("all_gather_dimension", Dimension), new("axis_name", AxisName), new("axis_size", AxisSize)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 1);
        var x = operands[0];
        RequireAxes([Dimension], x.Rank + 1, "C1", "all_gather_dimension");
        Require(AxisSize > 0, "C2", $"axis_size must be positive, but is {AxisSize}");
        return [x.With(x.Shape.Insert(Dimension, AxisSize))];
    }
}

/// <summary>The sum, as <see cref="PSum"/>, over all participants of the part along axis <see cref="Dimension"/>, which goes away, that belongs to the receiver.</summary>
/// <remarks>(C1) The dimension is an axis of the operand, with size <see cref="AxisSize"/>. (C2) The operand is a number.</remarks>
public sealed record ReduceScatter(string AxisName, int AxisSize, int Dimension) : Collective(AxisName)
{
    /// <inheritdoc/>
    public override string Name => "reduce_scatter";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("axis_name", AxisName), new("axis_size", AxisSize), new("scatter_dimension", Dimension)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 1);
        var x = operands[0];
        RequireAxes([Dimension], x.Rank, "C1", "scatter_dimension");
        Require(x.Shape[Dimension] == AxisSize, "C1", $"axis {Dimension} of {x} must have the size {AxisSize}");
        RequireKind(x, DTypeKinds.Number, "C2");
        return [x.With(x.Shape.Without([Dimension]))];
    }
}

/// <summary>
/// Every participant sends its i-th part along axis <see cref="SplitAxis"/>, which goes away, to participant i, and stacks what it receives along a new axis
/// <see cref="ConcatAxis"/>.
/// </summary>
/// <remarks>(C1) The split axis is one of the operand's, with size <see cref="AxisSize"/>. (C2) The concat axis is one of the result's.</remarks>
public sealed record AllToAll(string AxisName, int AxisSize, int SplitAxis, int ConcatAxis) : Collective(AxisName)
{
    /// <inheritdoc/>
    public override string Name => "all_to_all";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters =>
        [new("axis_name", AxisName), new("axis_size", AxisSize), new("concat_axis", ConcatAxis), new("split_axis", SplitAxis)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 1);
        var x = operands[0];
        RequireAxes([SplitAxis], x.Rank, "C1", "split_axis");
        Require(x.Shape[SplitAxis] == AxisSize, "C1", $"axis {SplitAxis} of {x} must have the size {AxisSize}");
        RequireAxes([ConcatAxis], x.Rank, "C2", "concat_axis");
        return [x.With(x.Shape.Without([SplitAxis]).Insert(ConcatAxis, AxisSize))];
    }
}
