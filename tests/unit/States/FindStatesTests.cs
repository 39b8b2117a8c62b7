using BrainState.Nn;
using static BrainState.Transforms;

namespace BrainState.UnitTests.States;

/// <summary>What a function touches is known without running it.</summary>
public sealed class FindStatesTests
{
    private sealed class Normalised : Module
    {
        public ParamState Weight { get; } = new(Np.Ones([2]));

        public LongTermState RunningMean { get; } = new(Np.Zeros([2]));

        public LongTermState Unused { get; } = new(Np.Zeros([]));

        public Tensor Call(Tensor x)
        {
            RunningMean.Value = RunningMean.Value * 0.9 + x * 0.1;
            return x * Weight.Value;
        }
    }

    [Fact]
    public void ReadAndWrittenStatesAreToldApart()
    {
        var model = new Normalised();
        var calls = 0;
        var uses = FindStates((Tensor x) => { calls++; return model.Call(x); })(Np.Ones([2]));
        Assert.Equal([model.RunningMean, model.Weight], uses.All);
        Assert.Equal([model.Weight], uses.Read);
        Assert.Equal([model.RunningMean], uses.Written);
        Assert.Equal(1, calls);
        Assert.Equal([0f, 0f], model.RunningMean.Value.ToArray<float>());
    }

    [Fact]
    public void TheyHavePathsInAModule()
    {
        var model = new Normalised();
        var uses = FindStates(() => ForLoop((Tensor x) => model.Call(x), Np.Ones([3, 2])))();
        Assert.Equal(["running_mean", "weight"], uses.In(model).Keys.Select(static p => string.Join("/", p.Parts)));
        Assert.Same(model.Weight, Assert.Single(uses.In(model, StateUsage.Read)).Value);
        Assert.Same(model.RunningMean, Assert.Single(uses.In(model, StateUsage.Write)).Value);
        Assert.Empty(uses.In(new Normalised()));
    }
}
