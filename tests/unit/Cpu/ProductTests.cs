using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.Cpu;

/// <summary>Products that the backend treats as elementwise ones or as sums, and a few that it does not.</summary>
public class ProductTests
{
    private sealed record Case(Shape Left, Shape Right, int[] LeftContracting, int[] RightContracting, int[] LeftBatch, int[] RightBatch);

    private static readonly Case[] Cases =
    [
        new([64, 1], [1, 1], [1], [0], [], []), new([1, 64], [64, 1], [1], [0], [], []), new([64, 1], [64, 1], [0], [0], [], []), new([5], [7], [], [], [], []),
        new([5], [5], [0], [0], [], []), new([3, 4], [3, 4], [0, 1], [0, 1], [], []), new([3, 4], [4, 3], [0, 1], [1, 0], [], []), new([3, 4], [4, 5], [1], [0], [], []),
        new([2, 3, 4], [2, 4, 5], [2], [1], [0], [0]), new([0, 4], [4, 5], [1], [0], [], []), new([3, 0], [0, 5], [1], [0], [], []), new([4], [4, 1], [0], [0], [], []),
        new([6, 3, 1], [6, 4, 1], [2], [2], [0], [0]), new([3, 1, 6, 2], [1, 6, 5], [1], [0], [2], [1]), new([2, 6, 1], [6, 2], [], [], [0, 1], [1, 0]),
        new([5, 1, 3], [2, 1], [1], [1], [], []), new([33, 47], [47, 29], [1], [0], [], []), new([100_000], [100_000], [0], [0], [], []),
    ];

    [Fact]
    public void EveryDType()
    {
        foreach (var test in Cases)
            foreach (var dtype in test.Left.ElementCount > 10_000 ? [DType.Float32, DType.Int32] : Samples.Real)
            {
                var builder = new ProgramBuilder();
                var (x, y) = (builder.AddInput(new(dtype, test.Left)), builder.AddInput(new(dtype, test.Right)));
                var op = new DotGeneral(
                    test.LeftContracting.ToValueArray(), test.RightContracting.ToValueArray(), test.LeftBatch.ToValueArray(), test.RightBatch.ToValueArray(), dtype);
                var program = builder.Build(builder.Add(op, x, y));
                Tensor[] arguments = [Samples.Modest(new(dtype, test.Left), 1), Samples.Modest(new(dtype, test.Right), 2)];
                Reference.Evaluate(program, arguments)[0].AssertClose(Tensor.Run(program, arguments)[0], $"{op} of {program}", 16, 16 * Element.Ulp(dtype, 1));
            }
    }
}
