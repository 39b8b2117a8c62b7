using BrainState.Cpu.MatMul;
using BrainState.Ops;

namespace BrainState.Cpu.Lowering;

/// <summary>
/// Convolutions. Once the input is padded and dilated, the patches under the kernel are a matrix that need not be written down: its rows are windows
/// and its columns elements of a window, and both are axes with strides, of elements that the patches share. The packed product reads them where
/// they lie.
/// </summary>
internal sealed partial class Lowerer
{
    /// <summary>With so many features it pays to bring them together, because patches are then made of long runs.</summary>
    private const int ManyFeatures = 4;

    private Value LowerConvolution(ConvGeneralDilated op, Operands operands, TensorSpec output)
    {
        var (input, kernel) = (operands.Specs[0], operands.Specs[1]);
        if (output.ElementCount == 0) return new(output.DType, 0);
        if (input.ElementCount == 0 || kernel.ElementCount == 0) return Filled(Scalar.Of(output.DType, 0L), output.Shape);
        return LowerProduct(operands.Values[0], operands.Values[1], output, (x, y, sum) => Convolve(op, x, y, input.With(x.DType), kernel, sum));
    }

    private Value Convolve(ConvGeneralDilated op, Value x, Value y, TensorSpec input, TensorSpec kernel, TensorSpec output)
    {
        var (d, rank) = (op.DimensionNumbers, input.Rank);
        var (batchAxis, featureAxis, spatial) = (d.Lhs[0], d.Lhs[1], d.Lhs.ToArray()[2..]);
        if (input.Shape[featureAxis] >= ManyFeatures && featureAxis != rank - 1)
        {
            int[] permutation = [batchAxis, .. spatial, featureAxis];
            x = Permute(x, input, permutation);
            input = input.With(Shape.Create(Array.ConvertAll(permutation, axis => input.Shape[axis])));
            (batchAxis, featureAxis, spatial) = (0, rank - 1, [.. Enumerable.Range(1, rank - 2)]);
        }
        (x, input) = PadInput(op, x, input, spatial);

        var (inputStrides, kernelStrides) = (input.Shape.RowMajorStrides(), kernel.Shape.RowMajorStrides());
        long groups = op.FeatureGroupCount * op.BatchGroupCount;
        var (batch, inFeatures) = (input.Shape[batchAxis] / op.BatchGroupCount, input.Shape[featureAxis] / op.FeatureGroupCount);
        var outFeatures = kernel.Shape[d.Rhs[0]] / groups;
        var inputGroup = op.BatchGroupCount > 1 ? batch * inputStrides[batchAxis] : inFeatures * inputStrides[featureAxis];
        var kernelGroup = outFeatures * kernelStrides[d.Rhs[0]];

        // Along each spatial axis: the windows, and the elements of one.
        var windows = new (long Size, long Stride)[spatial.Length];
        var elements = new (long Size, long Stride)[spatial.Length + 1];
        var taps = new (long Size, long Stride)[spatial.Length + 1];
        for (var i = 0; i < spatial.Length; i++)
        {
            var (size, stride) = ((long)kernel.Shape[d.Rhs[i + 2]], inputStrides[spatial[i]]);
            windows[i] = (output.Shape[d.Out[i + 2]], op.WindowStrides[i] * stride);
            elements[i] = (size, op.RhsDilation[i] * stride);
            taps[i] = (size, kernelStrides[d.Rhs[i + 2]]);
        }
        elements[^1] = (inFeatures, inputStrides[featureAxis]);
        taps[^1] = (inFeatures, kernelStrides[d.Rhs[1]]);
        (long, long) examples = (batch, inputStrides[batchAxis]);
        var (patchDepth, kernelDepth, kernelFree) = (Axes.Of(elements), Axes.Of(taps), Axes.Of((outFeatures, kernelStrides[d.Rhs[0]])));

        if (d.Out.SequenceEqual(Enumerable.Range(0, rank)))
        {
            // Features come before spatial axes: for each example and group the kernel's matrix times the patches'.
            var patches = new DotOperand(Axes.Of(examples, (groups, inputGroup)), Axes.Of(windows), patchDepth);
            var weights = new DotOperand(Axes.Of((batch, 0), (groups, kernelGroup)), kernelFree, kernelDepth);
            return AddDot(DotPlan.Prepare(new(weights, patches, false), input.DType, output.DType), y, x, output);
        }
        else
        {
            // For each group the patches' matrix times the kernel's, and then the axes are put where they belong.
            var patches = new DotOperand(Axes.Of((groups, inputGroup)), Axes.Of([examples, .. windows]), patchDepth);
            var weights = new DotOperand(Axes.Of((groups, kernelGroup)), kernelFree, kernelDepth);
            TensorSpec product = new(output.DType, Shape.Create([(int)groups, batch, .. spatial.Select((_, i) => output.Shape[d.Out[i + 2]]), (int)outFeatures]));
            var result = AddDot(DotPlan.Prepare(new(patches, weights, false), input.DType, output.DType), x, y, product);
            return Arrange(result, product, d.Out);
        }
    }

    /// <summary>From [group, batch, spatial…, feature] to the axes of the result, of which features are in groups.</summary>
    private Value Arrange(Value product, TensorSpec spec, ValueArray<int> axes)
    {
        var order = new List<int>();
        for (var axis = 0; axis < axes.Count; axis++)
        {
            var role = axes.IndexOf(axis);
            if (role == 1) order.AddRange([0, spec.Rank - 1]);
            else order.Add(role == 0 ? 1 : role);
        }
        return Permute(product, spec, [.. order]);
    }

    /// <summary>The input with its neighbours as far apart as the dilation says, and with padding.</summary>
    private (Value, TensorSpec) PadInput(ConvGeneralDilated op, Value x, TensorSpec input, int[] spatial)
    {
        var edges = new PaddingConfig[input.Rank];
        var dims = input.Shape.ToArray();
        for (var i = 0; i < spatial.Length; i++)
        {
            edges[spatial[i]] = new(op.Padding[i].Low, op.Padding[i].High, op.LhsDilation[i] - 1);
            dims[spatial[i]] = (dims[spatial[i]] - 1) * op.LhsDilation[i] + 1 + op.Padding[i].Low + op.Padding[i].High;
        }
        if (edges.All(static edge => edge == default)) return (x, input);
        var padded = input.With(Shape.Create(dims));
        return (Padded(x, input, Constant(Scalar.Of(input.DType, 0L)), edges.ToValueArray(), padded), padded);
    }
}
