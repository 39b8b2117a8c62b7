using BrainState.Conformance.Gradients;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.UnitTests.Tensors;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

/// <summary>Derivatives of collectives over all participants together, run side by side on the interpreter.</summary>
public sealed class CollectiveDerivativeTests
{
    private const int Count = 3;
    private const string Axis = "i";

    private static readonly Dictionary<string, (Shape Shape, Func<Tensor, Tensor> Function)> Functions = new()
    {
        ["psum"] = ([2], x => Lax.PSum(Lax.Sin(x), Axis) * x),
        ["pmean"] = ([2], x => Lax.PMean(x * x, Axis)),
        ["pmax"] = ([4], x => Lax.PMax(x, Axis) * x),
        ["pmin"] = ([4], x => Lax.PMin(x, Axis)),
        ["axis_index"] = ([], x => x * x * Lax.ConvertElementType(Lax.AxisIndex(Axis), DType.Float64)),
        ["ppermute"] = ([2], x => Lax.PPermute(x * x, Axis, [(0, 1), (1, 2)]) * x),
        ["all_gather"] = ([2], x => Lax.AllGather(x, Axis, 1, axisSize: Count) * 2),
        ["all_gather, tiled"] = ([2, 2], x => Lax.Square(Lax.AllGather(x, Axis, 1, tiled: true, Count))),
        ["reduce_scatter"] = ([2, Count], x => Lax.PSumScatter(x * x, Axis, 1, axisSize: Count)),
        ["reduce_scatter, tiled"] = ([2 * Count], x => Lax.PSumScatter(x, Axis, 0, tiled: true, Count)),
        ["all_to_all"] = ([Count, 2], x => Lax.AllToAll(x, Axis, 0, 1, axisSize: Count) * 3),
    };

    /// <summary>The functions, for what can be said of them without running them.</summary>
    internal static IEnumerable<OpCase> Cases => Functions.Select(static f => new OpCase(f.Key, "collective", x => f.Value.Function(x[0]), [f.Value.Shape]));

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Theory, MemberData(nameof(Names))]
    public void DerivativesAgreeWithDifferencesAndEachOther(string name)
    {
        var ((shape, function), draw) = (Functions[name], new Draw(7));
        HostValue[] Values(Shape s) => [.. Enumerable.Range(0, Count).Select(_ => HostValue.Of<double>(s, draw.Doubles(s).ToArray<double>()))];
        Tensor sample = Np.Zeros(shape, DType.Float64);
        var program = MakeJaxpr(function)(sample).Program;
        var (x, t, v) = (Values(shape), Values(shape), Values(program.OutputSpecs[0].Shape));

        var forward = Run(MakeJaxpr((Tensor x, Tensor t) => Jvp(function, x, t).Tangent)(sample, sample).Program, x, t);
        double[][] At(double step) => Run(program, [.. x.Zip(t, (p, d) => HostValue.Of<double>(shape, [.. p.ToArray<double>().Zip(d.ToArray<double>(), (a, b) => a + step * b)]))]);
        Approximately.Equal([.. At(1e-5).SelectMany(static p => p).Zip(At(-1e-5).SelectMany(static p => p), static (a, b) => (a - b) / 2e-5)], [.. forward.SelectMany(static p => p)], 1e-6, name);

        var backward = Run(MakeJaxpr((Tensor x, Tensor v) => Vjp(function, x).Pullback(v))(sample, Np.Zeros(program.OutputSpecs[0].Shape, DType.Float64)).Program, x, v);
        Approximately.Equal([Dot(forward, v)], [Dot(backward, t)], 1e-9, name);
    }

    [Fact]
    public void ThoseThatAttainAnExtremeShareItsTangent()
    {
        var gradient = MakeJaxpr((Tensor x) => Vjp((Tensor p) => Lax.PMax(p, Axis), x).Pullback(Np.Array(1).AsType(DType.Float64)))(Np.Array(1).AsType(DType.Float64)).Program;
        HostValue[] x = [HostValue.Of<double>([], 2), HostValue.Of<double>([], 5), HostValue.Of<double>([], 5)];
        Assert.Equal([0, 1.5, 1.5], Run(gradient, x).Select(static r => r[0]));
    }

    private static double[][] Run(Program program, params HostValue[][] arguments) =>
        [.. Interpreter.RunReplicated(program, Axis, [.. Enumerable.Range(0, Count).Select(i => arguments.Select(a => a[i]).ToArray())]).Select(static r => r[0].ToArray<double>())];

    private static double Dot(double[][] a, HostValue[] b) => a.Zip(b, static (p, q) => p.Zip(q.ToArray<double>(), static (s, t) => s * t).Sum()).Sum();
}
