using BrainState.Programs;

namespace BrainState.Ops;

/// <summary>Elements added before and after an axis.</summary>
public readonly record struct EdgePadding(int Low, int High);

/// <summary>
/// Positions of a window that slides over a tensor: one value per axis of each. The tensor is dilated by <see cref="BaseDilation"/> (neighbours that far apart), then
/// padded; elements of the window are <see cref="WindowDilation"/> apart; successive windows start <see cref="Strides"/> apart.
/// </summary>
/// <param name="Dimensions">The number of elements of the window along each axis.</param>
/// <param name="Strides">The distance between neighbouring windows.</param>
/// <param name="Padding">What is added at the edges; negative values crop.</param>
/// <param name="BaseDilation">The distance between neighbouring elements of the tensor.</param>
/// <param name="WindowDilation">The distance between neighbouring elements of the window.</param>
public sealed record Window(
    ValueArray<int> Dimensions, ValueArray<int> Strides, ValueArray<EdgePadding> Padding, ValueArray<int> BaseDilation, ValueArray<int> WindowDilation)
{
    /// <summary>A window without dilations.</summary>
    public Window(ValueArray<int> dimensions, ValueArray<int> strides, ValueArray<EdgePadding> padding)
        : this(dimensions, strides, padding, Ones(dimensions.Count), Ones(dimensions.Count)) { }

    /// <summary>The number of axes.</summary>
    public int Rank => Dimensions.Count;

    /// <summary>The number of windows along each axis of a tensor of the given shape: 0 where no window fits, negative where padding crops more than there is.</summary>
    public long[] CountsOver(Shape shape)
    {
        var counts = new long[Rank];
        for (var i = 0; i < counts.Length; i++)
        {
            var size = (shape[i] == 0 ? 0 : (shape[i] - 1L) * BaseDilation[i] + 1) + Padding[i].Low + Padding[i].High;
            var extent = Dimensions[i] == 0 ? 0 : (Dimensions[i] - 1L) * WindowDilation[i] + 1;
            counts[i] = size < 0 ? -1 : size < extent ? 0 : (size - extent) / Strides[i] + 1;
        }
        return counts;
    }

    internal IEnumerable<OpParameter> Parameters =>
    [
        new("base_dilation", BaseDilation), new("padding", PaddingText(Padding)), new("window_dilation", WindowDilation),
        new("window_dimensions", Dimensions), new("window_strides", Strides),
    ];

    internal static object PaddingText(ValueArray<EdgePadding> padding) => padding.Select(object? (p) => OpParameter.Tuple(p.Low, p.High)).ToValueArray();

    internal static ValueArray<EdgePadding> ReadPadding(OpParameters p) => p.Tuple("padding").Select(pair => p.ToInts(pair, "padding") is { Count: 2 } edges
        ? new EdgePadding(edges[0], edges[1])
        : throw p.Mismatch("padding", "a tuple of (low, high)")).ToValueArray();

    internal static Window Read(OpParameters p) =>
        new(p.Ints("window_dimensions"), p.Ints("window_strides"), ReadPadding(p), p.Ints("base_dilation"), p.Ints("window_dilation"));

    /// <summary>The shape of one value per window.</summary>
    internal Shape ShapeOver(Op op, TensorSpec x)
    {
        if (new[] { Dimensions.Count, Strides.Count, Padding.Count, BaseDilation.Count, WindowDilation.Count }.Any(count => count != x.Rank))
            throw new OpConstraintException(op, "C1", $"the window must have {x.Rank} axes as {x} has");
        if (Dimensions.Concat(Strides).Concat(BaseDilation).Concat(WindowDilation).Any(static v => v < 1))
            throw new OpConstraintException(op, "C1", "sizes, strides and dilations of the window must be positive");
        var counts = CountsOver(x.Shape);
        if (counts.Any(static c => c is < 0 or > int.MaxValue))
            throw new OpConstraintException(op, "C1", $"the padding {string.Join(", ", Padding)} leaves nothing of {x}, or too much");
        return Shape.Create([.. counts.Select(static c => (int)c)]);
    }

    private static ValueArray<int> Ones(int count) => Enumerable.Repeat(1, count).ToValueArray();
}

/// <summary>Combines the elements under each window; padding counts as the neutral element.</summary>
/// <remarks>(C1) The window has as many axes as the operand, positive sizes, strides and dilations, and crops no more than there is. (C2) The dtype is of a kind the op accepts.</remarks>
public abstract record WindowReduction(Window Window) : Op
{
    /// <summary>The kinds of dtype the op accepts.</summary>
    public abstract DTypeKinds Accepts { get; }

    /// <inheritdoc/>
    public sealed override IReadOnlyList<OpParameter> Parameters => [.. Window.Parameters];

    /// <inheritdoc/>
    public sealed override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 1);
        RequireKind(operands[0], Accepts, "C2");
        return [operands[0].With(Window.ShapeOver(this, operands[0]))];
    }
}

/// <summary>The sum of each window. Integers wrap around; float16 and bfloat16 add up in float32 and are rounded once.</summary>
public sealed record ReduceWindowSum(Window Window) : WindowReduction(Window)
{
    /// <inheritdoc/>
    public override string Name => "reduce_window_sum";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Number;
}

/// <summary>The largest element of each window, as <see cref="ReduceMax"/>.</summary>
public sealed record ReduceWindowMax(Window Window) : WindowReduction(Window)
{
    /// <inheritdoc/>
    public override string Name => "reduce_window_max";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Real | DTypeKinds.Bool;
}

/// <summary>The smallest element of each window, as <see cref="ReduceMin"/>.</summary>
public sealed record ReduceWindowMin(Window Window) : WindowReduction(Window)
{
    /// <inheritdoc/>
    public override string Name => "reduce_window_min";

    /// <inheritdoc/>
    public override DTypeKinds Accepts => DTypeKinds.Real | DTypeKinds.Bool;
}

/// <summary>Which element a window selects.</summary>
public enum WindowSelection
{
    /// <summary>The largest; the first of equals, and the first NaN before all.</summary>
    Ge,
    /// <summary>The smallest; the first of equals, and the first NaN before all.</summary>
    Le,
}

/// <summary>
/// Operands: values, then x. Each window selects an element of x; the result is the element of the values at that place. The derivative of a maximum over
/// windows, where the values are tangents. Padding is never selected; a window over padding alone gives 0.
/// </summary>
/// <remarks>(C1) The window fits x as in <see cref="WindowReduction"/>. (C2) Values and x have the same shape and the same floating dtype.</remarks>
public sealed record SelectAndGatherAdd(WindowSelection Selection, Window Window) : Op
{
    /// <inheritdoc/>
    public override string Name => "select_and_gather_add";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [.. Window.Parameters.Append(new("select_prim", Selection.ToString())).OrderBy(static p => p.Name, StringComparer.Ordinal)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 2);
        Require(operands[0] == operands[1] && operands[0].DType.IsFloating, "C2", $"both operands must have the same shape and floating dtype, but are {operands[0]} and {operands[1]}");
        return [operands[1].With(Window.ShapeOver(this, operands[1]))];
    }
}

/// <summary>
/// Operands: source, one value per window, then x. Each window selects an element of x, and the result has, in the shape of x, the sum of the source values of the
/// windows that selected each element, added up as in <see cref="ReduceSum"/>. Padding is never selected. The transpose of <see cref="SelectAndGatherAdd"/>.
/// </summary>
/// <remarks>
/// (C1) The window fits x as in <see cref="WindowReduction"/>. (C2) Source and x have the same real dtype, and the source has one value per window.
/// </remarks>
public sealed record SelectAndScatterAdd(WindowSelection Selection, Window Window) : Op
{
    /// <inheritdoc/>
    public override string Name => "select_and_scatter_add";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [.. Window.Parameters.Append(new("select_prim", Selection.ToString())).OrderBy(static p => p.Name, StringComparer.Ordinal)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 2);
        var (source, x) = (operands[0], operands[1]);
        RequireKind(x, DTypeKinds.Real, "C2");
        var shape = Window.ShapeOver(this, x);
        Require(source == x.With(shape), "C2", $"the source must be {x.With(shape)}, but is {source}");
        return [x];
    }
}

/// <summary>
/// Combines elements along some axes with a program. Operands are n tensors, then n scalars, their initial values; the results are n. The program takes n
/// accumulated scalars, then n elements, and returns n scalars. It must be associative, and the initial values neutral: the order of combination is not specified.
/// </summary>
/// <remarks>
/// (C1) The operands are n ≥ 1 tensors of one shape, then n scalars of the same dtypes. (C2) The axes are distinct axes of the tensors. (C3) The body takes the scalars twice and returns them.
/// </remarks>
public sealed record Reduce(Program Body, ValueArray<int> Axes) : BodyOp
{
    /// <inheritdoc/>
    public override string Name => "reduce";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [new("axes", Axes), new("body", Body)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        var tensors = RequireMonoid(Body, operands, "C1", "C3");
        RequireAxes(Axes.Span, tensors[0].Rank, "C2", "axes");
        return [.. tensors.ToArray().Select(t => t.With(t.Shape.Without(Axes.Span)))];
    }
}

/// <summary>Combines the elements under each window with a program; operands, results and program as in <see cref="Reduce"/>. Padding counts as the initial value.</summary>
/// <remarks>
/// (C1) The window fits the tensors as in <see cref="WindowReduction"/>. (C2) The operands are n ≥ 1 tensors of one shape, then n scalars of the same dtypes.
/// (C3) The body takes the scalars twice and returns them.
/// </remarks>
public sealed record ReduceWindow(Program Body, Window Window) : BodyOp
{
    /// <inheritdoc/>
    public override string Name => "reduce_window";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters => [.. Window.Parameters.Append(new("body", Body)).OrderBy(static p => p.Name, StringComparer.Ordinal)];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        var tensors = RequireMonoid(Body, operands, "C2", "C3");
        var shape = Window.ShapeOver(this, tensors[0]);
        return [.. tensors.ToArray().Select(t => t.With(shape))];
    }
}
