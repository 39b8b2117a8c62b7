using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Conformance.Generation;

/// <summary>Generators of sliding windows, convolutions, running combinations, and reductions by a program.</summary>
internal static class WindowGenerators
{
    /// <summary>The generators, by op name.</summary>
    public static readonly IReadOnlyDictionary<string, OpGenerator> Table = new Dictionary<string, OpGenerator>
    {
        ["cumsum"] = s => Cumulative(s, DTypeKinds.Number, (axis, reverse) => new CumSum(axis, reverse)),
        ["cumprod"] = s => Cumulative(s, DTypeKinds.Number, (axis, reverse) => new CumProd(axis, reverse)),
        ["cummax"] = s => Cumulative(s, DTypeKinds.Real, (axis, reverse) => new CumMax(axis, reverse)),
        ["cummin"] = s => Cumulative(s, DTypeKinds.Real, (axis, reverse) => new CumMin(axis, reverse)),
        ["cumlogsumexp"] = s => Cumulative(s, DTypeKinds.Floating, (axis, reverse) => new CumLogSumExp(axis, reverse)),
        ["reduce_window_sum"] = s => s.On(DTypeKinds.Number, x => new ReduceWindowSum(Window(s, x.Shape))),
        ["reduce_window_max"] = s => s.On(DTypeKinds.Real | DTypeKinds.Bool, x => new ReduceWindowMax(Window(s, x.Shape))),
        ["reduce_window_min"] = s => s.On(DTypeKinds.Real | DTypeKinds.Bool, x => new ReduceWindowMin(Window(s, x.Shape))),
        ["reduce_window"] = s => Monoid(s, (body, x) => new ReduceWindow(body, Window(s, x.Shape))),
        ["reduce"] = s => Monoid(s, (body, x) => new Reduce(body, s.Axes(x.Rank))),
        ["select_and_gather_add"] = s => s.Spec(DTypeKinds.Floating) is { } x
            ? new(new SelectAndGatherAdd(s.Pick(Enum.GetValues<WindowSelection>()), Window(s, x.Shape)), [s.Value(x), s.Value(x)])
            : null,
        ["select_and_scatter_add"] = SelectAndScatter,
        ["conv_general_dilated"] = Convolution,
    };

    static Generated? Cumulative(GeneratorScope s, DTypeKinds kinds, Func<int, bool, Cumulative> make) =>
        s.On(kinds, x => make(s.Random.Next(x.Rank), s.Coin()), minRank: 1);

    /// <summary>A window of up to 3 elements per axis, with dilations and with padding that may crop.</summary>
    static Window Window(GeneratorScope s, Shape shape)
    {
        ValueArray<int> Small(int max) => shape.Select(_ => s.Coin() ? 1 : s.Random.Next(1, max + 1)).ToValueArray();
        var dilation = Small(2);
        return new(Small(3), Small(2), Padding(s, shape, dilation), dilation, Small(2));
    }

    static ValueArray<EdgePadding> Padding(GeneratorScope s, Shape shape, ValueArray<int> dilation) => shape.Select((size, axis) =>
    {
        var low = s.Random.Next(-1, 3);
        var dilated = size == 0 ? 0 : ((size - 1) * dilation[axis]) + 1;
        return new EdgePadding(Math.Max(low, -dilated), s.Random.Next(Math.Max(-1, -Math.Max(0, dilated + low)), 3));
    }).ToValueArray();

    static Generated? SelectAndScatter(GeneratorScope s)
    {
        if (s.Spec(DTypeKinds.Real) is not { } x) return null;
        var window = Window(s, x.Shape);
        var source = x.With(Shape.Create([.. window.CountsOver(x.Shape).Select(static count => (int)count)]));
        return new(new SelectAndScatterAdd(s.Pick(Enum.GetValues<WindowSelection>()), window), [s.Value(source), s.Value(x)]);
    }

    /// <summary>One or two tensors, each with an associative function and its neutral element.</summary>
    static Generated? Monoid(GeneratorScope s, Func<Program, TensorSpec, BodyOp> make)
    {
        if (s.Spec(DTypeKinds.Real | DTypeKinds.Bool) is not { } x) return null;
        var tensors = Enumerable.Range(0, s.Random.Next(1, 3)).Select(i => i == 0 ? x : x.With(s.DType(DTypeKinds.Real | DTypeKinds.Bool)!.Value)).ToArray();
        var functions = tensors.Select(tensor => s.Pick(Monoids(tensor.DType))).ToArray();
        var body = new ProgramBuilder();
        Operand[] inputs = [.. tensors.Concat(tensors).Select(tensor => body.AddInput(tensor.With(Shape.Scalar)))];
        var program = body.Build([.. functions.Select((f, i) => body.Add(f.Op, inputs[i], inputs[tensors.Length + i]))]);
        return new(make(program, x), [.. s.Values(tensors), .. functions.Select(f => Operand.Of(f.Neutral))]);
    }

    static (Op Op, Scalar Neutral)[] Monoids(DType dtype) => dtype.Kind switch
    {
        DTypeKinds.Bool => [(new And(), Scalar.Of(true)), (new Or(), Scalar.Of(false)), (new Xor(), Scalar.Of(false))],
        DTypeKinds.Floating => [(new Max(), Scalar.Of(dtype, double.NegativeInfinity)), (new Min(), Scalar.Of(dtype, double.PositiveInfinity))], // Sums depend on the order.
        _ => [(new Add(), Scalar.Of(dtype, 0L)), (new Mul(), Scalar.Of(dtype, 1L)), (new And(), Scalar.Of(dtype, -1L)), (new Or(), Scalar.Of(dtype, 0L))],
    };

    static Generated? Convolution(GeneratorScope s)
    {
        if (s.MaxRank < 2 || s.DType(DTypeKinds.Number) is not { } dtype || s.DType(DTypeKinds.Number) is not { } result) return null;
        var spatial = s.Random.Next(s.MaxRank - 1);
        var (featureGroups, batchGroups) = s.Pick([(1, 1), (1, 1), (2, 1), (1, 2)]);
        var (outputs, inputs) = (s.Random.Next(1, 3) * featureGroups * batchGroups, s.Size());
        var (image, kernel) = (s.Shape(spatial, spatial), s.Shape(spatial, spatial));
        ValueArray<int> Small() => image.Select(_ => s.Coin() ? 1 : 2).ToValueArray();
        var (lhsDilation, numbers) = (Small(), new ConvDimensionNumbers(s.Axes(spatial + 2, spatial + 2), s.Axes(spatial + 2, spatial + 2), s.Axes(spatial + 2, spatial + 2)));
        var op = new ConvGeneralDilated(numbers, Small(), Padding(s, image, lhsDilation), lhsDilation, Small(), featureGroups, batchGroups, result);
        return new(op,
        [
            s.Value(new(dtype, Placed(numbers.Lhs, [s.Random.Next(1, 3) * batchGroups, inputs * featureGroups, .. image]))),
            s.Value(new(dtype, Placed(numbers.Rhs, [outputs, inputs, .. kernel]))),
        ]);
    }

    /// <summary>The shape whose axis <c>axes[i]</c> has the size <c>sizes[i]</c>.</summary>
    static Shape Placed(ValueArray<int> axes, ReadOnlySpan<int> sizes)
    {
        var shape = new int[axes.Count];
        for (var i = 0; i < shape.Length; i++) shape[axes[i]] = sizes[i];
        return shape;
    }
}
