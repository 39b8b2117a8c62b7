using BrainState.Conformance.Collectives;
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
    public static ConformanceSuite Suite { get; } = new("collectives", "collectives along an axis of 2 and 3 devices, against replicas of the interpreter; values and derivatives against functions without; Pmap = Vmap", Generate);

    private const string Axis = CollectiveForm.Axis;
    private static readonly int[] Sizes = [2, 3];
    private static readonly string[] Collectives = [.. EffectGenerators.Collectives.Keys];
    private static readonly string[] Movements = ["neg", "rev", "transpose", "reshape", "broadcast_in_dim", "slice", "concatenate", "select_n"];

    /// <summary>Functions of one lane with more around a collective; lanes are <c>[n, 6]</c> for n lanes.</summary>
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Functions = new()
    {
        ["loop"] = static x => Scan((Tensor carry, Tensor row) => (carry + Lax.PSum(row, Axis), carry), x[0], x).Results,
        ["jitted"] = static x => Jit((Tensor y) => Lax.PSum(Np.Exp(y), Axis))(x) * 2,
        ["gradient"] = static x => Grad((Tensor y) => Np.Sum(Lax.PSum(y * y, Axis) * y)).Invoke(x),
        ["lanes_inside"] = static x => Vmap((Tensor row) => Lax.PSum(row, Axis) + Lax.PSum(row, "rows"), new() { AxisName = "rows" })(x),
    };

    private static IEnumerable<ConformanceCase> Generate(int seed) =>
    [
        .. from op in Collectives from size in Sizes from dtype in DType.All let item = TryOp(seed, op, size, dtype) where item is not null select item,
        .. from size in Sizes from number in Enumerable.Range(0, 60) select Mixed(seed, size, number),
        .. from size in Sizes from form in CollectiveForm.Each select Derivatives("vmap", size, form, devices: 1, static f => Vmap(f, new() { AxisName = Axis })),
        .. from size in Sizes from form in CollectiveForm.Each select Derivatives("pmap", size, form, devices: size, static f => Pmap(f, new() { AxisName = Axis })),
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

    /// <summary>
    /// A collective and its derivatives in both modes, of second order too, for the sum of what all participants compute: all receive parts of it, and so all send derivatives back.
    /// </summary>
    private static BehaviorCase Derivatives(string map, int size, CollectiveForm form, int devices, Func<Func<Tensor, Tensor, Tensor>, Func<Tensor, Tensor, Tensor>> mapped) =>
        Behaviors.Case($"collectives/{map}/{form.Name}/{size}", _ =>
        {
            Tensor x = Samples([size, size, 6]), t = Np.Flip(x) * 0.5;
            static Tensor Gradient(Func<Tensor, Tensor> f, Tensor x) => Grad((Tensor x) => Np.Sum(Np.Square(f(Np.Sin(x)) + 0.5))).Invoke(x);
            void Compare(string what, Func<Func<Tensor, Tensor>, Tensor, Tensor, Tensor> g) => Expect.Close(what, g(form.All, x, t), mapped((x, t) => g(form.Own, x, t))(x, t), 1e-5);
            Compare("the value", static (f, x, _) => f(x));
            Compare("jvp", static (f, x, t) => Jvp(f, x, t).Tangent);
            Compare("the gradient", static (f, x, _) => Gradient(f, x));
            Compare("jvp of the gradient", static (f, x, t) => Jvp(x => Gradient(f, x), x, t).Tangent);
            Compare("the gradient of the gradient", static (f, x, t) => Grad((Tensor x) => Np.Sum(Gradient(f, x) * t)).Invoke(x));
        }, devices: devices);

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
