using BrainState.Benchmarks.Measuring;

namespace BrainState.Benchmarks.Suites;

/// <summary>What a warm call costs when there is next to nothing to compute.</summary>
internal static class CallSuite
{
    public static void Run(Session session)
    {
        Tensor a = Eight(0.5f), b = Eight(1.25f);
        var state = new ParamState(Eight(2));
        var counter = new LongTermState(Eight(0));

        var identity = Transforms.Jit((Tensor x) => x);
        var reading = Transforms.Jit((Tensor x, Tensor y) => x + y + state.Value);
        var writing = Transforms.Jit((Tensor x, Tensor y) =>
        {
            counter.Value += x;
            return x + y;
        });
        session.Compare("jit-call: warm calls on 8 floats", static f => "",
            [
                Session.Dropping("jit x => x", () => identity(a)),
                Session.Dropping("jit x + y + State", () => reading(a, b)),
                Session.Disposing("jit x + y + State, result disposed", () => reading(a, b)),
                Session.Dropping("jit x + y, State += x", () => writing(a, b)),
            ],
            static torch => [torch.Case("calls", "module", "jit.trace of a + b + buffer", isBaseline: true)]);

        session.Compare("jit-call: eager ops on 8 floats", static f => "",
            [
                Session.Dropping("eager x + y", () => a + b),
                Session.Disposing("eager x + y, result disposed", () => a + b),
                Session.Dropping("eager x * 2.0", () => a * 2.0),
                Session.Dropping("eager tanh", () => Np.Tanh(a)),
                Session.Dropping("eager softmax", () => Nn.Functional.Softmax(a)),
            ],
            static torch => [torch.Case("calls", "add", "a + b", isBaseline: true), torch.Case("calls", "tanh", "tanh")]);
    }

    private static Tensor Eight(float value) => Enumerable.Repeat(value, 8).ToArray();
}
