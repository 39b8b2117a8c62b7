using BrainState.Hosting;
using static BrainState.Transforms;

namespace BrainState.UnitTests.RandomNumbers;

/// <summary>Numbers that JAX gives, computed by tools/seed_repro.py, which reproduces 31 printed results of executed notebooks.</summary>
public sealed class GoldenTests
{
    private static readonly Tensor Key = Rng.PrngKey(42);

    private static uint[] Words(Tensor tensor) => tensor.ToArray<uint>();

    private static uint[] BitsOf(Tensor tensor) => Lax.BitcastConvertType(tensor, DType.UInt32).ToArray<uint>();

    [Fact]
    public void KeysAreHighAndLowWords()
    {
        Assert.Equal([0u, 42], Words(Key));
        Assert.Equal([0u, 0xFFFFFFFF], Words(Rng.PrngKey(-1)));
        Assert.Equal([1u, 2], Words(Rng.PrngKey((1UL << 32) + 2)));
    }

    [Fact]
    public void ThreefryGivesTheKnownAnswersOfRandom123()
    {
        uint[] Hash(uint a, uint b, uint c, uint d)
        {
            static Tensor Word(uint word) => Tensor.From<uint>([word], []);
            var (x, y) = Threefry.Hash(Word(a), Word(b), Word(c), Word(d));
            return [x.ToScalar<uint>(), y.ToScalar<uint>()];
        }
        Assert.Equal([0x6B200159u, 0x99BA4EFE], Hash(0, 0, 0, 0));
        Assert.Equal([0x1CB996FCu, 0xBB002BE7], Hash(~0u, ~0u, ~0u, ~0u));
        Assert.Equal([0xC4923A9Cu, 0x483DF7A0], Hash(0x13198A2E, 0x03707344, 0x243F6A88, 0x85A308D3));
    }

    [Fact]
    public void SplitAndFoldIn()
    {
        var (first, second) = Rng.Split(Key);
        Assert.Equal([1832780943, 270669613, 64467757, 2916123636], (uint[])[.. Words(first), .. Words(second)]);
        Assert.Equal([1832780943, 270669613, 64467757, 2916123636, 2465931498, 255383827], Words(Rng.Split(Key, 3)));
        Assert.Equal([0, 2], Rng.Split(Key, 0).Shape.ToArray());
        Assert.Equal([2547012911, 1371500959], Words(Rng.FoldIn(Key, 7)));
        Assert.Equal([1644914347, 3512592124], Words(Rng.FoldIn(Key, 0xDEADBEEFL)));
        Assert.Equal([2547012911, 1371500959], Words(Jit((Tensor n) => Rng.FoldIn(Key, n))(7)));
    }

    [Fact]
    public void BitsOfEveryWidthComeFromTheSameBlocks()
    {
        uint[] words = [2098992034, 2919706841, 2646866425, 2409546199, 1935504149];
        Assert.Equal(words, Words(Rng.Bits(Key, [5])));
        Assert.Equal(words, Words(Rng.Bits(Key, [5, 1])));
        Assert.Equal(words[0], Rng.Bits(Key, []).ToScalar<uint>());
        Assert.Equal(words.Select(w => (byte)w), Rng.Bits(Key, [5], DType.UInt8).ToArray<byte>());
        Assert.Equal(words.Select(w => (ushort)w), Rng.Bits(Key, [5], DType.UInt16).ToArray<ushort>());
        Assert.Equal([(1832780943UL << 32) | 270669613, (64467757UL << 32) | 2916123636], Rng.Bits(Key, [2], DType.UInt64).ToArray<ulong>());
        Assert.Equal(14053901259588439632UL, Digest(Rng.Bits(Rng.PrngKey(123), [2000])));
    }

    [Fact]
    public void UniformAndNormalAreBitExact()
    {
        Assert.Equal([0x3EFA3824u, 0x3F2E0730, 0x3F1DC3F8, 0x3F0F9EC0, 0x3EE6BAE4], BitsOf(Rng.Uniform(Key, [5])));
        Assert.Equal([0x3EE318B0u, 0x3FB311F8, 0x3F8A69EC, 0x3F4E19C0, 0x3E81A670], BitsOf(Rng.Uniform(Key, [5], -2, 3)));
        Assert.Equal([0xBCE7DF15u, 0x3EEF2BE8, 0x3E976661, 0x3E1D3B24, 0xBDFE04EB, 0x3E5E211A], BitsOf(Rng.Normal(Key, [6])));
        Assert.Equal(1.6226422f, (float)Rng.Normal(Rng.PrngKey(0)));
        Assert.Equal(14461878578085277228UL, Digest(Lax.BitcastConvertType(Rng.Normal(Rng.PrngKey(0), [2000]), DType.UInt32)));
    }

    [Fact]
    public void IntegersAndPermutationsAreExact()
    {
        Assert.Equal([407, 669, 173, 288, 412, 921, 712, 243], Rng.RandInt(Key, [8], -3, 1000).ToArray<int>());
        Assert.Equal([977810629, 1236381715, 780371127], Rng.RandInt(Key, [3], 0, int.MaxValue).ToArray<int>());
        Assert.Equal([977810628, 1236381714, -1367112521], Rng.RandInt(Key, [3], int.MinValue, int.MaxValue).ToArray<int>());
        Assert.Equal([7, 4, 2, 5, 3, 6, 8, 9, 0, 1], Rng.Permutation(Key, 10).ToArray<int>());
    }

    [Fact]
    public void DrawsFromTheDefaultGeneratorAreThoseOfTheNotebooks()
    {
        using var runtime = BrainStateRuntime.Create(b => b.UseBackend("cpu")); // A generator of its own.
        using var scope = runtime.Enter();
        Rng.Seed(42);
        Assert.Equal([0.72766423f, 0.78786755f, 0.18169427f, 0.26263022f, 0.11072934f], Rng.Rand(5).ToArray<float>());
        Assert.Equal([1832780943, 270669613], Words(Rng.Default.Value));
        Assert.Equal([1705926158, 899080142, 4095997477, 317277840, 1820970612, 3729538270, 3985668294, 1940518238], Words(Rng.Default.SplitKeys(4)));
        Assert.Equal([-0.39489815f, -0.42596528f, -1.0719717f], Rng.Randn(3).ToArray<float>());
        Assert.Equal([0.6733885f, -0.50893074f, -0.28400496f], Rng.Normal(0, 1, [3]).ToArray<float>());
        Rng.Seed(42);
        Rng.Rand(1);
        Assert.Equal([-0.21089035f, -1.3627948f, -0.04500385f, -1.1536394f, 1.9141139f], Rng.Randn(5).ToArray<float>());
        Assert.Equal([0, 2, 0, 0, 8], Rng.RandInt(0, 10, [5]).ToArray<int>());
        Assert.Equal([40, 50, 20], Rng.Default.Permutation(new[] { 10, 20, 30, 40, 50 })[..3].ToArray<int>());
        Assert.Equal([7, 4, 8, 2, 5, 6, 3, 0, 1, 9], Rng.Default.Permutation(Np.Arange(10)).ToArray<int>());
        Assert.Equal([2, 6, 9, 7, 4, 3, 1, 0, 5, 8], Rng.Permutation(10).ToArray<int>());
    }

    [Fact]
    public void StatesWithASeedAreThoseOfTheNotebooks()
    {
        Assert.Equal("[ 0.60576403  0.7990441  -0.908927   -0.63525754 -1.2226585 ]", new RandomState(42).Randn(5).ToString());
        Assert.Equal("[-0.7828054  -1.5373377  -0.5513038  -0.02385257  1.164293  ]", new RandomState(123).Randn(5).ToString());
        Assert.Equal("[ 0.8200472  -0.35510033 -1.2458946  -0.33925015 -0.7285477 ]", new RandomState(999).Randn(5).ToString());
        var sample = new RandomState(0).Normal(5, 2, [1000]).ToArray<float>();
        Assert.Equal("4.941", sample.Average(static v => (double)v).ToString("F3"));
    }

    [Fact]
    public void StatesWithoutASeedFollowTheGlobalGeneratorByEitherRule()
    {
        using var runtime = BrainStateRuntime.Create(b => b.UseBackend("cpu"));
        using var scope = runtime.Enter();
        Rng.Seed(42);
        var old = new RandomState();
        Assert.Equal([15795u, 860], Words(old.Value));
        Assert.Equal([0.6630465f, -0.72396195f], old.Normal(size: [2]).ToArray<float>());
        Rng.Seed(42);
        var present = new RandomState(UnseededKey.FullRange);
        Assert.Equal([1608637542, 3421126067], Words(present.Value));
        Assert.Equal([0.21986099f, -0.41116846f], present.Normal(size: [2]).ToArray<float>());
        Assert.Equal([0u, 42], Words(Rng.Default.Value)); // They do not draw from the default generator.
    }

    private static ulong Digest(Tensor words) => Words(words).Aggregate(0UL, static (h, w) => unchecked(h * 1000003) ^ w);
}
