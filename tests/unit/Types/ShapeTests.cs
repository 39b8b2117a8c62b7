using BrainState.Conformance.Generation;

namespace BrainState.UnitTests.Types;

/// <summary>Shapes, specs and value arrays are values.</summary>
public sealed class ShapeTests
{
    [Fact]
    public void AScalarHasNoAxes()
    {
        Assert.Equal(default, Shape.Scalar);
        Assert.Equal<Shape>([], Shape.Scalar);
        Assert.Equal((0, 1L, "()"), (Shape.Scalar.Rank, Shape.Scalar.ElementCount, Shape.Scalar.ToString()));
        Assert.Empty(Shape.Scalar.RowMajorStrides());
    }

    [Fact]
    public void RankSizesAndText()
    {
        Shape shape = [2, 3, 4];

        Assert.Equal((3, 24L, 4, 2), (shape.Rank, shape.ElementCount, shape[^1], shape[0]));
        Assert.Equal([12, 4, 1], shape.RowMajorStrides());
        Assert.Equal(("(2, 3, 4)", "(2,)"), (shape.ToString(), Shape.Create([2]).ToString()));
        Assert.Equal([2, 3, 4], [.. shape]);
        Assert.Throws<IndexOutOfRangeException>(() => shape[3]);
    }

    [Fact]
    public void ChangedShapes()
    {
        Shape shape = [2, 3];

        Assert.Equal([[5, 2, 3], [2, 5, 3], [2, 3, 5]], (Shape[])[shape.Insert(0, 5), shape.Insert(1, 5), shape.Insert(2, 5)]);
        Assert.Equal([[3], [2], [], [2, 3]], (Shape[])[shape.Without([0]), shape.Without([1]), shape.Without([1, 0]), shape.Without([])]);
        Assert.Equal<Shape>([2, 0], shape.With(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => shape.With(1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => shape.Insert(1, -1));
    }

    [Fact]
    public void AShapeOwnsItsSizes()
    {
        int[] sizes = [2, 3];
        Shape shape = sizes;
        sizes[0] = 7;
        shape.ToArray()[1] = 7;

        Assert.Equal<Shape>([2, 3], shape);
    }

    [Fact]
    public void NegativeSizesAreRefused() =>
        Assert.StartsWith("An axis size is negative in (2, -1).", Assert.Throws<ArgumentOutOfRangeException>(() => Shape.Create([2, -1])).Message);

    [Fact]
    public void TheNumberOfElementsMayBeLargeButNotWrong()
    {
        Assert.Equal(1L << 60, Shape.Create([1 << 30, 1 << 30]).ElementCount);
        Assert.Throws<OverflowException>(() => Shape.Create([int.MaxValue, int.MaxValue, 4]).ElementCount);
        Assert.Equal(0, Shape.Create([int.MaxValue, int.MaxValue, 4, 0]).ElementCount);
    }

    [Fact]
    public void ShapesAreEqualExactlyWhenTheirSizesAre() => Property.Check(5000, seed =>
    {
        var random = new Random(seed);
        Shape Next() => Shape.Create([.. Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(2))]);
        var (left, right) = (Next(), Next());
        var areSame = left.ToString() == right.ToString();

        Assert.Equal((areSame, areSame, !areSame, areSame), (left.Equals(right), left == right, left != right, left.Equals((object)right)));
        if (areSame) Assert.Equal(left.GetHashCode(), right.GetHashCode());
        Assert.Equal(left.Aggregate(1L, (product, size) => product * size), left.ElementCount);
    });

    [Fact]
    public void ValueArraysCompareByElements()
    {
        ValueArray<int> numbers = [1, 2];

        Assert.Equal([1, 2], numbers);
        Assert.True(numbers == (ValueArray<int>)[1, 2] && numbers.Equals((object)numbers));
        Assert.True(numbers != (ValueArray<int>)[2, 1] && numbers != (ValueArray<int>)[1]);
        Assert.Equal(numbers.GetHashCode(), ((ValueArray<int>)[1, 2]).GetHashCode());
        Assert.Equal(default, (ValueArray<int>)[]);
        Assert.Equal(default(ValueArray<int>).GetHashCode(), ((ValueArray<int>)[]).GetHashCode());
        Assert.NotEqual<object>((ValueArray<int>)[1], (ValueArray<long>)[1L]);
        Assert.Equal((ValueArray<ValueArray<string?>>)[["a", null], []], [["a", null], []]);
        Assert.Equal((1, -1, 2), (numbers.IndexOf(2), numbers.IndexOf(3), numbers.Count));
        Assert.True(numbers.Contains(1) && !default(ValueArray<int>).Contains(0));
        Assert.Equal(("(1, 2)", "(1,)", "()"), (numbers.ToString(), ((ValueArray<int>)[1]).ToString(), default(ValueArray<int>).ToString()));
        Assert.Equal([0, 1, 2], ValueArray.Range(3));
        Assert.Throws<IndexOutOfRangeException>(() => numbers[2]);
        numbers.ToArray()[0] = 7;
        Assert.Equal(1, numbers[0]);
    }
}
