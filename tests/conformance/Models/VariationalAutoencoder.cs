using BrainState.Nn;

namespace BrainState.Conformance;

/// <summary>D. Kingma and M. Welling, Auto-encoding variational Bayes (2014), for short vectors of bits. Its noise comes from a generator inside the step.</summary>
internal sealed class VariationalAutoencoder : Module
{
    private const int Count = 24;
    private const int Size = 16;
    private const int Hidden = 24;
    private const int Latent = 3;

    private readonly DType dtype;

    private VariationalAutoencoder(DType dtype)
    {
        this.dtype = dtype;
        var draw = new Draw(4, dtype);
        Encoder = draw.Weight([Size, Hidden], Size);
        EncoderBias = draw.Bias(Hidden);
        Moments = draw.Weight([Hidden, 2 * Latent], Hidden);
        Decoder = draw.Weight([Latent, Hidden], Latent);
        DecoderBias = draw.Bias(Hidden);
        Output = draw.Weight([Hidden, Size], Hidden);
        OutputBias = draw.Bias(Size);
    }

    public RandomState Noise { get; } = new(17);

    public ParamState Encoder { get; }

    public ParamState EncoderBias { get; }

    public ParamState Moments { get; }

    public ParamState Decoder { get; }

    public ParamState DecoderBias { get; }

    public ParamState Output { get; }

    public ParamState OutputBias { get; }

    /// <summary>The negative evidence lower bound: what reconstruction costs, and the divergence of the code from the standard normal distribution.</summary>
    private Tensor Loss(Tensor x)
    {
        var moments = Functional.Tanh(x.MatMul(Encoder.Value) + EncoderBias.Value).MatMul(Moments.Value);
        var (mean, logVariance) = (moments[.., ..Latent], moments[.., Latent..]);
        var code = mean + Np.Exp(0.5 * logVariance) * Noise.Normal(size: mean.Shape, dtype: DType.Float32).AsType(dtype);
        var logits = Functional.Silu(code.MatMul(Decoder.Value) + DecoderBias.Value).MatMul(Output.Value) + OutputBias.Value;
        var reconstruction = Np.Sum(Functional.Softplus(logits) - x * logits, -1);
        var divergence = -0.5 * Np.Sum(1 + logVariance - Np.Square(mean) - Np.Exp(logVariance), -1);
        return Np.Mean(reconstruction + divergence);
    }

    public static Training Train(DType dtype)
    {
        var draw = new Draw(14, dtype);
        var (model, patterns, flips) = (new VariationalAutoencoder(dtype), draw.Uniform([3, Size]) > 0.5, draw.Uniform([Count, Size]) < 0.1);
        var x = Np.NotEqual(patterns[Np.Arange(Count) % 3], flips).AsType(dtype);
        return new(() => model.Loss(x), model, new Adam(1e-2));
    }
}
