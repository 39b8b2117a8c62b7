using BrainState.Nn;

namespace BrainState.Examples.Tutorial;

/// <summary>A linear regression with one weight matrix and one bias.</summary>
internal sealed class LinearModel : Module
{
    public ParamState Weight { get; }

    public ParamState Bias { get; }

    public LinearModel(int inFeatures, int outFeatures)
    {
        var (k1, k2) = Rng.Split(Rng.PrngKey(0));
        Weight = new ParamState(Rng.Normal(k1, [inFeatures, outFeatures]));
        Bias = new ParamState(Rng.Normal(k2, [outFeatures]));
    }

    public Tensor Call(Tensor x) => x.MatMul(Weight.Value) + Bias.Value;
}
