using BrainState.Nn;

namespace BrainState.Examples.DataParallel;

/// <summary>A line, fitted by least squares.</summary>
internal sealed class LinearModel : Module
{
    public ParamState Weight { get; } = new(Np.Zeros([1, 1]));

    public ParamState Bias { get; } = new(Np.Zeros([1]));

    public Tensor Loss(Tensor x, Tensor y) => Np.Mean(Np.Square(x.MatMul(Weight.Value) + Bias.Value - y));
}
