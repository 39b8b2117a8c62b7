using BrainState.Conformance.Generation;
using BrainState.Conformance;
using BrainState.Batching;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.UnitTests.Interpretation;

namespace BrainState.UnitTests.Batching;

/// <summary>Ops whose parameters decide which of several rules applies: every combination of operands that are batched, for none, one and three lanes.</summary>
public sealed class BatchedOpTests
{
    private static readonly (string Name, Op Op, TensorSpec[] Operands)[] Cases =
    [
        ("dot", new DotGeneral([1], [0], [], [], DType.Float64), [F(2, 3), F(3, 4)]),
        ("dot with vector", new DotGeneral([1], [0], [], [], DType.Float64), [F(2, 3), F(3)]),
        ("dot with batch axes", new DotGeneral([0], [2], [2, 1], [0, 1], DType.Float64), [F(2, 3, 4), F(4, 3, 2)]),
        ("dot with batch and free axes", new DotGeneral([3], [1], [1], [2], DType.Float64), [F(2, 3, 4, 5), F(6, 5, 3)]),
        ("gather rows", new Gather(new([1], [0], [0]), [1, 4], IndexMode.Clip), [F(3, 4), I(5, 1)]),
        ("gather windows", new Gather(new([0, 2], [], [1, 0]), [2, 3], IndexMode.FillOrDrop), [F(3, 4), I(5, 2)]),
        ("gather one", new Gather(new([], [0, 1], [0, 1]), [1, 1], IndexMode.FillOrDrop, 7), [F(3, 4), I(2)]),
        ("gather along", new Gather(new([1], [1], [1], [0], [0]), [1, 1, 2], IndexMode.Clip), [F(3, 4, 2), I(3, 1)]),
        ("gather along crossed", new Gather(new([1], [], [2], [0, 1], [1, 0]), [1, 1, 2], IndexMode.PromiseInBounds), [F(3, 4, 5), I(4, 3, 1)]),
        .. Scatterings(static (d, mode) => new Scatter(d, mode, false)), .. Scatterings(static (d, mode) => new ScatterAdd(d, mode, false)),
        .. Scatterings(static (d, mode) => new ScatterMul(d, mode, false)), .. Scatterings(static (d, mode) => new ScatterMin(d, mode, true)),
        .. Scatterings(static (d, mode) => new ScatterMax(d, mode, false)),
        ("dynamic slice", new DynamicSlice([2, 1]), [F(3, 4), I(), I()]),
        ("dynamic update", new DynamicUpdateSlice(), [F(3, 4), F(2, 1), I(), I()]),
        ("cumulative", new CumSum(1, true), [F(2, 3)]), ("running product", new CumProd(0, false), [F(3, 2)]), ("running maximum", new CumMax(0, true), [I(3, 2)]),
        ("running minimum", new CumMin(1, false), [I(3, 2)]), ("running logsumexp", new CumLogSumExp(0, false), [F(4)]),
        ("window sum", new ReduceWindowSum(Window), [F(4, 3)]), ("window max", new ReduceWindowMax(Window), [F(4, 3)]), ("window min", new ReduceWindowMin(Window), [F(4, 3)]),
        ("select and gather", new SelectAndGatherAdd(WindowSelection.Ge, Window), [F(4, 3), F(4, 3)]),
        ("select and scatter", new SelectAndScatterAdd(WindowSelection.Le, Window), [F([.. Window.CountsOver([4, 3]).Select(static c => (int)c)]), F(4, 3)]),
        ("reduce", new Reduce(Sum(1), [0, 2]), [F(2, 3, 4), F()]), ("reduce two", new Reduce(Sum(2), [1]), [F(2, 3), F(2, 3), F(), F()]),
        ("reduce window", new ReduceWindow(Sum(1), Window), [F(4, 3), F()]),
        ("xor", new ReduceXor([1]), [I(2, 3)]), ("top", new TopK(2), [I(2, 3)]),
        ("convolution", Convolution(1, 1), [F(2, 3, 5, 4), F(6, 3, 3, 2)]), ("convolution with feature groups", Convolution(2, 1), [F(2, 4, 5, 4), F(6, 2, 3, 2)]),
        ("convolution with batch groups", Convolution(1, 2), [F(4, 3, 5, 4), F(6, 3, 3, 2)]),
        ("convolution of other axes", Convolution(3, 1) with { DimensionNumbers = new([3, 1, 0, 2], [2, 3, 0, 1], [1, 0, 3, 2]) }, [F(5, 3, 4, 2), F(3, 2, 6, 1)]),
        ("convolution without spatial axes", new ConvGeneralDilated(new([0, 1], [0, 1], [0, 1]), [], [], [], [], 1, 1, DType.Float64), [F(2, 3), F(4, 3)]),
        ("Fourier", new Fft(FftType.RFft, [3, 4]), [F(2, 3, 4)]), ("cholesky", new Cholesky(), [F(3, 3)]), ("qr", new Qr(false), [F(3, 2)]), ("lu", new Lu(), [F(2, 3, 2)]),
        ("eigh", new Eigh(true), [F(2, 2)]), ("svd", new Svd(false, true), [F(3, 2)]),
        ("solve left", new TriangularSolve(true, true, MatrixTranspose.None, false), [F(3, 3), F(3, 2)]),
        ("solve right", new TriangularSolve(false, false, MatrixTranspose.Transpose, true), [F(2, 3, 3), F(2, 4, 3)]),
        ("next after", new NextAfter(), [F(3), F()]), ("complex", new MakeComplex(), [F(), F(2, 3)]), ("precision", new ReducePrecision(4, 5), [F(3)]),
        ("pad", new Pad([new(1, -1, 2), new(0, 2, 0)]), [F(3, 2), F()]), ("select", new SelectN(), [I(), F(2), F(2), F(2)]), ("clamp", new Clamp(), [F(), F(), F()]),
        ("permutation over another axis", new PPermute("other", [(0, 1)]), [F(2)]), ("sum over another axis", new PSum("other"), [F(2)]),
        ("gathering over another axis", new AllGather("other", 2, 1), [F(2, 3)]), ("scattering over another axis", new ReduceScatter("other", 2, 1), [F(2, 2, 3)]),
        ("exchange over another axis", new AllToAll("other", 2, 1, 0), [F(3, 2, 3)]),
    ];

    public static TheoryData<string> Names => [.. Cases.Select(static c => c.Name)];

    private static Window Window => new([2, 2], [2, 1], [new(1, 0), new(0, 1)], [1, 2], [1, 1]);

    private static TensorSpec F(params int[] dims) => new(DType.Float64, dims);

    private static TensorSpec I(params int[] dims) => new(DType.Int32, dims);

    private static IEnumerable<(string, Op, TensorSpec[])> Scatterings(Func<ScatterDimensionNumbers, IndexMode, Op> make)
    {
        Op rows = make(new([1], [0], [0]), IndexMode.Clip), windows = make(new([0, 2], [], [1, 0]), IndexMode.FillOrDrop), along = make(new([1], [1], [1], [0], [0]), IndexMode.Clip);
        yield return ($"{rows.Name} rows", rows, [F(3, 4), I(5, 1), F(5, 4)]);
        yield return ($"{rows.Name} windows", windows, [F(3, 4), I(5, 2), F(2, 5, 3)]);
        yield return ($"{rows.Name} along", along, [F(3, 4, 2), I(3, 1), F(3, 2)]);
    }

    private static ConvGeneralDilated Convolution(int featureGroups, int batchGroups) => new(
        new([0, 1, 2, 3], [0, 1, 2, 3], [0, 1, 2, 3]), [1, 2], [new(1, 1), new(0, 1)], [1, 2], [2, 1], featureGroups, batchGroups, DType.Float64);

    /// <summary>Adds n accumulated scalars to n elements.</summary>
    private static Program Sum(int count)
    {
        var builder = new ProgramBuilder();
        var inputs = Enumerable.Range(0, 2 * count).Select(_ => builder.AddInput(F())).ToArray();
        return builder.Build([.. Enumerable.Range(0, count).Select(i => builder.Add(new Add(), inputs[i], inputs[count + i]))]);
    }

    [Theory, MemberData(nameof(Names))]
    public void EveryCombinationOfBatchedOperandsIsALoop(string name)
    {
        var (_, op, operands) = Cases.Single(c => c.Name == name);
        var program = Evaluate.ProgramOf(op, operands);
        foreach (var size in (int[])[0, 1, 3])
            for (var mask = 1; mask < 1 << operands.Length; mask++)
                Check(program, operands.Select((_, i) => (mask >> i & 1) == 1).ToValueArray(), new BatchAxis(size, "lanes"), new Random(mask));
    }

    /// <summary>Two replicas run side by side along the axis "other", for the collectives that the mapped axis does not concern.</summary>
    private static void Check(Program program, ValueArray<bool> isBatched, BatchAxis axis, Random random)
    {
        var inputs = Enumerable.Range(0, 2).Select(_ => program.Inputs
            .Select((spec, i) => HostLanes.Random(isBatched[i] ? HostLanes.Stack(spec, axis.Size) : spec, random, isTame: true)).ToArray()).ToArray();
        var batched = BatchMode.Batch(program, isBatched, axis);
        Assert.DoesNotContain(false, batched.IsOutputBatched);
        var actual = Run(batched.Program, inputs);
        for (var lane = 0; lane < axis.Size; lane++)
        {
            var expected = Run(program, Array.ConvertAll(inputs, own => own.Select((value, i) => isBatched[i] ? HostLanes.At(value, lane) : value).ToArray()));
            for (var replica = 0; replica < expected.Length; replica++)
            {
                var difference = Exactness.Difference(expected[replica], [.. actual[replica].Select(value => HostLanes.At(value, lane))]);
                Assert.True(difference is null, $"lane {lane} of {isBatched}: {difference}\n{program.ToFullText()}\nbatched:\n{batched.Program.ToFullText()}");
            }
        }
    }

    private static HostValue[][] Run(Program program, HostValue[][] inputs) => program.Equations.Any(static e => e.Op is Collective)
        ? Interpreter.RunReplicated(program, "other", inputs)
        : [Interpreter.Run(program, inputs[0])];
}
