using static BrainState.Transforms;

namespace BrainState.UnitTests.States;

public sealed class StateTests
{
    private static readonly Tensor A = new[] { 1f, 2f };

    [Fact]
    public void TheKindsFormTheFamilyOfBrainState()
    {
        Assert.IsAssignableFrom<LongTermState>(new ParamState(A));
        Assert.IsAssignableFrom<LongTermState>(new BatchState(A));
        Assert.IsAssignableFrom<LongTermState>(new OptimState(A));
        Assert.IsAssignableFrom<ShortTermState>(new HiddenState(A));
        Assert.IsNotAssignableFrom<LongTermState>(new HiddenState(A));
        Assert.IsAssignableFrom<State>(new RandomState(1));
    }

    [Fact]
    public void AStateHoldsOneTensorAndSaysWhatItIs()
    {
        var state = new ParamState(A, "w", ["a", "b"]);
        state.AddTag("c");
        Assert.Equal(("w", "a,b,c", false), (state.Name, string.Join(',', state.Tags.Order()), state.HasBeenWritten));
        Assert.Equal("f32[2]", state.Spec.ToString());
        Assert.Equal("ParamState(\n  value=ShapedArray(float32[2])\n)", state.ToString());
        state.Value = Np.Ones([3, 1]);
        Assert.True(state.HasBeenWritten);
        Assert.Equal("ParamState(\n  value=ShapedArray(float32[3,1])\n)", state.ToString());
        Assert.Throws<ArgumentNullException>(() => state.Value = null!);
        Assert.Throws<ArgumentNullException>(() => new ParamState(null!));
    }

    [Fact]
    public void ACopyHasAStateOfItsOwn()
    {
        var state = new ParamState(A, "w", ["a"]);
        state.Value = A * 2;
        state.Hooks.OnWriting((_, _, _) => throw new HookCancelledException("no"));
        var copy = (ParamState)state.Copy();
        Assert.Equal(("w", "a", false), (copy.Name, copy.Tags.Single(), copy.HasBeenWritten));
        copy.Value = A * 3;
        copy.AddTag("b");
        Assert.Equal([2f, 4f], state.Value.ToArray<float>());
        Assert.Equal(["a"], state.Tags);
    }

    [Fact]
    public void OnlyWhatReallyHappenedCountsAsAWrite()
    {
        var state = new ParamState(A);
        MakeJaxpr(() => state.Value = A * 2)();
        Assert.Throws<DivideByZeroException>(() => Jit(() => (state.Value = A * 2) is null ? A : throw new DivideByZeroException())());
        Assert.False(state.HasBeenWritten);
        var step = Jit(() => state.Value = A * 2);
        step();
        Assert.True(state.HasBeenWritten);
        var other = new ParamState(A);
        Grad((Tensor x) => Np.Sum(other.Value = x * 2)).Invoke(A);
        Assert.True(other.HasBeenWritten);
    }

    [Fact]
    public void FiltersChooseByKindTagPathAndCondition()
    {
        var path = StatePath.Of("layers", 0, "weight");
        var (parameter, hidden) = (new ParamState(A, tags: ["x"]), new HiddenState(A));
        bool Takes(StateFilter filter, State state) => filter.Matches(path, state);
        Assert.True(Takes(StateFilter.OfType<LongTermState>(), parameter) && !Takes(StateFilter.OfType<LongTermState>(), hidden));
        Assert.True(Takes(typeof(ParamState), parameter) && !Takes(typeof(ParamState), hidden));
        Assert.True(Takes("x", parameter) && !Takes("x", hidden));
        Assert.True(Takes(true, hidden) && !Takes(false, hidden));
        Assert.True(Takes(StateFilter.PathContains(0), hidden) && Takes(StateFilter.PathContains("layers"), hidden) && !Takes(StateFilter.PathContains("0"), hidden));
        Assert.True(Takes(StateFilter.Where((p, s) => p.Count == 3 && s.Spec.Rank == 1), hidden));
        Assert.True(Takes(StateFilter.Any("x", typeof(HiddenState)), hidden) && !Takes(StateFilter.All("x", typeof(HiddenState)), hidden));
        Assert.True(Takes(StateFilter.Not("x"), hidden) && !Takes(StateFilter.Nothing, hidden));
    }
}
