using BrainState.Execution;
using BrainState.Hosting;
using BrainState.NumPy;
using BrainState.Tracing;

namespace BrainState;

/// <summary>
/// Random numbers from explicit keys, as <c>jax.random</c> makes them: the same key and shape give the same bits on every backend. A key is a tensor
/// <c>uint32[2]</c>; use each for one draw only, and <see cref="Split(Tensor)"/> it for more.
/// </summary>
/// <remarks>
/// Bits come from threefry2x32 with JAX's partitionable counters; float32 uniforms and normals are JAX's bit for bit on the <c>cpu</c> backend.
/// Functions without a key draw from <see cref="Default"/>.
/// </remarks>
public static partial class Rng
{
    /// <summary>The generator of the current runtime, used by functions without a key.</summary>
    public static RandomState Default => BrainStateRuntime.Current.Slot(static _ => new DefaultGenerator()).State;

    /// <summary>NumPy's global generator of the current runtime: where a <see cref="RandomState"/> without a seed gets one.</summary>
    internal static LegacyRandom Legacy => BrainStateRuntime.Current.Slot(static _ => new LegacyRandom());

    private sealed class DefaultGenerator
    {
        // The generator outlives the trace that may be the first to draw.
        public RandomState State { get; } = Trace.Outside(static () => new RandomState(Environment.TickCount));
    }

    /// <summary>Seeds <see cref="Default"/>, and the generator that seeds every <see cref="RandomState"/> made without a seed.</summary>
    public static void Seed(int seed)
    {
        Default.Seed(seed);
        lock (Legacy) Legacy.Seed(unchecked((uint)seed));
    }

    /// <summary>The key of a seed: the words (0, seed).</summary>
    public static Tensor PrngKey(int seed) => PrngKey(unchecked((uint)seed));

    /// <summary>The key of a 64-bit seed: its high and low words.</summary>
    public static Tensor PrngKey(ulong seed) => Tensor.From<uint>([(uint)(seed >> 32), (uint)seed]);

    /// <summary>Two independent keys.</summary>
    public static (Tensor First, Tensor Second) Split(Tensor key)
    {
        var keys = Composed.RunAll(nameof(Split), 2, [key], static (count, operands) => Rows(SplitKeys(operands[0], count)));
        return (keys[0], keys[1]);
    }

    /// <summary><paramref name="count"/> independent keys, <c>uint32[count, 2]</c>.</summary>
    public static Tensor Split(Tensor key, int count) =>
        Composed.Run(nameof(Split) + "N", count, [key], static (count, operands) => SplitKeys(operands[0], count));

    /// <summary>A key that depends on the key and a number, such as a step count.</summary>
    public static Tensor FoldIn(Tensor key, Tensor data) => Composed.Run(nameof(FoldIn), 0, [key, data], static (_, operands) =>
    {
        var words = RequireKey(operands[0]);
        var (first, second) = Threefry.Hash(
            words[0], words[1], Lax.ConvertElementType(0, DType.UInt32), Lax.ConvertElementType(operands[1], DType.UInt32));
        return Np.Stack([first, second]);
    });

    /// <summary>Uniform random bits in an unsigned dtype.</summary>
    public static Tensor Bits(Tensor key, Shape shape, DType dtype = DType.UInt32) => Lax.RandomBits(RequireKey(key), dtype, shape);

    /// <summary>Uniform floats in [low, high); without a shape, in that of the bounds.</summary>
    public static Tensor Uniform(Tensor key, Shape shape = default, Tensor? low = null, Tensor? high = null, DType? dtype = null)
    {
        var type = dtype ?? Environ.DefaultFloat;
        var (a, b) = (Lax.ConvertElementType(low ?? 0.0, type), Lax.ConvertElementType(high ?? 1.0, type));
        return Composed.Run(nameof(Uniform), (ShapeOf(shape, low, high), type), [key, a, b],
            static (s, operands) => UniformOf(operands[0], s.Item1, operands[1], operands[2], s.type));
    }

    /// <summary>Standard normal floats, or normals with the given mean and standard deviation; without a shape, in that of mean and deviation.</summary>
    public static Tensor Normal(Tensor key, Shape shape = default, Tensor? mean = null, Tensor? deviation = null, DType? dtype = null)
    {
        shape = ShapeOf(shape, mean, deviation);
        var standard = Composed.Run(nameof(Normal), (shape, dtype ?? Environ.DefaultFloat), [key], static (s, operands) =>
        {
            // √2 · erf⁻¹(u), with u uniform in the open interval (−1, 1).
            var u = UniformOf(operands[0], s.shape, OpenLowerBound(s.Item2), 1.0, s.Item2);
            return Lax.Mul(Lax.ErfInv(u), Math.Sqrt(2));
        });
        if (deviation is not null) standard *= deviation;
        return mean is null ? standard : standard + mean;
    }

    /// <summary>Uniform integers in [low, high), by JAX's two-draw modulus, which is unbiased for spans far below the dtype's range. Without a shape, in that of the bounds.</summary>
    /// <remarks>low and high must fit the dtype; where high ≤ low, the result is low.</remarks>
    public static Tensor RandInt(Tensor key, Shape shape, Tensor low, Tensor high, DType? dtype = null) => Composed.Run(
        nameof(RandInt), (shape: ShapeOf(shape, low, high), dtype ?? Environ.DefaultInteger), [key, low, high], static (s, operands) =>
        {
            var (shape, type) = s;
            if (!type.IsInteger) throw new ArgumentException($"Random integers cannot be {type.Name}.");
            var unsigned = Unsigned(type.Size);
            var bounds = Broadcasting.Of(operands[1].Shape, operands[2].Shape);
            var (a, b) = (Broadcasting.To(Lax.ConvertElementType(operands[1], type), bounds), Broadcasting.To(Lax.ConvertElementType(operands[2], type), bounds));
            var keys = SplitKeys(operands[0], 2);
            var (higher, lower) = (Lax.RandomBits(keys[0], unsigned, shape), Lax.RandomBits(keys[1], unsigned, shape));

            // value = (higher · 2^bits + lower) mod span, with 2^bits mod span as the square of 2^(bits/2) mod span.
            var one = Lax.Full(bounds, 1, unsigned);
            var span = Lax.SelectN(Lax.Gt(b, a), one, Lax.BitcastConvertType(Lax.Sub(b, a), unsigned));
            var multiplier = Lax.Rem(Lax.ConvertElementType(1L << (type.Size * 4), unsigned), span);
            multiplier = Lax.Rem(Lax.Mul(multiplier, multiplier), span);
            span = Broadcasting.To(span, Broadcasting.Of(span.Shape, shape));
            var offset = Lax.Rem(Lax.Add(Lax.Mul(Lax.Rem(higher, span), Broadcasting.To(multiplier, shape)), Lax.Rem(lower, span)), span);
            return Lax.Add(Broadcasting.To(a, shape), Lax.BitcastConvertType(offset, type));
        });

    /// <summary>True with the given probability.</summary>
    public static Tensor Bernoulli(Tensor key, Tensor? probability = null, Shape shape = default) =>
        Uniform(key, ShapeOf(shape, probability)) < (probability ?? 0.5);

    /// <summary>The given shape or, if it is that of a scalar, the one that the parameters broadcast to: every element is a draw of its own.</summary>
    private static Shape ShapeOf(Shape shape, params ReadOnlySpan<Tensor?> parameters)
    {
        if (shape.Rank > 0) return shape;
        foreach (var parameter in parameters)
            if (parameter is not null)
                shape = Broadcasting.Of(shape, parameter.Shape);
        return shape;
    }

    /// <summary>The rows of x, along its first axis, in random order.</summary>
    public static Tensor Permutation(Tensor key, Tensor x)
    {
        if (x.Rank == 0) throw new ArgumentException("A permutation needs an axis to permute; for 0 … n − 1, pass Np.Arange(n).", nameof(x));
        return Composed.Run(nameof(Permutation), 0, [key, x], static (_, operands) => Shuffle(operands[0], operands[1]));
    }

    /// <summary>0 … <paramref name="count"/> − 1 in random order.</summary>
    public static Tensor Permutation(Tensor key, int count) => Permutation(key, Np.Arange(count));

    /// <summary>Sorts by random keys, often enough that equal keys leave no trace: ⌈3 ln n / ln(2³² − 1)⌉ rounds.</summary>
    private static Tensor Shuffle(Tensor key, Tensor x)
    {
        var count = x.Shape[0];
        var rounds = (int)Math.Ceiling(3 * Math.Log(Math.Max(1, count)) / Math.Log(uint.MaxValue));
        var row = (int)(x.Size / Math.Max(1, count));
        var columns = Lax.Reshape(x, [count, row]);
        for (var i = 0; i < rounds; i++)
        {
            var keys = SplitKeys(key, 2);
            key = keys[0];
            var order = Lax.BroadcastInDim(Lax.RandomBits(keys[1], DType.UInt32, [count]), columns.Shape, [0]);
            columns = Lax.Sort([order, columns], 0)[1];
        }
        return Lax.Reshape(columns, x.Shape);
    }

    private static Tensor UniformOf(Tensor key, Shape shape, Tensor low, Tensor high, DType dtype)
    {
        if (!dtype.IsFloating) throw new ArgumentException($"Uniform and normal numbers are floats, not {dtype.Name}.");
        // Random bits fill the fraction of a number in [1, 2).
        var (bits, fraction) = dtype switch
        {
            DType.Float16 => (16, 10),
            DType.BFloat16 => (16, 7),
            DType.Float32 => (32, 23),
            _ => (64, 52),
        };
        var unsigned = Unsigned(bits / 8);
        var one = Lax.BitcastConvertType(Lax.ConvertElementType(1.0, dtype), unsigned);
        var mantissa = Lax.ShiftRightLogical(Lax.RandomBits(RequireKey(key), unsigned, shape), Lax.ConvertElementType(bits - fraction, unsigned));
        var unit = Lax.Sub(Lax.BitcastConvertType(Lax.Or(mantissa, one), dtype), 1.0);
        var (a, b) = (Lax.ConvertElementType(low, dtype), Lax.ConvertElementType(high, dtype));
        var (from, span) = (Stretch(a), Stretch(Lax.Sub(b, a)));
        return Lax.Max(from, Lax.Add(Lax.Mul(unit, span), from));

        Tensor Stretch(Tensor bound) => bound.Rank == 0 ? bound : Broadcasting.To(bound, shape);
    }

    /// <summary>The first number above −1.</summary>
    private static double OpenLowerBound(DType dtype) => dtype switch
    {
        DType.Float16 => -1 + Math.ScaleB(1, -11),
        DType.BFloat16 => -1 + Math.ScaleB(1, -8),
        DType.Float32 => -1 + Math.ScaleB(1, -24),
        _ => Math.BitIncrement(-1.0),
    };

    private static DType Unsigned(int bytes) => bytes switch
    {
        1 => DType.UInt8,
        2 => DType.UInt16,
        4 => DType.UInt32,
        _ => DType.UInt64,
    };

    /// <summary>Element i is the pair that threefry makes of counter i.</summary>
    private static Tensor SplitKeys(Tensor key, int count)
    {
        var words = Lax.RandomBits(RequireKey(key), DType.UInt64, [count]);
        var high = Lax.ConvertElementType(Lax.ShiftRightLogical(words, Lax.ConvertElementType(32, DType.UInt64)), DType.UInt32);
        return Np.Stack([high, Lax.ConvertElementType(words, DType.UInt32)], axis: -1);
    }

    private static Tensor[] Rows(Tensor matrix) => [.. Enumerable.Range(0, matrix.Shape[0]).Select(i => matrix[i])];

    private static Tensor RequireKey(Tensor key) => key.Spec == new TensorSpec(DType.UInt32, [2])
        ? key
        : throw new ArgumentException($"A random key is uint32[2], as Rng.PrngKey and Rng.Split make it, but this is {key.Spec}.", nameof(key));
}
