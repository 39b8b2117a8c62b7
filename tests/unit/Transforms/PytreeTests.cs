using BrainState.UnitTests.Tensors;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

/// <summary>Records and registered types as arguments and results.</summary>
public sealed class PytreeTests
{
    private record Layer(Tensor Weight, Tensor? Bias, string Name);

    private sealed record Net(Layer First, IReadOnlyList<Layer> Rest)
    {
        public required int Depth { get; init; }

        public Tensor Scale { get; init; } = Tensor.From<double>([2], []);

        public Tensor Sum => First.Weight;
    }

    private sealed record Wider(Tensor Weight, Tensor? Bias, string Name, Tensor More) : Layer(Weight, Bias, Name);

    private readonly record struct Point(Tensor X, Tensor Y);

    private sealed class Polar(Tensor radius, Tensor angle)
    {
        public Tensor Radius => radius;

        public Tensor Angle => angle;
    }

    private sealed class Late
    {
        public Tensor Value { get; init; } = Number(1);
    }

    private static Tensor Number(double value) => Tensor.From<double>([value], []);

    private static double Value(Tensor x) => x.ToScalar<double>();

    static PytreeTests() => Pytree.Register<Polar, (Tensor, Tensor)>(static p => (p.Radius, p.Angle), static p => new(p.Item1, p.Item2));

    private static Net Sample() => new(new(Number(3), null, "in"), [new(Number(5), Number(7), "a"), new(Number(11), null, "b")]) { Depth = 3 };

    [Fact]
    public void RecordsGoInAndOut()
    {
        var doubled = Jit((Net n) => n with { First = n.First with { Weight = n.First.Weight * n.Scale }, Depth = n.Depth + 1 });
        var result = doubled(Sample());
        Assert.Equal((6.0, 4, "a", 7.0), (Value(result.First.Weight), result.Depth, result.Rest[0].Name, Value(result.Rest[0].Bias!)));
        Assert.Null(result.First.Bias);
        doubled(Sample() with { Scale = Number(9) });
        Assert.Equal(1, JitFunction.Of(doubled).TraceCount);
        doubled(Sample() with { Depth = 8 });
        Assert.Equal(2, JitFunction.Of(doubled).TraceCount);
        Assert.Equal(Number(5).ToString(), Jit((Point p) => new Point(p.Y, p.X))(new(Number(4), Number(5))).X.ToString());
    }

    [Fact]
    public void TransformsKeepTheStructureOfRecords()
    {
        var gradient = Grad((Net n) => n.First.Weight * n.Rest[0].Weight * n.Scale).Invoke(Sample());
        Assert.Equal((10.0, 6.0, 0.0, 15.0), (Value(gradient.First.Weight), Value(gradient.Rest[0].Weight), Value(gradient.Rest[1].Weight), Value(gradient.Scale)));
        var batch = new Point(Tensor.From<double>([1, 2, 3]), Tensor.From<double>([4, 5, 6]));
        Assert.Equal([4.0, 10, 18], Vmap((Point p) => p.X * p.Y)(batch).ToArray<double>());
        var (last, sums) = Scan((Point c, Point p) => (new Point(c.X + p.X, c.Y), c.X + p.Y), new Point(Number(0), Number(1)), batch);
        Assert.Equal((6.0, 1.0), (Value(last.X), Value(last.Y)));
        Assert.Equal([4.0, 6, 9], sums.ToArray<double>());
        Assert.Equal(8, Value(Cond(true, p => p with { X = p.X * 2 }, p => p, new Point(Number(4), Number(0))).X));
    }

    [Fact]
    public void RegisteredTypesGoInAndOut()
    {
        var turned = Jit((Polar p) => new Polar(p.Radius, p.Angle + 1));
        Assert.Equal(3.5, Value(turned(new(Number(1), Number(2.5))).Angle));
        Assert.Equal(1, Value(Grad((Polar p) => p.Radius * 1 + p.Angle * 4).Invoke(new(Number(1), Number(2))).Radius));
        Assert.Null(Jit((Polar? p) => p)(null));
        Assert.Equal($"{typeof(Polar)} is registered already.", Assert.Throws<InvalidOperationException>(() => Pytree.Register<Polar, Tensor>(static p => p.Radius, static r => new(r, r))).Message);
        Assert.Throws<NotSupportedException>(() => Jit((Late l) => l.Value)(new Late()));
        Assert.Equal(
            $"{typeof(Late)} was used in a transformed function before it was registered. Register it when the program starts.",
            Assert.Throws<InvalidOperationException>(() => Pytree.Register<Late, Tensor>(static l => l.Value, static v => new() { Value = v })).Message);
    }

    [Fact]
    public void WhatARecordHasBeyondItsDeclaredTypeIsNotLostSilently() => Assert.Equal(
        $"A {typeof(Wider)} cannot go in or out of a transformed function as a {typeof(Layer)}: what it has in addition would be lost. Use its own type.",
        Assert.Throws<NotSupportedException>(() => Jit((Layer l) => l.Weight)(new Wider(Number(1), null, "w", Number(2)))).Message);

    [Fact]
    public void LeavesAndMapsFollowTheStructure()
    {
        Assert.Equal([3.0, 5, 7, 11, 2], Pytree.Leaves(Sample()).Select(Value));
        Assert.Equal([6.0, 10, 14, 22, 4], Pytree.Leaves(Pytree.Map(static x => x * 2, Sample())).Select(Value));
        Assert.Equal([9.0, 15, 21, 33, 6], Pytree.Leaves(Pytree.Map(static (a, b) => a + b * 2, Sample(), Sample())).Select(Value));
        Assert.Equal(
            "Both values must have the same structure and the same static parts. (Parameter 'second')",
            Assert.Throws<ArgumentException>(() => Pytree.Map(static (a, b) => a, Sample(), Sample() with { Depth = 1 })).Message);
    }
}
