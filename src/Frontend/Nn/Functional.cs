using BrainState.Execution;

namespace BrainState.Nn;

/// <summary>Activations and losses as functions of tensors.</summary>
public static class Functional
{
    /// <summary>max(x, 0), with a derivative of 0 at 0.</summary>
    public static Tensor Relu(Tensor x) => Composed.Run(nameof(Relu), 0, [x], static (_, o) => Np.Where(o[0] > 0, o[0], 0));

    /// <summary>1 / (1 + e⁻ˣ).</summary>
    public static Tensor Sigmoid(Tensor x) => Lax.Logistic(x.DType.IsDifferentiable ? x : x.AsType(Environ.DefaultFloat));

    /// <summary>tanh x.</summary>
    public static Tensor Tanh(Tensor x) => Np.Tanh(x);

    /// <summary>x · sigmoid(x).</summary>
    public static Tensor Silu(Tensor x) => Composed.Run(nameof(Silu), 0, [x], static (_, o) => o[0] * Sigmoid(o[0]));

    /// <summary>ln(1 + eˣ), without overflow.</summary>
    public static Tensor Softplus(Tensor x) => Np.LogAddExp(x, 0.0);

    /// <summary>eˣ / Σ eˣ along an axis.</summary>
    public static Tensor Softmax(Tensor x, int axis = -1) => Composed.Run(nameof(Softmax), axis, [x], static (axis, o) =>
    {
        var shifted = Shift(o[0], axis);
        var exponentials = Np.Exp(shifted);
        return exponentials / Np.Sum(exponentials, axis, keepDims: true);
    });

    /// <summary>ln softmax, accurate for small probabilities.</summary>
    public static Tensor LogSoftmax(Tensor x, int axis = -1) => Composed.Run(nameof(LogSoftmax), axis, [x], static (axis, o) =>
    {
        var shifted = Shift(o[0], axis);
        return shifted - Np.Log(Np.Sum(Np.Exp(shifted), axis, keepDims: true));
    });

    /// <summary>1 at the position that each index names along a new last axis, 0 elsewhere; an index outside gives only zeros.</summary>
    public static Tensor OneHot(Tensor indices, int classCount, DType? dtype = null) =>
        Composed.Run(nameof(OneHot), (classCount, dtype ?? Environ.DefaultFloat), [indices], static (s, o) =>
        {
            var index = Np.ExpandDims(o[0], -1);
            var classes = Lax.Iota(index.DType, [.. Enumerable.Repeat(1, o[0].Rank), s.classCount], o[0].Rank);
            return Lax.ConvertElementType(Np.Equal(index, classes), s.Item2);
        });

    /// <summary>−ln softmax(logits)[label] for each row: logits <c>[…, classes]</c>, integer labels <c>[…]</c>.</summary>
    public static Tensor SoftmaxCrossEntropyWithIntegerLabels(Tensor logits, Tensor labels) =>
        Composed.Run(nameof(SoftmaxCrossEntropyWithIntegerLabels), 0, [logits, labels], static (_, o) =>
            SoftmaxCrossEntropy(o[0], OneHot(o[1], o[0].Shape[^1], o[0].DType)));

    /// <summary>−Σ label · ln softmax(logits) for each row: both <c>[…, classes]</c>.</summary>
    public static Tensor SoftmaxCrossEntropy(Tensor logits, Tensor labels) =>
        Composed.Run(nameof(SoftmaxCrossEntropy), 0, [logits, labels], static (_, o) => -Np.Sum(o[1] * LogSoftmax(o[0]), -1));

    private static Tensor Shift(Tensor x, int axis)
    {
        if (!x.DType.IsDifferentiable) x = x.AsType(Environ.DefaultFloat);
        return x - Lax.StopGradient(Np.Max(x, axis, keepDims: true));
    }
}
