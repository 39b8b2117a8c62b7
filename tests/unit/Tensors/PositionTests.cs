using BrainState.Conformance.Generation;
using BrainState.UnitTests.Transforms;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Tensors;

/// <summary>Reading and changing elements at computed positions.</summary>
public sealed class PositionTests
{
    private static readonly Tensor Cube = Lax.Reshape(Tensor.From<double>([.. Enumerable.Range(0, 24).Select(static i => (double)i)]), [2, 3, 4]);

    private static double At(params int[] index) => index[0] * 12 + index[1] * 4 + index[2];

    [Fact]
    public void TensorsOfPositionsIndexAsInNumPy()
    {
        using var scope = Backends.Reference.Enter();
        Tensor ids = new[] { 2, 0, -1, 2 }, column = Tensor.From<int>([0, 1], [2, 1]), pair = new[] { 1, 3 };
        void Check(Tensor actual, Shape shape, Func<int[], double> element)
        {
            Assert.Equal(shape, actual.Shape);
            var strides = shape.RowMajorStrides();
            Assert.Equal(Enumerable.Range(0, (int)shape.ElementCount).Select(i => element([.. strides.Select((s, a) => (int)(i / s % shape[a]))])), actual.Doubles());
        }
        int[] rows = [2, 0, 2, 2], last = [1, 3];
        Check(Cube[.., ids], [2, 4, 4], i => At(i[0], rows[i[1]], i[2]));
        Check(Cube[column, pair], [2, 2, 4], i => At(i[0], last[i[1]] % 3, i[2]) + (last[i[1]] == 3 ? 8 : 0)); // 3 is clamped to 2.
        Check(Cube[.., ids[..2], pair], [2, 2], i => At(i[0], rows[i[1]], last[i[1]]));
        Check(Cube[column, .., pair], [2, 2, 3], i => At(i[0], i[2], last[i[1]])); // Not side by side: in front.
        Check(Cube[0, .., pair], [2, 3], i => At(0, i[1], last[i[0]]));
        Check(Cube[.., 1, pair], [2, 2], i => At(i[0], 1, last[i[1]]));
        Check(Cube[1.., TensorIndex.Slice(null, null, -1), pair], [1, 3, 2], i => At(1, 2 - i[1], last[i[2]]));
        Check(Cube[TensorIndex.NewAxis, TensorIndex.Ellipsis, pair], [1, 2, 3, 2], i => At(i[1], i[2], last[i[3]]));
        Check(Cube[Cube > 20.0], [3], i => 21 + i[0]);
        Check(Cube[Tensor.From<bool>([false, true])], [1, 3, 4], i => At(1, i[1], i[2]));
        Check(Cube[Np.Zeros([0], DType.Int32)], [0, 3, 4], static _ => 0);
        Check(Np.Take(Cube, ids, 1), [2, 4, 4], i => At(i[0], rows[i[1]], i[2]));
        Check(Np.Take(Cube, column, 2), [2, 3, 2, 1], i => At(i[0], i[1], i[2]));
        Check(Np.Take(Cube, new[] { 23, 5 }), [2], i => i[0] == 0 ? 23 : 5);
        Check(Np.Take(Cube, new[] { 24 }), [1], static _ => double.NaN);
        Check(Np.TakeAlongAxis(Cube, Np.ArgSort(-Cube, 1), 1), [2, 3, 4], i => At(i[0], 2 - i[1], i[2]));
        Check(Np.TakeAlongAxis(Cube, Tensor.From<int>([0, 3], [2, 1, 1]), -1), [2, 3, 1], i => At(i[0], i[1], i[0] * 3));
        Assert.Throws<ArgumentException>(() => Jit((Tensor x) => x[x > 0.0])(Cube));
        Assert.Throws<IndexOutOfRangeException>(() => Np.Zeros([0, 2])[ids]);
        Assert.Throws<ArgumentException>(() => Np.Take(Cube, Cube));
    }

    [Fact]
    public void PartsAreChanged() => Property.Check(60, seed =>
    {
        using var scope = Backends.Reference.Enter();
        var draw = new Draw(seed);
        var x = draw.Doubles([4, 3]);
        TensorIndex[][] choices =
        [
            [draw.Random.Next(-4, 4)], [TensorIndex.Ellipsis, ^1], [TensorIndex.Slice(null, null, -2), 1..], [draw.Ints([5], -4, 4)], [draw.Ints([2, 1], 0, 4), draw.Ints([3], 0, 3)],
            [TensorIndex.Ellipsis, TensorIndex.NewAxis, draw.Ints([], 0, 3)], [x > 0.0],
        ];
        var indices = draw.Pick(choices);
        var places = Array.ConvertAll(Tensor.From<int>([.. Enumerable.Range(0, 12)], [4, 3])[indices].Doubles(), static p => (int)p);
        var values = draw.Doubles(x[indices].Shape);
        (Func<TensorPart, Tensor, Tensor> Change, Func<double, double, double> Combine)[] changes =
        [
            (static (p, v) => p.Set(v), static (_, v) => v), (static (p, v) => p.Add(v), static (a, v) => a + v), (static (p, v) => p.Subtract(v), static (a, v) => a - v),
            (static (p, v) => p.Multiply(v), static (a, v) => a * v), (static (p, v) => p.Divide(v), static (a, v) => a / v), (static (p, v) => p.Min(v), Math.Min), (static (p, v) => p.Max(v), Math.Max),
        ];
        var (change, combine) = draw.Pick(changes);
        var expected = x.Doubles();
        foreach (var (place, value) in places.Zip(values.Doubles())) expected[place] = combine(expected[place], value);
        Approximately.Equal(expected, change(x.At(indices), values).Doubles(), 1e-12);
        Assert.Equal(x[indices].Doubles(), x.At(indices).Get().Doubles());
    });

    [Fact]
    public void ChangesBroadcastDropWhatIsOutsideAndHaveGradients()
    {
        using var scope = Backends.Reference.Enter();
        var x = Np.Zeros([4]);
        Assert.Equal([0, 1, 1, 0], x.At(1..3).Set(1).Doubles());
        Assert.Equal([0, 0, 0, 2], x.At(new[] { 3, 4, -5 }).Add(2.0).Doubles());
        Assert.Equal(DType.Float32, x.At(0).Set(Tensor.From<double>([1.5], [])).DType);
        Tensor ids = new[] { 2, 0, 2 };
        var draw = new Draw(3);
        Derivatives.Check(v => v[0].At(ids).Set(v[1]) * v[0], [draw.Doubles([4]), draw.Doubles([3])], draw, "set");
        Derivatives.Check(v => v[0].At(ids).Add(v[1]) * v[0], [draw.Doubles([4]), draw.Doubles([3])], draw, "add");
        Derivatives.Check(v => v[0][ids] * v[0].At(1..).Max(0.0)[ids], [draw.Doubles([4])], draw, "get");
    }
}
