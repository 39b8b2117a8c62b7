using BrainState.Execution;
using BrainState.Nn.Composites;

namespace BrainState.Nn;

/// <content>Activations.</content>
public static partial class Functional
{
    /// <summary>max(x, 0), with a derivative of 0 at 0.</summary>
    public static Tensor Relu(Tensor x) => Composed.Run(nameof(Relu), 0, [x], static (_, o) => Np.Where(o[0] > 0, o[0], 0));

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static Tensor Sigmoid(Tensor x) => Lax.Logistic(Inexact(x));

    /// <summary>tanh x.</summary>
    public static Tensor Tanh(Tensor x) => Np.Tanh(x);

    /// <summary>x · sigmoid(x).</summary>
    public static Tensor Silu(Tensor x) => Composed.Run(nameof(Silu), 0, [x], static (_, o) => o[0] * Sigmoid(o[0]));

    /// <summary>ln(1 + eˣ), without overflow.</summary>
    public static Tensor Softplus(Tensor x) => Np.LogAddExp(x, 0.0);

    /// <summary>x · Φ(x), with Φ the normal distribution: approximately, as is usual, or exactly by the error function.</summary>
    public static Tensor Gelu(Tensor x, bool approximate = true) => GeluDefinition.Instance.Apply(new(approximate), Floating(x, nameof(Gelu)))[0];

    /// <summary>eˣ / Σ eˣ along an axis. NaN where all elements are −∞; float16 and bfloat16 are computed in float32.</summary>
    public static Tensor Softmax(Tensor x, int axis = -1) =>
        SoftmaxDefinition.Instance.Apply(new(Axes.Normalize(axis, x.Rank)), Floating(x, nameof(Softmax)))[0];

    /// <summary>ln softmax, accurate for small probabilities.</summary>
    public static Tensor LogSoftmax(Tensor x, int axis = -1) =>
        LogSoftmaxDefinition.Instance.Apply(new(Axes.Normalize(axis, x.Rank)), Floating(x, nameof(LogSoftmax)))[0];

    /// <summary>1 at the position that each index names along a new last axis, 0 elsewhere; an index outside gives only zeros.</summary>
    public static Tensor OneHot(Tensor indices, int classCount, DType? dtype = null) =>
        Composed.Run(nameof(OneHot), (classCount, dtype ?? Environ.DefaultFloat), [indices], static (s, o) =>
            Lax.ConvertElementType(CrossEntropyDefinition.Hot(o[0], s.classCount), s.Item2));
}
