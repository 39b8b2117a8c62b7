using System.Numerics;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Conformance.Generation;

namespace BrainState.UnitTests.Interpretation;

/// <summary>Windows and convolutions against other formulations: padded and sliced tensors, and loops from the side of the input.</summary>
public class WindowTests
{
    [Fact]
    public void WindowsByExample()
    {
        var x = HostValue.Of([5], 1, 5, 2, 4, 3);
        var pairs = new Window([2], [1], [new(1, 0)]);
        Assert.Equal([1, 6, 7, 6, 7], Evaluate.Op<int>(new ReduceWindowSum(pairs), x));
        Assert.Equal([1, 5, 5, 4, 4], Evaluate.Op<int>(new ReduceWindowMax(pairs), x));
        Assert.Equal([1, 1, 2, 2, 3], Evaluate.Op<int>(new ReduceWindowMin(pairs), x));
        Assert.Equal([6, 5], Evaluate.Op<int>(new ReduceWindowSum(new([2], [3], [new(0, 3)], [1], [3])), HostValue.Of([5], 1, 5, 2, 5, 9)));
        Assert.Equal([int.MinValue], Evaluate.Op<int>(new ReduceWindowMax(new([1], [1], [new(1, 0)])), HostValue.Of<int>([0])));
        Assert.Equal([0.1f, 0.2f, float.NaN], Evaluate.Op<float>(new ReduceWindowMin(new([1], [1], [new(0, 0)])), HostValue.Of([3], 0.1f, 0.2f, float.NaN)));
    }

    /// <summary>Every element of the window is a strided slice of the padded tensor.</summary>
    [Theory, InlineData("reduce_window_sum"), InlineData("reduce_window_max"), InlineData("reduce_window_min")]
    public void AWindowIsACombinationOfSlices(string name) => Property.Check(600, seed =>
    {
        var program = new ProgramGenerator(seed) { DTypes = [DType.Int32], MaxEquations = 0, MaxSize = 5 }.NextWith(name);
        var (equation, random) = (program.Equations[^1], new Random(seed));
        var (window, neutral, combine) = equation.Op switch
        {
            ReduceWindowSum sum => (sum.Window, 0, new Add()),
            ReduceWindowMax max => (max.Window, int.MinValue, (Op)new Max()),
            ReduceWindowMin min => (min.Window, int.MaxValue, new Min()),
            _ => throw new InvalidOperationException(),
        };
        var x = HostValue.Generate(program.SpecOf(equation.Inputs[0]), _ => Scalar.Of(random.Next(-9, 10)));
        var expected = HostValue.Generate(equation.Outputs[0], _ => Scalar.Of(neutral));
        foreach (var slice in Slices(x, window, HostValue.Of([], neutral), equation.Outputs[0].Shape)) expected = Evaluate.Op(combine, expected, slice)[0];
        Assert.Equal(expected.ToArray<int>(), Evaluate.Op<int>(equation.Op, x));

        // The same as a program, with its own initial value in place of the padding.
        var body = Evaluate.ProgramOf(combine, [new(DType.Int32, []), new(DType.Int32, [])]);
        Assert.Equal(expected.ToArray<int>(), Evaluate.Op<int>(new ReduceWindow(body, window), x, HostValue.Of([], neutral)));
    });

    [Fact]
    public void TheBodySeesAccumulatedThenElementInOrder()
    {
        // acc ← 10 acc + x writes down the digits in the order of combination.
        var digits = Program.Parse("program(%0:i32[], %1:i32[]) { %2:i32[] = mul %0 10:i32[] %3:i32[] = add %2 %1 return %3 }");
        Assert.Equal([7123, 7456], Evaluate.Op<int>(new Reduce(digits, [1]), HostValue.Of([2, 3], 1, 2, 3, 4, 5, 6), HostValue.Of([], 7)));
        Assert.Equal([7771, 7712, 7123], Evaluate.Op<int>(new ReduceWindow(digits, new([3], [1], [new(2, 0)])), HostValue.Of([3], 1, 2, 3), HostValue.Of([], 7)));

        // The largest value and its position, in one reduction over two tensors.
        var largest = Program.Parse(
            "program(%0:f32[], %1:i32[], %2:f32[], %3:i32[]) { %4:bool[] = ge %0 %2 %5:f32[] = select_n %4 %2 %0 %6:i32[] = select_n %4 %3 %1 return %5, %6 }");
        var results = Evaluate.Op(new Reduce(largest, [0]), HostValue.Of([4], 1f, 9, 9, 3), HostValue.Of([4], 0, 1, 2, 3), HostValue.Of([], float.NegativeInfinity), HostValue.Of([], -1));
        Assert.Equal([9f], results[0].ToArray<float>());
        Assert.Equal([1], results[1].ToArray<int>());
    }

    [Fact]
    public void SelectionsTakeTheFirstOfEqualsAndNaN()
    {
        var (values, x) = (HostValue.Of([4], 10.0, 20, 30, 40), HostValue.Of([4], 5, 5, double.NaN, 7));
        var pairs = new Window([2], [1], [new(0, 2)]);
        Assert.Equal([10, 30, 30, 40, 0], Evaluate.Op<double>(new SelectAndGatherAdd(WindowSelection.Ge, pairs), values, x));
        Assert.Equal([10, 30, 30, 40, 0], Evaluate.Op<double>(new SelectAndGatherAdd(WindowSelection.Le, pairs), values, x));
        Assert.Equal([1, 0, 5, 8], Evaluate.Op<double>(new SelectAndScatterAdd(WindowSelection.Ge, pairs), HostValue.Of([5], 1.0, 2, 3, 8, 16), x));
    }

    /// <summary>⟨gather(v), s⟩ = ⟨v, scatter(s)⟩; and selecting from x itself gives the extremes.</summary>
    [Fact]
    public void SelectAndScatterIsTheTransposeOfSelectAndGather() => Property.Check(600, seed =>
    {
        var program = new ProgramGenerator(seed) { DTypes = [DType.Float64], MaxEquations = 0, MaxSize = 5 }.NextWith("select_and_scatter_add");
        var (equation, random) = (program.Equations[^1], new Random(seed));
        var scatter = (SelectAndScatterAdd)equation.Op;
        var gather = new SelectAndGatherAdd(scatter.Selection, scatter.Window);
        HostValue Draw(TensorSpec spec) => HostValue.Generate(spec, _ => Scalar.Of((double)random.Next(-4, 5)));
        var (source, x, values) = (Draw(program.SpecOf(equation.Inputs[0])), Draw(equation.Outputs[0]), Draw(equation.Outputs[0]));

        Assert.Equal(
            Evaluate.Op<double>(gather, values, x).Zip(source.ToArray<double>(), static (a, b) => a * b).Sum(),
            Evaluate.Op<double>(scatter, source, x).Zip(values.ToArray<double>(), static (a, b) => a * b).Sum());
        Op extremes = scatter.Selection == WindowSelection.Ge ? new ReduceWindowMax(scatter.Window) : new ReduceWindowMin(scatter.Window);
        Assert.Equal(Evaluate.Op<double>(extremes, x).Select(static v => double.IsInfinity(v) ? 0 : v), Evaluate.Op<double>(gather, x, x));
    });

    [Fact]
    public void RunningCombinations()
    {
        var x = HostValue.Of([2, 3], 3, 1, 2, 5, 7, -6);
        Assert.Equal([3, 4, 6, 5, 12, 6], Evaluate.Op<int>(new CumSum(1, false), x));
        Assert.Equal([8, 8, -4, 5, 7, -6], Evaluate.Op<int>(new CumSum(0, true), x));
        Assert.Equal([3, 3, 6, 5, 35, -210], Evaluate.Op<int>(new CumProd(1, false), x));
        Assert.Equal([3, 2, 2, 7, 7, -6], Evaluate.Op<int>(new CumMax(1, true), x));
        Assert.Equal([3, 1, 2, 3, 1, -6], Evaluate.Op<int>(new CumMin(0, false), x));
        Assert.Equal([1, double.NaN, double.NaN], Evaluate.Op<double>(new CumMax(0, false), HostValue.Of([3], 1, double.NaN, 2)));
        // What runs is not rounded: 2048 + 1 is not a float16, 2048 + 1 + 1 is.
        Assert.Equal([(Half)2048, (Half)2048, (Half)2050], Evaluate.Op<Half>(new CumSum(0, false), HostValue.Of([3], (Half)2048, Half.One, Half.One)));
    }

    /// <summary>Expected: numpy.logaddexp.accumulate.</summary>
    [Fact]
    public void LogSumExpDoesNotOverflow()
    {
        Assert.Equal([1000.0, 1001.3132616875182, 1001.3132616875182, 1002.7663678998072], Evaluate.Op<double>(new CumLogSumExp(0, false), HostValue.Of([4], 1000.0, 1001, -5, 1002.5)));
        const double Infinity = double.PositiveInfinity;
        Assert.Equal([-Infinity, -Infinity, 0, Infinity, double.NaN], Evaluate.Op<double>(new CumLogSumExp(0, false), HostValue.Of([5], -Infinity, -Infinity, 0, Infinity, double.NaN)));
    }

    [Fact]
    public void TopKIsDescendingWithNaNFirst()
    {
        var results = Evaluate.Op(new TopK(4), HostValue.Of([2, 5], 1f, 3, float.NaN, 3, -1, -0f, 0, -1, 0, float.NegativeInfinity));
        Assert.Equal([float.NaN, 3, 3, 1, -0f, 0, 0, -1], results[0].ToArray<float>());
        Assert.Equal([2, 1, 3, 0, 0, 1, 3, 2], results[1].ToArray<int>());
        Assert.Equal(new TensorSpec(DType.Int32, [2, 0]), Evaluate.Op(new TopK(0), HostValue.Of<float>([2, 1], 1, 2))[1].Spec);
    }

    /// <summary>Every product goes to where its input and kernel element meet.</summary>
    [Fact]
    public void ConvolutionsAgreeWithLoopsOverTheInput() => Property.Check(800, seed =>
    {
        var program = new ProgramGenerator(seed) { DTypes = [DType.Int64], MaxEquations = 0, MaxRank = 4, MaxSize = 4, MaxElements = 2000 }.NextWith("conv_general_dilated");
        var (equation, random) = (program.Equations[^1], new Random(seed));
        var op = (ConvGeneralDilated)equation.Op;
        HostValue Draw(TensorSpec spec) => HostValue.Generate(spec, _ => Scalar.Of((long)random.Next(-9, 10)));
        var (x, kernel) = (Draw(program.SpecOf(equation.Inputs[0])), Draw(program.SpecOf(equation.Inputs[1])));
        Assert.Equal(Scattered(op, x, kernel, equation.Outputs[0].Shape), Evaluate.Op<long>(op, x, kernel));
    });

    [Fact]
    public void ConvolutionsByExample()
    {
        var op = new ConvGeneralDilated(new([0, 1, 2], [0, 1, 2], [0, 1, 2]), [1], [new(1, 1)], [1], [1], 1, 1, DType.Int32);
        Assert.Equal([12, 123, 235, 350], Evaluate.Op<int>(op, HostValue.Of([1, 1, 4], 1, 2, 3, 5), HostValue.Of([1, 1, 3], 100, 10, 1)));
        Assert.Equal([new Complex(0, 5)], Evaluate.Op<Complex>(op with { Padding = [new(0, 0)], PreferredElementType = DType.Complex128 },
            HostValue.Of([1, 1, 2], new Complex(1, 1), new Complex(0, 1)), HostValue.Of([1, 1, 2], new Complex(2, 2), new Complex(1, 0))));
    }

    private static IEnumerable<HostValue> Slices(HostValue x, Window window, HostValue padding, Shape windows)
    {
        var padded = Evaluate.Op(new Pad(window.Padding.Select((p, axis) =>
            new PaddingConfig(p.Low, p.High, window.BaseDilation[axis] - 1)).ToValueArray()), x, padding)[0];
        if (windows.ElementCount == 0) yield break;
        foreach (var inside in NaiveIndices(window.Dimensions))
        {
            var starts = inside.Select((k, axis) => k * window.WindowDilation[axis]).ToArray();
            yield return Evaluate.Op(new Slice(starts.ToValueArray(), starts.Select((start, axis) => start + ((windows[axis] - 1) * window.Strides[axis]) + 1).ToValueArray(), window.Strides), padded)[0];
        }
    }

    private static long[] Scattered(ConvGeneralDilated op, HostValue x, HostValue kernel, Shape result)
    {
        var (d, sums) = (op.DimensionNumbers, new long[result.ElementCount]);
        var (outputs, inputs) = (kernel.Spec.Shape[d.Rhs[0]], kernel.Spec.Shape[d.Rhs[1]]);
        foreach (var i in NaiveIndices(x.Spec.Shape))
            foreach (var k in NaiveIndices(kernel.Spec.Shape))
            {
                // Which group of input features or of the batch this is, and whether the output feature belongs to it.
                var (feature, output) = (i[d.Lhs[1]], k[d.Rhs[0]]);
                var (group, batch) = op.BatchGroupCount > 1
                    ? (i[d.Lhs[0]] / result[d.Out[0]], i[d.Lhs[0]] % result[d.Out[0]])
                    : (feature / inputs, i[d.Lhs[0]]);
                if (feature % inputs != k[d.Rhs[1]] || output * Math.Max(op.FeatureGroupCount, op.BatchGroupCount) / outputs != group) continue;
                var target = new int[result.Rank];
                (target[d.Out[0]], target[d.Out[1]]) = (batch, output);
                var isInside = true;
                for (var axis = 0; axis < op.WindowStrides.Count; axis++)
                {
                    var place = (i[d.Lhs[axis + 2]] * op.LhsDilation[axis]) + op.Padding[axis].Low - (k[d.Rhs[axis + 2]] * op.RhsDilation[axis]);
                    isInside &= place % op.WindowStrides[axis] == 0 && place >= 0 && place / op.WindowStrides[axis] < result[d.Out[axis + 2]];
                    target[d.Out[axis + 2]] = place / op.WindowStrides[axis];
                }
                if (isInside) sums[Position(result, target)] += x[Position(x.Spec.Shape, i)].As<long>() * kernel[Position(kernel.Spec.Shape, k)].As<long>();
            }
        return sums;
    }

    private static int Position(Shape shape, int[] index) => (int)index.Zip(shape.RowMajorStrides(), static (i, stride) => i * stride).Sum();

    private static IEnumerable<int[]> NaiveIndices(IEnumerable<int> sizes) => sizes.Aggregate(
        (IEnumerable<int[]>)[[]], static (indices, size) => indices.SelectMany(index => Enumerable.Range(0, size).Select(i => (int[])[.. index, i])));
}
