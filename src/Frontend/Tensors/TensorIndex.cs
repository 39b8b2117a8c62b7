namespace BrainState;

/// <summary>
/// What to take along one axis: a position (<c>2</c>, <c>^1</c>), a range (<c>1..3</c>), a range with a step, a new axis of size 1, or all
/// axes that the other indices leave over.
/// </summary>
public readonly struct TensorIndex
{
    internal enum IndexKind
    {
        Position,
        Range,
        Stepped,
        NewAxis,
        Ellipsis,
        Computed,
    }

    private TensorIndex(IndexKind kind) => Kind = kind;

    internal IndexKind Kind { get; }

    internal Index At { get; private init; }

    internal Range Range { get; private init; }

    internal (int? Start, int? Stop, int Step) Stepped { get; private init; }

    internal Tensor? Computed { get; private init; }

    /// <summary>All axes that the other indices leave over.</summary>
    public static TensorIndex Ellipsis => new(IndexKind.Ellipsis);

    /// <summary>A new axis of size 1.</summary>
    public static TensorIndex NewAxis => new(IndexKind.NewAxis);

    /// <summary>Every <paramref name="step"/>-th element from <paramref name="start"/> before <paramref name="stop"/>, as Python's <c>start:stop:step</c>: bounds may be
    /// negative to count from the end, null for the end in the direction of the step, and outside the axis; the step may be negative.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The step is 0.</exception>
    public static TensorIndex Slice(int? start, int? stop, int step = 1) => step != 0
        ? new(IndexKind.Stepped) { Stepped = (start, stop, step) }
        : throw new ArgumentOutOfRangeException(nameof(step), "The step of a slice must not be 0.");

    /// <summary>The element at a position; the axis goes away. Negative positions count from the end.</summary>
    public static implicit operator TensorIndex(int position) =>
        new(IndexKind.Position) { At = position < 0 ? Index.FromEnd(-position) : Index.FromStart(position) };

    /// <summary>The element at a position; the axis goes away.</summary>
    public static implicit operator TensorIndex(Index position) => new(IndexKind.Position) { At = position };

    /// <summary>A range of elements; unlike in C#, and as in Python, a bound outside the axis is moved to its end.</summary>
    public static implicit operator TensorIndex(Range range) => new(IndexKind.Range) { Range = range };

    /// <summary>
    /// The elements at computed positions: an integer scalar, whose axis goes away, or an integer tensor, whose axes replace the axis. Several tensors are broadcast and index
    /// together, and their axes come where the first of them is, or in front if other indices stand between them. Positions outside the axis are clamped. A bool tensor
    /// stands for the positions where it is true, along as many axes as it has; it must not be traced, because the shape of the result depends on its values.
    /// </summary>
    public static implicit operator TensorIndex(Tensor position) => new(IndexKind.Computed) { Computed = position };

    /// <summary>The elements at the given positions.</summary>
    public static implicit operator TensorIndex(int[] positions) => (Tensor)positions;
}
