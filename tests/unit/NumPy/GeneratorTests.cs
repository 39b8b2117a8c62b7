using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using BrainState.NumPy;
using Xunit;

namespace BrainState.UnitTests.NumPy;

/// <summary>Golden values of <c>numpy.random.default_rng</c>, drawn with NumPy 1.24.</summary>
public class GeneratorTests
{
    /// <summary>The data set of the tutorial: <c>x = uniform(-1, 1, 64)</c> as float32.</summary>
    static readonly uint[] TutorialX =
    [
        0x3E8C3FAF, 0xBEEBBD08, 0xBF6B0585, 0xBF7789B1, 0x3F2064F5, 0x3F5354B3, 0x3E5A63DC, 0x3EEB0125,
        0x3DB2B01E, 0x3F5EC1D0, 0x3F21B78F, 0xBF7E990F, 0x3F36FDB1, 0xBF6ECDDF, 0x3EEB2ACC, 0xBF261077,
        0x3F39F296, 0x3DA9D33E, 0xBECD1853, 0xBE1E562A, 0xBF718016, 0xBF405DF1, 0x3EAEB82B, 0x3E96B8D9,
        0x3E6C4F08, 0xBE6E3A76, 0x3F7E924D, 0x3F76300D, 0x3EBDFEB8, 0x3E9A11FF, 0x3EC0F82E, 0xBE637D2A,
        0xBF3AD4A2, 0x3EE2CDD7, 0x3D4FB3DE, 0xBEC24FF4, 0xBCE812D0, 0x3F476AF3, 0x3F5E3AF4, 0xBE919E23,
        0x3E127E3B, 0xBEB667DF, 0x3E412060, 0xBEA5FA9A, 0xBE5DF6DC, 0x3F47D20A, 0xBF0BB200, 0x3E7C498B,
        0xBF54FBF1, 0x3F2A5055, 0x3F12FE8D, 0xBF05715E, 0x3F40C28B, 0xBF62035F, 0xBEA7D0EE, 0xBF330E92,
        0xBDCB68F3, 0x3F17B7D1, 0xBF09E944, 0xBF655D77, 0xBE437A53, 0xBF1A5C80, 0xBF5188D1, 0x3E24854E,
    ];

    /// <summary>The data set of the tutorial: <c>y = 3 x + 1 + normal(0, 0.1, 64)</c> in float32.</summary>
    static readonly uint[] TutorialY =
    [
        0x3FED65BB, 0xBED07442, 0xBFCC438F, 0xBFE267FB, 0x403C5967, 0x4050654B, 0x3FD28FEF, 0x401C8095,
        0x3FAE5ACE, 0x40631CFB, 0x4044F2DA, 0xC0076630, 0x4045026C, 0xBFDA3CD5, 0x4018806B, 0xBF3EEE83,
        0x404CAACF, 0x3F97BCC2, 0xBE753B8A, 0x3EDAA0E1, 0xBFFA9AD4, 0xBF987B2E, 0x40053D3F, 0x4000CE53,
        0x3FCEF4F2, 0x3EF123C8, 0x407D16DF, 0x40815BC6, 0x40047A71, 0x3FEA2377, 0x4009F651, 0x3EDF93B6,
        0xBF962F5B, 0x40114DDB, 0x3F824DF4, 0xBE8EB1DE, 0x3F771C9E, 0x405BE5C2, 0x40659F09, 0x3D211D6E,
        0x3FC21C1F, 0xBE498BFA, 0x3FBF4B8F, 0x3DB77000, 0x3DFF62A4, 0x4058568F, 0xBF31F9D7, 0x3FE001AA,
        0xBFC071F9, 0x40410765, 0x4032B03F, 0xBF23BE27, 0x4059AA0B, 0xBFC9B9CA, 0x3DCF00BC, 0xBF7B59AA,
        0x3F47E22F, 0x403730CD, 0xBF1BCC63, 0xBFEA4F73, 0x3ED3DE74, 0xBF62C897, 0xBFCC8344, 0x3FC100E3,
    ];

    [Fact]
    public void Words_equal_NumPys()
    {
        Assert.Equal(
            [0xA30FEBCFD9C2825F, 0x4510BDF882D9D721, 0x0A7D3DA94ECDE8B8, 0x043B27B61342F01D],
            Words(Generator.Default(0), 4));
    }

    [Fact]
    public void Seeds_may_be_larger_than_the_pool()
    {
        Assert.Equal([0x76ECC5D56E7ECFE6, 0x8C7E605A14614D97], Words(Generator.Default(BigInteger.Pow(2, 200) + 12345), 2));
    }

    [Fact]
    public void Doubles_equal_NumPys()
    {
        var rng = Generator.Default(42);
        Assert.Equal(
            [0.7739560485559633, 0.4388784397520523, 0.8585979199113825],
            [rng.NextDouble(), rng.NextDouble(), rng.NextDouble()]);
    }

    [Fact]
    public void The_tutorial_data_set_is_bit_exact()
    {
        var rng = Generator.Default(0);
        var x = Array.ConvertAll(rng.Uniform(-1.0, 1.0, 64), v => (float)v);
        var noise = Array.ConvertAll(rng.Normal(0.0, 0.1, 64), v => (float)v);
        var y = x.Zip(noise, (a, e) => 3.0f * a + 1.0f + e);
        Assert.Equal(TutorialX, x.Select(BitConverter.SingleToUInt32Bits));
        Assert.Equal(TutorialY, y.Select(BitConverter.SingleToUInt32Bits));
    }

    [Fact]
    public void A_hundred_thousand_normals_are_bit_exact_as_float32()
    {
        var values = Array.ConvertAll(Generator.Default(1).Normal(0, 1, 100_000), v => (float)v);
        Assert.Contains(values, v => Math.Abs(v) > 3.6541529f); // the tail is among them
        Assert.Equal(
            "8823544cc04b7edfdd58824a10936d2b165d7a8a9c810ceaaa50bfd08ed8c470",
            Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(values.AsSpan()))));
    }

    [Fact]
    public void Impossible_arguments_are_rejected()
    {
        var rng = Generator.Default(0);
        Assert.Throws<ArgumentOutOfRangeException>("seed", () => Generator.Default(BigInteger.MinusOne));
        Assert.Throws<ArgumentOutOfRangeException>("high", () => rng.Uniform(1, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>("high", () => rng.Uniform(-1e308, 1e308, 1));
        Assert.Throws<ArgumentOutOfRangeException>("high", () => rng.Uniform(0, double.NaN, 1));
        Assert.Throws<ArgumentOutOfRangeException>("scale", () => rng.Normal(0, -1, 1));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => rng.Normal(0, 1, -1));
        Assert.Empty(rng.Normal(0, 1, 0));
    }

    static ulong[] Words(Generator rng, int count) => [.. Enumerable.Range(0, count).Select(_ => rng.NextUInt64())];
}
