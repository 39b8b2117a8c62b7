using System.Runtime.InteropServices;
using BrainState.Backends;
using BrainState.Interpretation;
using BrainState.Ops;
using static BrainState.Transforms;

namespace BrainState.Conformance;

/// <summary>Prints and errors, as the backend reports them while a program runs, and as the frontend records them for backends that cannot.</summary>
internal static class EffectContract
{
    private static Tensor X => new[] { 1f, 2f };

    private static readonly CheckpointPolicy[] Policies = Enum.GetValues<CheckpointPolicy>();

    /// <summary>Functions with checkpoints, and what each of their calls prints: what derivatives compute again does not happen again.</summary>
    private static readonly (string Name, string Printed, Func<CheckpointPolicy, Func<Tensor, Tensor>> Of)[] Checkpoints =
    [
        ("around_a_loop", "s1 s2", static policy => Checkpoint(static x => ForLoop(static (Tensor v) => { Debug.Print($"s{v:F0}"); return Np.Sin(v) * v; }, x), policy)),
        ("in_a_loop", "l1 l2", static policy => x => ForLoop(Checkpoint(static v => { Debug.Print($"l{v:F0}"); return Np.Sin(v) * v; }, policy), x)),
        ("in_a_checkpoint", "outer inner", static policy => Checkpoint(x =>
        {
            Debug.Print("outer");
            return Checkpoint(static y => { Debug.Print("inner"); return Np.Sin(y) * Np.Dot(y, y); }, policy)(Np.Exp(x));
        }, policy)),
        ("in_lanes", "v1 v2", static policy => Vmap(Checkpoint(static v => { Debug.Print($"v{v:F0}"); return Np.Sin(v) * v; }, policy))),
    ];

    private static readonly Dictionary<string, Func<Func<Tensor, Tensor>, Func<Tensor, Tensor>>> Derivatives = new()
    {
        ["jvp"] = static f => x => Jvp(f, x, x).Tangent,
        ["gradient"] = static f => x => Grad((Tensor x) => Np.Sum(f(x))).Invoke(x),
        ["second"] = static f => x => Grad((Tensor x) => Np.Sum(Grad((Tensor x) => Np.Sum(f(x))).Invoke(x))).Invoke(x),
    };

    public static IEnumerable<ConformanceCase> Cases =>
    [
        .. Both("straight", "begin 1.0 [1.00, 2.00] True -3 end", Straight),
        .. Both("nobody_reads", "only this 3.0", static () => Jit((Tensor x) => { Debug.Print($"only this {Np.Sum(x)}"); return x + 1; })(X)),
        .. Both("twice", "again again 3 3 | t t t t | 1 2 1 2 | big big", Twice),
        .. Both("every_call", "1 4 9", static () =>
        {
            var f = Jit((Tensor x) => { Debug.Print($"{x * x:F0}"); return x; });
            for (var i = 1; i < 4; i++) f(Np.Array(i * 1.0));
        }),
        .. Both("loops", "0 1 2 | 2 1 | a0 b0 b1 a1 b0 b1", Loops),
        .. Both("branches", "large 3 | small 1 | two | zero", Branches),
        .. Both("lanes", "same x=1 x=2 big 2", static () => Vmap(static (Tensor x) =>
        {
            Debug.Print("same");
            Debug.Print($"x={x:F0}");
            return Cond(x > 1, () => { Debug.Print($"big {x:F0}"); return x; }, () => x * 2);
        })(X)),
        .. Both("gradient", "a1 s1 s2 pos", static () => Jit(Grad(static (Tensor x) =>
        {
            Debug.Print($"a{x[0]:F0}");
            var y = ForLoop(static (Tensor v) => { Debug.Print($"s{v:F0}"); return v * v; }, x);
            return Np.Sum(y) * Cond(Np.Sum(x) > 0, static () => { Debug.Print("pos"); return Np.Array(1f); }, static () => { Debug.Print("neg"); return Np.Array(2f); });
        }))(X)),
        .. from function in Checkpoints
           from derivative in Derivatives
           from item in Both($"checkpoint_{function.Name}/{derivative.Key}", string.Join(' ', Enumerable.Repeat(function.Printed, Policies.Length)), () =>
           {
               foreach (var policy in Policies) Jit(derivative.Value(function.Of(policy)))(X);
           })
           select item,
        .. Both("error_in_a_checkpoint", "before", static () => ExpectError("not 3", static () => Jit(Grad(Checkpoint(static x =>
        {
            Debug.Print("before");
            JitErrorIf(Np.Sum(x) > 2, $"not {Np.Sum(x):F0}");
            return Np.Sum(Np.Sin(x));
        })))(X))),
        .. Both("error_message", "", static () => ExpectError("negative among [1.0, -2.0], least -2.0", static () => Jit(static (Tensor x) =>
        {
            JitErrorIf(x < 0, $"negative among {x}, least {Np.Min(x):F1}");
            return Np.Sum(x);
        })(new[] { 1f, -2f }))),
        .. Both("no_error", "5", static () => Jit(static (Tensor x) => { JitErrorIf(x < 0, $"negative"); Debug.Print($"{Np.Sum(x * x):F0}"); return x; })(X)),
        .. Both("first_error", "", static () => ExpectError("second 2", static () => Jit(static (Tensor x) =>
        {
            JitErrorIf(x > 5, $"first {x:F0}");
            JitErrorIf(x > 1, $"second {x:F0}");
            JitErrorIf(x > 0, $"third {x:F0}");
            return x;
        })(2f))),
        .. Both("prints_before_an_error", "0 1", static () => ExpectError("stop at 1", static () => Jit(static () => ForLoop(static (Tensor i) =>
        {
            Debug.Print($"{i}");
            JitErrorIf(i > 0, $"stop at {i}");
            return i;
        }, Np.Arange(4)))())),
        .. Both("error_in_a_branch", "", static () => ExpectError("in lane 2", static () => Jit(Vmap(static (Tensor x) =>
            Cond(x > 1, () => { JitErrorIf(x > 1.5, $"in lane {x:F0}"); return x; }, () => x)))(X))),
        Behaviors.Case("contract/effects/direct_order", DirectOrder),
        Behaviors.Case("contract/effects/direct_exception", DirectException),
        Behaviors.Case("contract/effects/direct_error", DirectError),
    ];

    private static void Straight()
    {
        Jit((Tensor x) =>
        {
            Debug.Print("begin");
            Debug.Print($"{x[0]} {x:F2}");
            Debug.Print($"{Np.All(x > 0)}");
            Debug.Print($"{Lax.ConvertElementType(-Np.Sum(x), DType.Int32)}");
            return x * 2;
        })(X);
        Debug.Print("end");
    }

    /// <summary>What is said twice in the same words happens twice.</summary>
    private static void Twice() => Jit((Tensor x) =>
    {
        static void Two(Action action)
        {
            action();
            action();
        }
        Two(static () => Debug.Print("again"));
        Two(() => Debug.Print($"{Np.Sum(x):F0}"));
        Debug.Print("|");
        ForLoop(static (Tensor v) => { Two(static () => Debug.Print("t")); return v; }, x);
        Debug.Print("|");
        Two(() => ForLoop(static (Tensor v) => { Debug.Print($"{v:F0}"); return v; }, x));
        Debug.Print("|");
        Two(() => Cond(Np.Sum(x) > 2, static v => { Debug.Print("big"); return v; }, static v => v, x));
        return x;
    })(X);

    private static void Loops()
    {
        WhileLoop(static v => v < 3, static v => { Debug.Print($"{v:F0}"); return v + 1; }, Np.Array(0f));
        Debug.Print("|");
        ForLoop(static (Tensor v) => { Debug.Print($"{v:F0}"); return v; }, X, new() { Reverse = true });
        Debug.Print("|");
        Jit(static () => ForLoop(static (Tensor i) =>
        {
            Debug.Print($"a{i}");
            return ForLoop(static (Tensor k) => { Debug.Print($"b{k}"); return k; }, Np.Arange(2));
        }, Np.Arange(2)))();
    }

    private static void Branches()
    {
        var f = Jit(static (Tensor x) => Cond(x > 2, y => { Debug.Print($"large {y:F0}"); return y; }, y => { Debug.Print($"small {y:F0}"); return y; }, x));
        f(3f);
        Debug.Print("|");
        f(1f);
        var g = Jit(static (Tensor i) => Switch(i, static () => { Debug.Print("zero"); return Np.Array(0f); }, static () => Np.Array(1f), static () => { Debug.Print("two"); return Np.Array(2f); }));
        Debug.Print("|");
        g(2);
        g(1);
        Debug.Print("|");
        g(0);
    }

    private static void ExpectError(string message, Action action) => Expect.Text("the message of an error", message, Expect.Throws<JitErrorException>("a condition of JitErrorIf that holds", action).Message);

    /// <summary>A case for effects that the backend reports and one for effects that the frontend records, each in a runtime with an output of its own.</summary>
    private static IEnumerable<ConformanceCase> Both(string name, string expected, Action action)
    {
        foreach (var (kind, hasEffects) in ((string, bool)[])[("reported", true), ("recorded", false)])
            yield return Behaviors.Case($"contract/effects/{name}/{kind}", target =>
            {
                using var runtime = target.StartAnother(hasEffects);
                using var scope = runtime.Enter();
                var text = new StringWriter();
                Debug.Out = text;
                action();
                Expect.Text("what was printed", expected, string.Join(' ', text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
            });
    }

    private static bool ReportsEffects(ConformanceTarget target) =>
        target.Backend.Supports(new DebugPrint(""), [], target.Device).IsSupported && target.Backend.Supports(new ErrorIf(""), [new(DType.Bool, Shape.Scalar)], target.Device).IsSupported;

    /// <summary>Prints its input, and in each of three steps the carry.</summary>
    private static DirectProgram Printing(ConformanceTarget target) => DirectProgram.Compile(target, new TensorSpec(DType.Float32, []), static x =>
    {
        Debug.Print($"start {x}");
        return Scan(static (Tensor c) => { Debug.Print($"step {c}"); return (c + 1, c); }, x, 3).Carry;
    });

    private static void DirectOrder(ConformanceTarget target)
    {
        if (!ReportsEffects(target)) return;
        using var program = Printing(target);
        using var argument = target.Upload(HostValue.Of(Scalar.Of(5f)));
        var seen = new List<string>();
        var result = program.Start([argument], new() { Effects = (op, operands) => seen.Add($"{((DebugPrint)op).Format} {operands[0].Spec} {MemoryMarshal.Read<float>(operands[0].Bytes.Span)}") })[0];
        Expect.Text("what the handler was told before Execute returned, in program order", "start {0} f32[] 5, step {0} f32[] 5, step {0} f32[] 6, step {0} f32[] 7", string.Join(", ", seen));
        Expect.Same("the result", [HostValue.Of(Scalar.Of(8f))], [ConformanceTarget.Download(result)]);
        result.Dispose();
        result = program.Start([argument])[0]; // Without a handler, prints say nothing.
        result.Dispose();
    }

    private static void DirectException(ConformanceTarget target)
    {
        if (!ReportsEffects(target)) return;
        using var program = Printing(target);
        using var argument = target.Upload(HostValue.Of(Scalar.Of(5f)));
        var (calls, own) = (0, new FormatException("of the handler"));
        var results = new IBuffer[1];
        var thrown = Expect.Throws<FormatException>("an effect handler that throws", () => program.Executable.Execute([argument], results, new()
        {
            Effects = (_, _) =>
            {
                if (++calls == 2) throw own;
            },
        }));
        Expect.That(thrown == own && calls == 2, $"the run must end with the handler's own exception and at once, but it was called {calls} times");
        Expect.That(results[0] is null, "a run that ended with an exception must have no results");
        Samples.CheckAlive(target, "an effect handler threw");
    }

    private static void DirectError(ConformanceTarget target)
    {
        if (!ReportsEffects(target)) return;
        using var program = DirectProgram.Compile(target, new TensorSpec(DType.Float32, []), static x =>
        {
            JitErrorIf(x > 3, $"{x:F1} is too much");
            return x + 1;
        });
        program.Check("a program whose error does not happen", HostValue.Of(Scalar.Of(2f)));
        Expect.Text("the message of an error that nobody handles", "4.0 is too much", Expect.Throws<ErrorIfException>("an error that happens while nobody handles effects", () => program.Run(HostValue.Of(Scalar.Of(4f)))).Message);
        program.Check("the same executable after its error", HostValue.Of(Scalar.Of(2f)));
    }
}
