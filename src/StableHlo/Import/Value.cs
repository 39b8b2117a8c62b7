using System.Collections.Immutable;
using BrainState.Programs;

namespace BrainState.StableHlo.Import;

/// <summary>What an MLIR value stands for: a tensor, or a tuple of values. Tuples exist only while importing.</summary>
internal readonly record struct Value
{
    private readonly Operand tensor;

    private Value(Operand tensor, ImmutableArray<Value>? items)
    {
        this.tensor = tensor;
        Items = items;
    }

    /// <summary>The items of a tuple, or null.</summary>
    public ImmutableArray<Value>? Items { get; }

    public static Value Of(Operand tensor) => new(tensor, null);

    public static Value Tuple(ImmutableArray<Value> items) => new(default, items);

    /// <summary>The tensor, unless this is a tuple.</summary>
    public Operand? Tensor => Items is null ? tensor : null;

    /// <summary>All tensors within.</summary>
    public IEnumerable<Operand> Leaves => Items is { } items ? items.SelectMany(static item => item.Leaves) : [tensor];

    /// <summary>The same structure with other tensors.</summary>
    public Value Select(Func<Operand, Operand> change) => Items is { } items ? Tuple([.. items.Select(item => item.Select(change))]) : Of(change(tensor));
}
