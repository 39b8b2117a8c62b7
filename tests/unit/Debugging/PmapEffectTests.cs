using BrainState.Hosting;
using static BrainState.Transforms;
using Debug = BrainState.Debug;

namespace BrainState.UnitTests.Debugging;

/// <summary>Devices that run one function together print whole lines, each device its own in order, and fail together.</summary>
public sealed class PmapEffectTests : IDisposable
{
    private readonly BrainStateRuntime runtime = BrainStateRuntime.Create(static b => b.Configure("cpu", "VirtualDevices", "4"));

    public void Dispose() => runtime.Dispose();

    private static Tensor F(Tensor x)
    {
        Debug.Print("same");
        Debug.Print($"a{x:F0}");
        var total = Lax.PSum(x, "i");
        ForLoop((Tensor step) => Debug.Print($"{step}b{x:F0}"), Np.Arange(2));
        Debug.Print($"c{x:F0}={total:F0}");
        return total;
    }

    [Fact]
    public void EveryDevicePrintsItsLinesInOrder()
    {
        var options = new PmapOptions { AxisName = "i" };
        // A compiled Pmap is one program for all, in which a line that is the same everywhere is there once.
        foreach (var (mapped, same) in new[] { (Pmap((Tensor x) => F(x), options), 4), (Jit(Pmap((Tensor x) => F(x), options)), 1) })
        {
            var lines = Printing.In(runtime, () => mapped(new[] { 1f, 2, 3, 4 })).Split(' ');
            Assert.Equal(4 * 4 + same, lines.Length);
            for (var device = 1; device <= 4; device++)
            {
                string[] own = [$"a{device}", $"0b{device}", $"1b{device}", $"c{device}=10"];
                Assert.Equal(own, lines.Where(own.Contains));
            }
            Assert.Equal(same, lines.Count(static line => line == "same"));
        }
    }

    [Fact]
    public void AnErrorOnOneDeviceEndsTheCallAndChangesNothing()
    {
        Printing.In(runtime, static () =>
        {
            var state = new LongTermState(Np.Zeros([4]), "counts");
            var step = Pmap2(
                (Tensor x) =>
                {
                    state.Value = state.Value + x;
                    JitErrorIf(x > 3, $"too large: {x}");
                    return Lax.PSum(x, "i");
                }, new() { AxisName = "i", StateInAxes = [(0, typeof(LongTermState))] });
            Assert.Equal("too large: 4.0", Assert.Throws<JitErrorException>(() => step(new[] { 1f, 2, 3, 4 })).Message);
            Assert.Equal([0f, 0, 0, 0], state.Value.ToArray<float>());
            step(new[] { 1f, 2, 3, 0 });
            Assert.Equal([1f, 2, 3, 0], state.Value.ToArray<float>());
        });
    }

    [Fact]
    public void UnVmapAsksAllDevices() => Printing.In(runtime, static () =>
        Assert.Equal([4f, 4, 4, 4], Pmap(static (Tensor x) => UnVmap(x, LaneReduction.Max))(new[] { 1f, 4, 2, 3 }).ToArray<float>()));
}
