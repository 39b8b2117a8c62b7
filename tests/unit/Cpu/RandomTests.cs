using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.Cpu;

/// <summary>Random bits, and normals made of them, against published and executed values.</summary>
public class RandomTests
{
    /// <summary>Known answers of Random123 for counter 0, and threefry by the definition for the others.</summary>
    [Fact]
    public void KnownAnswers()
    {
        Assert.Equal((0x6b200159u, 0x99ba4efeu), Threefry(0, 0, 0, 0));
        Assert.Equal((0x1cb996fcu, 0xbb002be7u), Threefry(uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue));
        Assert.Equal((0xc4923a9cu, 0x483df7a0u), Threefry(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3));
        Assert.Equal([0x6b20015999ba4efe], Bits(DType.UInt64, Shape.Scalar, [0, 0]));
    }

    [Fact]
    public void EveryWidthAndBatchOfKeys()
    {
        foreach (var dtype in Samples.OfKind(DTypeKinds.Unsigned))
            foreach (Shape shape in new Shape[] { Shape.Scalar, [0], [1], [15], [16], [67], [3, 40], [50_000] })
                foreach (uint[] keys in new uint[][] { [7, 9], [0xFFFFFFFF, 1, 42, 0, 3, 4] })
                {
                    var expected = new List<ulong>();
                    for (var key = 0; key < keys.Length; key += 2)
                        for (long i = 0; i < shape.ElementCount; i++)
                        {
                            var (x, y) = Threefry(keys[key], keys[key + 1], (uint)(i >> 32), (uint)i);
                            expected.Add(dtype == DType.UInt64 ? (ulong)x << 32 | y : (x ^ y) & (ulong.MaxValue >> (64 - 8 * dtype.Size)));
                        }
                    Assert.Equal(expected, Bits(dtype, shape, keys));
                }
    }

    /// <summary>Printed by the executed notebook docs/tutorials/core/08_randomness.ipynb.</summary>
    [Theory]
    [InlineData(42u, new[] { 0.60576403f, 0.7990441f, -0.908927f, -0.63525754f, -1.2226585f })]
    [InlineData(123u, new[] { -0.7828054f, -1.5373377f, -0.5513038f, -0.02385257f, 1.164293f })]
    [InlineData(999u, new[] { 0.8200472f, -0.35510033f, -1.2458946f, -0.33925015f, -0.7285477f })]
    public void NormalsAreExact(uint seed, float[] expected)
    {
        // The state splits its key (0, seed) and draws with the second half.
        var (first, second) = Threefry(0, seed, 0, 1);
        var normals = Tensor.Run(Normal(expected.Length), Key([first, second]))[0];
        for (var i = 0; i < expected.Length; i++)
            // NumPy prints at most eight fractional digits.
            Assert.Equal(expected[i], (float)normals.Elements[i].Float, Math.Abs(expected[i]) < 0.1 ? 6e-9f : 0f);
    }

    private static Program Normal(int count)
    {
        var builder = new ProgramBuilder();
        var key = builder.AddInput(new(DType.UInt32, [2]));
        var bits = builder.Add(new RandomBits(DType.UInt32, [count]), key);
        var fraction = builder.Add(new Or(), builder.Add(new ShiftRightLogical(), bits, Operand.Of(Scalar.Of(9u))), Operand.Of(Scalar.Of(0x3F800000u)));
        var unit = builder.Add(new Sub(), builder.Add(new BitcastConvertType(DType.Float32), fraction), Operand.Of(Scalar.Of(1f)));
        var low = MathF.BitIncrement(-1f);
        var scaled = builder.Add(new Add(), builder.Add(new Mul(), unit, Operand.Of(Scalar.Of(1f - low))), Operand.Of(Scalar.Of(low)));
        var uniform = builder.Add(new Max(), Operand.Of(Scalar.Of(low)), scaled);
        return builder.Build(builder.Add(new Mul(), Operand.Of(Scalar.Of(MathF.Sqrt(2))), builder.Add(new ErfInv(), uniform)));
    }

    private static ulong[] Bits(DType dtype, Shape shape, uint[] keys)
    {
        var builder = new ProgramBuilder();
        var key = builder.AddInput(new(DType.UInt32, keys.Length == 2 ? [2] : [keys.Length / 2, 2]));
        var result = Tensor.Run(builder.Build(builder.Add(new RandomBits(dtype, shape), key)), Key(keys))[0];
        return Array.ConvertAll(result.Elements, static e => (ulong)e.Integer);
    }

    private static Tensor Key(uint[] keys) =>
        Tensor.Of(new(DType.UInt32, keys.Length == 2 ? [2] : [keys.Length / 2, 2]), i => Element.Of((Int128)keys[i]));

    private static (uint, uint) Threefry(uint key0, uint key1, uint x, uint y)
    {
        ReadOnlySpan<uint> keys = [key0, key1, key0 ^ key1 ^ 0x1BD11BDA];
        ReadOnlySpan<int> rotations = [13, 15, 26, 6, 17, 29, 16, 24];
        (x, y) = (x + keys[0], y + keys[1]);
        for (var round = 0; round < 20; round++)
        {
            x += y;
            y = uint.RotateLeft(y, rotations[round % 8]) ^ x;
            if (round % 4 != 3) continue;
            var injection = round / 4 + 1;
            (x, y) = (x + keys[injection % 3], y + keys[(injection + 1) % 3] + (uint)injection);
        }
        return (x, y);
    }
}
