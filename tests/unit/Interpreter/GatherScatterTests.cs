using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Conformance.Generation;

namespace BrainState.UnitTests.Interpretation;

/// <summary>Gathers against loops over indices in the terms of NumPy, and scatters as their transposes.</summary>
public class GatherScatterTests
{
    private static readonly HostValue Matrix = HostValue.Of([3, 4], 0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23);

    [Fact]
    public void RowsAsInTake()
    {
        var indices = HostValue.Of([2, 2, 1], 2, 0, 1, 2);
        Assert.Equal([20, 21, 22, 23, 0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23],
            Evaluate.Op<int>(new Gather(new([2], [0], [0]), [1, 4], IndexMode.PromiseInBounds), Matrix, indices));
        // With the window axis first: result[w, i, j] = x[indices[i, j], w].
        Assert.Equal([20, 0, 10, 20, 21, 1, 11, 21, 22, 2, 12, 22, 23, 3, 13, 23],
            Evaluate.Op<int>(new Gather(new([0], [0], [0]), [1, 4], IndexMode.PromiseInBounds), Matrix, indices));
    }

    [Fact]
    public void ElementsAsInAdvancedIndexing()
    {
        var indices = HostValue.Of([3, 2], 0, 3, 2, 1, 1, 1);
        Assert.Equal([3, 21, 11], Evaluate.Op<int>(new Gather(new([], [0, 1], [0, 1]), [1, 1], IndexMode.Clip), Matrix, indices));
        // The components of an index vector the other way round.
        Assert.Equal([20, 12, 11], Evaluate.Op<int>(new Gather(new([], [0, 1], [1, 0]), [1, 1], IndexMode.Clip), Matrix, HostValue.Of([3, 2], 0, 3, 2, 1, 1, 1)));
    }

    [Fact]
    public void AlongAnAxisAsInTakeAlongAxis() => Assert.Equal([3, 0, 11, 12, 20, 20], Evaluate.Op<int>(
        new Gather(new([], [1], [1], [0], [0]), [1, 1], IndexMode.Clip), Matrix, HostValue.Of([3, 2, 1], 3, 0, 1, 2, 0, 0)));

    [Theory]
    [InlineData(IndexMode.Clip, "20 21 21 22 22 23 10 11")]
    [InlineData(IndexMode.PromiseInBounds, "20 21 21 22 22 23 10 11")]
    [InlineData(IndexMode.FillOrDrop, "-9 -9 21 22 -9 -9 -9 -9")]
    public void WindowsOutsideAreMovedOrFilled(IndexMode mode, string expected) => Assert.Equal(expected, string.Join(" ", Evaluate.Op<int>(
        new Gather(new([1], [0], [0, 1]), [1, 2], mode, -9), Matrix, HostValue.Of([4, 2], 3, 0, 2, 1, 2, 3, 1, -1))));

    [Fact]
    public void TheFillDependsOnTheDType()
    {
        var op = new Gather(new([], [0], [0]), [1], IndexMode.FillOrDrop);
        var index = HostValue.Of([1, 1], 5UL);
        Assert.Equal([sbyte.MinValue], Evaluate.Op<sbyte>(op, HostValue.Of<sbyte>([1], 1), index));
        Assert.Equal([uint.MaxValue], Evaluate.Op<uint>(op, HostValue.Of([1], 1u), index));
        Assert.Equal([float.NaN], Evaluate.Op<float>(op, HostValue.Of([1], 1f), index));
        Assert.Equal([true], Evaluate.Op<bool>(op, HostValue.Of([1], false), index));
        Assert.Equal([0.5], Evaluate.Op<double>(op with { FillValue = 0.5 }, HostValue.Of([1], 1.0), index));
    }

    [Fact]
    public void UpdatesCombineOneAfterTheOther()
    {
        ScatterDimensionNumbers rows = new([1], [0], [0]);
        var (x, indices, updates) = (HostValue.Of([3, 2], 1, 2, 3, 4, 5, 6), HostValue.Of([3, 1], 2, 0, 2), HostValue.Of([3, 2], 10, -10, 7, 8, 3, 9));
        Assert.Equal([7, 8, 3, 4, 3, 9], Evaluate.Op<int>(new Scatter(rows, IndexMode.Clip, false), x, indices, updates));
        Assert.Equal([8, 10, 3, 4, 18, 5], Evaluate.Op<int>(new ScatterAdd(rows, IndexMode.Clip, false), x, indices, updates));
        Assert.Equal([7, 16, 3, 4, 150, -540], Evaluate.Op<int>(new ScatterMul(rows, IndexMode.Clip, false), x, indices, updates));
        Assert.Equal([1, 2, 3, 4, 3, -10], Evaluate.Op<int>(new ScatterMin(rows, IndexMode.Clip, false), x, indices, updates));
        Assert.Equal([7, 8, 3, 4, 10, 9], Evaluate.Op<int>(new ScatterMax(rows, IndexMode.Clip, false), x, indices, updates));
        // float16 is rounded at each addition: 2048 + 1 + 1 stays 2048.
        Assert.Equal([(Half)2048], Evaluate.Op<Half>(new ScatterAdd(new([], [0], [0]), IndexMode.Clip, false),
            HostValue.Of([1], (Half)2048), HostValue.Of([2, 1], 0, 0), HostValue.Of([2], Half.One, Half.One)));
    }

    /// <summary>The windows are the columns of the updates, so their elements are not together; still the second window comes after the first.</summary>
    [Fact]
    public void TheLastOfOverlappingWindowsWins() => Assert.Equal([0, 1, 11, 12], Evaluate.Op<int>(
        new Scatter(new([0], [], [0]), IndexMode.Clip, false), HostValue.Of([4], 0, 0, 0, 0), HostValue.Of([2, 1], 1, 2), HostValue.Of([2, 2], 1, 11, 2, 12)));

    [Theory]
    [InlineData(IndexMode.Clip, new[] { 2, 0, 2 })]
    [InlineData(IndexMode.FillOrDrop, new[] { 1, 0, 0 })]
    public void UpdatesOutsideAreMovedOrDropped(IndexMode mode, int[] expected)
    {
        var op = new ScatterAdd(new([], [0], [0]), mode, false);
        Assert.Equal(expected, Evaluate.Op<int>(op, HostValue.Of([3], 0, 0, 0), HostValue.Of([4, 1], 0, -1, 3, 9), HostValue.Of([4], 1, 1, 1, 1)));
        Assert.Empty(Evaluate.Op<int>(op, HostValue.Of<int>([0]), HostValue.Of([1, 1], 0), HostValue.Of([1], 7)));

        // A window that is outside in part is dropped as a whole, or moved as a whole.
        var window = Evaluate.Op<int>(new Scatter(new([0], [], [0]), mode, false), HostValue.Of([3], 0, 0, 0), HostValue.Of([1], 2), HostValue.Of([2], 7, 8));
        Assert.Equal(mode == IndexMode.Clip ? [0, 7, 8] : [0, 0, 0], window);
    }

    /// <summary>⟨gather(x), u⟩ = ⟨x, scatter_add(0, u)⟩ for the same dimension numbers, with exact integers.</summary>
    [Fact]
    public void ScatterAddIsTheTransposeOfGather() => Property.Check(2000, seed =>
    {
        var random = new Random(seed);
        var program = new ProgramGenerator(seed) { DTypes = [DType.Int64], MaxEquations = 0, MaxSize = 4 }.NextWith("gather");
        var (equation, d) = (program.Equations[^1], ((Gather)program.Equations[^1].Op).DimensionNumbers);
        var gather = (Gather)equation.Op with { FillValue = 0 };
        var scatter = new ScatterAdd(
            new(d.OffsetDims, d.CollapsedSliceDims, d.StartIndexMap, d.OperandBatchingDims, d.StartIndicesBatchingDims), gather.Mode, false);
        HostValue Draw(TensorSpec spec) => HostValue.Generate(spec, _ => Scalar.Of((long)random.Next(-2, 7)));
        var (x, indices, updates) = (Draw(program.SpecOf(equation.Inputs[0])), Draw(program.SpecOf(equation.Inputs[1])), Draw(equation.Outputs[0]));
        var zeros = HostValue.Generate(x.Spec, static _ => Scalar.Of(0L));

        Assert.Equal(Inner(Evaluate.Op<long>(gather, x, indices), updates.ToArray<long>()), Inner(x.ToArray<long>(), Evaluate.Op<long>(scatter, zeros, indices, updates)));
    });

    private static long Inner(long[] x, long[] y) => x.Zip(y, static (a, b) => a * b).Sum();
}
