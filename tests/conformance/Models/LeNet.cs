using BrainState.Nn;

namespace BrainState.Conformance;

/// <summary>LeNet for small images: two convolutions with pooling, two layers. It tells where in the image a bright spot is.</summary>
internal sealed class LeNet : Module
{
    private const int Count = 8;
    private const int Size = 12;
    private const int Classes = 4;

    private LeNet(DType dtype)
    {
        var draw = new Draw(2, dtype);
        FirstKernel = draw.Weight([5, 5, 1, 4], 25);
        FirstBias = draw.Bias(4);
        SecondKernel = draw.Weight([3, 3, 4, 8], 36);
        SecondBias = draw.Bias(8);
        Dense = draw.Weight([72, 16], 72);
        DenseBias = draw.Bias(16);
        Output = draw.Weight([16, Classes], 16);
        OutputBias = draw.Bias(Classes);
    }

    public ParamState FirstKernel { get; }

    public ParamState FirstBias { get; }

    public ParamState SecondKernel { get; }

    public ParamState SecondBias { get; }

    public ParamState Dense { get; }

    public ParamState DenseBias { get; }

    public ParamState Output { get; }

    public ParamState OutputBias { get; }

    private Tensor Call(Tensor x)
    {
        x = Functional.MaxPool(Functional.Tanh(Functional.Conv(x, FirstKernel.Value) + FirstBias.Value), [2, 2]);
        x = Functional.AvgPool(Functional.Relu(Functional.Conv(x, SecondKernel.Value) + SecondBias.Value), [2, 2], [2, 2]);
        x = Functional.Relu(x.Reshape(x.Shape[0], -1).MatMul(Dense.Value) + DenseBias.Value);
        return x.MatMul(Output.Value) + OutputBias.Value;
    }

    private static (Tensor Images, Tensor Labels) Data(DType dtype)
    {
        var noise = new Draw(12, dtype).Normal([Count, Size, Size, 1], 0.5);
        var spots = new float[Count, Size, Size, 1];
        for (var n = 0; n < Count; n++)
            for (var i = 0; i < 4; i++)
                for (var k = 0; k < 4; k++)
                    spots[n, 1 + i + 6 * (n % 2), 1 + k + 6 * (n / 2 % 2), 0] = 1.5f;
        return (noise + Tensor.From(spots).AsType(dtype), Np.Arange(Count) % Classes);
    }

    public static Training Train(DType dtype)
    {
        var (model, (images, labels)) = (new LeNet(dtype), Data(dtype));
        return new(() => Np.Mean(Functional.SoftmaxCrossEntropyWithIntegerLabels(model.Call(images), labels)), model, new Adam(3e-3));
    }
}
