using BrainState.Conformance;
using BrainState.Interpretation;
using BrainState.Ops;

namespace BrainState.UnitTests.Conformance;

/// <summary>What the suite takes for the same result: nothing else where results are exact, whatever the operands.</summary>
public sealed class ClosenessTests
{
    public static TheoryData<Op> Products => [new ReduceProd([0]), new CumProd(0, false)];

    [Theory]
    [MemberData(nameof(Products))]
    public void ProductsOfIntegersAreExactAlsoWhereTheyWrapAround(Op op)
    {
        HostValue[] operands = [HostValue.Of<int>([8], 1_000_003, 99_991, -65_537, 1_299_709, 40_009, 7, -1_000_033, 999_983)];
        var results = Oracle.Run(op, operands);
        Closeness.Check(op, operands, results);

        var wrong = HostValue.Of(results[0].Spec, [(byte)(results[0].Bytes[0] ^ 1), .. results[0].Bytes[1..]]);
        Assert.Throws<ConformanceException>(() => Closeness.Check(op, operands, [wrong]));
    }

    /// <summary>Next to a zero digits cancel: what is left of them is measured as it is judged, against what cancels.</summary>
    [Theory]
    [InlineData(1.4616321449683623)]
    [InlineData(-0.504083008264455)]
    public void ErrorsNextToAZeroAreMeasuredAgainstWhatCancels(double x)
    {
        HostValue[] operands = [HostValue.Of<double>([1], x)];
        var expected = Oracle.Run(new Digamma(), operands)[0][0].ToDouble();
        Assert.InRange(Math.Abs(expected), 0, 1e-12);
        Assert.Equal(3, Closeness.Check(new Digamma(), operands, [HostValue.Of<double>([1], expected + (3 * (Math.BitIncrement(1.0) - 1)))]).Ulps!.Value, 0.1);
    }
}
