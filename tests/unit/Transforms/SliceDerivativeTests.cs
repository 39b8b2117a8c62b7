using BrainState.UnitTests.Tensors;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

/// <summary>Slices of one value are transposed together: as a concatenation where they lie side by side.</summary>
public sealed class SliceDerivativeTests
{
    private static readonly Dictionary<string, Func<Tensor, Tensor>> Functions = new()
    {
        ["gates"] = static x => Np.Sin(x[.., 0..2]) * x[.., 4..6] + x[.., 2..4],
        ["gaps"] = static x => Np.Sin(x[.., 1..3]) * x[.., 4..6],
        ["overlap"] = static x => Np.Sin(x[.., 0..4]) * x[.., 2..6],
        ["twice"] = static x => Np.Sin(x[.., 0..3]) * x[.., 0..3],
        ["two axes"] = static x => Np.Sin(x[0..1, 0..3]) * x[1..2, 3..6],
        ["rows and the whole"] = static x => x[0] * x[1] + Np.Sum(Np.Square(x)),
        ["empty"] = static x => Np.Sum(x[.., 2..2]) + x[.., 0..3] * x[.., 3..6],
        ["one"] = static x => Np.Square(x[.., 1..5]),
    };

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Theory, MemberData(nameof(Names))]
    public void DerivativesAgreeWithDifferences(string name)
    {
        var draw = new Draw(1);
        Derivatives.Check(x => Functions[name](x[0]), [draw.Doubles([2, 6], 0.2, 1.2)], draw, name);
    }

    [Theory]
    [InlineData("gates", 0)]
    [InlineData("gaps", 0)]
    [InlineData("overlap", 2)]
    [InlineData("one", 1)]
    public void SlicesSideBySideNeedNoPadding(string name, int pads)
    {
        var program = MakeJaxpr((Tensor x) => Grad((Tensor y) => Np.Sum(Functions[name](y))).Invoke(x))(Np.Ones([2, 6])).ToString();
        Assert.Equal(pads, program.Split(" = pad[").Length - 1);
        Assert.Equal(pads == 0, program.Contains(" = concatenate[", StringComparison.Ordinal));
    }
}
