using BrainState.Nn;

namespace BrainState.Conformance;

/// <summary>A perceptron with a normalised hidden layer that tells four clusters apart.</summary>
internal sealed class Mlp : Module
{
    private const int Count = 48;
    private const int Inputs = 8;
    private const int Hidden = 32;
    private const int Classes = 4;

    public Mlp(ulong seed, DType dtype)
    {
        var draw = new Draw(seed, dtype);
        First = draw.Weight([Inputs, Hidden], Inputs);
        FirstBias = draw.Bias(Hidden);
        Scale = new ParamState(Np.Ones([Hidden], dtype));
        Second = draw.Weight([Hidden, Classes], Hidden);
        SecondBias = draw.Bias(Classes);
    }

    public ParamState First { get; }

    public ParamState FirstBias { get; }

    public ParamState Scale { get; }

    public ParamState Second { get; }

    public ParamState SecondBias { get; }

    public Tensor Call(Tensor x)
    {
        var hidden = Functional.Gelu(Functional.LayerNorm(x.MatMul(First.Value) + FirstBias.Value, Scale.Value));
        return hidden.MatMul(Second.Value) + SecondBias.Value;
    }

    public Tensor Loss((Tensor X, Tensor Labels) data) => Np.Mean(Functional.SoftmaxCrossEntropyWithIntegerLabels(Call(data.X), data.Labels));

    public static (Tensor X, Tensor Labels) Data(DType dtype)
    {
        var draw = new Draw(11, dtype);
        var (centers, noise) = (draw.Normal([Classes, Inputs]), draw.Normal([Count, Inputs], 0.7));
        var labels = Np.Arange(Count) % Classes;
        return (centers[labels] + noise, labels);
    }

    public static Training Train(DType dtype)
    {
        var (model, data) = (new Mlp(1, dtype), Data(dtype));
        return new(() => model.Loss(data), model, new Sgd(0.1, momentum: 0.9));
    }
}
