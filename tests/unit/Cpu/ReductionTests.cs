using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.Cpu;

/// <summary>Reductions over all kinds of axes, from empty to many tiles and threads.</summary>
public class ReductionTests
{
    private static readonly Func<ValueArray<int>, Reduction>[] Ops =
        [a => new ReduceSum(a), a => new ReduceProd(a), a => new ReduceMax(a), a => new ReduceMin(a), a => new ReduceAnd(a), a => new ReduceOr(a)];

    private static readonly (Shape Shape, int[] Axes)[] Small =
    [
        (Shape.Scalar, []), ([5], [0]), ([0], [0]), ([0, 3], [0]), ([3, 0], [0]), ([3, 0], [1]), ([4, 5], [0]), ([4, 5], [1]), ([4, 5], [0, 1]), ([4, 5], []),
        ([2, 3, 4], [1]), ([2, 3, 4], [0, 2]), ([3, 1, 4], [1]), ([70], [0]), ([3, 130], [1]), ([2, 3, 4, 5], [1, 3]), ([1], [0]), ([17, 33], [0]),
    ];

    private static readonly (Shape Shape, int[] Axes)[] Large =
    [
        ([300_001], [0]), ([300, 700], [1]), ([300, 700], [0]), ([3, 70_001], [1]), ([70_001, 3], [0]), ([30, 40, 50], [1]), ([5, 3000, 7], [1]), ([40, 5000], [0]),
        ([30, 40, 50], [0, 2]), ([2000, 33], [0, 1]), ([2, 50, 2500], [1]), ([9000, 8, 2], [0, 2]),
    ];

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, Ops.Length)];

    [Theory, MemberData(nameof(Indices))]
    public void SmallShapes(int index)
    {
        foreach (var (shape, axes) in Small)
        {
            var op = Ops[index](axes.ToValueArray());
            foreach (var dtype in Samples.OfKind(op.Accepts))
            {
                var spec = new TensorSpec(dtype, shape);
                Check(op, op is ReduceSum or ReduceProd && dtype.IsFloating ? Samples.Modest(spec, 3) : Samples.Random(spec, 3));
            }
        }
    }

    [Theory, MemberData(nameof(Indices))]
    public void LargeShapes(int index)
    {
        foreach (var (shape, axes) in Large)
        {
            var op = Ops[index](axes.ToValueArray());
            var dtype = op.Accepts.HasFlag(DTypeKinds.Floating) ? DType.Float32 : DType.UInt16;
            if (op is not ReduceProd) Check(op, Samples.Modest(new(dtype, shape), 4));
        }
    }

    [Fact]
    public void SumsOf16BitFloatsAccumulateIn32()
    {
        var builder = new ProgramBuilder();
        var x = builder.AddInput(new(DType.BFloat16, [4096]));
        var ones = Tensor.Of(new(DType.BFloat16, [4096]), static _ => Element.Of(1.0));
        Assert.Equal(4096, Tensor.Run(builder.Build(builder.Add(new ReduceSum([0]), x)), ones)[0].Elements[0].Float);
    }

    [Fact]
    public void ExtremePositions()
    {
        foreach (var dtype in Samples.All)
            foreach (var (shape, axis) in new (Shape, int)[] { ([1], 0), ([9], 0), ([40], 0), ([4, 6], 0), ([4, 6], 1), ([3, 5, 2], 1), ([0, 3], 1) })
                foreach (var indices in new[] { DType.Int32, DType.UInt8, DType.Int64 })
                {
                    var builder = new ProgramBuilder();
                    var x = builder.AddInput(new(dtype, shape));
                    Checks.Run(builder.Build(builder.Add(new ArgMax(axis, indices), x), builder.Add(new ArgMin(axis, indices), x)), shape.GetHashCode());
                }
    }

    [Fact]
    public void ManyExtremePositions()
    {
        var builder = new ProgramBuilder();
        var x = builder.AddInput(new(DType.Float32, [300, 400]));
        Checks.Run(builder.Build(builder.Add(new ArgMax(0, DType.Int32), x), builder.Add(new ArgMin(1, DType.Int32), x)), 8);
    }

    private static void Check(Reduction op, Tensor x)
    {
        var builder = new ProgramBuilder();
        var program = builder.Build(builder.Add(op, builder.AddInput(x.Spec)));
        var (expected, actual) = (Reference.Evaluate(program, x)[0], Tensor.Run(program, x)[0]);
        // Sums round in each addition; pairwise, the error grows with the logarithm of their number.
        var scale = op is ReduceSum && x.Spec.DType.IsFloating && expected.Elements.Length > 0 ? x.Elements.Sum(static e => Math.Abs(e.Float)) / expected.Elements.Length : 0;
        expected.AssertClose(actual, $"{op} of {x.Spec}", op switch { ReduceSum => 8, ReduceProd => 100, _ => 0 }, 4 * Element.Ulp(x.Spec.DType, scale));
    }
}
