using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.Ops;

/// <summary>Ops whose parameters describe how the axes of several tensors belong together.</summary>
internal static partial class ConstraintCases
{
    static IEnumerable<ConstraintCase> Indexing()
    {
        Gather Gather(ValueArray<int> offset, ValueArray<int> collapsed, ValueArray<int> map, ValueArray<int> sizes, ValueArray<int> batching = default, ValueArray<int> indexBatching = default) =>
            new(new(offset, collapsed, map, batching, indexBatching), sizes, IndexMode.Clip);
        yield return C("C0", Gather([], [0], [0], [1]), "f32[2]");
        yield return C("C1", Gather([], [0], [0], [1]), "f32[2] f32[1]");
        yield return C("C1", Gather([], [0], [0], [1]), "f32[2] i32[]");
        yield return C("C1", Gather([], [0], [0], [1]), "f32[2] i32[2]");
        yield return C("C2", Gather([], [0], [0], [1, 1]), "f32[2] i32[1]");
        yield return C("C2", Gather([], [0], [0], [2]), "f32[2] i32[1]");
        yield return C("C2", Gather([], [0], [0], [0]), "f32[2] i32[1]");
        yield return C("C2", Gather([], [0], [0], [1]), "f32[0] i32[1]");
        yield return C("C2", Gather([0], [], [0], [3]), "f32[2] i32[1]");
        yield return C("C2", Gather([0], [], [0], [-1]), "f32[2] i32[1]");
        yield return C("C2", Gather([], [], [], [0], [0], [0]), "f32[2] i32[2,0]");
        yield return C("C3", Gather([], [], [0], [1]), "f32[2] i32[1]");
        yield return C("C3", Gather([1], [], [0], [1]), "f32[2] i32[1]");
        yield return C("C3", Gather([1, 0], [], [0], [1, 1]), "f32[2,2] i32[1]");
        yield return C("C3", Gather([0, 0], [], [0], [1, 1]), "f32[2,2] i32[1]");
        yield return C("C4", Gather([], [1], [0], [1]), "f32[2] i32[1]");
        yield return C("C4", Gather([], [1, 0], [0], [1, 1]), "f32[2,2] i32[1]");
        yield return C("C4", Gather([], [0], [], [1], [0], [0]), "f32[2] i32[2,0]");
        yield return C("C5", Gather([], [0], [1], [1]), "f32[2] i32[1]");
        yield return C("C5", Gather([], [0], [0, 0], [1]), "f32[2] i32[2]");
        yield return C("C5", Gather([], [], [0], [1], [0], [0]), "f32[2] i32[2,1]");
        yield return C("C6", Gather([], [], [], [1], [0], []), "f32[2] i32[2,0]");
        yield return C("C6", Gather([], [], [], [1], [0], [1]), "f32[2] i32[2,0]");
        yield return C("C6", Gather([], [], [], [1], [0], [0]), "f32[2] i32[3,0]");
        yield return C("C6", Gather([], [], [], [1, 1], [0, 1], [0, 0]), "f32[2,2] i32[2,2,0]");

        foreach (var make in (Func<ScatterDimensionNumbers, Scattering>[])
        [
            d => new Scatter(d, IndexMode.Clip, false), d => new ScatterAdd(d, IndexMode.Clip, false), d => new ScatterMul(d, IndexMode.Clip, false),
            d => new ScatterMin(d, IndexMode.Clip, false), d => new ScatterMax(d, IndexMode.Clip, false),
        ])
        {
            yield return C("C0", make(new([], [0], [0])), "f32[2] i32[1]");
            yield return C("C1", make(new([], [0], [0])), "f32[2] bool[1] f32[]");
            yield return C("C1", make(new([], [0], [0])), "f32[2] i32[] f32[]");
            yield return C("C1", make(new([], [0], [0])), "f32[2] i32[2] f32[]");
            yield return C("C2", make(new([], [0], [0])), "f32[2] i32[1] f64[]");
            foreach (var refused in DType.All.Where(d => !d.Is(make(new([], [0], [0])).Accepts)))
                yield return C("C2", make(new([], [0], [0])), $"{refused.ShortName}[2] i32[1] {refused.ShortName}[]");
            yield return C("C3", make(new([0], [0], [0])), "f32[2] i32[1] f32[1]");
            yield return C("C3", make(new([0], [], [0])), "f32[2] i32[1] f32[3]");
            yield return C("C3", make(new([1], [], [0])), "f32[2] i32[1] f32[2]");
            yield return C("C3", make(new([], [0], [0])), "f32[2] i32[1] f32[1]");
            yield return C("C4", make(new([], [1], [0])), "f32[2] i32[1] f32[]");
            yield return C("C4", make(new([], [0], [], [0], [0])), "f32[2] i32[2,0] f32[2]");
            yield return C("C5", make(new([], [0], [1])), "f32[2] i32[1] f32[]");
            yield return C("C6", make(new([], [], [], [0], [])), "f32[2] i32[2,0] f32[2]");
            yield return C("C6", make(new([], [], [], [0], [0])), "f32[2] i32[3,0] f32[3]");
        }
    }

    static IEnumerable<ConstraintCase> Windows()
    {
        var (window, body) = (new Window([2], [1], [new(0, 0)]), Body("f32[] f32[]", "f32[]"));
        Window[] wrong =
        [
            new([2, 2], [1, 1], [new(0, 0), new(0, 0)]), window with { Strides = [] }, window with { Padding = [] }, window with { BaseDilation = [1, 1] },
            window with { Dimensions = [0] }, window with { Strides = [0] }, window with { WindowDilation = [-1] }, window with { BaseDilation = [0] },
            window with { Padding = [new(-2, -2)] }, window with { Padding = [new(int.MaxValue, int.MaxValue)] },
        ];
        foreach (var make in (Func<Window, WindowReduction>[])[w => new ReduceWindowSum(w), w => new ReduceWindowMax(w), w => new ReduceWindowMin(w)])
        {
            yield return C("C0", make(window), "");
            foreach (var w in wrong) yield return C("C1", make(w), "f32[3]");
            foreach (var refused in DType.All.Where(d => !d.Is(make(window).Accepts))) yield return C("C2", make(window), refused.ShortName + "[3]");
        }

        foreach (var w in wrong)
        {
            yield return C("C1", new SelectAndGatherAdd(WindowSelection.Ge, w), "f32[3] f32[3]");
            yield return C("C1", new SelectAndScatterAdd(WindowSelection.Ge, w), "f32[2] f32[3]");
            yield return C("C1", new ReduceWindow(body, w), "f32[3] f32[]");
        }
        yield return C("C2", new SelectAndGatherAdd(WindowSelection.Ge, window), "f32[3] f64[3]");
        yield return C("C2", new SelectAndGatherAdd(WindowSelection.Ge, window), "f32[2] f32[3]");
        yield return C("C2", new SelectAndGatherAdd(WindowSelection.Ge, window), "i32[3] i32[3]");
        yield return C("C2", new SelectAndScatterAdd(WindowSelection.Ge, window), "f32[3] f32[3]");
        yield return C("C2", new SelectAndScatterAdd(WindowSelection.Ge, window), "f64[2] f32[3]");
        yield return C("C2", new SelectAndScatterAdd(WindowSelection.Ge, window), "c64[2] c64[3]");
        foreach (var violation in Monoids(b => new ReduceWindow(b, window), "C2").Concat(Monoids(b => new Reduce(b, [0]), "C1"))) yield return violation;
        foreach (var axes in (ValueArray<int>[])[[1], [-1], [0, 0]]) yield return C("C2", new Reduce(body, axes), "f32[3] f32[]");
    }

    static IEnumerable<ConstraintCase> Monoids(Func<Program, Op> op, string label)
    {
        var body = Body("f32[] f32[]", "f32[]");
        yield return C(label, op(body), "");
        yield return C(label, op(body), "f32[3] f32[] f32[]");
        yield return C(label, op(Body("f32[] f32[] f32[] f32[]", "f32[] f32[]")), "f32[3] f32[2] f32[] f32[]");
        yield return C(label, op(body), "f32[3] f64[]");
        yield return C(label, op(body), "f32[3] f32[1]");
        yield return C("C3", op(Body("f32[]", "f32[]")), "f32[3] f32[]");
        yield return C("C3", op(Body("f64[] f64[]", "f64[]")), "f32[3] f32[]");
        yield return C("C3", op(Body("f32[] f32[]", "")), "f32[3] f32[]");
        yield return C("C3", op(Body("f32[] f32[]", "f64[]")), "f32[3] f32[]");
    }

    static IEnumerable<ConstraintCase> Convolutions()
    {
        var op = new ConvGeneralDilated(new([0, 1, 2], [0, 1, 2], [0, 1, 2]), [1], [new(0, 0)], [1], [1], 1, 1, DType.Float32);
        const string Fitting = "f32[2,4,5] f32[6,4,3]";
        yield return C("C0", op, "f32[2,4,5]");
        yield return C("C1", op, "f32[2,4,5] f64[6,4,3]");
        yield return C("C1", op, "bool[2,4,5] bool[6,4,3]");
        yield return C("C1", op with { PreferredElementType = DType.Bool }, Fitting);
        yield return C("C2", op, "f32[2,4] f32[6,4,3]");
        yield return C("C2", op, "f32[2] f32[2]");
        yield return C("C2", op with { DimensionNumbers = op.DimensionNumbers with { Out = [0, 1, 1] } }, Fitting);
        yield return C("C2", op with { DimensionNumbers = op.DimensionNumbers with { Lhs = [0, 1] } }, Fitting);
        yield return C("C2", op with { DimensionNumbers = op.DimensionNumbers with { Rhs = [1, 2, 3] } }, Fitting);
        yield return C("C3", op with { WindowStrides = [1, 1] }, Fitting);
        yield return C("C3", op with { Padding = [] }, Fitting);
        yield return C("C3", op with { WindowStrides = [0] }, Fitting);
        yield return C("C3", op with { LhsDilation = [-1] }, Fitting);
        yield return C("C3", op with { RhsDilation = [0] }, Fitting);
        yield return C("C3", op with { Padding = [new(-3, -3)] }, Fitting);
        yield return C("C3", op with { Padding = [new(int.MaxValue, int.MaxValue)] }, Fitting);
        yield return C("C4", op with { FeatureGroupCount = 0 }, Fitting);
        yield return C("C4", op with { BatchGroupCount = -1 }, Fitting);
        yield return C("C4", op with { FeatureGroupCount = 2, BatchGroupCount = 2 }, Fitting);
        yield return C("C4", op with { FeatureGroupCount = 2 }, Fitting);
        yield return C("C4", op with { FeatureGroupCount = 4 }, "f32[2,4,5] f32[6,1,3]");
        yield return C("C4", op with { BatchGroupCount = 4 }, "f32[4,4,5] f32[6,4,3]");
        yield return C("C4", op with { BatchGroupCount = 3 }, Fitting);
        yield return C("C4", op, "f32[2,4,5] f32[6,3,3]");
    }

    static IEnumerable<ConstraintCase> Cumulatives()
    {
        foreach (var make in (Func<int, Cumulative>[])
            [a => new CumSum(a, false), a => new CumProd(a, false), a => new CumMax(a, true), a => new CumMin(a, true), a => new CumLogSumExp(a, true)])
        {
            yield return C("C0", make(0), "");
            yield return C("C1", make(1), "f32[2]");
            yield return C("C1", make(-1), "f32[2]");
            foreach (var refused in DType.All.Where(d => !d.Is(make(0).Accepts))) yield return C("C2", make(0), refused.ShortName + "[2]");
        }
        yield return C("C0", new TopK(0), "");
        yield return C("C1", new TopK(0), "c64[2]");
        yield return C("C1", new TopK(0), "f32[]");
        yield return C("C2", new TopK(3), "f32[2]");
        yield return C("C2", new TopK(-1), "f32[2]");
    }

    static IEnumerable<ConstraintCase> Algebra()
    {
        yield return C("C0", new Fft(FftType.Fft, [2]), "");
        yield return C("C1", new Fft(FftType.Fft, [2]), "f32[2]");
        yield return C("C1", new Fft(FftType.IRFft, [2]), "f32[2]");
        yield return C("C1", new Fft(FftType.RFft, [2]), "c64[2]");
        yield return C("C1", new Fft(FftType.RFft, [2]), "f16[2]");
        yield return C("C2", new Fft(FftType.Fft, []), "c64[2]");
        yield return C("C2", new Fft(FftType.Fft, [0]), "c64[0]");
        yield return C("C2", new Fft(FftType.Fft, [2, 2]), "c64[2]");
        yield return C("C2", new Fft(FftType.Fft, [1, 1, 1, 1]), "c64[1,1,1,1]");
        yield return C("C2", new Fft(FftType.Fft, [3]), "c64[2]");
        yield return C("C2", new Fft(FftType.IRFft, [2]), "c64[3]");
        yield return C("C2", new Fft(FftType.RFft, [2, 3]), "f32[3,3]");

        foreach (var op in (Op[])[new Cholesky(), new Qr(true), new Lu(), new Eigh(true), new Svd(true, true)])
        {
            yield return C("C0", op, "");
            yield return C("C1", op, "f16[2,2]");
            yield return C("C1", op, "i32[2,2]");
            yield return C("C2", op, "f32[2]");
            if (op is Cholesky or Eigh) yield return C("C2", op, "f32[2,3]");
        }

        var solve = new TriangularSolve(true, true, MatrixTranspose.None, false);
        yield return C("C0", solve, "f32[2,2]");
        yield return C("C1", solve, "f16[2,2] f16[2,1]");
        yield return C("C1", solve, "f32[2,2] f64[2,1]");
        yield return C("C2", solve, "f32[2,3] f32[2,1]");
        yield return C("C2", solve, "f32[2] f32[2]");
        yield return C("C2", solve, "f32[2,2] f32[2]");
        yield return C("C2", solve, "f32[3,2,2] f32[2,2,1]");
        yield return C("C3", solve, "f32[2,2] f32[1,2]");
        yield return C("C3", solve with { LeftSide = false }, "f32[2,2] f32[2,1]");
    }

    static IEnumerable<ConstraintCase> CollectivesAndEffects() =>
    [
        C("C0", new PSum("i"), ""),
        C("C1", new PSum("i"), "bool[2]"),
        C("C1", new PMax("i"), "c64[2]"),
        C("C1", new PMin("i"), "c64[2]"),
        C("C0", new AxisIndex("i"), "f32[]"),
        C("C0", new PPermute("i", []), ""),
        C("C1", new PPermute("i", [(-1, 0)]), "f32[]"),
        C("C1", new PPermute("i", [(0, 1), (0, 2)]), "f32[]"),
        C("C1", new PPermute("i", [(0, 1), (2, 1)]), "f32[]"),
        C("C0", new AllGather("i", 2, 0), ""),
        C("C1", new AllGather("i", 2, 2), "f32[2]"),
        C("C1", new AllGather("i", 2, -1), "f32[2]"),
        C("C2", new AllGather("i", 0, 0), "f32[2]"),
        C("C0", new ReduceScatter("i", 2, 0), ""),
        C("C1", new ReduceScatter("i", 2, 1), "f32[2]"),
        C("C1", new ReduceScatter("i", 2, 0), "f32[3]"),
        C("C2", new ReduceScatter("i", 2, 0), "bool[2]"),
        C("C0", new AllToAll("i", 2, 0, 0), ""),
        C("C1", new AllToAll("i", 2, 1, 0), "f32[2]"),
        C("C1", new AllToAll("i", 2, 0, 0), "f32[3]"),
        C("C2", new AllToAll("i", 2, 0, 1), "f32[2]"),
        C("C1", new DebugPrint("{"), ""),
        C("C1", new DebugPrint("{1}"), "f32[2]"),
        C("C1", new DebugPrint("{0:D3}"), "f32[2]"),
        C("C1", new DebugPrint("{0:F3}"), "bool[2]"),
        C("C1", new ErrorIf(""), ""),
        C("C1", new ErrorIf(""), "bool[1]"),
        C("C1", new ErrorIf(""), "i32[]"),
        C("C2", new ErrorIf("{0}"), "bool[]"),
        C("C2", new ErrorIf("}"), "bool[] f32[]"),
    ];
}
