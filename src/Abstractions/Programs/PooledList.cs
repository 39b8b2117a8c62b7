using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace BrainState.Programs;

/// <summary>A list that grows in rented memory. Programs of thousands of equations would else leave behind arrays so large that they make the collector look at everything.</summary>
internal struct PooledList<T>()
{
    private T[] items = [];

    public int Count { get; private set; }

    public readonly Span<T> Items => items.AsSpan(0, Count);

    public void Add(T item)
    {
        Reserve(1);
        items[Count++] = item;
    }

    public void AddRange(ReadOnlySpan<T> added)
    {
        Reserve(added.Length);
        added.CopyTo(items.AsSpan(Count));
        Count += added.Length;
    }

    /// <summary>The items; the list is empty afterwards.</summary>
    public ImmutableArray<T> Drain()
    {
        var drained = ImmutableArray.Create((ReadOnlySpan<T>)Items);
        Return();
        (items, Count) = ([], 0);
        return drained;
    }

    private void Reserve(int more)
    {
        if (Count + more <= items.Length) return;
        var larger = ArrayPool<T>.Shared.Rent(Math.Max(16, Math.Max(Count + more, 2 * items.Length)));
        Items.CopyTo(larger);
        Return();
        items = larger;
    }

    private readonly void Return()
    {
        if (items.Length > 0) ArrayPool<T>.Shared.Return(items, clearArray: RuntimeHelpers.IsReferenceOrContainsReferences<T>());
    }
}
