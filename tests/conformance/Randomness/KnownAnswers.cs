using BrainState.Interpretation;
using BrainState.Programs;

namespace BrainState.Conformance;

/// <summary>Bits that others give: the test vectors of Random123 for threefry2x32 with 20 rounds, and draws of JAX.</summary>
internal static class KnownAnswers
{
    private static Tensor Key => Rng.PrngKey(42);

    public static IEnumerable<ConformanceCase> Cases =>
    [
        Bits("random123", [0, 0], HostValue.Of<ulong>([], 0x6B20015999BA4EFE)),
        Bits("uint64", [0, 42], HostValue.Of<ulong>([2], (1832780943UL << 32) | 270669613, (64467757UL << 32) | 2916123636)),
        Bits("uint32", [0, 42], HostValue.Of<uint>([5], 2098992034, 2919706841, 2646866425, 2409546199, 1935504149)),
        Bits("uint32_of_another_shape", [0, 42], HostValue.Of<uint>([1, 5, 1], 2098992034, 2919706841, 2646866425, 2409546199, 1935504149)),
        Bits("uint16", [0, 42], HostValue.Of<ushort>([5], 5026, 12505, 63993, 49623, 29461)),
        Bits("uint8", [0, 42], HostValue.Of<byte>([5], 162, 217, 249, 215, 21)),
        Behaviors.Case("random/known/threefry", static _ => Threefry()),
        Behaviors.Case("random/known/split", static _ => Expect.Elements<uint>("split(key 42, 3)", [1832780943, 270669613, 64467757, 2916123636, 2465931498, 255383827], Rng.Split(Key, 3))),
        Behaviors.Case("random/known/fold_in", static _ =>
        {
            Expect.Elements<uint>("fold_in(key 42, 7)", [2547012911, 1371500959], Rng.FoldIn(Key, 7));
            Expect.Elements<uint>("fold_in(key 42, 0xDEADBEEF)", [1644914347, 3512592124], Rng.FoldIn(Key, 0xDEADBEEFL));
        }),
        Behaviors.Case("random/known/uniform", static _ => Expect.Elements<uint>("the bits of uniform(key 42, 5)",
            [0x3EFA3824, 0x3F2E0730, 0x3F1DC3F8, 0x3F0F9EC0, 0x3EE6BAE4], Lax.BitcastConvertType(Rng.Uniform(Key, [5]), DType.UInt32))),
        Behaviors.Case("random/known/normal", static _ => Expect.Close("normal(key 42, 6)",
            Lax.BitcastConvertType(Tensor.From<uint>([0xBCE7DF15, 0x3EEF2BE8, 0x3E976661, 0x3E1D3B24, 0xBDFE04EB, 0x3E5E211A]), DType.Float32), Rng.Normal(Key, [6]), 1e-6)),
        Behaviors.Case("random/known/randint", static _ => Expect.Elements<int>("randint(key 42, 8, -3, 1000)", [407, 669, 173, 288, 412, 921, 712, 243], Rng.RandInt(Key, [8], -3, 1000))),
        Behaviors.Case("random/known/permutation", static _ => Expect.Elements<int>("permutation(key 42, 10)", [7, 4, 2, 5, 3, 6, 8, 9, 0, 1], Rng.Permutation(Key, 10))),
        Behaviors.Case("random/known/vmap", static _ =>
        {
            var random = new RandomState(42);
            var bits = Transforms.Vmap((Tensor x) => random.Bits([2]))(Np.Zeros([3]));
            Expect.Elements<uint>("draws of three lanes", [639354893, 3013878472, 986598961, 1172007517, 3309714566, 3424781292], bits);
            Expect.Elements<uint>("the generator after draws of three lanes", [1705926158, 899080142], random.Value);
        }),
    ];

    private static ProgramCase Bits(string name, uint[] key, HostValue expected)
    {
        var builder = new ProgramBuilder();
        var program = builder.Build(builder.Add(new Ops.RandomBits(expected.Spec.DType, expected.Spec.Shape), builder.AddInput(new(DType.UInt32, [2]))));
        return new($"random/known/bits_{name}", program, () => [HostValue.Of<uint>([2], key)], ProgramCheck.Expected([expected])) { Subject = "random_bits", DType = expected.Spec.DType, IsQuick = true };
    }

    private static void Threefry()
    {
        static Tensor Word(uint word) => Tensor.From<uint>([word], []);
        static void Check((uint, uint) key, (uint, uint) counter, uint first, uint second)
        {
            var (x, y) = BrainState.Threefry.Hash(Word(key.Item1), Word(key.Item2), Word(counter.Item1), Word(counter.Item2));
            Expect.Elements<uint>("a test vector of threefry2x32", [first, second], Np.Stack([x, y]));
        }
        Check((0, 0), (0, 0), 0x6B200159, 0x99BA4EFE);
        Check((~0u, ~0u), (~0u, ~0u), 0x1CB996FC, 0xBB002BE7);
        Check((0x13198A2E, 0x03707344), (0x243F6A88, 0x85A308D3), 0xC4923A9C, 0x483DF7A0);
    }
}
