namespace BrainState.Batching;

/// <summary>A value of all lanes: with the batch axis in front of its own axes, or one tensor that is the same in every lane.</summary>
internal readonly record struct Lanes(Tensor Value, bool IsBatched)
{
    /// <summary>A value with the batch axis in front.</summary>
    public static Lanes Batched(Tensor value) => new(value, true);

    /// <summary>A value that is the same in every lane.</summary>
    public static Lanes Same(Tensor value) => new(value, false);

    /// <summary>The shape that one lane sees.</summary>
    public Shape Shape => IsBatched ? Value.Shape.Without([0]) : Value.Shape;

    /// <summary>The number of axes that one lane sees.</summary>
    public int Rank => IsBatched ? Value.Rank - 1 : Value.Rank;

    /// <summary>The value with the batch axis in front, repeated if it is the same in every lane.</summary>
    public Tensor Repeated(BatchAxis axis) => IsBatched ? Value : Lax.BroadcastInDim(Value, Value.Shape.Insert(0, axis.Size), BatchRules.Shifted(ValueArray.Range(Value.Rank)));

    /// <summary>The value with the batch axis in front and of the given shape in every lane; a scalar is repeated.</summary>
    public Tensor Stretched(Shape shape, BatchAxis axis) => Rank == shape.Rank
        ? Repeated(axis)
        : Lax.BroadcastInDim(Value, shape.Insert(0, axis.Size), IsBatched ? [0] : []);
}

/// <summary>The axis that a function is mapped over: the number of lanes, and the name that collectives call it by.</summary>
internal sealed record BatchAxis(int Size, string? Name);
