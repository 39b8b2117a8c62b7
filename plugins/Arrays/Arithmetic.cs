namespace BrainState.Arrays;

/// <summary>What numbers of all kinds have in common.</summary>
internal static class Arithmetic
{
    public static Kernel? Of<T>(Op op) where T : INumberBase<T> => op switch
    {
        Add => Kernels.Map<T, T>(static (x, y) => x + y),
        Sub => Kernels.Map<T, T>(static (x, y) => x - y),
        Mul => Kernels.Map<T, T>(static (x, y) => x * y),
        Div => Kernels.Map<T, T>(static (x, y) => x / y),
        Neg => Kernels.Map<T, T>(static x => -x),
        Eq => Kernels.Map<T, Int128>(static (x, y) => x == y ? 1 : 0),
        SelectN => Select<T>,
        ReduceSum sum => Kernels.Rows<T, T>(sum.Axes, static row => row.Aggregate(T.Zero, static (x, y) => x + y)),
        ReduceProd product => Kernels.Rows<T, T>(product.Axes, static row => row.Aggregate(T.One, static (x, y) => x * y)),
        DotGeneral dot => (x, results) => [Dot<T>(dot, x[0], x[1], results[0])],
        ConvGeneralDilated convolution => (x, results) => [Convolve<T>(convolution, x[0], x[1], results[0])],
        Pad pad => (x, results) => [Indexing.Padded<T>(x[0], pad.Padding, Kernels.Elements<T>(x[1])[0])],
        Concatenate concatenate => (x, results) => [Indexing.Joined<T>(x, concatenate.Dimension, results[0])],
        DynamicUpdateSlice => static (x, _) => [Indexing.Updated<T>(x[0], x[1], x[2..])],
        Gather gather => (x, results) => [Indexing.Gathered<T>(gather, x[0], x[1], results[0])],
        Scatter scatter => Indexing.Scattering<T>(scatter, null),
        ScatterAdd scatter => Indexing.Scattering<T>(scatter, static (x, y) => x + y),
        ScatterMul scatter => Indexing.Scattering<T>(scatter, static (x, y) => x * y),
        _ => null,
    };

    private static NdArray[] Select<T>(NdArray[] x, TensorSpec[] results)
    {
        var (which, cases) = (Kernels.Elements<Int128>(x[0]), x[1..].Select(Kernels.Elements<T>).ToArray());
        var step = Math.Sign(x[0].Shape.Rank);
        return Kernels.One(results, i => cases[(int)Int128.Clamp(which[i * step], 0, cases.Length - 1)][i]);
    }

    /// <summary>Both operands as stacks of matrices whose rows are multiplied: [batch, free, contracted].</summary>
    private static NdArray Dot<T>(DotGeneral op, NdArray x, NdArray y, TensorSpec result) where T : INumberBase<T>
    {
        var (left, rows, width) = Stack<T>(x, op.LhsBatch, op.LhsContracting);
        var (right, columns, _) = Stack<T>(y, op.RhsBatch, op.RhsContracting);
        return Kernels.Make(result, i =>
        {
            var (batch, row, column) = (i / columns / rows, i / columns % rows, i % columns);
            var sum = T.Zero;
            for (var k = 0; k < width; k++) sum += left[(((batch * rows) + row) * width) + k] * right[(((batch * columns) + column) * width) + k];
            return sum;
        });
    }

    private static (T[] Elements, int Rows, int Width) Stack<T>(NdArray x, ValueArray<int> batch, ValueArray<int> contracting)
    {
        int[] free = [.. Enumerable.Range(0, x.Shape.Rank).Except(batch).Except(contracting)];
        int Size(IEnumerable<int> axes) => axes.Aggregate(1, (product, axis) => product * x.Shape[axis]);
        return (Kernels.Elements<T>(x.Transpose([.. batch, .. free, .. contracting])), Size(free), Size(contracting));
    }

    /// <summary>A product of the kernel and of all windows, which are a view. With groups of features or of the batch it has a batch axis.</summary>
    private static NdArray Convolve<T>(ConvGeneralDilated op, NdArray x, NdArray kernel, TensorSpec result) where T : INumberBase<T>
    {
        var (d, window, groups) = (op.DimensionNumbers, op.WindowOver(kernel.Spec), op.FeatureGroupCount * op.BatchGroupCount);
        Shape counts = d.Out.Skip(2).Select(axis => result.Shape[axis]).ToArray(), sizes = window.Dimensions.ToArray();
        int n = counts.Rank, batch = result.Shape[d.Out[0]], outputs = result.Shape[d.Out[1]], inputs = kernel.Shape[d.Rhs[1]];

        PaddingConfig[] padding = [default, default, .. Enumerable.Range(0, n).Select(i => new PaddingConfig(op.Padding[i].Low, op.Padding[i].High, op.LhsDilation[i] - 1))];
        var padded = Indexing.Padded<T>(x.Transpose(d.Lhs), padding.ToValueArray(), T.Zero);
        int[] grouped = op.BatchGroupCount > 1 ? [groups, batch, inputs] : [batch, groups, inputs];
        var windows = padded.Reshape(Shape.Create([.. grouped, .. padded.Shape.Skip(2)])).Windows(counts, sizes, op.WindowStrides, op.RhsDilation);
        if (op.BatchGroupCount == 1) windows = windows.Transpose([1, 0, .. Enumerable.Range(2, windows.Shape.Rank - 2)]);

        // [group, batch, input, counts…, sizes…] · [group, output, input, sizes…] = [group, batch, counts…, output]
        var filters = kernel.Transpose(d.Rhs).Reshape(Shape.Create([groups, outputs / groups, inputs, .. sizes]));
        int[] inWindows = [2, .. Enumerable.Range(3 + n, n)], inFilters = [2, .. Enumerable.Range(3, n)];
        var dot = new DotGeneral(inWindows.ToValueArray(), inFilters.ToValueArray(), ValueArray.Create([0]), ValueArray.Create([0]), result.DType);
        var product = Dot<T>(dot, windows, filters, result.With(Shape.Create([groups, batch, .. counts, outputs / groups])));
        var inOrder = product.Transpose([1, 0, n + 2, .. Enumerable.Range(2, n)]).Reshape(Shape.Create([batch, outputs, .. counts]));
        return inOrder.Transpose(Enumerable.Range(0, n + 2).Select(axis => d.Out.IndexOf(axis)));
    }
}
