namespace BrainState.Arrays;

/// <summary>
/// An immutable tensor: elements that others may share, and how to walk them. Floats of any width are held as <see cref="double"/>, integers and bools as <see cref="Int128"/>, always rounded
/// to the dtype of the <paramref name="spec"/>.
/// </summary>
internal abstract class NdArray(TensorSpec spec, long[] strides, long offset)
{
    protected readonly long[] strides = strides;
    protected readonly long offset = offset;

    /// <summary>The bytes that the elements were read from: which NaN it is, a double does not keep.</summary>
    private byte[]? origin;

    public TensorSpec Spec { get; } = spec;

    public Shape Shape => Spec.Shape;

    /// <summary>The same elements, some of them or all, walked in another way.</summary>
    protected abstract NdArray View(Shape shape, long[] strides, long offset);

    /// <summary>The same elements in row-major order under another shape.</summary>
    public abstract NdArray Reshape(Shape shape);

    /// <summary>The element at a row-major position.</summary>
    public abstract Scalar this[int position] { get; }

    /// <summary>The order of two elements by their row-major positions; NaN comes last.</summary>
    public abstract int Compare(int i, int k);

    /// <summary>The same elements in another dtype.</summary>
    public abstract NdArray Convert(TensorSpec result);

    /// <summary>A new array whose elements are made one after the other.</summary>
    public static NdArray Of(TensorSpec spec, Func<int, Scalar> element) => spec.DType.IsFloating ? NdArray<double>.Of(spec, element) : NdArray<Int128>.Of(spec, element);

    public static NdArray Read(TensorSpec spec, ReadOnlySpan<byte> bytes)
    {
        var copy = bytes.ToArray();
        var array = Of(spec, i => Scalar.Read(spec.DType, copy.AsSpan(i * spec.DType.Size)));
        array.origin = copy;
        return array;
    }

    public void CopyTo(Span<byte> bytes)
    {
        if (origin is not null) origin.CopyTo(bytes);
        else
        for (var i = 0; i < Spec.ElementCount; i++) this[i].Write(bytes[(i * Spec.DType.Size)..]);
    }

    public NdArray Transpose(params IEnumerable<int> axes) => View(Shape.Create([.. axes.Select(axis => Shape[axis])]), [.. axes.Select(axis => strides[axis])], offset);

    /// <summary>A block that begins at an index; of each axis every <paramref name="steps"/>th element, or all.</summary>
    public NdArray Slice(IEnumerable<int> starts, Shape sizes, IEnumerable<int>? steps = null) =>
        View(sizes, steps is null ? strides : [.. strides.Zip(steps, static (stride, step) => stride * step)], offset + starts.Zip(strides, static (start, stride) => start * stride).Sum());

    public NdArray Reverse(params IEnumerable<int> axes) => View(Shape,
        [.. strides.Select((stride, axis) => axes.Contains(axis) ? -stride : stride)], offset + axes.Sum(axis => (Shape[axis] - 1) * strides[axis]));

    /// <summary>Each axis placed in a larger shape; an axis of size 1, or a new one, repeats its only element.</summary>
    public NdArray Broadcast(Shape shape, params IReadOnlyList<int> axes)
    {
        var steps = new long[shape.Rank];
        for (var axis = 0; axis < Shape.Rank; axis++) steps[axes[axis]] = Shape[axis] == 1 ? 0 : strides[axis];
        return View(shape, steps, offset);
    }

    /// <summary>Every window over the last axes, as further axes: windows begin <paramref name="steps"/> apart, and their elements are <paramref name="dilation"/> apart.</summary>
    public NdArray Windows(Shape counts, Shape sizes, IEnumerable<int> steps, IEnumerable<int> dilation)
    {
        var (kept, over) = (Shape.Rank - counts.Rank, strides[^counts.Rank..]);
        return View(Shape.Create([.. Shape.Take(kept), .. counts, .. sizes]),
            [.. strides[..kept], .. over.Zip(steps, static (stride, step) => stride * step), .. over.Zip(dilation, static (stride, step) => stride * step)], offset);
    }
}

/// <summary>An array of elements of one type.</summary>
internal sealed class NdArray<T>(T[] storage, TensorSpec spec, long[] strides, long offset) : NdArray(spec, strides, offset)
{
    private T[]? elements;

    public NdArray(TensorSpec spec, T[] elements) : this(elements, spec, spec.Shape.RowMajorStrides(), 0) => this.elements = elements;

    /// <summary>The elements in row-major order.</summary>
    public T[] Elements => elements ??= Gathered();

    public override Scalar this[int position] => Element<T>.Write(Spec.DType, Elements[position]);

    public static new NdArray<T> Of(TensorSpec spec, Func<int, Scalar> element)
    {
        var elements = new T[spec.ElementCount];
        for (var i = 0; i < elements.Length; i++) elements[i] = Element<T>.Read(element(i));
        return new(spec, elements);
    }

    public override int Compare(int i, int k) => Element<T>.Compare(Elements[i], Elements[k]);

    public override NdArray Convert(TensorSpec result) => NdArray.Of(result, i => Element<T>.Write(result.DType, Elements[i]));

    public override NdArray Reshape(Shape shape) => new NdArray<T>(Spec.With(shape), Elements);

    protected override NdArray View(Shape shape, long[] strides, long offset) => new NdArray<T>(storage, Spec.With(shape), strides, offset);

    /// <summary>Writes elements over these, or combines them. Only for an array that nobody else has yet.</summary>
    public void Assign(NdArray<T> values, Func<T, T, T>? combine = null)
    {
        var (i, round) = (0, Element<T>.Rounding(Spec.DType));
        foreach (var position in Positions())
        {
            var value = values.Elements[i++];
            storage[position] = combine is null ? value : round(combine(storage[position], value));
        }
    }

    private T[] Gathered()
    {
        var (gathered, i) = (new T[Spec.ElementCount], 0);
        foreach (var position in Positions()) gathered[i++] = storage[position];
        return gathered;
    }

    /// <summary>Where the elements are in the storage, in row-major order.</summary>
    private IEnumerable<long> Positions()
    {
        var index = new int[Spec.Rank];
        var position = offset;
        for (var remaining = Spec.ElementCount; remaining > 0; remaining--)
        {
            yield return position;
            for (var axis = Spec.Rank - 1; axis >= 0; axis--)
            {
                position += strides[axis];
                if (++index[axis] < Shape[axis]) break;
                position -= strides[axis] * Shape[axis];
                index[axis] = 0;
            }
        }
    }
}
