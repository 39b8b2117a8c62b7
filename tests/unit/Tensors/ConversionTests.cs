using System.Numerics;

namespace BrainState.UnitTests.Tensors;

public sealed class ConversionTests
{
    [Fact]
    public void EveryElementTypeComesBackAsItWent()
    {
        RoundTrip(DType.Bool, true, false);
        RoundTrip<sbyte>(DType.Int8, -128, 127);
        RoundTrip<short>(DType.Int16, -32768, 32767);
        RoundTrip(DType.Int32, int.MinValue, int.MaxValue);
        RoundTrip(DType.Int64, long.MinValue, long.MaxValue);
        RoundTrip<byte>(DType.UInt8, 0, 255);
        RoundTrip<ushort>(DType.UInt16, 0, 65535);
        RoundTrip<uint>(DType.UInt32, 0, uint.MaxValue);
        RoundTrip<ulong>(DType.UInt64, 0, ulong.MaxValue);
        RoundTrip(DType.Float16, (Half)1.5, Half.NegativeInfinity);
        RoundTrip(DType.BFloat16, (BFloat16)1.5f, (BFloat16)(-2f));
        RoundTrip(DType.Float32, float.Epsilon, float.NaN);
        RoundTrip(DType.Float64, double.MaxValue, -0.0);
        RoundTrip(DType.Complex128, new Complex(1, -2), Complex.Zero);
    }

    private static void RoundTrip<T>(DType dtype, params T[] values) where T : unmanaged
    {
        var x = Tensor.From<T>(values);
        Assert.Equal(new TensorSpec(dtype, [values.Length]), x.Spec);
        Assert.Equal(values, x.ToArray<T>());
        Assert.Equal(values, Tensor.From((Array)values).ToArray<T>());
        Assert.Equal(values, Tensor.From(System.Numerics.Tensors.Tensor.Create(values, [values.Length])).ToArray<T>());
        Assert.Equal(values, ((T[])x.ToMultidimensionalArray()));
        Assert.Equal(values[0], Tensor.From<T>([values[0]], []).ToScalar<T>());
        if (dtype.Is(DTypeKinds.Complex)) return;
        Assert.Equal(values, x.Reshape(1, -1).T.Flatten().ToArray<T>()); // Through the device.
    }

    [Fact]
    public void MultidimensionalArraysKeepTheirShape()
    {
        int[,,] values = { { { 1, 2 }, { 3, 4 }, { 5, 6 } } };
        var x = Tensor.From(values);
        Assert.Equal([1, 3, 2], x.Shape.ToArray());
        Assert.Equal([1, 2, 3, 4, 5, 6], x.ToArray<int>());
        Assert.Equal(values, (int[,,])(x + 0).ToMultidimensionalArray());
        Assert.Equal([0, 3], Tensor.From(new float[0, 3]).Shape.ToArray());
        Assert.Empty((float[,])Tensor.From(new float[0, 3]).ToMultidimensionalArray());
        Assert.Equal([3f], ((float[])Np.Array(3.0).ToMultidimensionalArray()));
    }

    [Fact]
    public void NumericsTensorsKeepTheirShapeAlsoWhenStrided()
    {
        var source = System.Numerics.Tensors.Tensor.Create((int[])[1, 2, 3, 4, 5, 6], [2, 3]);
        Assert.Equal([2, 3], Tensor.From(source).Shape.ToArray());
        var part = source.Slice([0..2, 1..3]);
        Assert.Equal([2, 3, 5, 6], Tensor.From(part).ToArray<int>());
        var back = (Tensor.From(source) * 2).ToNumericsTensor<int>();
        Assert.Equal([2, 3], back.Lengths.ToArray().Select(n => (int)n));
        Assert.Equal(12, back[1, 2]);
    }

    [Fact]
    public void TensorsAreCopies()
    {
        float[] values = [1, 2];
        Tensor x = values;
        values[0] = 9;
        Assert.Equal([1f, 2f], x.ToArray<float>());
        x.ToArray<float>()[0] = 9;
        Assert.Equal([1f, 2f], x.ToArray<float>());
        Span<float> destination = stackalloc float[3];
        x.CopyTo(destination);
        Assert.Equal([1f, 2f, 0f], destination.ToArray());
    }

    [Fact]
    public void ScalarsConvertExplicitly()
    {
        var x = Np.Array(2.75);
        Assert.Equal(2.75f, (float)x);
        Assert.Equal(2.75, (double)x);
        Assert.Equal(2, (int)x);
        Assert.Equal(-2L, (long)(-x));
        Assert.True((bool)x);
        Assert.False((bool)Np.Zeros([1, 1]));
        Assert.Equal(7, (int)Np.Full([1, 1], 7));
        Assert.Throws<OverflowException>(() => (int)Tensor.From<long>([1L << 40], []));
    }

    [Fact]
    public void NumbersHaveTheDefaultDtypes()
    {
        Tensor real = 1.5, single = 1.5f, integer = 1, large = 1L << 40, truth = true;
        Assert.Equal((DType.Float32, true), (real.DType, real.IsWeak));
        Assert.Equal((DType.Float32, true), (single.DType, single.IsWeak));
        Assert.Equal((DType.Int32, true), (integer.DType, integer.IsWeak));
        Assert.Equal((DType.Int64, true), (large.DType, large.IsWeak));
        Assert.Equal((DType.Bool, false), (truth.DType, truth.IsWeak));
        using var scope = Environ.Context(Environ.Precision, 64);
        Tensor wide = 1.5, wideInteger = 1;
        Assert.Equal((DType.Float64, DType.Int64), (wide.DType, wideInteger.DType));
        Assert.Equal(DType.Float64, Np.Zeros([2]).DType);
    }

    [Theory]
    [InlineData(3.9, 3)]
    [InlineData(-3.9, -3)]
    [InlineData(1e20, int.MaxValue)]
    [InlineData(-1e20, int.MinValue)]
    [InlineData(double.NaN, 0)]
    public void FloatsBecomeIntegersByTruncationAndSaturation(double value, int expected) =>
        Assert.Equal(expected, Tensor.From<double>([value]).AsType(DType.Int32).ToScalar<int>());

    [Fact]
    public void CreationFunctionsGiveWhatNumPyGives()
    {
        Assert.Equal([0, 1, 2], Np.Arange(3).ToArray<int>());
        Assert.Empty(Np.Arange(-2).ToArray<int>());
        Assert.Equal([0.5f, 0.75f, 1f], Np.Arange(0.5, 1.25, 0.25).ToArray<float>());
        Assert.Equal([3f, 2f], Np.Arange(3, 1, -1).ToArray<float>());
        Assert.Equal([0, 0.25, 0.5, 0.75, 1], Np.Linspace(0, 1, 5, DType.Float64).ToArray<double>());
        Assert.Equal([2f], Np.Linspace(2, 5, 1).ToArray<float>());
        Assert.Equal([1f, 0, 0, 0, 1, 0], Np.Eye(2, 3).ToArray<float>());
        Assert.Equal([7, 7], Np.Full([2], 7).ToArray<int>());
        Assert.Equal(DType.Int64, Np.ZerosLike(Np.Zeros([2], DType.Int64)).DType);
        Assert.Equal(DType.Float32, Np.Array(1.5).DType);
        Assert.False(Np.Array(1.5).IsWeak);
    }

    [Fact]
    public void WrongConversionsSayWhatToDo()
    {
        Assert.Equal("The tensor is f32[2], whose elements are not Double. Convert it first: x.AsType(DType.Float64).",
            Assert.Throws<InvalidCastException>(() => Np.Zeros([2]).ToArray<double>()).Message);
        Assert.Equal("Only a tensor of one element is a number, but this one is f32[2].", Assert.Throws<InvalidOperationException>(() => (double)Np.Zeros([2])).Message);
        Assert.Equal("Shape (2, 2) has 4 elements, but 3 values were given. (Parameter 'values')", Assert.Throws<ArgumentException>(() => Tensor.From<int>([1, 2, 3], [2, 2])).Message);
        Assert.Equal("Tensors have no dtype for elements of type System.Single[]; use a rectangular array of bool, integers, Half, BFloat16, float, double or Complex.",
            Assert.Throws<NotSupportedException>(() => Tensor.From((Array)(float[][])[[1]])).Message);
        Assert.Equal("The destination holds 1 elements, but the tensor has 2. (Parameter 'destination')",
            Assert.Throws<ArgumentException>(() => Np.Zeros([2]).CopyTo(new float[1])).Message);
        Assert.Throws<NotSupportedException>(() => Tensor.From<char>(['a']));
    }
}
