using static BrainState.Transforms;

namespace BrainState.Conformance;

/// <summary>States in branches and loops: what the transforms compile means what plain C# means.</summary>
internal static class ControlFlowSemantics
{
    private static Tensor A => new[] { 1f, 2f };

    public static IEnumerable<ConformanceCase> Cases =>
    [
        Behaviors.Case("states/branches/different_states", static _ => DifferentStates()),
        Behaviors.Case("states/branches/switch", static _ => Switches()),
        Behaviors.Case("states/branches/gradient", static _ => BranchGradient()),
        Behaviors.Case("states/branches/lanes", static _ => BranchLanes()),
        Behaviors.Case("states/loops/for", static _ => For()),
        Behaviors.Case("states/loops/while", static _ => While()),
        Behaviors.Case("states/loops/branches_inside", static _ => BranchesInLoops()),
        Behaviors.Case("states/loops/gradient", static _ => LoopGradient()),
    ];

    /// <summary>One branch writes one State, the other reads it and writes another.</summary>
    private static void DifferentStates()
    {
        ParamState a = new(A, "a"), b = new(A * 10, "b");
        Tensor Step(Tensor x) => Cond(x > 0, () => { a.Value = a.Value + x; return a.Value; }, () => { b.Value = b.Value * a.Value; return b.Value + 1; });
        var jitted = Jit((Tensor x) => Step(x));
        Expect.Elements<float>("the branch that writes a", [4, 5], jitted(3f));
        Expect.Elements<float>("b after the branch that writes a", [10, 20], b.Value);
        Expect.Elements<float>("the branch that writes b", [41, 101], jitted(-1f));
        Expect.Elements<float>("a after the branch that writes b", [4, 5], a.Value);
        Expect.Elements<float>("b after the branch that writes it", [40, 100], b.Value);
        Expect.Elements<float>("the branch that writes a, not jitted", [6, 7], Step(2f));
        Expect.Elements<float>("a after that", [6, 7], a.Value);
    }

    private static void Switches()
    {
        var states = Enumerable.Range(0, 3).Select(static i => new ParamState(Np.Full([2], i, DType.Float32))).ToArray();
        var step = Jit((Tensor which) => Switch(which, [.. states.Select(static state => (Func<Tensor>)(() => state.Value += 10))]));
        foreach (var (which, branch) in ((int, int)[])[(1, 1), (0, 0), (1, 1), (7, 2), (-3, 0)])
        {
            var before = states.Select(static s => s.Value).ToArray();
            Expect.Same($"branch {which}", before[branch] + 10, step(which));
            for (var i = 0; i < states.Length; i++) Expect.Same($"State {i} after branch {which}", i == branch ? before[i] + 10 : before[i], states[i].Value);
        }
    }

    private static void BranchGradient()
    {
        ParamState a = new(A, "a"), b = new(A * 10, "b");
        var gradient = Jit(Grad((Tensor x) => Np.Sum(Cond(Np.Sum(x) > 0, () => { a.Value = a.Value * x; return a.Value * x; }, () => b.Value * x))).Of([a, b]).Arg0().WithValue());
        var ((states, byX), value) = gradient(A);
        Expect.Elements<float>("the loss of the first branch", [9], value);
        Expect.Elements<float>("the gradient by x", [2, 8], byX);
        Expect.Elements<float>("the gradient by the State of the branch that was taken", [1, 4], states[0]);
        Expect.Elements<float>("the gradient by the State of the other branch", [0, 0], states[1]);
        Expect.Elements<float>("a State that the forward pass wrote", [1, 4], a.Value);
        Expect.Elements<float>("the gradient by x in the other branch", [10, 20], gradient(-A).Item1.Argument);
        Expect.Elements<float>("a State of the branch that was not taken", [1, 4], a.Value);
    }

    private static void BranchLanes()
    {
        var hidden = new HiddenState(Tensor.From<float>([1, 2, 3]), "hidden");
        var step = Jit(Vmap2((Tensor x) => Cond(x > 0, () => { hidden.Value = hidden.Value + x; return hidden.Value; }, () => x), new() { StateInAxes = [(0, typeof(HiddenState))] }));
        Expect.Elements<float>("lanes that take different branches", [11, -1, 23], step(Tensor.From<float>([10, -1, 20])));
        Expect.Elements<float>("the State of lanes that take different branches", [11, 2, 23], hidden.Value);
    }

    private static void For()
    {
        ParamState jitted = new(A), plain = new(A);
        static Tensor Body(ParamState state, Tensor x)
        {
            state.Value = state.Value * 0.5 + x;
            return Np.Sum(state.Value);
        }
        Tensor xs = new[] { 1f, 4f, -2f };
        var results = Jit((Tensor xs) => ForLoop((Tensor x) => Body(jitted, x), xs))(xs);
        for (var i = 0; i < 3; i++) Expect.Same($"step {i} of a loop", Body(plain, xs[i]), results[i]);
        Expect.Same("a State after a loop", plain.Value, jitted.Value);
    }

    private static void While()
    {
        ParamState count = new(Np.Array(0.0)), total = new(A);
        var run = Jit((Tensor limit) => WhileLoop(x => Np.Sum(x) < limit, x =>
        {
            count.Value += 1;
            total.Value = total.Value + x;
            return x * 2;
        }, A));
        Expect.Elements<float>("the carry of a loop with States", [16, 32], run(40f));
        Expect.Elements<float>("a counter after a loop of four steps", [4], count.Value);
        Expect.Elements<float>("a State after a loop of four steps", [16, 32], total.Value);
        run(0f);
        Expect.Elements<float>("a counter after a loop of no steps", [4], count.Value);
    }

    private static void BranchesInLoops()
    {
        ParamState even = new(Np.Array(0.0)), odd = new(Np.Array(0.0));
        Jit(() => ForLoop((Tensor i) => Cond(i % 2 < 1, () => { even.Value += i.AsType(DType.Float32); return i; }, () => { odd.Value += i.AsType(DType.Float32); return -i; }), Np.Arange(10)))();
        Expect.Elements<float>("the State of the branch for even steps", [20], even.Value);
        Expect.Elements<float>("the State of the branch for odd steps", [25], odd.Value);
    }

    /// <summary>h ← h · w three times; the gradient by w is 3 w² h.</summary>
    private static void LoopGradient()
    {
        ParamState weight = new(Tensor.From<float>([2, 3])), hidden = new(A);
        var gradient = Jit(Grad(() =>
        {
            ForLoop((Tensor _) => hidden.Value = hidden.Value * weight.Value, Np.Arange(3));
            return Np.Sum(hidden.Value);
        }).Of(weight));
        Expect.Elements<float>("the gradient by a State that every step of a loop reads", [12, 54], gradient());
        Expect.Elements<float>("a State that every step of a loop writes", [8, 54], hidden.Value);
    }
}
