using System.Collections;
using System.Runtime.CompilerServices;

namespace BrainState;

/// <summary>The sizes of a tensor's axes, outermost first. The empty shape is that of a scalar.</summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public readonly struct Shape : IEquatable<Shape>, IReadOnlyList<int>
{
    private readonly int[]? dims;

    /// <summary>Takes over sizes that nobody changes any more, none of them negative.</summary>
    internal Shape(int[] dims) => this.dims = dims;

    /// <summary>A shape with the given axis sizes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is negative.</exception>
    public static Shape Create(ReadOnlySpan<int> dims)
    {
        foreach (var dim in dims)
            if (dim < 0)
                throw new ArgumentOutOfRangeException(nameof(dims), $"An axis size is negative in ({string.Join(", ", dims.ToArray())}).");
        return new(dims.ToArray());
    }

    /// <summary>The shape of a scalar: no axes.</summary>
    public static Shape Scalar => default;

    /// <summary>The number of axes.</summary>
    public int Rank => dims?.Length ?? 0;

    int IReadOnlyCollection<int>.Count => Rank;

    /// <summary>The number of axes, so that <c>shape[^1]</c> works; the same as <see cref="Rank"/>.</summary>
    public int Length => Rank;

    /// <summary>The size of the axis <paramref name="axis"/>, counted from 0.</summary>
    public int this[int axis] => Dims[axis];

    /// <summary>The axis sizes.</summary>
    public ReadOnlySpan<int> Dims => dims;

    /// <summary>The number of elements: the product of the sizes, 1 for a scalar.</summary>
    public long ElementCount
    {
        get
        {
            if (Dims.Contains(0)) return 0; // Also where the other sizes alone would overflow.
            long count = 1;
            foreach (var dim in Dims) count = checked(count * dim);
            return count;
        }
    }

    /// <summary>The axis sizes as a fresh array.</summary>
    public int[] ToArray() => Dims.ToArray();

    /// <summary>This shape with <paramref name="size"/> inserted so that it becomes axis <paramref name="axis"/>.</summary>
    public Shape Insert(int axis, int size) => Create([.. Dims[..axis], size, .. Dims[axis..]]);

    /// <summary>This shape without the axes in <paramref name="axes"/>.</summary>
    public Shape Without(ReadOnlySpan<int> axes)
    {
        var kept = new int[Rank];
        var count = 0;
        for (var i = 0; i < kept.Length; i++)
            if (!axes.Contains(i))
                kept[count++] = dims![i];
        Array.Resize(ref kept, count);
        return new(kept);
    }

    /// <summary>This shape with axis <paramref name="axis"/> of size <paramref name="size"/>.</summary>
    public Shape With(int axis, int size)
    {
        var changed = ToArray();
        changed[axis] = size;
        return Create(changed);
    }

    /// <summary>Element strides of a dense row-major tensor of this shape.</summary>
    public long[] RowMajorStrides()
    {
        var strides = new long[Rank];
        long stride = 1;
        for (var i = Rank - 1; i >= 0; i--)
        {
            strides[i] = stride;
            stride *= dims![i];
        }
        return strides;
    }

    /// <inheritdoc/>
    public bool Equals(Shape other) => Dims.SequenceEqual(other.Dims);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = 17 + Rank;
        foreach (var dim in Dims) hash = unchecked(hash * 31 + dim);
        return hash;
    }

    /// <summary>The shape as a Python tuple, such as <c>(2, 3)</c> or <c>(2,)</c>.</summary>
    public override string ToString() => Rank == 1 ? $"({dims![0]},)" : $"({string.Join(", ", dims ?? [])})";

    /// <summary>Goes through the sizes without allocating.</summary>
    public ReadOnlySpan<int>.Enumerator GetEnumerator() => Dims.GetEnumerator();

    IEnumerator<int> IEnumerable<int>.GetEnumerator() => ((IEnumerable<int>)(dims ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => (dims ?? []).GetEnumerator();

    /// <summary>A shape from an array of sizes.</summary>
    public static implicit operator Shape(int[] dims) => Create(dims);

    /// <summary>The same rank and sizes.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Another rank or some other size.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);
}
