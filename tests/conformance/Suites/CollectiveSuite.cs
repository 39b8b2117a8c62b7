using BrainState.Conformance.Generation;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;
using static BrainState.Transforms;

namespace BrainState.Conformance;

/// <summary>Programs that several devices run together.</summary>
internal static class CollectiveSuite
{
    /// <summary>The suite.</summary>
    public static ConformanceSuite Suite { get; } = new("collectives", "collectives along an axis of 2 and 3 devices, against replicas of the interpreter; Pmap = Vmap", Generate);

    private const string Axis = "i";
    private static readonly int[] Sizes = [2, 3];
    private static readonly string[] Collectives = [.. EffectGenerators.Collectives.Keys];
    private static readonly string[] Movements = ["neg", "rev", "transpose", "reshape", "broadcast_in_dim", "slice", "concatenate", "select_n"];

    /// <summary>Functions of one lane; lanes are <c>[n, 6]</c> for n lanes.</summary>
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Functions = new()
    {
        ["psum"] = static x => Lax.PSum(x, Axis) * x,
        ["pmean"] = static x => x - Lax.PMean(x, Axis),
        ["pmax"] = static x => Lax.PMax(x, Axis) - x,
        ["pmin"] = static x => Lax.PMin(Np.Sum(x), Axis),
        ["axis_index"] = static x => x * Lax.AxisIndex(Axis).AsType(x.DType),
        ["axis_size"] = static x => x * Lax.AxisSize(Axis),
        ["ppermute"] = static x => Lax.PPermute(x, Axis, [(0, 1), (1, 0)]),
        ["all_gather"] = static x => Lax.AllGather(x, Axis, -1),
        ["all_gather_tiled"] = static x => Lax.AllGather(x, Axis, 1, tiled: true),
        ["reduce_scatter"] = static x => Lax.PSumScatter(x, Axis),
        ["reduce_scatter_tiled"] = static x => Lax.PSumScatter(x, Axis, -1, tiled: true),
        ["all_to_all"] = static x => Lax.AllToAll(x, Axis, 0, 1),
        ["all_to_all_tiled"] = static x => Lax.AllToAll(x, Axis, 1, 0, tiled: true),
        ["loop"] = static x => Scan((Tensor carry, Tensor row) => (carry + Lax.PSum(row, Axis), carry), x[0], x).Results,
        ["jitted"] = static x => Jit((Tensor y) => Lax.PSum(Np.Exp(y), Axis))(x) * 2,
        ["gradient"] = static x => Grad((Tensor y) => Np.Sum(Lax.PSum(y * y, Axis) * y)).Invoke(x),
        ["gradient_of_pmean"] = static x => Grad((Tensor y) => Np.Sum(Lax.PMean(Np.Tanh(y), Axis) * x)).Invoke(x),
        ["gradient_of_all_gather"] = static x => Grad((Tensor y) => Np.Sum(Np.Square(Lax.AllGather(y, Axis)))).Invoke(x),
        ["lanes_inside"] = static x => Vmap((Tensor row) => Lax.PSum(row, Axis) + Lax.PSum(row, "rows"), new() { AxisName = "rows" })(x),
    };

    private static IEnumerable<ConformanceCase> Generate(int seed) =>
    [
        .. from op in Collectives from size in Sizes from dtype in DType.All let item = TryOp(seed, op, size, dtype) where item is not null select item,
        .. from size in Sizes from number in Enumerable.Range(0, 60) select Mixed(seed, size, number),
        .. from size in Sizes from function in Functions select Mapped(size, function.Key, function.Value),
        .. Sizes.Select(static size => Behaviors.Case($"collectives/training/{size}", target => Training(target, size), devices: size)),
        .. Sizes.Select(static size => Behaviors.Case($"collectives/mismatch/{size}", target => Mismatch(target, size), devices: size)),
    ];

    private static ProgramCase? TryOp(int seed, string op, int size, DType dtype)
    {
        var name = $"collectives/{op}/{dtype.Name}/{size}";
        var caseSeed = Seeds.Of(seed, name);
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var generator = new ProgramGenerator(caseSeed + attempt) { Axis = (Axis, size), Ops = [op], DTypes = [dtype, DType.Int32], TameLiterals = true, TameNames = true };
            if (generator.TryOnly(op) is { } program && program.Outputs.Any(o => program.SpecOf(o).DType == dtype))
                return Case(name, program, caseSeed, size, isQuick: dtype is DType.Float32 or DType.Bool);
        }
        return null;
    }

    /// <summary>Collectives among other ops, in loops and branches.</summary>
    private static ProgramCase Mixed(int seed, int size, int number)
    {
        var name = $"collectives/programs/{size}/{number}";
        var caseSeed = Seeds.Of(seed, name);
        var generator = new ProgramGenerator(caseSeed)
        {
            Axis = (Axis, size), Ops = [.. Collectives, .. Movements, .. BodyOpGenerators.Table.Keys], MaxEquations = 4, TameLiterals = true, TameNames = true,
        };
        return Case(name, generator.NextWith(Collectives[number % Collectives.Length]), caseSeed, size, isQuick: number < 10);
    }

    /// <summary>Tame numbers add up exactly in any order.</summary>
    private static ProgramCase Case(string name, Program program, int seed, int size, bool isQuick) =>
        new(name, program, () => [.. Enumerable.Range(0, size).SelectMany(replica => Values.Tame(program.Inputs, seed + replica))], ProgramCheck.Replicas(Axis, size))
        {
            Subject = name.Split('/')[1], IsQuick = isQuick,
        };

    private static Tensor Samples(Shape shape) => Tensor.From<float>([.. Enumerable.Range(0, (int)shape.ElementCount).Select(static i => (float)Math.Sin(i * 1.7) + i % 3)], shape);

    private static BehaviorCase Mapped(int size, string name, Func<Tensor, Tensor> function) => Behaviors.Case($"collectives/pmap/{name}/{size}", target =>
    {
        var x = Samples([size, size, 6]);
        var expected = Vmap(function, new() { AxisName = Axis })(x);
        Expect.Close("Pmap and Vmap", expected, Pmap(function, new() { AxisName = Axis })(x), 1e-5);
        Expect.Close("jitted Pmap and Vmap", expected, Jit(Pmap(function, new() { AxisName = Axis }))(x), 1e-5);
    }, devices: size);

    /// <summary>Each device has a part of the data; the mean of their gradients is the gradient for all of it.</summary>
    private static void Training(ConformanceTarget target, int size)
    {
        var (x, y) = (Samples([size, 4, 3]), Samples([size, 4]));
        ParamState weight = new(Samples([3])), whole = new(Samples([3]));
        static Tensor Loss(Tensor w, Tensor x, Tensor y) => Np.Mean(Np.Square(x.MatMul(w) - y));
        var step = Pmap((Tensor x, Tensor y) =>
        {
            weight.Value -= 0.1 * Lax.PMean(Grad((Tensor w) => Loss(w, x, y)).Invoke(weight.Value), Axis);
            return Lax.PMean(Loss(weight.Value, x, y), Axis);
        }, new() { AxisName = Axis, OutAxes = null });
        var single = Jit((Tensor x, Tensor y) =>
        {
            whole.Value -= 0.1 * Grad((Tensor w) => Loss(w, x, y)).Invoke(whole.Value);
            return Loss(whole.Value, x, y);
        });
        for (var i = 0; i < 3; i++) Expect.Close($"the loss of step {i} on {size} devices and on one", single(x.Reshape(4 * size, 3), y.Reshape(4 * size)), step(x, y), 1e-5);
        Expect.Close($"the weight trained on {size} devices and on one", whole.Value, weight.Value, 1e-5);
    }

    /// <summary>The first device goes to a sum that the others never reach.</summary>
    private static void Mismatch(ConformanceTarget target, int size)
    {
        TensorSpec spec = new(DType.Float32, [3]);
        Program[] branches = [Oracle.ProgramOf(new PSum(Axis), [spec]), Oracle.ProgramOf(new Neg(), [spec])];
        var builder = new ProgramBuilder();
        var x = builder.AddInput(spec);
        var program = builder.Build(builder.Add(new Cond(branches.ToValueArray()), builder.Add(new AxisIndex(Axis)), x));
        var inputs = Enumerable.Repeat((HostValue[])[HostValue.Of<float>([3], 1, 2, 3)], size).ToArray();
        for (var i = 0; i < 3; i++)
            Deadline.Within("devices that come to different collectives must not wait for each other for ever", () =>
                Expect.Throws<InvalidOperationException>("a collective that not all devices reach", () => target.ExecuteReplicated(program, Axis, inputs)));
        var sum = Oracle.ProgramOf(new PSum(Axis), [spec]);
        Expect.Same("a sum after collectives that did not fit", Interpreter.RunReplicated(sum, Axis, inputs)[0], target.ExecuteReplicated(sum, Axis, inputs)[0]);
    }
}
