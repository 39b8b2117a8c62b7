using static BrainState.Transforms;

namespace BrainState.UnitTests.States;

/// <summary>Hooks; the global ones are seen by every State of the process, so nothing else runs meanwhile.</summary>
[Collection(ProcessWide.Name)]
public sealed class HookTests
{
    private static readonly Tensor A = new[] { 1f, 2f };

    [Fact]
    public void HooksRunByPriorityAndGlobalOnesFirst()
    {
        var state = new ParamState(A);
        var log = new List<string>();
        using var global = StateHooks.Global.OnRead((s, _) => Add(s, "global"));
        state.Hooks.OnRead((_, _) => log.Add("low"), priority: -1);
        state.Hooks.OnRead((_, v) => log.Add($"high {v.Shape}"), priority: 5);
        state.Hooks.OnRead((_, _) => log.Add("default"));
        _ = state.Value;
        Assert.Equal(["global", "high (2,)", "default", "low"], log);

        void Add(State s, string text)
        {
            if (s == state) log.Add(text);
        }
    }

    [Fact]
    public void WriteHooksTransformInAChainAndWrittenHooksSeeTheResult()
    {
        var state = new ParamState(A);
        (float, float) seen = default;
        state.Hooks.OnWriting((_, old, value) => value + old, priority: 1);
        state.Hooks.OnWriting((_, _, value) => value * 10);
        state.Hooks.OnWritten((_, old, value) => seen = ((float)old[0], (float)value[0]));
        state.Value = A * 2;
        Assert.Equal([30f, 60f], state.Value.ToArray<float>());
        Assert.Equal((1f, 30f), seen);
    }

    [Fact]
    public void ACancelledWriteLeavesTheStateAsItWas()
    {
        var state = new ParamState(A);
        state.Hooks.OnWriting((_, _, _) => throw new HookCancelledException("frozen"));
        Assert.Equal("A hook cancelled the assignment: frozen", Assert.Throws<HookCancelledException>(() => state.Value = A * 2).Message);
        Assert.Throws<HookCancelledException>(() => Jit(() => state.Value = A * 2)());
        Assert.Equal([1f, 2f], state.Value.ToArray<float>());
        Assert.False(state.HasBeenWritten);
    }

    [Fact]
    public void HandlesSwitchHooksOffAndRemoveThem()
    {
        var (state, count) = (new ParamState(A), 0);
        var handle = state.Hooks.OnRead((_, _) => count++);
        _ = state.Value;
        handle.IsEnabled = false;
        _ = state.Value;
        handle.IsEnabled = true;
        _ = state.Value;
        handle.Dispose();
        _ = state.Value;
        Assert.Equal(2, count);
        Assert.True(state.Hooks.IsEmpty);
    }

    [Fact]
    public void GlobalHooksSeeConstruction()
    {
        var born = new List<State>();
        using (StateHooks.Global.OnInitialized((s, v) =>
               {
                   if (v.Shape.SequenceEqual([2, 7])) born.Add(s);
               }))
        {
            var state = new HiddenState(Np.Zeros([2, 7]));
            var copy = state.Copy();
            Assert.Equal([state, copy], born);
        }
        _ = new HiddenState(Np.Zeros([2, 7]));
        Assert.Equal(2, born.Count);
    }

    [Fact]
    public void InsideATransformHooksRunAtTraceTimeAndNotAtCommit()
    {
        var (state, writes, written, reads) = (new ParamState(A), 0, 0, 0);
        state.Hooks.OnWriting((_, _, value) =>
        {
            writes++;
            return value + 1;
        });
        state.Hooks.OnWritten((_, _, _) => written++);
        state.Hooks.OnRead((_, _) => reads++);
        var step = Jit(() => state.Value = state.Value * 2);
        step();
        step();
        Assert.Equal((1, 1, 1), (writes, written, reads));
        Assert.Equal([7f, 11f], state.Value.ToArray<float>()); // What the hook computed is part of the program.
        Grad((Tensor x) => Np.Sum(state.Value = x)).Invoke(A);
        Assert.Equal((2, 2), (writes, written));
        Assert.Equal([2f, 3f], state.Value.ToArray<float>());
    }
}
