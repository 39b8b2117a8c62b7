using BrainState.Conformance.Generation;
using BrainState.Interpretation;
using BrainState.Nn;
using BrainState.Programs;
using static BrainState.Transforms;

namespace BrainState.Conformance;

/// <summary>A program to be timed.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Program">The program.</param>
/// <param name="Operations">Floating-point operations of a run; 0 where memory is the limit.</param>
internal sealed record Workload(string Name, Program Program, double Operations = 0)
{
    /// <summary>The bytes of all inputs and outputs, each of which a run must touch once.</summary>
    public double Bytes => Program.Inputs.Concat(Program.OutputSpecs).Sum(static s => (double)s.ByteCount);

    /// <summary>Inputs with moderate values.</summary>
    public HostValue[] Inputs => Values.Moderate(Program.Inputs, 1);

    /// <summary>One workload for each way in which engines are fast or slow: latency, memory, arithmetic, irregular access, loops.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        Of("add, one element", x => x[0] + x[1], [], []),
        Of("add, 1M", x => x[0] + x[1], [Million], [Million]),
        Of("exp, 1M", x => Lax.Exp(x[0]), [Million]),
        Of("tanh, 1M", x => Lax.Tanh(x[0]), [Million]),
        Of("twelve elementwise ops, 1M", Chain, [Million]),
        Of("sum of rows, 1000 × 1000", x => Np.Sum(x[0], 1), [Thousand, Thousand]),
        Of("sum of columns, 1000 × 1000", x => Np.Sum(x[0], 0), [Thousand, Thousand]),
        Of("transpose, 1000 × 1000", x => Lax.Transpose(x[0], [1, 0]), [Thousand, Thousand]),
        Of("sort rows, 100 × 1000", x => Lax.Sort([x[0]], 1)[0], [100, Thousand]),
        Of("running sum, 1000 × 1000", x => Lax.CumSum(x[0], 1), [Thousand, Thousand]),
        Of("random normals, 1M", static _ => Rng.Normal(Rng.PrngKey(0), [Million])),
        Of("softmax of rows, 1000 × 1000", x => Functional.Softmax(x[0]), [Thousand, Thousand]),
        Of("matrix product, 64³", x => x[0].MatMul(x[1]), 2.0 * 64 * 64 * 64, [64, 64], [64, 64]),
        Of("matrix product, 512³", x => x[0].MatMul(x[1]), 2.0 * 512 * 512 * 512, [512, 512], [512, 512]),
        Of("scan, 100 steps of tanh(x W), 64", x => Scan<Tensor, Tensor, Tensor>((h, _) => (Lax.Tanh(h.MatMul(x[1])), h), x[0], Np.Zeros([100])).Item1, 100.0 * 2 * 64 * 64 * 64, [64, 64], [64, 64]),
    ];

    private const int Thousand = 1000, Million = 1_000_000;

    private static Workload Of(string name, Func<Tensor[], Tensor> function, params Shape[] shapes) => Of(name, function, 0, shapes);

    private static Workload Of(string name, Func<Tensor[], Tensor> function, double operations, params Shape[] shapes)
    {
        Tensor[] arguments = [.. shapes.Select(static shape => Np.Zeros(shape))];
        return new(name, MakeJaxpr((Tensor[] x) => function(x))(arguments).Program, operations);
    }

    private static Tensor Chain(Tensor[] x)
    {
        var y = x[0];
        for (var i = 0; i < 3; i++) y = Lax.Abs((y * 0.5) + 1) - 0.25;
        return y;
    }
}
