namespace BrainState.Cpu.Lowering;

/// <summary>
/// A tensor of the lowered program: a dtype and a number of elements in row-major order. Its shape matters only where a view or a kernel is
/// made of it, so a reshaped tensor is the same value.
/// </summary>
internal sealed class Value(DType dtype, long count)
{
    // Boxed, since few values have one and it would double the size of all others.
    private readonly object? constant;

    public DType DType { get; } = dtype;

    public long Count { get; } = count;

    public long ByteCount => Count * DType.Size;

    /// <summary>What computes it; null for inputs, constants and views.</summary>
    public Node? Producer { get; set; }

    /// <summary>The number of the plan input that it is, or −1.</summary>
    public int Input { get; init; } = -1;

    /// <summary>Its value if it is a constant scalar.</summary>
    public Scalar? Constant
    {
        get => (Scalar?)constant;
        init => constant = value;
    }

    /// <summary>The memory that it reads, in another order, if it is not computed itself.</summary>
    public View? View { get; init; }

    /// <summary>The position along an axis, if that is what it is.</summary>
    public Counting? Counting { get; init; }

    /// <summary>Whether it exists only as a recipe that every reader evaluates for itself.</summary>
    public bool IsVirtual => View is not null || Counting is not null;

    /// <summary>The position in the schedule of what computes it; −1 for what is there from the start.</summary>
    public int Item { get; set; } = -1;

    /// <summary>The last position in the schedule that reads it; −1 if nothing does.</summary>
    public int LastRead { get; set; } = -1;

    /// <summary>Whether it needs memory: something outside the group that computes it reads it.</summary>
    public bool IsStored { get; set; }

    /// <summary>Whether it is an output of the plan, whose memory is given.</summary>
    public bool IsOutput { get; set; }

    /// <summary>Where its memory is.</summary>
    public Location Location { get; set; }

    /// <summary>What the group that was compiled last made of it.</summary>
    public GroupUse Use = new(-1);

    /// <summary>The value whose memory is read when this one is: itself unless it is a view.</summary>
    public Value Root => View?.Source ?? this;

    /// <summary>
    /// Whether this is the computed value <see cref="Root"/> with its bits read as another dtype of the same size, which needs no memory:
    /// it is the same register.
    /// </summary>
    public bool IsSameRegister =>
        View is { ByteOffset: 0, IsDense: true } view && view.Source.Count == Count && view.Source.Producer is not null
        && !IsHalf(DType) && !IsHalf(view.Source.DType);

    private static bool IsHalf(DType dtype) => dtype is DType.Float16 or DType.BFloat16;
}

/// <summary>How a group uses a value: who has yet to read it, and the registers where its elements are, −1 if none.</summary>
internal struct GroupUse(int group)
{
    public readonly int Group = group;

    public int Readers = 0;

    /// <summary>Holds one element per position of the tile.</summary>
    public int Register = -1;

    /// <summary>Holds the one element of a scalar.</summary>
    public int Scalar = -1;

    /// <summary>Holds a scalar's element at each position of the tile.</summary>
    public int Splat = -1;
}

/// <summary>The elements of a value in memory, in another order.</summary>
/// <param name="Source">The value that is read; never a view itself.</param>
/// <param name="ByteOffset">Where the first element is.</param>
/// <param name="Sizes">The axis sizes.</param>
/// <param name="Strides">The distance between neighbours along each axis, in elements; may be zero or negative.</param>
internal sealed record View(Value Source, long ByteOffset, long[] Sizes, long[] Strides)
{
    /// <summary>Whether the elements are consecutive.</summary>
    public bool IsDense { get; } = Dense(Sizes, Strides);

    /// <summary>Whether all elements are the same one.</summary>
    public bool IsSingle { get; } = Single(Sizes, Strides);

    private static bool Dense(long[] sizes, long[] strides)
    {
        long expected = 1;
        for (var axis = sizes.Length - 1; axis >= 0; axis--)
        {
            if (sizes[axis] != 1 && strides[axis] != expected) return false;
            expected *= sizes[axis];
        }
        return true;
    }

    private static bool Single(long[] sizes, long[] strides)
    {
        for (var axis = 0; axis < sizes.Length; axis++)
            if (sizes[axis] != 1 && strides[axis] != 0)
                return false;
        return true;
    }
}

/// <summary>An iota: each of <paramref name="Size"/> positions repeated for <paramref name="Inner"/> elements, over and over.</summary>
internal sealed record Counting(long Size, long Inner);

/// <summary>A place in the memory of a running plan: a byte offset from one of its base addresses.</summary>
internal readonly record struct Location(int Slot, long Offset);
