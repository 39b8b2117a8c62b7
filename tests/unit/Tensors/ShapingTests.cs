using BrainState.Conformance.Generation;

namespace BrainState.UnitTests.Tensors;

public sealed class ShapingTests
{
    [Fact]
    public void AxesMoveAsInTheNaiveArray() => Property.Check(150, seed =>
    {
        var draw = new Draw(seed);
        var dims = draw.Dims(4, 3);
        var x = draw.Ints(dims);
        var naive = NaiveArray.Of(x);
        var order = Enumerable.Range(0, dims.Length).ToArray();
        draw.Random.Shuffle(order);
        NaiveArray.Make([.. order.Select(axis => dims[axis])], index => naive[[.. order.Select((_, axis) => index[Array.IndexOf(order, axis)])]])
            .AssertEqual(x.Transpose(order));
        var flipped = draw.Axes(dims.Length);
        NaiveArray.Make(dims, index => naive[[.. index.Select((p, axis) => flipped.Contains(axis) ? dims[axis] - 1 - p : p)]]).AssertEqual(Np.Flip(x, Axes.Create(flipped)));
        Assert.Equal(x.ToArray<int>(), x.T.T.ToArray<int>());
        Assert.Equal(x.ToArray<int>(), x.Flatten().ToArray<int>());
        if (dims.Length < 2) return;
        var (a, b) = (draw.Random.Next(dims.Length), draw.Random.Next(dims.Length));
        Assert.Equal(x.ToArray<int>(), Np.SwapAxes(Np.SwapAxes(x, a, b), b - dims.Length, a).ToArray<int>());
        Assert.Equal(x.ToArray<int>(), Np.MoveAxis(Np.MoveAxis(x, a, b), b, a).ToArray<int>());
        Assert.Equal(dims[a], Np.MoveAxis(x, a, b).Shape[b]);
    });

    [Fact]
    public void JoiningAndSplittingAreInverse() => Property.Check(150, seed =>
    {
        var draw = new Draw(seed);
        int[] dims = [.. draw.Dims(3, 3), draw.Random.Next(1, 4)];
        var axis = draw.Random.Next(dims.Length);
        var parts = Enumerable.Range(0, draw.Random.Next(1, 5)).Select(_ => draw.Ints(dims)).ToArray();
        var joined = Np.Concatenate(parts, axis - dims.Length);
        Assert.Equal(dims[axis] * parts.Length, joined.Shape[axis]);
        foreach (var (part, back) in parts.Zip(Np.Split(joined, parts.Length, axis))) Assert.Equal(part.ToArray<int>(), back.ToArray<int>());
        var at = draw.Random.Next(dims.Length + 1);
        var stacked = Np.Stack(parts, at);
        foreach (var (part, back) in parts.Zip(Np.Split(stacked, parts.Length, at)))
            Assert.Equal((part.Shape, string.Join(',', part.ToArray<int>())), (Np.Squeeze(back, at).Shape, string.Join(',', back.ToArray<int>())));
    });

    [Fact]
    public void PaddingSurrounds() => Property.Check(100, seed =>
    {
        var draw = new Draw(seed);
        var dims = draw.Dims(3, 3);
        var x = draw.Ints(dims);
        var widths = dims.Select(_ => (Before: draw.Random.Next(3), After: draw.Random.Next(3))).ToArray();
        var naive = NaiveArray.Of(x);
        NaiveArray.Make([.. dims.Select((n, axis) => n + widths[axis].Before + widths[axis].After)], index =>
        {
            int[] inner = [.. index.Select((p, axis) => p - widths[axis].Before)];
            return inner.Where((p, axis) => p < 0 || p >= dims[axis]).Any() ? 7 : naive[inner];
        }).AssertEqual(Np.Pad(x, widths, 7));
    });

    [Fact]
    public void SortingAgreesWithTheNaiveOneAndIsStable() => Property.Check(100, seed =>
    {
        var draw = new Draw(seed);
        int[] dims = [.. draw.Dims(2, 3), draw.Random.Next(0, 9)];
        var axis = draw.Random.Next(dims.Length);
        var x = draw.Ints(dims, 0, 4);
        var rows = Np.MoveAxis(x, axis, -1).Reshape(Math.Max(1, (int)(x.Size / Math.Max(1, dims[axis]))), x.Size == 0 ? 0 : dims[axis]).ToArray<int>().Chunk(Math.Max(1, dims[axis]));
        Assert.Equal(rows.SelectMany(row => row.Order()), Np.MoveAxis(Np.Sort(x, axis), axis, -1).ToArray<int>());
        Assert.Equal(rows.SelectMany(row => Enumerable.Range(0, row.Length).OrderBy(i => row[i])), Np.MoveAxis(Np.ArgSort(x, axis), axis, -1).ToArray<int>());
    });

    [Fact]
    public void ReshapingInfersOneSize()
    {
        var x = Np.Arange(6);
        Assert.Equal([2, 3], x.Reshape(2, -1).Shape.ToArray());
        Assert.Equal([1, 6, 1], Np.ExpandDims(Np.ExpandDims(x, 0), -1).Shape.ToArray());
        Assert.Equal([6], Np.Squeeze(x.Reshape(1, 6, 1)).Shape.ToArray());
        Assert.Equal([1, 6], Np.Squeeze(x.Reshape(1, 6, 1), -1).Shape.ToArray());
        Assert.Equal([0, 3], Np.Zeros([0]).Reshape(-1, 3).Shape.ToArray());
        const string Message = "A tensor of shape (6,) with 6 elements cannot be reshaped to ";
        Assert.Equal(Message + "(4, -1) (Parameter 'shape')", Assert.Throws<ArgumentException>(() => x.Reshape(4, -1)).Message.Replace(". (", " ("));
        Assert.Equal(Message + "(-1, -1) (Parameter 'shape')", Assert.Throws<ArgumentException>(() => x.Reshape(-1, -1)).Message.Replace(". (", " ("));
        Assert.ThrowsAny<ArgumentException>(() => x.Reshape(2, 2));
        Assert.ThrowsAny<ArgumentException>(() => x.Reshape(-2, -3));
        Assert.Equal("Axis 0 of i32[6] cannot be squeezed: its size is not 1. (Parameter 'axes')", Assert.Throws<ArgumentException>(() => Np.Squeeze(x, 0)).Message);
        Assert.Equal("Axis 0 of i32[6] cannot be split into 4 equal parts. (Parameter 'sections')", Assert.Throws<ArgumentException>(() => Np.Split(x, 4)).Message);
        Assert.ThrowsAny<ArgumentException>(() => Np.Concatenate([x, x.Reshape(2, 3)]));
        Assert.ThrowsAny<ArgumentException>(() => x.Transpose(0, 0));
        Assert.Throws<ArgumentException>(() => Np.Stack([]));
    }

    [Fact]
    public void FloorDivisionAndRemainderBelongTogether() => Property.Check(100, seed =>
    {
        // 1 / 0.1 rounds up to 10, but 0.1 goes into 1 only nine times, with almost 0.1 left: as NumPy and JAX do, the quotient is 9.
        var draw = new Draw(seed);
        var x = seed == 0 ? Tensor.From<double>([1, -1, 1, 6]) : draw.Doubles([4], -9, 9);
        var y = seed == 0 ? Tensor.From<double>([0.1, 0.1, -0.1, 2]) : draw.Doubles([4], 0.1, 2) * draw.Pick(-1, 1);
        var (quotient, remainder) = (Np.FloorDivide(x, y), x % y);
        Approximately.Same(x, quotient * y + remainder, 1e-14);
        Assert.Equal(quotient.ToArray<double>(), Np.Round(quotient).ToArray<double>());
        if (seed == 0) Assert.Equal([9.0, -10, -10, 3], quotient.ToArray<double>());
    });

    [Fact]
    public void TestsForNumbersAndClippingWork()
    {
        Tensor x = new[] { 1f, float.NaN, float.PositiveInfinity, -2f };
        Assert.Equal([false, true, false, false], Np.IsNaN(x).ToArray<bool>());
        Assert.Equal([false, false, true, false], Np.IsInf(x).ToArray<bool>());
        Assert.Equal([true, false, false, true], Np.IsFinite(x).ToArray<bool>());
        Assert.Equal([1f, float.NaN, 2f, -1f], Np.Clip(x, -1, 2).ToArray<float>());
        Assert.Equal([0f, 2f, 2f, -2f, 4f], Np.Round(new[] { 0.5f, 1.5f, 2.5f, -1.5f, 3.5f }).ToArray<float>());
        Assert.Equal([1, 8, -27], Np.Power(new[] { 1, 2, -3 }, 3).ToArray<int>());
        Assert.Equal([1f, 0.5f], Np.Power(new[] { 1f, 2f }, -1).ToArray<float>());
        Assert.Equal([0.5f, 1 / 3f], Np.Reciprocal(new[] { 2, 3 }).ToArray<float>());
        Assert.Equal([-1, 0, 1], Np.Sign(new[] { -5, 0, 9 }).ToArray<int>());
        Assert.Equal([true, false], Np.LogicalNot(new[] { 0f, 2f }).ToArray<bool>());
        Assert.Equal([5, 0], (new[] { 7, 8 } & (Tensor)new[] { 13, 7 }).ToArray<int>());
        Assert.Equal([-8, -1], (~(Tensor)new[] { 7, 0 }).ToArray<int>());
        Approximately.Equal([1000 + Math.Log(2), double.NegativeInfinity, 3], Np.LogAddExp(new[] { 1000.0, double.NegativeInfinity, 3 }, new[] { 1000.0, double.NegativeInfinity, double.NegativeInfinity }).Doubles(), 1e-14);
    }
}
