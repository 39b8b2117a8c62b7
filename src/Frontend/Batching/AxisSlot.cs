namespace BrainState.Batching;

/// <summary>How a value crosses the border of a mapped function: shared by all lanes, along an axis, or as random keys.</summary>
internal readonly record struct AxisSlot
{
    private const int SharedValue = -1, KeyValue = -2;
    private readonly int position;
    private readonly int keyInput;

    private AxisSlot(int position, int keyInput = 0) => (this.position, this.keyInput) = (position, keyInput);

    /// <summary>The same tensor for all lanes.</summary>
    public static AxisSlot Shared => new(SharedValue);

    /// <summary>One key outside, and inside one key per lane that is split from it.</summary>
    public static AxisSlot Key => new(KeyValue);

    /// <summary>The lanes are along an axis.</summary>
    public static AxisSlot Along(int axis) => new(axis);

    /// <summary>What a generator goes on with after the lanes drew from the key that is input <paramref name="input"/>.</summary>
    public static AxisSlot NextKeyOf(int input) => new(KeyValue, input);

    /// <summary>The axis, if there is one.</summary>
    public int? Position => position >= 0 ? position : null;

    /// <summary>Whether it is a random key.</summary>
    public bool IsKey => position == KeyValue;

    /// <summary>The input that holds the key.</summary>
    public int? KeyInput => IsKey ? keyInput : null;

    /// <summary>Whether lanes see values of their own.</summary>
    public bool IsMapped => position != SharedValue;

    /// <summary>The spec in a lane, from that outside.</summary>
    public TensorSpec Lane(TensorSpec outside) => position >= 0 ? outside.With(outside.Shape.Without([position])) : outside;

    /// <summary>The spec outside, from that in a lane.</summary>
    public TensorSpec Outside(TensorSpec lane, BatchAxis axis) => position >= 0 ? lane.With(lane.Shape.Insert(position, axis.Size)) : lane;
}
