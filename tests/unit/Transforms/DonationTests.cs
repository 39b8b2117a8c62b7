using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

/// <summary>Donated arguments are consumed by the call, unless somebody else holds their values.</summary>
public class DonationTests
{
    private static readonly JitOptions DonateFirst = new() { Name = "double", DonateArguments = [0] };

    [Fact]
    public void A_donated_tensor_names_the_call_that_took_it()
    {
        var twice = Jit((Tensor x) => x * 2, DonateFirst);
        var x = Np.Arange(3) + 1;
        Assert.Equal([2, 4, 6], twice(x).ToArray<int>());
        var failure = Assert.Throws<ObjectDisposedException>(() => x + 1);
        Assert.Contains("was donated to double, which may have overwritten it. Use what the call returned, or do not donate the argument.", failure.Message);
        Assert.Equal("Donated<i32[3]>", x.ToString());
        Assert.Equal(0, JitFunction.Of(twice).DonationCopies);
    }

    [Fact]
    public void Values_that_a_State_shares_survive()
    {
        var twice = Jit((Tensor x) => x * 2, DonateFirst);
        var state = new ParamState(Np.Arange(3) + 1);
        Assert.Equal([2, 4, 6], twice(state.Value).ToArray<int>());
        Assert.Equal([1, 2, 3], state.Value.ToArray<int>());
        Assert.Equal(1, JitFunction.Of(twice).DonationCopies);
    }

    [Fact]
    public void An_argument_that_does_not_exist_cannot_be_donated() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Jit((Tensor x) => x * 2, new JitOptions { DonateArguments = [1] })(Np.Arange(3)));
}
