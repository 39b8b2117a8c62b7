using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.Cpu;

/// <summary>Ops that move elements: each on every dtype, on empty, small and large operands, alone and read by another op.</summary>
public class MovementTests
{
    private sealed record Case(Op Op, params Shape[] Shapes);

    private static readonly Case[] Cases =
    [
        new(new BroadcastInDim([3, 4], [0, 1]), [3, 1]), new(new BroadcastInDim([3, 4], [1]), [4]), new(new BroadcastInDim([3, 4], [0]), [3]),
        new(new BroadcastInDim([2, 3, 4], []), Shape.Scalar), new(new BroadcastInDim([0, 4], [1]), [4]), new(new BroadcastInDim([2, 3, 4], [0, 2]), [2, 4]),
        new(new BroadcastInDim([5, 7], [0, 1]), [5, 7]), new(new BroadcastInDim([70, 33, 50], [1]), [33]), new(new BroadcastInDim([70, 33, 50], [0, 1, 2]), [70, 1, 50]),
        new(new Reshape([6]), [2, 3]), new(new Reshape([3, 1, 2]), [2, 3]), new(new Reshape([0, 9]), [3, 0]),
        new(new Transpose([1, 0]), [3, 5]), new(new Transpose([2, 0, 1]), [3, 4, 5]), new(new Transpose([0, 2, 1]), [3, 4, 5]), new(new Transpose([1, 0]), [3, 0]),
        new(new Transpose([1, 0, 2]), [1, 4, 5]), new(new Transpose([1, 0]), [301, 407]), new(new Transpose([2, 1, 0]), [40, 50, 60]),
        new(new Transpose([0, 2, 1, 3]), [8, 30, 40, 16]),
        new(new Rev([0]), [5]), new(new Rev([0, 1]), [3, 4]), new(new Rev([1]), [3, 0]), new(new Rev([1]), [300, 400]), new(new Rev([]), [3]),
        new(new Concatenate(0), [2, 3], [1, 3], [0, 3]), new(new Concatenate(1), [2, 3], [2, 1], [2, 4]), new(new Concatenate(0), [0]), new(new Concatenate(0), [4]),
        new(new Concatenate(1), [300, 200], [300, 150]), new(new Concatenate(1), [3, 0], [3, 0]),
        new(new Pad([new(1, 2, 0)]), [4], Shape.Scalar), new(new Pad([new(-1, 2, 1), new(0, -1, 0)]), [4, 3], Shape.Scalar),
        new(new Pad([new(2, 1, 2)]), [0], Shape.Scalar), new(new Pad([new(-3, 0, 2)]), [4], Shape.Scalar), new(new Pad([new(-3, -3, 1)]), [4], Shape.Scalar),
        new(new Pad([new(1, 1, 0), new(3, 0, 0)]), [300, 400], Shape.Scalar), new(new Pad([new(5, -6, 0)]), [3], Shape.Scalar), new(new Pad([]), Shape.Scalar, Shape.Scalar),
        new(new Slice([1], [4], [1]), [6]), new(new Slice([1, 0], [4, 5], [2, 3]), [6, 5]), new(new Slice([2], [2], [1]), [6]), new(new Slice([0, 0], [6, 5], [1, 1]), [6, 5]),
        new(new Slice([2, 0], [5, 5], [1, 1]), [6, 5]), new(new Slice([3, 1], [300, 399], [1, 1]), [301, 400]),
    ];

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, Cases.Length)];

    [Theory, MemberData(nameof(Indices))]
    public void EveryDType(int index)
    {
        var (op, shapes) = Cases[index];
        var isLarge = shapes[0].ElementCount > 10_000 || op is BroadcastInDim { Shape.ElementCount: > 10_000 };
        foreach (var dtype in isLarge ? [index % 2 == 0 ? DType.Float32 : DType.UInt8] : Samples.All)
        {
            var builder = new ProgramBuilder();
            var inputs = Array.ConvertAll(shapes, shape => builder.AddInput(new(dtype, shape)));
            var moved = builder.Add(op, inputs);
            // As a result, and as the operand of another op, where views are read without a copy.
            var program = builder.Build(moved, builder.Add(new Eq(), moved, moved), builder.Add(new Reshape([(int)builder.SpecOf(moved).ElementCount]), moved));
            Checks.Run(program, index);
        }
    }

    [Fact]
    public void ViewsOfViews()
    {
        var builder = new ProgramBuilder();
        var x = builder.AddInput(new(DType.Float32, [4, 1, 6]));
        var wide = builder.Add(new BroadcastInDim([4, 3, 6], [0, 1, 2]), x);
        var part = builder.Add(new Slice([1, 0, 1], [4, 3, 6], [2, 1, 2]), wide);
        var turned = builder.Add(new Transpose([2, 0, 1]), builder.Add(new Rev([2]), part));
        var flat = builder.Add(new Reshape([18]), turned);
        var tail = builder.Add(new Slice([5], [17], [1]), flat);
        Checks.Run(builder.Build(wide, part, turned, flat, tail, builder.Add(new Neg(), tail)), 3);
    }

    [Fact]
    public void Bitcasts()
    {
        foreach (var from in Samples.Real)
            foreach (var to in Samples.Real)
            {
                Shape shape = from.Size < to.Size ? [3, to.Size / from.Size] : [3, 2];
                var builder = new ProgramBuilder();
                var x = builder.AddInput(new(from, shape));
                var cast = builder.Add(new BitcastConvertType(to), x);
                // Again after an op, whose result may be in a register only.
                var computed = builder.Add(new BitcastConvertType(to), builder.Add(new Max(), x, x));
                Checks.Run(builder.Build(cast, builder.Add(new Max(), computed, computed)), from.Size, Samples.Modest(new(from, shape), 5));
            }
    }

    [Fact]
    public void Iotas()
    {
        foreach (var dtype in Samples.Real)
            foreach (var (shape, dimension) in new (Shape, int)[] { ([5], 0), ([3, 4], 0), ([3, 4], 1), ([2, 0], 0), ([2, 300, 3], 1), ([20, 100, 60], 2) })
            {
                var builder = new ProgramBuilder();
                var iota = builder.Add(new Iota(dtype, shape, dimension));
                Checks.Run(builder.Build(iota, builder.Add(new Add(), iota, iota)), 0);
            }
    }

    [Fact]
    public void DynamicSlicesClamp()
    {
        foreach (var indices in Samples.OfKind(DTypeKinds.Integer))
            foreach (var start in new[] { 0, 1, 3, 100, -1, -100 })
            {
                var builder = new ProgramBuilder();
                var x = builder.AddInput(new(DType.Int16, [4, 6]));
                var update = builder.AddInput(new(DType.Int16, [2, 3]));
                var (i, j) = (builder.AddInput(new(indices, Shape.Scalar)), builder.AddInput(new(indices, Shape.Scalar)));
                var program = builder.Build(
                    builder.Add(new DynamicSlice([2, 3]), x, i, j), builder.Add(new DynamicUpdateSlice(), x, update, i, j), builder.Add(new DynamicSlice([0, 3]), x, i, j));
                Tensor Index(int value) => Tensor.Of(new(indices, Shape.Scalar), _ => Element.Of((Int128)value));
                Checks.Run(program, 0, Samples.Random(new(DType.Int16, [4, 6]), 1), Samples.Random(new(DType.Int16, [2, 3]), 2), Index(start), Index(1));
            }
    }
}
