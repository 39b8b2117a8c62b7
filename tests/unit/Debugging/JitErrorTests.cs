using static BrainState.Transforms;
using Debug = BrainState.Debug;

namespace BrainState.UnitTests.Debugging;

/// <summary>Errors that depend on values end the call, say what the function said, and leave every State as it was.</summary>
public sealed class JitErrorTests
{
    private static readonly Tensor X = new[] { 1f, -2f };

    [Fact]
    public void TheMessageHasTheValues()
    {
        static Tensor F(Tensor x)
        {
            JitErrorIf(x < 0, $"negative among {x}, least {Np.Min(x):F1}");
            return Np.Sum(x * x);
        }
        const string Expected = "negative among [1.0, -2.0], least -2.0";
        Assert.Equal(Expected, Message(() => F(X)));
        Assert.Equal(Expected, Message(() => Jit((Tensor x) => F(x))(X)));
        Assert.Equal(Expected, Message(() => Grad(F).Invoke(X)));
        Assert.Equal(Expected, Message(() => Jit(Grad(F))(X)));
        Assert.Equal(Expected, Message(() => Jvp(F, X, X)));
        Assert.Equal("negative among [1.0, -2.0], least -2.0", Message(() => Vmap((Tensor x) => F(x))(Tensor.From<float>([3, 4, 1, -2, -5, 6], [3, 2]))));
        Assert.Equal(5, Jit((Tensor x) => F(x))(Np.Abs(X)).ToScalar<float>());
    }

    [Fact]
    public void NothingIsCommitted()
    {
        var (early, late) = (new ParamState(X, "early"), new LongTermState(X, "late"));
        Tensor Step(Tensor limit)
        {
            early.Value = early.Value * 2;
            JitErrorIf(Np.Max(early.Value) > limit, $"{early} exceeds {limit}");
            late.Value = early.Value + 1;
            return Np.Sum(late.Value);
        }
        var step = Jit((Tensor limit) => Step(limit));
        step(5);
        foreach (var run in new Func<Tensor>[] { () => step(3), () => Grad((Tensor limit) => Step(limit) * limit).Invoke(3f), () => ForLoop((Tensor limit) => Step(limit), Tensor.From<float>([8, 3], [2])) })
        {
            Assert.Contains("exceeds 3", Message(() => run()), StringComparison.Ordinal);
            Assert.Equal([2f, -4f], early.Value.ToArray<float>());
            Assert.Equal([3f, -3f], late.Value.ToArray<float>());
        }
        Assert.Equal(-2, step(5).ToScalar<float>());
    }

    [Fact]
    public void ADonatedArgumentOfAFailedCallIsStillThere()
    {
        var f = Jit((Tensor x) => { JitErrorIf(Np.Any(x < 0), $"no"); return x + 1; }, new() { DonateArguments = [0] });
        Message(() => f(X));
        Assert.Equal([1f, -2f], X.ToArray<float>());
    }

    [Fact]
    public void WhatWasPrintedBeforeIsPrintedAndNothingAfter() => Assert.Equal("0 1", Printing.Of(static () => Message(static () => Jit(static () => ForLoop(static (Tensor i) =>
    {
        Debug.Print($"{i}");
        JitErrorIf(i > 0, $"stop");
        return i;
    }, Np.Arange(4)))())));

    [Fact]
    public void TheConditionIsABool() => Assert.Equal(
        "The condition of JitErrorIf must be of dtype bool, but is f32[2]. Compare, as in Np.Less(x, 0). (Parameter 'condition')",
        Assert.Throws<ArgumentException>(static () => JitErrorIf(X, $"x")).Message);

    private static string Message(Action action) => Assert.Throws<JitErrorException>(action).Message;
}
