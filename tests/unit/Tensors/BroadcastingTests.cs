using BrainState.Conformance.Generation;

namespace BrainState.UnitTests.Tensors;

public sealed class BroadcastingTests
{
    private static readonly (string Name, Func<Tensor, Tensor, Tensor> Op, Func<double, double, double> Element)[] Binary =
    [
        ("+", (x, y) => x + y, (x, y) => x + y),
        ("-", (x, y) => x - y, (x, y) => x - y),
        ("*", (x, y) => x * y, (x, y) => x * y),
        ("/", (x, y) => x / y, (x, y) => x / y),
        ("%", (x, y) => x % y, (x, y) => x - y * Math.Floor(x / y)),
        ("floor", Np.FloorDivide, (x, y) => Math.Floor(x / y)),
        ("max", Np.Maximum, Math.Max),
        ("min", Np.Minimum, Math.Min),
        ("<", (x, y) => x < y, (x, y) => x < y ? 1 : 0),
        (">=", (x, y) => x >= y, (x, y) => x >= y ? 1 : 0),
        ("==", Np.Equal, (x, y) => x == y ? 1 : 0),
        ("atan2", Np.ArcTan2, Math.Atan2),
    ];

    [Fact]
    public void ElementwiseFunctionsAgreeWithTheNaiveOnes() => Property.Check(400, seed =>
    {
        var draw = new Draw(seed);
        var dims = draw.Dims();
        var (name, op, element) = draw.Pick(Binary);
        var (x, y) = (draw.Doubles(draw.Compatible(dims)), draw.Doubles(dims, 0.5, 2));
        if (draw.Coin()) (x, y) = (draw.Doubles(y.Shape), draw.Doubles(x.Shape, 0.5, 2));
        NaiveArray.Zip(NaiveArray.Of(x), NaiveArray.Of(y), element).AssertEqual(op(x, y), 1e-12);
        Assert.Equal(name is "<" or ">=" or "==" ? DType.Bool : DType.Float64, op(x, y).DType);
    });

    [Fact]
    public void IntegersAgreeExactly() => Property.Check(200, seed =>
    {
        var draw = new Draw(seed);
        var dims = draw.Dims();
        var (x, y) = (draw.Ints(draw.Compatible(dims), -9, 10), draw.Ints(dims, 1, 5) * draw.Pick(-1, 1));
        var (a, b) = (NaiveArray.Of(x), NaiveArray.Of(y));
        NaiveArray.Zip(a, b, (p, q) => p + q).AssertEqual(x + y);
        NaiveArray.Zip(a, b, (p, q) => p * q).AssertEqual(x * y);
        NaiveArray.Zip(a, b, (p, q) => Math.Floor(p / q)).AssertEqual(Np.FloorDivide(x, y));
        NaiveArray.Zip(a, b, (p, q) => p - q * Math.Floor(p / q)).AssertEqual(x % y);
        Assert.Equal(DType.Int32, (x % y).DType);
    });

    [Fact]
    public void WhereBroadcastsAllThree() => Property.Check(150, seed =>
    {
        var draw = new Draw(seed);
        var dims = draw.Dims();
        var (condition, x, y) = (draw.Bools(draw.Compatible(dims)), draw.Doubles(dims), draw.Doubles(draw.Compatible(dims)));
        var (c, a, b) = (NaiveArray.Of(condition), NaiveArray.Of(x), NaiveArray.Of(y));
        NaiveArray.Make(dims, index => c.Broadcast(index) != 0 ? a.Broadcast(index) : b.Broadcast(index)).AssertEqual(Np.Where(condition, x, y));
    });

    [Fact]
    public void BroadcastToRepeats() => Property.Check(100, seed =>
    {
        var draw = new Draw(seed);
        var dims = draw.Dims();
        var x = draw.Doubles(draw.Compatible(dims));
        NaiveArray.Make(dims, NaiveArray.Of(x).Broadcast).AssertEqual(Np.BroadcastTo(x, dims));
    });

    [Fact]
    public void MatrixProductsAgreeWithThreeLoops() => Property.Check(150, seed =>
    {
        var draw = new Draw(seed);
        int[] batch = draw.Dims(2, 3);
        var (m, k, n) = (draw.Random.Next(1, 4), draw.Random.Next(0, 4), draw.Random.Next(1, 4));
        var x = draw.Doubles([.. draw.Compatible(batch), m, k]);
        var y = draw.Doubles([.. batch, k, n]);
        var (a, b) = (NaiveArray.Of(x), NaiveArray.Of(y));
        var full = NaiveArray.BroadcastDims(x.Shape.ToArray()[..^2], batch);
        double At(NaiveArray array, int[] outer, int row, int column)
        {
            var own = outer[(outer.Length - (array.Dims.Length - 2))..].Select((p, axis) => array.Dims[axis] == 1 ? 0 : p);
            return array[[.. own, row, column]];
        }
        NaiveArray.Make([.. full, m, n], i => Enumerable.Range(0, k).Sum(j => At(a, i[..^2], i[^2], j) * At(b, i[..^2], j, i[^1])))
            .AssertEqual(x.MatMul(y), 1e-12);
    });

    [Fact]
    public void VectorsInProductsLoseTheirAxis()
    {
        Tensor v = new double[] { 1, 2 };
        Tensor m = new double[,] { { 1, 2, 3 }, { 4, 5, 6 } };
        Assert.Equal([9.0, 12, 15], v.MatMul(m).ToArray<double>());
        Assert.Equal([9.0, 12, 15], m.T.MatMul(v).ToArray<double>());
        Assert.Equal(5.0, v.MatMul(v).ToScalar<double>());
        Assert.Equal(5.0, Np.Dot(v, v).ToScalar<double>());
        Assert.Equal([2, 2], Np.Outer(v, v).Shape.ToArray());
        Assert.Equal([9.0, 12, 15], v.MatMul(Np.Stack([m, m])).ToArray<double>()[..3]);
        Assert.Equal(Np.Sum(m * m).ToScalar<double>(), Np.TensorDot(m, m).ToScalar<double>());
        Assert.Equal([3, 3], Np.TensorDot(m.T, m, 1).Shape.ToArray());
    }

    [Fact]
    public void IncompatibleShapesAreRefusedForEveryFunction()
    {
        var (x, y) = (Np.Zeros([2, 3]), Np.Zeros([2]));
        foreach (var (_, op, _) in Binary) Assert.Throws<ArgumentException>(() => op(x, y));
        Assert.Throws<ArgumentException>(() => Np.Where(true, x, y));
        Assert.Throws<ArgumentException>(() => Np.BroadcastTo(x, [3]));
        Assert.Throws<ArgumentException>(() => Np.BroadcastTo(x, [2, 2, 4]));
    }
}
