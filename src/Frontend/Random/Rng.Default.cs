namespace BrainState;

/// <content>Draws from the default generator.</content>
public static partial class Rng
{
    /// <summary>A key for one draw; the default generator goes on to another.</summary>
    public static Tensor SplitKey() => Default.SplitKey();

    /// <inheritdoc cref="RandomState.Uniform"/>
    public static Tensor Uniform(double low, double high, Shape size = default, DType? dtype = null) => Default.Uniform(low, high, size, dtype);

    /// <inheritdoc cref="RandomState.Rand"/>
    public static Tensor Rand(params int[] size) => Default.Rand(size);

    /// <inheritdoc cref="RandomState.Normal"/>
    public static Tensor Normal(double mean, double deviation, Shape size = default, DType? dtype = null) => Default.Normal(mean, deviation, size, dtype);

    /// <inheritdoc cref="RandomState.Randn"/>
    public static Tensor Randn(params int[] size) => Default.Randn(size);

    /// <inheritdoc cref="RandomState.RandInt"/>
    public static Tensor RandInt(Tensor low, Tensor high, Shape size = default, DType? dtype = null) => Default.RandInt(low, high, size, dtype);

    /// <inheritdoc cref="RandomState.Bernoulli"/>
    public static Tensor Bernoulli(double probability, Shape size = default) => Default.Bernoulli(probability, size);

    /// <inheritdoc cref="RandomState.Permutation(int)"/>
    public static Tensor Permutation(int count) => Default.Permutation(count);
}
