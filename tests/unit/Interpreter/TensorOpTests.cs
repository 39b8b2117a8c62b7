using System.Numerics;
using BrainState.Interpretation;
using BrainState.Ops;

namespace BrainState.UnitTests.Interpretation;

public class TensorOpTests
{
    private static readonly HostValue Matrix = HostValue.Of([2, 3], 1, 2, 3, 4, 5, 6);

    [Fact]
    public void ElementsMove()
    {
        Assert.Equal([1, 4, 2, 5, 3, 6], Evaluate.Op<int>(new Transpose(Ints(1, 0)), Matrix));
        Assert.Equal([3, 2, 1, 6, 5, 4], Evaluate.Op<int>(new Rev(Ints(1)), Matrix));
        Assert.Equal([1, 2, 3, 4, 5, 6], Evaluate.Op<int>(new Reshape([3, 2]), Matrix));
        Assert.Equal([7, 8, 7, 8], Evaluate.Op<int>(new BroadcastInDim([2, 2], Ints(1)), HostValue.Of([2], 7, 8)));
        Assert.Equal([7, 7, 8, 8], Evaluate.Op<int>(new BroadcastInDim([2, 2], Ints(0, 1)), HostValue.Of([2, 1], 7, 8)));
        Assert.Equal([1, 2, 3, 7, 4, 5, 6, 8], Evaluate.Op<int>(new Concatenate(1), Matrix, HostValue.Of([2, 1], 7, 8), HostValue.Of<int>([2, 0])));
        Assert.Equal([0, 0, 0, 1, 1, 1], Evaluate.Op<int>(new Iota(DType.Int32, [2, 3], 0)));
        Assert.Equal([1, 3], Evaluate.Op<int>(new Slice(Ints(0, 0), Ints(1, 3), Ints(1, 2)), Matrix));
    }

    [Theory]
    [InlineData(1, -1, 1, "9 1 9 2 9")]
    [InlineData(-1, -1, 1, "9 2 9")]
    [InlineData(-2, 0, 0, "3")]
    [InlineData(-7, 5, 0, "9")]
    [InlineData(0, 0, 2, "1 9 9 2 9 9 3")]
    public void PaddingMayCrop(int low, int high, int interior, string expected) =>
        Assert.Equal(expected, string.Join(" ", Evaluate.Op<int>(
            new Pad(ValueArray.Create([new PaddingConfig(low, high, interior)])), HostValue.Of([3], 1, 2, 3), HostValue.Of([], 9))));

    [Theory, InlineData(-9, 1), InlineData(1, 2), InlineData(9, 2)]
    public void DynamicBlocksStayInside(int start, int first)
    {
        var x = HostValue.Of([3], 1, 2, 3);
        Assert.Equal([first, first + 1], Evaluate.Op<int>(new DynamicSlice(Ints(2)), x, HostValue.Of([], start)));
        var updated = Evaluate.Op<int>(new DynamicUpdateSlice(), x, HostValue.Of([2], 7, 8), HostValue.Of([], start));
        Assert.Equal(first == 1 ? [7, 8, 3] : [1, 7, 8], updated);
    }

    [Fact]
    public void UnsignedStartsAreNotNegative() =>
        Assert.Equal([3], Evaluate.Op<int>(new DynamicSlice(Ints(1)), HostValue.Of([3], 1, 2, 3), HostValue.Of([], ulong.MaxValue)));

    [Fact]
    public void ReductionsOverNothingGiveTheNeutralElement()
    {
        Op[] ofFloats = [new ReduceSum(Ints(0)), new ReduceProd(Ints(0)), new ReduceMax(Ints(0)), new ReduceMin(Ints(0))];
        Op[] ofBits = [new ReduceMax(Ints(0)), new ReduceMin(Ints(0)), new ReduceAnd(Ints(0)), new ReduceOr(Ints(0))];
        Assert.Equal([0, 1, float.NegativeInfinity, float.PositiveInfinity], Each<float>(ofFloats));
        Assert.Equal([-128, 127, -1, 0], Each<sbyte>(ofBits));
        Assert.Equal([0UL, ulong.MaxValue, ulong.MaxValue, 0UL], Each<ulong>(ofBits));
        Assert.Equal([false, true, true, false], Each<bool>(ofBits));

        static T[] Each<T>(Op[] ops) where T : unmanaged => [.. ops.Select(static op => Evaluate.Op<T>(op, HostValue.Of<T>([0]))[0])];
    }

    [Fact]
    public void ReductionsCombineAlongAxes()
    {
        Assert.Equal([5, 7, 9], Evaluate.Op<int>(new ReduceSum(Ints(0)), Matrix));
        Assert.Equal([720], Evaluate.Op<int>(new ReduceProd(Ints(1, 0)), Matrix));
        Assert.Equal([4, 5, 6], Evaluate.Op<int>(new ReduceMax(Ints(0)), Matrix));
        Assert.Equal([double.NaN], Evaluate.Op<double>(new ReduceMin(Ints(0)), HostValue.Of([2], double.NaN, -1)));
        Assert.Equal([new Complex(3, 1)], Evaluate.Op<Complex>(new ReduceSum(Ints(0)), HostValue.Of([2], new Complex(1, 2), new Complex(2, -1))));
        // 2048 + 1 is not a float16, but the sum is rounded only once.
        Assert.Equal([(Half)2052], Evaluate.Op<Half>(new ReduceSum(Ints(0)), HostValue.Of([5], (Half)2048, Half.One, Half.One, Half.One, Half.One)));
    }

    [Fact]
    public void ArgReductionsTakeTheFirst()
    {
        Assert.Equal([1, 0], Evaluate.Op<int>(new ArgMax(1, DType.Int32), HostValue.Of([2, 3], 1f, float.NaN, float.NaN, 5, 5, 1)));
        Assert.Equal([1, 2], Evaluate.Op<byte>(new ArgMin(1, DType.UInt8), HostValue.Of([2, 3], 1f, float.NaN, float.NaN, 5, 5, 1)));
        Assert.Equal([0], Evaluate.Op<int>(new ArgMin(0, DType.Int32), HostValue.Of([2], -0.0, 0.0)));
        Assert.Equal([1], Evaluate.Op<int>(new ArgMax(0, DType.Int32), HostValue.Of([3], false, true, true)));
    }

    [Fact]
    public void SortIsStableAndPutsNaNLast()
    {
        var results = Evaluate.Op(new Sort(0, 1), HostValue.Of([6], float.NaN, 0f, -0f, -1, float.NaN, float.PositiveInfinity), HostValue.Of([6], 0, 1, 2, 3, 4, 5));
        Assert.Equal([3, 1, 2, 5, 0, 4], results[1].ToArray<int>());
        var byTwo = Evaluate.Op(new Sort(0, 2), HostValue.Of([4], 1, 0, 1, 0), HostValue.Of([4], 5, 6, 4, 6), HostValue.Of([4], 0, 1, 2, 3));
        Assert.Equal([1, 3, 2, 0], byTwo[2].ToArray<int>());
        Assert.Equal([0, 2, 1, 4, 3, 9], Evaluate.Op<int>(new Sort(0, 1), HostValue.Of([3, 2], 3, 4, 1, 9, 0, 2)));
    }

    [Fact]
    public void DotGeneralPutsBatchAxesFirst()
    {
        var rhs = HostValue.Of([3, 2], 1, 0, 0, 1, 1, 1);
        Assert.Equal([4, 5, 10, 11], Evaluate.Op<int>(new DotGeneral(Ints(1), Ints(0), Ints(), Ints(), DType.Int32), Matrix, rhs));
        Assert.Equal([14, 77], Evaluate.Op<int>(new DotGeneral(Ints(1), Ints(1), Ints(0), Ints(0), DType.Int32), Matrix, Matrix));
        Assert.Equal([30000], Evaluate.Op<int>(new DotGeneral(Ints(0), Ints(0), Ints(), Ints(), DType.Int32), HostValue.Of<byte>([1], 200), HostValue.Of<byte>([1], 150)));
        Assert.Equal([0f, 0f], Evaluate.Op<float>(new DotGeneral(Ints(0), Ints(0), Ints(), Ints(), DType.Float32), HostValue.Of<float>([0, 2]), HostValue.Of<float>([0])));
    }

    /// <summary>The answer published with Random123 for a key and counter of zeros.</summary>
    [Fact]
    public void RandomBitsAreThreefry()
    {
        Assert.Equal([0x6b20015999ba4efeUL], Evaluate.Op<ulong>(new RandomBits(DType.UInt64, [1]), HostValue.Of([2], 0u, 0u)));
        Assert.Equal([0x6b200159u ^ 0x99ba4efeu], Evaluate.Op<uint>(new RandomBits(DType.UInt32, []), HostValue.Of([2], 0u, 0u)));
        Assert.Equal([(byte)(0x59 ^ 0xfe)], Evaluate.Op<byte>(new RandomBits(DType.UInt8, []), HostValue.Of([2], 0u, 0u)));
        Assert.Equal(new TensorSpec(DType.UInt16, [3, 1, 0]), Evaluate.Op(new RandomBits(DType.UInt16, [0]), HostValue.Of<uint>([3, 1, 2], 1, 2, 3, 4, 5, 6))[0].Spec);
    }

    [Fact]
    public void SelectionTakesTheNearestCase()
    {
        var cases = new[] { HostValue.Of([3], 0, 1, 2), HostValue.Of([3], 10, 11, 12), HostValue.Of([3], 20, 21, 22) };
        Assert.Equal([0, 11, 22], Evaluate.Op<int>(new SelectN(), [HostValue.Of([3], -5, 1, 9), .. cases]));
        Assert.Equal([10, 11, 12], Evaluate.Op<int>(new SelectN(), HostValue.Of([], true), cases[0], cases[1]));
        Assert.Equal([0, 1, 2], Evaluate.Op<int>(new SelectN(), HostValue.Of([], true), cases[0]));
    }

    private static ValueArray<int> Ints(params ReadOnlySpan<int> values) => ValueArray.Create(values);
}
