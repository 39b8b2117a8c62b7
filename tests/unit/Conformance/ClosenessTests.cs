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
}
