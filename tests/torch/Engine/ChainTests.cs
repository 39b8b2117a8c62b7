using BrainState.Hosting;
using static BrainState.Transforms;

namespace BrainState.TorchTests.Engine;

/// <summary>A program of elementwise ops, which runs as few chains, gives what its ops give one by one, bit for bit.</summary>
public sealed class ChainTests : IDisposable
{
    private static readonly DType[] DTypes =
        [DType.Bool, DType.Int8, DType.Int32, DType.Int64, DType.UInt8, DType.UInt32, DType.Float16, DType.BFloat16, DType.Float32, DType.Float64];

    private static readonly Shape[] Shapes = [[1], [67], [5, 7], [3, 1, 11], [4099], [130, 71]];

    private static readonly Func<Tensor, Tensor>[] OfFloats =
    [
        Lax.Neg, Lax.Abs, Lax.Sign, Lax.Floor, static x => Lax.Round(x), Lax.Exp, Lax.Expm1, Lax.Log, Lax.Log1p, Lax.Sin, Lax.Cos, Lax.Tanh, Lax.Logistic, Lax.Sqrt, Lax.Rsqrt, Lax.Erf,
    ];

    private static readonly Func<Tensor, Tensor>[] OfIntegers = [Lax.Neg, Lax.Abs, Lax.Sign, Lax.Not];

    private static readonly Func<Tensor, Tensor, Tensor>[] OfTwoNumbers = [Lax.Add, Lax.Sub, Lax.Mul, Lax.Div, Lax.Rem, Lax.Max, Lax.Min];

    private static readonly Func<Tensor, Tensor, Tensor>[] OfTwoBools = [Lax.And, Lax.Or, Lax.Xor];

    private static readonly Func<Tensor, Tensor, Tensor>[] Comparisons = [Lax.Lt, Lax.Le, Lax.Eq, Lax.Ne];

    private readonly BrainStateRuntime runtime = BrainStateRuntime.Create(static b => b.AddPluginPath(Programs.Plugins).UseBackend("torch"));

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 60)];

    [LibTorchTheory]
    [MemberData(nameof(Seeds))]
    public void AChainGivesWhatItsOpsGiveOneByOne(int seed)
    {
        using var scope = runtime.Enter();
        var random = new Random(seed);
        var shape = Shapes[random.Next(Shapes.Length)];
        var inputs = Enumerable.Range(0, 4).Select(_ => Input(random, shape)).ToArray();
        Tensor[] Compute(Tensor[] operands) => Chain(new Random(seed), shape, operands);
        var (alone, together) = (Compute(inputs), Jit<Tensor[], Tensor[]>(Compute)(inputs));
        Assert.Equal(alone.Length, together.Length);
        Assert.All(alone.Zip(together), static pair => Assert.Equal(Bits(pair.First), Bits(pair.Second)));
    }

    public void Dispose() => runtime.Dispose();

    /// <summary>Random bits, or small numbers, in a shape that <see cref="Stretched"/> fits into the chain's.</summary>
    private static Tensor Input(Random random, Shape shape)
    {
        var dtype = DTypes[random.Next(DTypes.Length)];
        Shape own = random.Next(3) switch { 0 => shape, 1 => [.. shape.Select(size => random.Next(2) == 0 ? 1 : size)], _ => [.. shape.Reverse()] };
        if (dtype != DType.Bool && random.Next(3) == 0)
        {
            var bytes = new byte[new TensorSpec(dtype, own).ByteCount];
            random.NextBytes(bytes);
            return Tensor.FromBytes(bytes, new(dtype, own));
        }
        var numbers = new double[own.ElementCount];
        for (var i = 0; i < numbers.Length; i++) numbers[i] = (random.NextDouble() * 8) - 4;
        return Lax.ConvertElementType(Tensor.From<double>(numbers, own), dtype);
    }

    /// <summary>A view of an input: transposed where its axes are in the opposite order, else broadcast.</summary>
    private static Tensor Stretched(Tensor x, Shape shape)
    {
        var axes = Enumerable.Range(0, shape.Rank).ToArray();
        return axes.All(axis => x.Shape[axis] == shape[axis] || x.Shape[axis] == 1)
            ? Np.BroadcastTo(x, shape)
            : Lax.Transpose(x, [.. axes.Reverse()]);
    }

    private static Tensor[] Chain(Random random, Shape shape, Tensor[] inputs)
    {
        var values = inputs.Select(x => Stretched(x, shape)).ToList();
        T Any<T>(IReadOnlyList<T> among) => among[random.Next(among.Count)];
        for (var i = 0; i < 30; i++)
        {
            var x = Any(values);
            var y = Lax.ConvertElementType(Any(values), x.DType);
            values.Add(random.Next(6) switch
            {
                0 => Lax.ConvertElementType(x, Any(DTypes)),
                1 => Any(Comparisons)(x, y),
                2 => Lax.SelectN(Lax.ConvertElementType(Any(values), DType.Bool), x, y),
                3 when x.DType == DType.Bool => Lax.Not(x),
                3 => Any(x.DType.IsFloating ? OfFloats : OfIntegers)(x),
                _ => Any(x.DType == DType.Bool ? OfTwoBools : OfTwoNumbers)(x, y),
            });
        }
        return [.. values.Skip(inputs.Length).Where((_, i) => i % 5 == 4)];
    }

    private static ulong[] Bits(Tensor x)
    {
        var bits = x.DType.Size switch { 1 => DType.UInt8, 2 => DType.UInt16, 4 => DType.UInt32, _ => DType.UInt64 };
        return Lax.ConvertElementType(x.DType == DType.Bool ? x : Lax.BitcastConvertType(x, bits), DType.UInt64).ToArray<ulong>();
    }
}
