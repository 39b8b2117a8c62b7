using BrainState.Ops;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

/// <summary>UnVmap sees the elements of all lanes of all mapped functions around.</summary>
public sealed class UnVmapTests
{
    private static readonly Tensor Numbers = Tensor.From<float>([1, 0, 3, 0, 5, -2], [3, 2]);

    [Fact]
    public void ItReducesLanesAndElements()
    {
        Tensor rows = Tensor.From([true, true, true, false, false, false], [3, 2]);
        Assert.Equal([true, true, true], Vmap((Tensor row) => UnVmap(row))(rows).ToArray<bool>());
        Assert.Equal([false, false, false], Vmap((Tensor row) => UnVmap(row, LaneReduction.All))(rows).ToArray<bool>());
        Assert.Equal([false, false, false], Vmap((Tensor row) => UnVmap(row > 5))(Numbers).ToArray<bool>());
        Assert.Equal([5f, 5, 5], Vmap((Tensor row) => UnVmap(row, LaneReduction.Max))(Numbers).ToArray<float>());
        Assert.Equal([5f, 5, 5, 5, 5, 5], Vmap((Tensor row) => Vmap((Tensor x) => UnVmap(x, LaneReduction.Max))(row))(Numbers).ToArray<float>());
        Assert.Equal([5f, 5, 5], Jit(Vmap(Jit((Tensor row) => UnVmap(row, LaneReduction.Max)), new() { AxisName = "rows" }))(Numbers).ToArray<float>());
        Assert.Equal((5, true, false), (UnVmap(Numbers, LaneReduction.Max).ToScalar<float>(), UnVmap(Numbers).ToScalar<bool>(), UnVmap(Numbers, LaneReduction.All).ToScalar<bool>()));
    }

    [Fact]
    public void ABranchByItRunsAlone()
    {
        static Tensor Choose(Tensor row) => Cond(UnVmap(row > 100), static r => r * 2, static r => r + 1, row);
        var mapped = Vmap((Tensor row) => Choose(row));
        Assert.Equal((Numbers + 1).ToArray<float>(), mapped(Numbers).ToArray<float>());
        Assert.Single(MakeJaxpr(mapped)(Numbers).Program.Equations, static e => e.Op is Cond);
    }

    [Fact]
    public void ItHasNoDerivative()
    {
        Assert.Equal([5f, 5, 5, 5, 5, 5], Grad((Tensor x) => Np.Sum(Vmap((Tensor row) => row * UnVmap(row, LaneReduction.Max))(x))).Invoke(Numbers).ToArray<float>());
        Assert.Equal([1f, 1, 1, 1, 1, 1], Vmap(Grad((Tensor row) => Np.Sum(row) + UnVmap(row, LaneReduction.Max)).Invoke)(Numbers).ToArray<float>());
    }

    [Fact]
    public void OtherReductionsAreRefused() => Assert.StartsWith(
        "UnVmap asks for Any, All, Max, not 3.", Assert.Throws<ArgumentOutOfRangeException>(() => UnVmap(Numbers, (LaneReduction)3)).Message, StringComparison.Ordinal);
}
