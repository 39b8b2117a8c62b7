using BrainState.Ops;
using static BrainState.Differentiation.DerivativeRules;

namespace BrainState.Differentiation;

/// <summary>Derivatives of convolutions: linear in each operand, with a transpose that is a convolution again.</summary>
internal static class ConvolutionRules
{
    public static void Define()
    {
        Jvps.Define<ConvGeneralDilated>((op, x, t) => (
            [Lax.One(op, x)],
            [Sum(t[0] is { } lhs ? Lax.One(op, lhs, x[1]) : null, t[1] is { } rhs ? Lax.One(op, x[0], rhs) : null)]));
        Transposes.Define<ConvGeneralDilated>((op, ct, operands) =>
        {
            var conv = (ConvGeneralDilated)op;
            if (operands[0].IsLinear) return [Input(conv, ct[0]!, operands[1].Known!, operands[0].Spec), null];
            return [null, Kernel(conv, ct[0]!, operands[0].Known!, operands[1].Spec)];
        });
    }

    /// <summary>The cotangent of the input: the reversed kernel, with its features exchanged, slides back over the results.</summary>
    public static Tensor Input(ConvGeneralDilated conv, Tensor ct, Tensor kernel, TensorSpec input)
    {
        if (ct.Size == 0 || kernel.Size == 0) return Zeros(input);
        var (d, groups) = (conv.DimensionNumbers, conv.FeatureGroupCount * conv.BatchGroupCount);
        var window = WindowRules.Transposed(conv.WindowOver(kernel.Spec), Spatial(input.Shape, d.Lhs), Spatial(ct.Shape, d.Out));

        // Groups of output features become groups of input features, which are then convolved separately; those of the batch go back to it.
        var reversed = MoveGroups(Lax.Rev(kernel, d.Rhs.Skip(2).ToValueArray()), d.Rhs[0], d.Rhs[1], groups);
        var back = Lax.ConvGeneralDilated(
            Lax.ConvertElementType(ct, kernel.DType), reversed, window.Strides, window.Padding, window.BaseDilation, window.WindowDilation,
            new(d.Out, Exchanged(d.Rhs), d.Lhs), groups, preferredElementType: input.DType);
        return MoveGroups(back, d.Lhs[1], d.Lhs[0], conv.BatchGroupCount);
    }

    /// <summary>The cotangent of the kernel: the results slide over the input, with the batch as the features that are summed over.</summary>
    public static Tensor Kernel(ConvGeneralDilated conv, Tensor ct, Tensor input, TensorSpec kernel)
    {
        if (ct.Size == 0 || kernel.ElementCount == 0) return Zeros(kernel);
        var d = conv.DimensionNumbers;
        var (sizes, windows, results) = (Spatial(input.Shape, d.Lhs), Spatial(kernel.Shape, d.Rhs), Spatial(ct.Shape, d.Out));
        var padding = Enumerable.Range(0, sizes.Rank).Select(i =>
        {
            var covered = (windows[i] - 1) * conv.RhsDilation[i] + WindowRules.Dilated(results[i], conv.WindowStrides[i]);
            return new EdgePadding(conv.Padding[i].Low, covered - WindowRules.Dilated(sizes[i], conv.LhsDilation[i]) - conv.Padding[i].Low);
        });
        return Lax.ConvGeneralDilated(
            input, Lax.ConvertElementType(ct, input.DType), conv.RhsDilation, padding.ToValueArray(), conv.LhsDilation, conv.WindowStrides,
            new(Exchanged(d.Lhs), Exchanged(d.Out), Exchanged(d.Rhs)), conv.BatchGroupCount, conv.FeatureGroupCount, kernel.DType);
    }

    /// <summary>x with the groups that one axis consists of moved to the front of another.</summary>
    private static Tensor MoveGroups(Tensor x, int from, int to, int groups)
    {
        if (groups == 1) return x;
        var size = x.Shape[from] / groups;
        var split = Lax.Reshape(x, x.Shape.With(from, size).Insert(from, groups));
        var order = Enumerable.Range(0, split.Rank).Where(axis => axis != from).ToList();
        order.Insert(order.IndexOf(to < from ? to : to + 1), from);
        return Lax.Reshape(Lax.Transpose(split, order.ToValueArray()), x.Shape.With(from, size).With(to, x.Shape[to] * groups));
    }

    private static Shape Spatial(Shape shape, ValueArray<int> axes) => Shape.Create([.. axes.Skip(2).Select(axis => shape[axis])]);

    private static ValueArray<int> Exchanged(ValueArray<int> axes) => [axes[1], axes[0], .. axes.Skip(2)];
}
