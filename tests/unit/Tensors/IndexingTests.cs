using BrainState.Conformance.Generation;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Tensors;

public sealed class IndexingTests
{
    /// <summary>One index with what it means: the positions it takes of an axis, or none for a new axis.</summary>
    private sealed record Case(TensorIndex Index, int[]? Positions, bool Keeps);

    [Fact]
    public void RandomIndicesAgreeWithTheNaiveOnes() => Property.Check(600, seed =>
    {
        var draw = new Draw(seed);
        var dims = draw.Dims(4, 5, empty: 0.03);
        var x = draw.Doubles(dims);
        var indices = new List<TensorIndex>();
        var taken = new List<Case>();
        var named = draw.Random.Next(dims.Length + 1);
        var ellipsis = draw.Coin(0.3) ? draw.Random.Next(named + 1) : -1;
        var axis = 0;
        for (var i = 0; i <= named; i++)
        {
            if (i == ellipsis)
            {
                indices.Add(TensorIndex.Ellipsis);
                for (var skipped = 0; skipped < dims.Length - named; skipped++, axis++) taken.Add(new(.., [.. Enumerable.Range(0, dims[axis])], true));
            }
            if (draw.Coin(0.15))
            {
                indices.Add(TensorIndex.NewAxis);
                taken.Add(new(TensorIndex.NewAxis, null, true));
            }
            if (i == named) break;
            var index = IndexOf(draw, dims[axis++]);
            indices.Add(index.Index);
            taken.Add(index);
        }
        for (; axis < dims.Length; axis++) taken.Add(new(.., [.. Enumerable.Range(0, dims[axis])], true));

        Expected(NaiveArray.Of(x), taken).AssertEqual(x[[.. indices]]);
    });

    private static NaiveArray Expected(NaiveArray x, List<Case> taken)
    {
        int[] kept = [.. taken.Where(static t => t.Keeps).Select(static t => t.Positions?.Length ?? 1)];
        return NaiveArray.Make(kept, index =>
        {
            var (source, next) = (new List<int>(), 0);
            foreach (var (_, positions, keeps) in taken)
            {
                var at = keeps ? index[next++] : 0;
                if (positions is not null) source.Add(positions[at]);
            }
            return x[[.. source]];
        });
    }

    private static Case IndexOf(Draw draw, int size)
    {
        switch (draw.Random.Next(size == 0 ? 2 : 5))
        {
            case 0:
                var (from, to) = (draw.Random.Next(-1, size + 3), draw.Random.Next(-1, size + 3));
                var (start, end) = (from < 0 ? ^Math.Min(size + 2, 2) : from, to < 0 ? ^Math.Min(size + 2, 1) : (Index)to);
                return new(start..end, [.. Enumerable.Range(0, size).Where(i => i >= start.GetOffset(size) && i < end.GetOffset(size))], true);
            case 1:
                int? Bound() => draw.Coin(0.3) ? null : draw.Random.Next(-size - 2, size + 3);
                var (low, high, step) = (Bound(), Bound(), draw.Pick(1, 2, 3, -1, -2, -3));
                return new(TensorIndex.Slice(low, high, step), [.. PythonSlice(low, high, step, size)], true);
            case 2:
                var position = draw.Random.Next(-size, size);
                return new(position, [(position + size) % size], false);
            case 3:
                var fromEnd = draw.Random.Next(1, size + 1);
                return new(^fromEnd, [size - fromEnd], false);
            default:
                var computed = draw.Random.Next(-size - 2, size + 2);
                Tensor scalar = Tensor.From<long>([computed], []);
                return new(draw.Coin() ? scalar : scalar.AsType(DType.Int8), [Math.Clamp(computed < 0 ? computed + size : computed, 0, size - 1)], false);
        }
    }

    /// <summary>The positions of Python's <c>range(*slice(start, stop, step).indices(size))</c>.</summary>
    private static IEnumerable<int> PythonSlice(int? start, int? stop, int step, int size)
    {
        int Place(int value) => value < 0 ? value + size : value;
        if (step > 0)
        {
            var first = Math.Max(0, Place(start ?? 0));
            var limit = stop is { } s ? Place(s) : size;
            for (var i = first; i < Math.Min(limit, size); i += step) yield return i;
        }
        else
        {
            var first = Math.Min(size - 1, start is { } s ? Place(s) : size - 1);
            var limit = stop is { } e ? Math.Max(-1, Place(e)) : -1;
            for (var i = first; i > limit; i += step) yield return i;
        }
    }

    [Fact]
    public void TheExamplesOfTheDocumentation()
    {
        var x = Np.Arange(12).Reshape(3, 4);
        Assert.Equal([7, 11], x[1..3, ^1].ToArray<int>());
        Assert.Equal([0, 4, 8], x[TensorIndex.Ellipsis, 0].ToArray<int>());
        Assert.Equal([1, 3, 4], x[TensorIndex.NewAxis].Shape.ToArray());
        Assert.Equal([3, 1, 4], x[.., TensorIndex.NewAxis].Shape.ToArray());
        Assert.Equal([3, 1], x[0, TensorIndex.Slice(null, null, -2)].ToArray<int>());
        Assert.Equal([8, 9, 10, 11], x[-1].ToArray<int>());
        Assert.Equal(6, (int)x[1, 2]);
        Assert.Equal([0, 4], x[5..].Shape.ToArray());
    }

    [Fact]
    public void ComputedPositionsClampAndCountFromTheEnd()
    {
        Tensor x = new[] { 10, 20, 30 };
        var at = Jit((Tensor i) => x[i]);
        Assert.Equal([10, 20, 30, 30, 30, 10, 10], new[] { 0, 1, 2, 3, -1, -3, -9 }.Select(i => (int)at(Tensor.From<int>([i], []))));
    }

    [Fact]
    public void WrongIndicesAreRefused()
    {
        var x = Np.Zeros([2, 3]);
        Assert.Equal("Position 2 is outside axis 0 of f32[2,3].", Assert.Throws<IndexOutOfRangeException>(() => x[2]).Message);
        Assert.Equal("Position ^4 is outside axis 1 of f32[2,3].", Assert.Throws<IndexOutOfRangeException>(() => x[0, -4]).Message);
        Assert.Equal("A tensor of rank 2 has no 3 indices.", Assert.Throws<IndexOutOfRangeException>(() => x[0, 0, 0]).Message);
        Assert.Equal("An index can contain only one ellipsis.",
            Assert.Throws<IndexOutOfRangeException>(() => x[TensorIndex.Ellipsis, TensorIndex.Ellipsis]).Message);
        Assert.Equal("A computed position must be an integer scalar, but is f32[].", Assert.Throws<ArgumentException>(() => x[Np.Array(1.0)]).Message);
        Assert.Equal("Axis 0 of f32[0] is empty.", Assert.Throws<IndexOutOfRangeException>(() => Np.Zeros([0])[Tensor.From<int>([0], [])]).Message);
        Assert.Equal("The step of a slice must not be 0. (Parameter 'step')",
            Assert.Throws<ArgumentOutOfRangeException>(() => TensorIndex.Slice(0, 1, 0)).Message);
    }
}
