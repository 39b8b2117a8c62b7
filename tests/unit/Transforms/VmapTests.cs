using BrainState.Conformance;
using BrainState.Differentiation;
using BrainState.Execution;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Conformance.Generation;
using BrainState.UnitTests.Interpretation;
using BrainState.UnitTests.Tensors;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

/// <summary>A mapped function is a loop over lanes, whatever the function, the axes, and the transforms around and inside.</summary>
public sealed class VmapTests
{
    private static readonly Tensor Matrix = Tensor.From<double>([1, 2, 3, 4, 5, 6], [2, 3]);
    private static readonly DType[] Real = [.. DType.All.Where(static dtype => !dtype.Is(DTypeKinds.Complex))];
    private static readonly Tensor Row = Tensor.From<double>([10, 20, 30]);

    /// <summary>Random programs with random axes of each input and output, evaluated by the interpreter, agree to the last bit.</summary>
    [Fact]
    public void AnyAxesOfAnyProgram() => Property.Check(400, seed =>
    {
        var (program, random) = (new ProgramGenerator(seed) { DTypes = Real, TameLiterals = true }.Next(), new Random(seed));
        var size = random.Next(1, 4);
        int?[] inAxes = [.. program.Inputs.Select(spec => random.Next(4) == 0 ? (int?)null : random.Next(-spec.Rank - 1, spec.Rank + 1))];
        int[] outAxes = [.. program.OutputSpecs.Select(spec => random.Next(-spec.Rank - 1, spec.Rank + 1))];
        TensorSpec[] specs = [.. program.Inputs.Select((spec, i) => inAxes[i] is { } axis ? Stacked(spec, axis, size) : spec)];
        HostValue[] inputs = [.. specs.Select(spec => HostValue.Generate(spec, _ => ScalarGenerator.Tame(random, spec.DType)))];

        Tensor[] Function(Tensor[] x) => ProgramFunction.Apply(program, x);
        var options = new VmapOptions { InAxes = [BatchAxes.Create([.. inAxes.Select(AsAxes)])], OutAxes = BatchAxes.Create([.. outAxes.Select(a => (BatchAxes)a)]), AxisSize = size };
        var mapped = MakeJaxpr(Vmap<Tensor[], Tensor[]>(Function, options))([.. specs.Select(static s => Np.Zeros(s.Shape, s.DType))]).Program;
        var actual = Interpreter.Run(mapped, inputs);
        for (var lane = 0; lane < size; lane++)
        {
            var expected = Interpreter.Run(program, [.. inputs.Select((x, i) => inAxes[i] is { } axis ? Lane(x, axis, lane) : x)]);
            var difference = Exactness.Difference(expected, [.. actual.Select((x, i) => Lane(x, outAxes[i], lane))]);
            Assert.True(difference is null, $"lane {lane} of {options.InAxes} -> {options.OutAxes}: {difference}\n{program.ToFullText()}\nmapped:\n{mapped.ToFullText()}");
        }
    });

    private static BatchAxes? AsAxes(int? axis) => axis is { } a ? a : (BatchAxes?)null;

    private static TensorSpec Stacked(TensorSpec lane, int axis, int size) => lane.With(lane.Shape.Insert(axis < 0 ? axis + lane.Rank + 1 : axis, size));

    private static HostValue Lane(HostValue stacked, int axis, int lane)
    {
        var spec = stacked.Spec;
        if (axis < 0) axis += spec.Rank;
        var inner = (int)spec.Shape.Skip(axis + 1).Aggregate(1L, static (n, d) => n * d);
        return HostValue.Generate(spec.With(spec.Shape.Without([axis])), i => stacked[(i / inner * spec.Shape[axis] + lane) * inner + i % inner]);
    }

    [Fact]
    public void RandomFunctionsCompiledAndNested() => Property.Check(150, seed =>
    {
        var (function, x, draw) = RandomProgramTests.Make(30_000 + seed);
        var stacked = Array.ConvertAll(x, v => draw.Doubles(v.Shape.Insert(0, 3), -1.5, 1.5));
        var expected = Np.Stack([.. Enumerable.Range(0, 3).Select(i => function(Array.ConvertAll(stacked, v => v[i])))]);
        var mapped = Vmap(function);
        Approximately.Same(expected, mapped(stacked), 1e-11);
        Approximately.Same(expected, Jit(mapped)(stacked), 1e-11);
        Approximately.Same(expected, Vmap(Jit(function))(stacked), 1e-11);
        var twice = Array.ConvertAll(stacked, v => Np.Stack([v, v * 0.5, v], axis: -1));
        var nested = Vmap(Vmap(function), new() { InAxes = -1, OutAxes = 1 })(twice);
        Approximately.Same(expected, nested[.., 2], 1e-11);
        Approximately.Same(mapped(Array.ConvertAll(stacked, static v => v * 0.5)), nested[.., 1], 1e-11);
    });

    [Fact]
    public void GradOfVmapIsVmapOfGrad() => Property.Check(150, seed =>
    {
        var (function, x, draw) = RandomProgramTests.Make(40_000 + seed);
        var isMapped = Array.ConvertAll(x, _ => draw.Coin(0.7));
        isMapped[0] = true;
        var stacked = x.Select((v, i) => isMapped[i] ? draw.Doubles(v.Shape.Insert(0, 3), -1.5, 1.5) : v).ToArray();
        var options = new VmapOptions { InAxes = [BatchAxes.Create([.. isMapped.Select(m => m ? 0 : (BatchAxes?)null)])] };
        var ofVmap = Grad((Tensor[] v) => Np.Sum(Vmap(function, options)(v))).Invoke(stacked);
        var vmapOf = Vmap((Tensor[] v) => Grad(function).Invoke(v), options)(stacked);
        var lanes = Enumerable.Range(0, 3).Select(lane => Grad(function).Invoke([.. stacked.Select((v, i) => isMapped[i] ? v[lane] : v)])).ToArray();
        for (var i = 0; i < x.Length; i++)
        {
            var expected = Np.Stack([.. lanes.Select(g => g[i])]);
            Approximately.Same(expected, vmapOf[i], 1e-10);
            Approximately.Same(isMapped[i] ? expected : Np.Sum(expected, 0), ofVmap[i], 1e-10);
        }
    });

    [Fact]
    public void TheDefaultMapsTheFirstAxisOfAllArguments()
    {
        Approximately.Same(Np.Sum(Matrix, 1), Vmap((Tensor x) => Np.Sum(x))(Matrix), 0);
        Approximately.Same(Np.Sum(Matrix * Matrix, 1), Vmap((Tensor x, Tensor y) => Np.Dot(x, y))(Matrix, Matrix), 0);
        Approximately.Same(Matrix + Matrix, Vmap((Tensor x, (Tensor A, Tensor B) pair) => x + pair.A * pair.B)(Matrix, (Matrix, Np.Ones([2]))), 0);
    }

    [Fact]
    public void AxesOfArgumentsAndResults()
    {
        var outer = Vmap((Tensor x, Tensor y) => x * y, new() { InAxes = [0, null] })(Row, Row);
        Approximately.Same(Row[.., TensorIndex.NewAxis] * Row, outer, 0);
        Approximately.Same(outer.T, Vmap((Tensor x, Tensor y) => x * y, new() { InAxes = [null, 0], OutAxes = -1 })(Row, Row * 1).T, 0);

        var (sums, columns) = Vmap((Tensor x) => (Np.Sum(x), x), new() { InAxes = 1, OutAxes = [0, -1] })(Matrix);
        Approximately.Same(Np.Sum(Matrix, 0), sums, 0);
        Approximately.Same(Matrix, columns, 0);

        var named = Vmap((Dictionary<string, Tensor> d) => d["x"] * d["scale"], new() { InAxes = [[null, 0]] });
        Approximately.Same(Matrix * 2, named(new() { ["x"] = Matrix, ["scale"] = 2.0 }), 0);
    }

    [Fact]
    public void ResultsThatAreTheSameInAllLanesAreRepeatedOrShared()
    {
        Assert.Equal([2, 3], Vmap((Tensor x) => Row)(Matrix).Shape.ToArray());
        Approximately.Same(Row, Vmap((Tensor x) => Row * 1, new() { OutAxes = null })(Matrix), 0);
        Assert.Equal([4f, 4, 4], Vmap(() => Np.Array(4.0), new() { AxisSize = 3 })().ToArray<float>());
    }

    [Fact]
    public void WeakNumbersStayWeak()
    {
        var mapped = Vmap((Tensor x) => (x * 2, (Tensor)3.0))(new[] { 1f, 2f });
        Assert.Equal(DType.Float32, mapped.Item1.DType);
        Assert.True(mapped.Item2.IsWeak);
    }

    /// <summary>√x has an infinite derivative at 0, which a zero cotangent of a lane that does not take the branch must not make NaN.</summary>
    [Fact]
    public void BranchesThatALaneDoesNotTakeHaveNoDerivative()
    {
        var branches = new Cond([Body(static x => x * 2), Body(Np.Sqrt)]);
        Tensor Function(Tensor x) => Eager.Bind(branches, Np.Where(x > 0, 1, 0).AsType(DType.Int32), x)[0];
        Tensor x = Tensor.From<double>([0, 4, -1]);
        Approximately.Same(Tensor.From<double>([0, 2, -2]), Vmap(Function)(x), 0);
        Approximately.Same(Tensor.From<double>([2, 0.25, 2]), Grad((Tensor v) => Np.Sum(Vmap(Function)(v))).Invoke(x), 0);

        static Program Body(Func<Tensor, Tensor> f) => MakeJaxpr(f)(Tensor.From<double>([1], [])).Program;
    }

    [Fact]
    public void LanesTalkToEachOtherByTheNameOfTheAxis()
    {
        var options = new VmapOptions { AxisName = "rows" };
        Approximately.Same(Matrix - Np.Mean(Matrix, 0), Vmap((Tensor x) => x - Lax.PMean(x, "rows"), options)(Matrix), 1e-15);
        Approximately.Same(Np.Flip(Matrix, 0), Vmap((Tensor x) => Lax.PPermute(x, "rows", [(0, 1), (1, 0)]), options)(Matrix), 0);
        Assert.Equal([0, 1], Vmap((Tensor x) => Lax.AxisIndex("rows"), options)(Matrix).ToArray<int>());
        Assert.Equal([2f, 2], Vmap((Tensor x) => (Tensor)Lax.AxisSize("rows"), options)(Matrix).AsType(DType.Float32).ToArray<float>());

        var all = new VmapOptions { AxisName = "rows", OutAxes = null };
        Approximately.Same(Matrix.T, Vmap((Tensor x) => Lax.AllGather(x, "rows", axis: 1), all)(Matrix), 0);
        Approximately.Same(Matrix.Flatten(), Vmap((Tensor x) => Lax.AllGather(x, "rows", tiled: true), all)(Matrix), 0);
        Approximately.Same(Matrix.Flatten(), Vmap(Jit((Tensor x) => Lax.AllGather(x, "rows", tiled: true)), all)(Matrix), 0);

        var square = Tensor.From<double>([1, 2, 3, 4], [2, 2]);
        Approximately.Same(square.T, Vmap((Tensor x) => Lax.AllToAll(x, "rows", 0, 0), options)(square), 0);
        Approximately.Same(square.T, Vmap((Tensor x) => Lax.AllToAll(x, "rows", 0, 0, tiled: true), options)(square), 0);
        Approximately.Same(Np.Sum(square, 0), Vmap((Tensor x) => Lax.PSumScatter(x, "rows"), options)(square), 0);
        Approximately.Same(Np.Sum(square, 0)[.., TensorIndex.NewAxis], Vmap((Tensor x) => Lax.PSumScatter(x, "rows", tiled: true), options)(square), 0);

        // Axes of nested maps, and a derivative: every lane's loss depends on the sum of all.
        var nested = Vmap(Vmap((Tensor x) => (Lax.PSum(x, "columns"), Lax.PSum(x, "rows")), new() { AxisName = "columns" }), options)(Matrix);
        Approximately.Same(Np.Sum(Matrix, 1, keepDims: true) + Np.ZerosLike(Matrix), nested.Item1, 0);
        Approximately.Same(Np.Sum(Matrix, 0) + Np.ZerosLike(Matrix), nested.Item2, 0);
        var gradient = Grad((Tensor v) => Np.Sum(Np.Square(Vmap((Tensor x) => Lax.PSum(x, "rows"), options)(v)))).Invoke(Matrix);
        Approximately.Same(4 * Np.Sum(Matrix, 0) + Np.ZerosLike(Matrix), gradient, 0);

        Assert.Equal("No axis named 'columns' is mapped here, or its size is not known yet. Set AxisName, and AxisSize if only States are mapped.",
            Assert.Throws<InvalidOperationException>(() => Vmap((Tensor x) => Lax.AllGather(x, "columns"), options)(Matrix)).Message);
    }

    private static Tensor Add(Tensor x, Tensor y) => x + y;

    [Fact]
    public void ErrorsSayWhatToDo()
    {
        string Message(Action action) => Assert.Throws<BatchAxisException>(action).Message;
        Assert.Equal(
            "Vmap of Add maps over axes of different sizes: 2 in argument 0, 3 in argument 1. Mapped axes must agree; InAxes null is for what all lanes share.",
            Message(() => Vmap(Add)(Matrix, Row)));
        Assert.Equal(
            "Vmap of Add maps over axes of different sizes: 4 in AxisSize, 2 in argument 0. Mapped axes must agree; InAxes null is for what all lanes share.",
            Message(() => Vmap(Add, new() { AxisSize = 4, InAxes = [0, null] })(Matrix, Row)));
        Assert.Equal(
            "Vmap of Add maps over axis 1 of argument 1, but it is f64[3], which has no such axis. Set InAxes to null for what all lanes share.",
            Message(() => Vmap(Add, new() { InAxes = 1 })(Matrix, Row)));
        Assert.Equal(
            "Vmap of Add does not know how many lanes there are, because nothing is mapped. Set AxisSize, or map over an axis of an argument.",
            Message(() => Vmap(Add, new() { InAxes = null })(Matrix, Row)));
        Assert.Equal(
            "OutAxes of Vmap of Add is null for the result, but the result depends on the mapped axis. Give an axis to put the lanes along, or reduce over them.",
            Message(() => Vmap(Add, new() { OutAxes = null })(Row, Row)));
        Assert.Equal(
            "Vmap of Add maps over axis 2 of the result, but it is f64[], which has no such axis. It has 0 axes in each lane and 1 altogether.",
            Message(() => Vmap(Add, new() { OutAxes = 2 })(Row, Row)));
        Assert.Equal(
            "InAxes gives 3 axes for a container of 2 around argument 0. Give one axis for all, or one entry for each part.",
            Message(() => Vmap(Add, new() { InAxes = [0, 0, 0] })(Row, Row)));
        Assert.Equal(
            "InAxes gives 2 axes for argument 0. Give one axis for all, or one entry for each part.",
            Message(() => Vmap(Add, new() { InAxes = [[0, 0], 0] })(Row, Row)));
    }

    [Fact]
    public void TheFunctionRunsOncePerCallAndItsValuesCannotBeRead()
    {
        var runs = 0;
        var mapped = Vmap((Tensor x) =>
        {
            runs++;
            return x * 2;
        });
        mapped(Matrix);
        mapped(Matrix);
        Assert.Equal(2, runs);
        Assert.Throws<TracedValueException>(() => Vmap((Tensor x) => x * x.ToScalar<double>())(Row));
    }
}
