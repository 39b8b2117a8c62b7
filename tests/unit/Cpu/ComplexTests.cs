using System.Numerics;
using BrainState.Conformance;
using BrainState.Interpretation;
using BrainState.Programs;

namespace BrainState.UnitTests.Cpu;

/// <summary>Complex numbers in tensors that span tiles, segments and threads; the differential tests cover small ones.</summary>
public class ComplexTests
{
    private static readonly Complex[] Numbers = [.. Enumerable.Range(0, 40_000).Select(static i => new Complex(i % 17 - 8, i % 29 - 14))];

    [Fact]
    public void SumsOverLargeAxes()
    {
        var rows = Sum("reduce_sum[axes=(1,)]", "c128[2]");
        Assert.Equal([Total(Numbers[..20_000]), Total(Numbers[20_000..])], rows);
        var columns = Sum("reduce_sum[axes=(0,)]", "c128[20000]");
        Assert.Equal([.. Enumerable.Range(0, 20_000).Select(i => Numbers[i] + Numbers[20_000 + i])], columns);

        static Complex Total(Complex[] numbers) => numbers.Aggregate(Complex.Add);

        static Complex[] Sum(string op, string result) => Run(
            $"program(%0:c128[2,20000]) {{ %1:c128[2,20000] = neg %0 %2:c128[2,20000] = neg %1 %3:{result} = {op} %2 return %3 }}",
            HostValue.Of([2, 20_000], Numbers));
    }

    [Fact]
    public void LargeTransposesAndProducts()
    {
        var transposed = Run("program(%0:c128[200,200]) { %1:c128[200,200] = transpose[permutation=(1, 0)] %0 return %1 }", HostValue.Of([200, 200], Numbers));
        Assert.Equal([.. Enumerable.Range(0, 40_000).Select(i => Numbers[i % 200 * 200 + i / 200])], transposed);

        const string Product = "dot_general[dimension_numbers=(([1], [0]), ([], [])) preferred_element_type=complex128]";
        var x = HostValue.Of([50, 100], Numbers[..5_000]);
        var y = HostValue.Of([100, 40], Numbers[5_000..9_000]);
        var product = Run($"program(%0:c128[50,100], %1:c128[100,40]) {{ %2:c128[50,40] = {Product} %0 %1 return %2 }}", x, y);
        Assert.Equal([.. Enumerable.Range(0, 2_000).Select(i => Enumerable.Range(0, 100).Aggregate(
            Complex.Zero, (sum, k) => sum + Numbers[i / 40 * 100 + k] * Numbers[5_000 + k * 40 + i % 40]))], product);
    }

    private static Complex[] Run(string program, params HostValue[] inputs) =>
        Backends.OnCpu.ExecuteDirectly(Program.Parse(program), inputs)[0].ToArray<Complex>();
}
