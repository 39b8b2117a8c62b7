namespace BrainState;

/// <summary>How a <see cref="RandomState"/> without a seed gets its key from the generator that <see cref="Rng.Seed"/> sets.</summary>
public enum UnseededKey
{
    /// <summary>Two integers below 100,000, as BrainState 0.2 does; the tutorial's numbers depend on it.</summary>
    BelowHundredThousand,
    /// <summary>Two 32-bit words, as BrainState 0.5 does.</summary>
    FullRange,
}

/// <summary>A random generator as a State: it holds a key <c>uint32[2]</c>, and every draw replaces it. Inside transforms draws are part of the program.</summary>
public sealed class RandomState : State
{
    /// <summary>A generator whose seed comes from the one that <see cref="Rng.Seed"/> sets.</summary>
    public RandomState(UnseededKey rule = UnseededKey.BelowHundredThousand) : base(KeyFromLegacy(rule)) { }

    /// <summary>A generator with the key of a seed.</summary>
    public RandomState(int seed) : base(Rng.PrngKey(seed)) { }

    /// <summary>A generator with the given key.</summary>
    /// <exception cref="ArgumentException">It is not <c>uint32[2]</c>.</exception>
    public RandomState(Tensor key) : base(RequireKey(key)) { }

    /// <summary>Starts anew with the key of a seed.</summary>
    public void Seed(int seed) => Value = Rng.PrngKey(seed);

    /// <summary>A key for one draw; the generator goes on to another.</summary>
    public Tensor SplitKey()
    {
        var (next, draw) = Rng.Split(Value);
        Value = next;
        return draw;
    }

    /// <summary><paramref name="count"/> keys, <c>uint32[count, 2]</c>; the generator goes on to another.</summary>
    public Tensor SplitKeys(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var keys = Rng.Split(Value, count + 1);
        Value = keys[0];
        return keys[1..];
    }

    /// <summary>An independent generator; this one goes on to another key.</summary>
    public RandomState Split() => new(SplitKey());

    /// <inheritdoc cref="Rng.Bits(Tensor, Shape, DType)"/>
    public Tensor Bits(Shape size = default, DType dtype = DType.UInt32) => Rng.Bits(SplitKey(), size, dtype);

    /// <inheritdoc cref="Rng.Uniform(Tensor, Shape, Tensor, Tensor, DType?)"/>
    public Tensor Uniform(Tensor? low = null, Tensor? high = null, Shape size = default, DType? dtype = null) => Rng.Uniform(SplitKey(), size, low, high, dtype);

    /// <summary>Uniform floats in [0, 1).</summary>
    public Tensor Rand(params int[] size) => Uniform(size: size);

    /// <inheritdoc cref="Rng.Normal(Tensor, Shape, Tensor, Tensor, DType?)"/>
    public Tensor Normal(Tensor? mean = null, Tensor? deviation = null, Shape size = default, DType? dtype = null) =>
        Rng.Normal(SplitKey(), size, mean, deviation, dtype);

    /// <summary>Standard normal floats.</summary>
    public Tensor Randn(params int[] size) => Normal(size: size);

    /// <inheritdoc cref="Rng.RandInt(Tensor, Shape, Tensor, Tensor, DType?)"/>
    public Tensor RandInt(Tensor low, Tensor high, Shape size = default, DType? dtype = null) => Rng.RandInt(SplitKey(), size, low, high, dtype);

    /// <inheritdoc cref="Rng.Bernoulli(Tensor, Tensor, Shape)"/>
    public Tensor Bernoulli(Tensor? probability = null, Shape size = default) => Rng.Bernoulli(SplitKey(), probability, size);

    /// <inheritdoc cref="Rng.Permutation(Tensor, Tensor)"/>
    public Tensor Permutation(Tensor x) => Rng.Permutation(SplitKey(), x);

    /// <inheritdoc cref="Rng.Permutation(Tensor, int)"/>
    public Tensor Permutation(int count) => Rng.Permutation(SplitKey(), count);

    private static Tensor KeyFromLegacy(UnseededKey rule)
    {
        lock (Rng.Legacy)
            return Tensor.From<uint>(Rng.Legacy.RandInt(0, rule == UnseededKey.FullRange ? 1UL << 32 : 100_000, 2));
    }

    private static Tensor RequireKey(Tensor key) => key.Spec == new TensorSpec(DType.UInt32, [2])
        ? key
        : throw new ArgumentException($"A random key is uint32[2], but this is {key.Spec}.", nameof(key));
}
