using System.Collections;
using System.Runtime.CompilerServices;

namespace BrainState;

/// <summary>An immutable array that compares by its elements, so that records holding one are equal when their contents are.</summary>
[CollectionBuilder(typeof(ValueArray), nameof(ValueArray.Create))]
public readonly struct ValueArray<T> : IEquatable<ValueArray<T>>, IReadOnlyList<T>
{
    private readonly T[]? items;

    internal ValueArray(T[] items) => this.items = items;

    /// <summary>The number of elements.</summary>
    public int Count => items?.Length ?? 0;

    /// <summary>The element at <paramref name="index"/>.</summary>
    public T this[int index] => Span[index];

    /// <summary>The elements.</summary>
    public ReadOnlySpan<T> Span => items;

    /// <summary>A fresh copy.</summary>
    public T[] ToArray() => Span.ToArray();

    /// <summary>The position of the first element equal to <paramref name="item"/>, or −1.</summary>
    public int IndexOf(T item) => items is null ? -1 : Array.IndexOf(items, item);

    /// <summary>Whether some element equals <paramref name="item"/>.</summary>
    public bool Contains(T item) => IndexOf(item) >= 0;

    /// <inheritdoc/>
    public bool Equals(ValueArray<T> other)
    {
        if (ReferenceEquals(items, other.items)) return true;
        if (Count != other.Count) return false;
        for (var i = 0; i < Count; i++)
            if (!EqualityComparer<T>.Default.Equals(items![i], other.items![i]))
                return false;
        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ValueArray<T> other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Count);
        foreach (var item in Span) hash.Add(item);
        return hash.ToHashCode();
    }

    /// <summary>The elements as a Python tuple, such as <c>(0, 1)</c> or <c>(0,)</c>.</summary>
    public override string ToString() => Count == 1 ? $"({items![0]},)" : $"({string.Join(", ", items ?? [])})";

    /// <summary>Goes through the elements without allocating.</summary>
    public ReadOnlySpan<T>.Enumerator GetEnumerator() => Span.GetEnumerator();

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => ((IEnumerable<T>)(items ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => (items ?? []).GetEnumerator();

    /// <summary>Equality of the elements in order.</summary>
    public static bool operator ==(ValueArray<T> left, ValueArray<T> right) => left.Equals(right);

    /// <summary>Some element differs.</summary>
    public static bool operator !=(ValueArray<T> left, ValueArray<T> right) => !left.Equals(right);
}

/// <summary>Makes <see cref="ValueArray{T}"/> from collection expressions and sequences.</summary>
public static class ValueArray
{
    /// <summary>An array with a copy of <paramref name="items"/>.</summary>
    public static ValueArray<T> Create<T>(ReadOnlySpan<T> items) => new(items.ToArray());

    /// <summary>An array of the elements of <paramref name="items"/>.</summary>
    public static ValueArray<T> ToValueArray<T>(this IEnumerable<T> items) => new([.. items]);

    /// <summary>0, 1, … <paramref name="count"/> − 1.</summary>
    public static ValueArray<int> Range(int count) => Range(0, count);

    /// <summary><paramref name="count"/> integers from <paramref name="first"/> on.</summary>
    public static ValueArray<int> Range(int first, int count)
    {
        var items = new int[count];
        for (var i = 0; i < count; i++) items[i] = first + i;
        return new(items);
    }
}
