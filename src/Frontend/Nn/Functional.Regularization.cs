using BrainState.Nn.Composites;

namespace BrainState.Nn;

/// <content>Normalisation and dropout.</content>
public static partial class Functional
{
    /// <summary>x with mean 0 and variance 1 over its last axes, times a scale, plus a bias.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="scale">Factors with the sizes of these axes; 1 unless given.</param>
    /// <param name="bias">Terms with the sizes of these axes; 0 unless given.</param>
    /// <param name="axisCount">How many of the last axes are normalised together.</param>
    /// <param name="epsilon">What is added to the variance.</param>
    /// <exception cref="ArgumentException">Scale or bias have another shape or dtype, or there are not so many axes.</exception>
    public static Tensor LayerNorm(Tensor x, Tensor? scale = null, Tensor? bias = null, int axisCount = 1, double epsilon = 1e-6)
    {
        x = Floating(x, nameof(LayerNorm));
        if (axisCount < 1 || axisCount > x.Rank) throw new ArgumentOutOfRangeException(nameof(axisCount), $"{x.Spec} does not have {axisCount} axes to normalise.");
        var shape = Shape.Create(x.Shape.Dims[^axisCount..]);
        return LayerNormDefinition.Instance.Apply(
            new(axisCount, epsilon, scale is not null, bias is not null), [x, .. Parameters(nameof(LayerNorm), shape, ("scale", scale), ("bias", bias))])[0];
    }

    /// <summary>x with mean 0 and variance 1 in each channel, times a scale, plus a bias; and mean and biased variance of each channel.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="scale">A factor for each channel; 1 unless given.</param>
    /// <param name="bias">A term for each channel; 0 unless given.</param>
    /// <param name="axis">The axis of channels.</param>
    /// <param name="epsilon">What is added to the variance.</param>
    /// <exception cref="ArgumentException">Scale or bias are no vectors of one float per channel.</exception>
    public static (Tensor Y, Tensor Mean, Tensor Variance) BatchNorm(Tensor x, Tensor? scale = null, Tensor? bias = null, int axis = -1, double epsilon = 1e-5)
    {
        x = Floating(x, nameof(BatchNorm));
        axis = Axes.Normalize(axis, x.Rank);
        var results = BatchNormDefinition.Instance.Apply(
            new(axis, epsilon, scale is not null, bias is not null), [x, .. Parameters(nameof(BatchNorm), [x.Shape[axis]], ("scale", scale), ("bias", bias))]);
        return (results[0], results[1], results[2]);
    }

    /// <summary>x normalised in each channel by a given mean and variance, times a scale, plus a bias.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="mean">The mean of each channel.</param>
    /// <param name="variance">The variance of each channel.</param>
    /// <param name="scale">A factor for each channel; 1 unless given.</param>
    /// <param name="bias">A term for each channel; 0 unless given.</param>
    /// <param name="axis">The axis of channels.</param>
    /// <param name="epsilon">What is added to the variance.</param>
    /// <exception cref="ArgumentException">A parameter is no vector of one float per channel.</exception>
    public static Tensor BatchNormInference(
        Tensor x, Tensor mean, Tensor variance, Tensor? scale = null, Tensor? bias = null, int axis = -1, double epsilon = 1e-5)
    {
        x = Floating(x, nameof(BatchNormInference));
        axis = Axes.Normalize(axis, x.Rank);
        Tensor[] parameters = [.. Parameters(nameof(BatchNormInference), [x.Shape[axis]], ("mean", mean), ("variance", variance), ("scale", scale), ("bias", bias))];
        return BatchNormInferenceDefinition.Instance.Apply(new(axis, epsilon, scale is not null, bias is not null), [x, .. parameters])[0];
    }

    /// <summary>x with elements set to 0 at random, and the others divided by the probability of keeping one, so that the mean stays.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="key">The random key.</param>
    /// <param name="keep">The probability of keeping an element.</param>
    /// <param name="broadcastAxes">Axes along which elements are kept or not together.</param>
    /// <exception cref="ArgumentException">The probability is outside [0, 1], or the key is none.</exception>
    public static Tensor Dropout(Tensor x, Tensor key, double keep = 0.5, params ReadOnlySpan<int> broadcastAxes)
    {
        if (!(keep is >= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(keep), $"A probability is between 0 and 1, not {keep}.");
        return DropoutDefinition.Instance.Apply(new(keep, Axes.Create(broadcastAxes).Of(x.Rank)), Inexact(x), key)[0];
    }

    /// <summary>Those parameters that are given.</summary>
    private static IEnumerable<Tensor> Parameters(string function, Shape shape, params (string Name, Tensor? Value)[] parameters)
    {
        foreach (var (name, value) in parameters)
        {
            if (value is null) continue;
            if (value.Shape != shape || !value.DType.IsFloating) throw new ArgumentException($"{function} needs floats of shape {shape} as {name}, but they are {value.Spec}.", name);
            yield return value;
        }
    }
}
