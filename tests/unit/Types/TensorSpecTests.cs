using BrainState.Conformance.Generation;

namespace BrainState.UnitTests.Types;

public sealed class TensorSpecTests
{
    [Fact]
    public void TextReadsBack() => Property.Check(2000, seed =>
    {
        var random = new Random(seed);
        var sizes = Enumerable.Range(0, random.Next(5)).Select(_ => random.Next(4) == 0 ? int.MaxValue : random.Next(12));
        var spec = new TensorSpec((DType)random.Next(15), [.. sizes]);

        Assert.Equal(spec, TensorSpec.Parse(spec.ToString()));
        Assert.Equal(spec, TensorSpec.Parse(spec.ToString().Replace(spec.DType.ShortName, spec.DType.Name)));
    });

    [Theory]
    [InlineData("f32[2,3]", "f32[2,3]", 6, 24)]
    [InlineData("float64[]", "f64[]", 1, 8)]
    [InlineData("c128[0, 7]", "c128[0,7]", 0, 0)]
    [InlineData("bool[2147483647,2]", "bool[2147483647,2]", 4294967294, 4294967294)]
    public void Examples(string text, string canonical, long elements, long bytes)
    {
        var spec = TensorSpec.Parse(text);

        Assert.Equal((canonical, elements, bytes, spec.Shape.Rank), (spec.ToString(), spec.ElementCount, spec.ByteCount, spec.Rank));
    }

    [Theory]
    [InlineData("")]
    [InlineData("f32")]
    [InlineData("f32[")]
    [InlineData("f32]")]
    [InlineData("[2]")]
    [InlineData("f33[2]")]
    [InlineData("f32[2]]")]
    [InlineData("f32[[2]")]
    [InlineData("f32[2,]")]
    [InlineData("f32[,]")]
    [InlineData("f32[-1]")]
    [InlineData("f32[+1]")]
    [InlineData("f32[2147483648]")]
    [InlineData("f32[99999999999999999999]")]
    [InlineData("f32[1e1]")]
    [InlineData("f32[2][3]")]
    [InlineData(" f32[2]")]
    public void OtherTextIsAFormatError(string text) => Assert.Throws<FormatException>(() => TensorSpec.Parse(text));

    [Fact]
    public void ChangedSpecs()
    {
        var spec = new TensorSpec(DType.Float32, [2, 3]);

        Assert.Equal(("i8[2,3]", "f32[4]"), (spec.With(DType.Int8).ToString(), spec.With(Shape.Create([4])).ToString()));
        Assert.Throws<OverflowException>(() => new TensorSpec(DType.Float64, [1 << 30, 1 << 30, 2]).ByteCount);
    }
}
