using BrainState.Conformance;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.UnitTests.Interpretation;

namespace BrainState.UnitTests.Cpu;

/// <summary>Operands that span vectors, tiles and threads, against the interpreter; the differential tests cover all attributes on small ones.</summary>
public class LargerOperandTests
{
    private static readonly Window Pooling = new([1, 2, 2, 1], [1, 2, 2, 1], [default, default, default, default]);
    private static readonly Window Overlapping = new([1, 3, 3, 1], [1, 2, 2, 1], [default, new(1, 1), new(0, 2), default]);
    private static readonly ConvDimensionNumbers FeaturesLast = new([0, 3, 1, 2], [3, 2, 0, 1], [0, 3, 1, 2]);
    private static readonly ConvDimensionNumbers FeaturesFirst = new([0, 1, 2, 3], [0, 1, 2, 3], [0, 1, 2, 3]);

    /// <summary>The op and the shapes of its operands; operands that are indices have another dtype.</summary>
    private static readonly (Op Op, Shape[] Shapes)[] Cases =
    [
        (new ReduceWindowSum(Pooling), [[3, 18, 14, 20]]), (new ReduceWindowMax(Overlapping), [[3, 17, 15, 20]]), (new ReduceWindowMin(Overlapping), [[3, 17, 15, 3]]),
        (new ReduceWindowSum(new([300], [1], [new(299, 0)])), [[300]]), (new ReduceWindowMax(new([1, 37], [1, 3], [default, new(20, 9)])), [[50, 90]]),
        (new ReduceWindowSum(new([29, 1], [2, 1], [new(5, 5), default])), [[60, 70]]),
        (new CumSum(1, false), [[5, 900]]), (new CumMax(0, true), [[60, 1100]]), (new CumMin(1, false), [[3, 40, 33]]), (new CumLogSumExp(0, false), [[500, 3]]),
        (new SelectAndScatterAdd(WindowSelection.Ge, Pooling), [[3, 9, 7, 20], [3, 18, 14, 20]]),
        (new SelectAndScatterAdd(WindowSelection.Le, Overlapping), [[3, 9, 8, 20], [3, 17, 15, 20]]),
        (new SelectAndGatherAdd(WindowSelection.Ge, Overlapping), [[3, 17, 15, 20], [3, 17, 15, 20]]),
        (Convolution(FeaturesLast, 1), [[1, 7, 8, 8], [3, 3, 8, 20]]), (Convolution(FeaturesLast, 2), [[3, 9, 10, 8], [3, 2, 8, 20]]),
        (Convolution(FeaturesFirst, 1), [[1, 8, 7, 8], [20, 8, 3, 3]]), (Convolution(FeaturesFirst, 2), [[2, 3, 9, 9], [33, 3, 3, 3]]),
        (Convolution(FeaturesFirst, 1, groups: 4), [[2, 8, 9, 10], [20, 2, 3, 3]]), (Convolution(FeaturesLast, 1, groups: 12), [[2, 9, 10, 12], [3, 3, 1, 12]]),
        (Convolution(FeaturesLast, 1) with { BatchGroupCount = 2 }, [[4, 7, 8, 6], [3, 3, 6, 10]]),
        (Convolution(FeaturesFirst, 1) with { BatchGroupCount = 2 }, [[4, 6, 7, 8], [10, 6, 3, 3]]),
        (Convolution(FeaturesLast, 1) with { LhsDilation = [2, 3], RhsDilation = [2, 1] }, [[2, 5, 4, 6], [3, 3, 6, 10]]),
        (Convolution(new([3, 0, 1, 2], [2, 3, 0, 1], [1, 2, 3, 0]), 1), [[4, 7, 6, 3], [5, 4, 10, 4]]),
        (new TopK(10), [[4, 5000]]), (new TopK(200), [[4, 500]]),
    ];

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, Cases.Length)];

    [Theory, MemberData(nameof(Indices))]
    public void Agree(int index)
    {
        var (op, shapes) = Cases[index];
        foreach (var dtype in (DType[])[DType.Float32, DType.Float16])
        {
            var some = op is ConvGeneralDilated convolution ? convolution with { PreferredElementType = dtype } : op;
            if (dtype == DType.Float16 && some is TopK) continue;
            Check(some, [.. shapes.Select((shape, i) => Numbers(new(dtype, shape), i))]);
        }
    }

    [Fact]
    public void RowsAtIndices()
    {
        var (table, updates) = (Numbers(new(DType.Float32, [50, 64]), 1), Numbers(new(DType.Float32, [700, 64]), 2));
        var random = new Random(3);
        var indices = HostValue.Generate(new(DType.Int32, [700, 1]), _ => Scalar.Of(random.Next(-5, 60)));
        foreach (var mode in Enum.GetValues<IndexMode>())
        {
            Check(new Gather(new([1], [0], [0]), [1, 64], mode), table, indices);
            Check(new Gather(new([1], [0], [0]), [1, 20], mode), table, indices);
            Check(new ScatterAdd(new([1], [0], [0]), mode, false), table, indices, updates);
            Check(new Scatter(new([1], [0], [0]), mode, false), table, indices, updates);
        }
    }

    private static ConvGeneralDilated Convolution(ConvDimensionNumbers numbers, int stride, int groups = 1) =>
        new(numbers, [stride, stride], [new(1, 1), new(0, 2)], [1, 1], [1, 1], groups, 1, DType.Float32);

    private static HostValue Numbers(TensorSpec spec, int seed)
    {
        var random = new Random(seed);
        return HostValue.Generate(spec, _ => spec.DType.IsFloating ? Scalar.Of(spec.DType, random.NextDouble() * 2 - 1) : Scalar.Of(spec.DType, (long)random.Next(-9, 10)));
    }

    private static void Check(Op op, params HostValue[] operands)
    {
        var results = Backends.OnCpu.ExecuteDirectly(Evaluate.ProgramOf(op, operands.Select(static o => o.Spec)), operands);
        Closeness.Check(op, operands, results);
    }
}
