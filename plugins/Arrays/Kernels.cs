namespace BrainState.Arrays;

/// <summary>The results of an op on arrays; they have the specs that are given.</summary>
internal delegate NdArray[] Kernel(NdArray[] x, TensorSpec[] results);

/// <summary>Which kernels there are. What has none here, the kit runs or the frontend decomposes: loops, windows, running sums, factorizations and more.</summary>
internal static class Kernels
{
    /// <summary>The kernel of an op on operands of the given specs, or null.</summary>
    public static Kernel? Find(Op op, ReadOnlySpan<TensorSpec> inputs)
    {
        // No backend must have complex numbers.
        foreach (var spec in (TensorSpec[])[.. inputs, .. op.Infer(inputs)])
            if (spec.DType.Is(DTypeKinds.Complex)) return null;
        var dtype = op is SelectN ? inputs[1].DType : inputs.IsEmpty ? DType.Int32 : inputs[0].DType;
        return Shaping.Find(op) ?? (dtype.IsFloating
            ? Functions.Of(op, dtype) ?? Order.Of<double>(op, dtype) ?? Arithmetic.Of<double>(op)
            : Integers.Of(op, dtype) ?? Order.Of<Int128>(op, dtype) ?? Arithmetic.Of<Int128>(op));
    }

    /// <summary>An op that makes each element of one at the same place.</summary>
    public static Kernel Map<T, TResult>(Func<T, TResult> function) => (x, results) =>
    {
        var elements = Elements<T>(x[0]);
        return One(results, i => function(elements[i]));
    };

    /// <summary>An op that makes each element of two at the same place, or of a scalar.</summary>
    public static Kernel Map<T, TResult>(Func<T, T, TResult> function) => (x, results) =>
    {
        T[] left = Elements<T>(x[0]), right = Elements<T>(x[1]);
        var (leftStep, rightStep) = (Math.Sign(x[0].Shape.Rank), Math.Sign(x[1].Shape.Rank));
        return One(results, i => function(left[i * leftStep], right[i * rightStep]));
    };

    /// <summary>An op that makes each element of a row: of what lies along some axes, which go away.</summary>
    public static Kernel Rows<T, TResult>(ValueArray<int> axes, Func<ArraySegment<T>, TResult> function) => (x, results) =>
    {
        var rows = Elements<T>(Last(x[0], axes));
        var width = axes.Aggregate(1, (product, axis) => product * x[0].Shape[axis]);
        return One(results, i => function(new(rows, i * width, width)));
    };

    /// <summary>With some axes behind all others.</summary>
    public static NdArray Last(NdArray x, IEnumerable<int> axes) => x.Transpose([.. Enumerable.Range(0, x.Shape.Rank).Except(axes), .. axes]);

    public static NdArray[] One<T>(TensorSpec[] results, Func<int, T> element) => [Make(results[0], element)];

    /// <summary>An array of computed elements, rounded or wrapped around to its dtype.</summary>
    public static NdArray Make<T>(TensorSpec result, Func<int, T> element)
    {
        if (!Element<T>.Holds(result.DType)) return NdArray.Of(result, i => Element<T>.Write(result.DType, element(i)));
        var (elements, round) = (new T[result.ElementCount], Element<T>.Rounding(result.DType));
        for (var i = 0; i < elements.Length; i++) elements[i] = round(element(i));
        return new NdArray<T>(result, elements);
    }

    public static T[] Elements<T>(NdArray x) => ((NdArray<T>)x).Elements;
}
