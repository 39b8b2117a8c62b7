using BrainState.Nn;

namespace BrainState.UnitTests.States;

/// <summary>How States are found in modules.</summary>
public sealed class DiscoveryTests
{
    private static Tensor One => 1f;

    private abstract class Base : Module
    {
        private readonly ParamState hiddenInBase = new(One);

        protected ParamState Shared { get; } = new(One);

        public State First => hiddenInBase;
    }

    private sealed class Rich : Base
    {
        public readonly ParamState W2Bias = new(One);
#pragma warning disable IDE1006 // The underscore is what is tested.
        private readonly ParamState _underscored = new(One);
#pragma warning restore IDE1006

        public Rich(Module? part = null) => Part = part;

        public ParamState RunningMean { get; } = new(One);

        public HiddenState RNNCell { get; init; } = new(One);

        [StateName("renamed")]
        public BatchState Original { get; } = new(One);

        [StateName("field")]
        private readonly BatchState other = new(One);

        public ParamState[] Array { get; } = [new(One), new(One)];

        public List<Module?> List { get; } = [null, new Leaf()];

        public Dictionary<string, Module> Named { get; } = new() { ["b"] = new Leaf(), ["B"] = new Leaf(), ["a"] = new Leaf() };

        public Dictionary<int, ParamState> Numbered { get; } = new() { [10] = new(One), [2] = new(One) };

        public Module? Part { get; set; }

        public ParamState Computed => throw new InvalidOperationException("A getter was invoked.");

        public static ParamState Static { get; } = new(One);

        public State[] All => [_underscored, other];
    }

    private sealed class Leaf : Module
    {
        public ParamState Weight { get; } = new(One);
    }

    private sealed class Cyclic : Module
    {
        public Module? Next { get; set; }

        public ParamState Weight { get; } = new(One);
    }

    private sealed class Tied : Module
    {
        private readonly Leaf first = new();
        private readonly Leaf again;
        private readonly ParamState alias;

        public Tied() => (again, alias) = (first, first.Weight);

        public bool IsTied => first == again && alias == first.Weight;
    }

    private sealed class Clashing : Module
    {
        private readonly ParamState weight = new(One);

        public ParamState Weight { get; } = new(One);

        public State Other => weight;
    }

    private class Generation : Module
    {
        private readonly ParamState weight = new(One);

        public State Older => weight;
    }

    private sealed class Derived : Generation
    {
        [StateName("own_weight")]
        private readonly ParamState weight = new(One);

        public State Newer => weight;
    }

    private sealed class Primary(ParamState weight) : Module
    {
        public Tensor Call() => weight.Value;
    }

    [Fact]
    public void EveryFieldAndAutoPropertyCountsOnceUnderItsPath()
    {
        var paths = new Rich(new Leaf()).States().Keys.Select(static p => string.Join('.', p.Parts));
        Assert.Equal(
        [
            "array.0", "array.1", "field", "hidden_in_base", "list.1.weight", "named.B.weight", "named.a.weight", "named.b.weight", "numbered.2", "numbered.10",
            "part.weight", "renamed", "rnn_cell", "running_mean", "shared", "underscored", "w2_bias",
        ], paths);
    }

    [Theory]
    [InlineData("RunningMean", "running_mean")]
    [InlineData("W2Bias", "w2_bias")]
    [InlineData("RNNCell", "rnn_cell")]
    [InlineData("weight", "weight")]
    [InlineData("XY", "xy")]
    [InlineData("Layer10", "layer10")]
    [InlineData("A_B", "a_b")]
    public void NamesBecomeSnakeCase(string name, string expected) => Assert.Equal(expected, ModuleMembers.SnakeCase(name));

    [Fact]
    public void TypesAndFiltersSelect()
    {
        var model = new Rich();
        Assert.Equal(["('field',)", "('renamed',)"], model.States<BatchState>().Keys.Select(static k => k.ToString()));
        Assert.Equal(["('rnn_cell',)"], model.States(typeof(HiddenState)).Keys.Select(static k => k.ToString()));
        var parts = model.States(typeof(BatchState), StateFilter.PathContains("array"), StateFilter.OfType<LongTermState>());
        Assert.Equal((2, 2), (parts[0].Count, parts[1].Count));
        Assert.DoesNotContain(parts[2].Keys, parts[0].Keys.Concat(parts[1].Keys).Contains);
        Assert.Equal(model.States().Count - 1, parts.Sum(static p => p.Count)); // All but the hidden State.
    }

    [Fact]
    public void ModulesAreFoundWithTheirPaths() =>
        Assert.Equal(["()", "('list', 1)", "('named', 'B')", "('named', 'a')", "('named', 'b')"], new Rich().Modules().Keys.Select(static k => k.ToString()));

    [Fact]
    public void TiedStatesAndModulesAreFoundOnceUnderTheirFirstPath()
    {
        var tied = new Tied();
        Assert.True(tied.IsTied);
        Assert.Equal(["('again', 'weight')"], tied.States().Keys.Select(static k => k.ToString()));
        Assert.Equal(["()", "('again',)"], tied.Modules().Keys.Select(static k => k.ToString()));
    }

    [Fact]
    public void CyclesEnd()
    {
        var a = new Cyclic();
        var b = new Cyclic { Next = a };
        a.Next = b;
        Assert.Equal(["('next', 'weight')", "('weight',)"], a.States().Keys.Select(static k => k.ToString()));
        Assert.Equal(2, a.Modules().Count);
    }

    [Fact]
    public void TwoStatesAtOnePathAreAnError()
    {
        Assert.Equal("Two members of Clashing have the path ('weight',). Rename one, or give it a [StateName].",
            Assert.Throws<InvalidOperationException>(() => new Clashing().States()).Message);
        Assert.Equal(["('own_weight',)", "('weight',)"], new Derived().States().Keys.Select(static k => k.ToString()));
    }

    [Fact]
    public void ParametersOfPrimaryConstructorsCount() => Assert.Equal(["('weight',)"], new Primary(new(One)).States().Keys.Select(static k => k.ToString()));

    [Fact]
    public void ValuesReplacedAfterConstructionAreFound()
    {
        var model = new Rich();
        Assert.DoesNotContain(StatePath.Of("part", "weight"), model.States().Keys);
        model.Part = new Leaf();
        Assert.Contains(StatePath.Of("part", "weight"), model.States().Keys);
    }
}
