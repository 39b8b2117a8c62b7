using BrainState.Backends;
using BrainState.UnitTests.BackendKit;
using BrainState.UnitTests.Hosting;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

public sealed class DonationTests
{
    private static JitOptions Donating(params int[] arguments) => new() { Name = "step", DonateArguments = arguments };

    private static Tensor Fresh() => Np.Zeros([1000]) + 1;

    [Fact]
    public void ADonatedArgumentIsGoneAndTheErrorNamesTheCall()
    {
        var f = Jit((Tensor x, Tensor y) => x + y, Donating(0));
        var (x, y) = (Fresh(), Fresh());
        Assert.Equal(2f, f(x, y).ToArray<float>()[999]);
        Assert.Equal("A tensor f32[1000] was donated to step, which may have overwritten it. Use what the call returned, or do not donate the argument.\nObject name: 'Tensor'.",
            Assert.Throws<ObjectDisposedException>(() => x + 1).Message);
        Assert.Equal(1f, y.ToArray<float>()[0]);
        Assert.Equal(0, JitFunction.Of(f).DonationCopies);
    }

    [Fact]
    public void SharedValuesAreKeptAndCounted()
    {
        var f = Jit((Tensor x) => x * 2, Donating(0));
        var state = new ParamState(Fresh());
        Assert.Equal(2f, f(state.Value).ToArray<float>()[0]);
        Assert.Equal(1f, state.Value.ToArray<float>()[0]);
        Assert.Equal(1, JitFunction.Of(f).DonationCopies);
    }

    [Fact]
    public void AnArgumentThatIsAlsoAResultIsNotOverwritten()
    {
        var f = Jit((Tensor x) => (x, x + 1), Donating(0));
        var (same, more) = f(Fresh());
        Assert.Equal((1f, 2f), (same.ToArray<float>()[500], more.ToArray<float>()[500]));
    }

    [Fact]
    public void ATensorGivenTwiceIsNotOverwritten()
    {
        var f = Jit((Tensor x, Tensor y) => (x + 1, y * 3), Donating(0));
        var x = Fresh();
        var (a, b) = f(x, x);
        Assert.Equal((2f, 3f), (a.ToArray<float>()[7], b.ToArray<float>()[7]));
    }

    /// <summary>What was donated may be gone; otherwise the call is repeated after a collection.</summary>
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 2)]
    public void ACallThatRanOutOfMemoryIsNotRepeatedWithDonatedArguments(bool isDonated, int expectedCalls)
    {
        var calls = 0;
        CountedBackend Full() => new((op, _) => op.Name == "mul" && ++calls > 0 ? throw new DeviceOutOfMemoryException("counted:0", 4000) : null);
        using var runtime = StubFactory.Runtime("counted", factory: new(_ => Full()));
        using var scope = runtime.Enter();
        var f = Jit((Tensor x) => x * 2, isDonated ? Donating(0) : Donating());
        var x = Fresh();
        Assert.Throws<DeviceOutOfMemoryException>(() => f(x));
        Assert.Equal(expectedCalls, calls);
    }

    [Fact]
    public void OnlyArgumentsCanBeDonated()
    {
        foreach (var position in (int[])[1, -1]) // A negative one must not mean another argument.
            Assert.StartsWith($"step has no argument {position} to donate.", Assert.Throws<ArgumentOutOfRangeException>(() => Jit((Tensor x) => x, Donating(position))(Fresh())).Message);
    }
}
