using System.Numerics;
using BrainState.Interpretation;
using BrainState.Programs;

namespace BrainState.UnitTests.Interpretation;

/// <summary>Complex functions against C99's principal values and branch cuts.</summary>
public class ComplexTests
{
    /// <summary>Inside and outside the unit disk, near 0, and on branch cuts with either sign of zero.</summary>
    private static readonly Complex[] Points = [new(-2, 0.5), new(0.3, -0.4), new(1e-9, -2e-9), new(3, -4), new(-2, 0.0), new(2, -0.0), new(0, 3)];

    /// <summary>The values at the points: the C library, through Python's cmath; log1p, expm1, logistic and exp2 by mpmath with 200 bits.</summary>
    private static readonly Dictionary<string, Complex[]> Expected = new()
    {
        ["log"] =
        [
            new(0.7234594914681627, 2.896613990462929), new(-0.6931471805599453, -0.9272952180016123),
            new(-19.918546880729362, -1.1071487177940904), new(1.6094379124341003, -0.9272952180016122),
            new(0.6931471805599453, 3.141592653589793), new(0.6931471805599453, -0.0),
            new(1.0986122886681098, 1.5707963267948966),
        ],
        ["asin"] =
        [
            new(-1.2930420702371825, 1.3618009008578458), new(0.28062956229180586, -0.4051123371780309),
            new(1e-09, -2e-09), new(0.6339838656391766, -2.305509031243477),
            new(-1.5707963267948966, 1.3169578969248166), new(1.5707963267948966, -1.3169578969248166),
            new(0.0, 1.8184464592320668),
        ],
        ["acos"] =
        [
            new(2.863838397032079, -1.3618009008578458), new(1.2901667645030908, 0.4051123371780309),
            new(1.5707963257948965, 2e-09), new(0.9368124611557198, 2.305509031243477),
            new(3.141592653589793, -1.3169578969248166), new(0.0, 1.3169578969248166),
            new(1.5707963267948966, -1.8184464592320668),
        ],
        ["atan"] =
        [
            new(-1.1265564408348223, 0.09641562020299617), new(0.3373704711117763, -0.37908687234202215),
            new(1.0000000000000003e-09, -2.0000000000000005e-09), new(1.4483069952314644, -0.15899719167999918),
            new(-1.1071487177940904, 0.0), new(1.1071487177940904, -0.0),
            new(1.5707963267948966, 0.34657359027997264),
        ],
        ["asinh"] =
        [
            new(-1.4657153519472905, 0.22101863562288385), new(0.3189624333048183, -0.3903162045220237),
            new(1e-09, -2.0000000000000005e-09), new(2.2999140408792695, -0.9176168533514787),
            new(-1.4436354751788103, 0.0), new(1.4436354751788103, -0.0),
            new(1.762747174039086, 1.5707963267948966),
        ],
        ["acosh"] =
        [
            new(1.3618009008578458, 2.863838397032079), new(0.4051123371780309, -1.2901667645030908),
            new(2e-09, -1.5707963257948965), new(2.305509031243477, -0.9368124611557198),
            new(1.3169578969248166, 3.141592653589793), new(1.3169578969248166, -0.0),
            new(1.8184464592320668, 1.5707963267948966),
        ],
        ["atanh"] =
        [
            new(-0.5003700000525311, 1.421546861001807), new(0.2614921387956719, -0.4088225229163512),
            new(9.999999999999999e-10, -2e-09), new(0.1175009073114339, -1.4099210495965755),
            new(-0.5493061443340549, 1.5707963267948966), new(0.5493061443340549, -1.5707963267948966),
            new(0.0, 1.2490457723982544),
        ],
        ["sqrt"] =
        [
            new(0.17543205637629383, 1.425053124063947), new(0.6324555320336759, -0.31622776601683794),
            new(4.022479320953552e-05, -2.486028939392892e-05), new(2.0, -1.0),
            new(0.0, 1.4142135623730951), new(1.4142135623730951, -0.0),
            new(1.224744871391589, 1.2247448713915892),
        ],
        ["tan"] =
        [
            new(0.8508781211449379, 1.3212865837711916), new(0.261073681841663, -0.41063347084255636),
            new(1e-09, -1.9999999999999997e-09), new(-0.0001873462046294784, -0.999355987381473),
            new(2.185039863261519, 0.0), new(-2.185039863261519, -0.0),
            new(0.0, 0.9950547536867305),
        ],
        ["tanh"] =
        [
            new(-0.979940849961738, 0.030215987322877582), new(0.3382547432654715, -0.38113207427244283),
            new(1e-09, -2e-09), new(1.000709536067233, -0.00490825806749606),
            new(-0.9640275800758169, 0.0), new(0.9640275800758169, -0.0),
            new(0.0, -0.1425465430742778),
        ],
        ["sinh"] =
        [
            new(-3.1828694483371494, 1.8036926955321817), new(0.2804817641764754, -0.4070739913234487),
            new(1e-09, -2e-09), new(-6.5481200409110025, 7.61923172032141),
            new(-3.626860407847019, 0.0), new(3.626860407847019, -0.0),
            new(-0.0, 0.1411200080598672),
        ],
        ["exp"] =
        [
            new(0.11876788457694579, 0.06488319105786541), new(1.2433022950695027, -0.5256597791969788),
            new(1.000000001, -2.0000000020000004e-09), new(-13.128783081462158, 15.200784463067954),
            new(0.1353352832366127, 0.0), new(7.38905609893065, -0.0),
            new(-0.9899924966004454, 0.1411200080598672),
        ],
        ["log1p"] =
        [
            new(0.11157177565710488, 2.677945044588987), new(0.30759281954511675, -0.2984989315861793),
            new(1.0000000015e-09, -1.9999999980000002e-09), new(1.7328679513998633, -0.7853981633974483),
            new(0.0, 3.141592653589793), new(1.0986122886681098, 0.0),
            new(1.151292546497023, 1.2490457723982544),
        ],
        ["expm1"] =
        [
            new(-0.8812321154230542, 0.0648831910578654), new(0.24330229506950257, -0.5256597791969788),
            new(9.999999985e-10, -2.000000002e-09), new(-14.128783081462158, 15.200784463067954),
            new(-0.8646647167633873, 0.0), new(6.38905609893065, 0.0),
            new(-1.9899924966004454, 0.1411200080598672),
        ],
        ["logistic"] =
        [
            new(0.10915584645427026, 0.05166470383545818), new(0.5774309320633588, -0.09901811424847044),
            new(0.50000000025, -5e-10), new(1.0320721995882685, 0.04019550765508409),
            new(0.11920292202211756, 0.0), new(0.8807970779778824, 0.0),
            new(0.5, 7.050709973585859),
        ],
        ["exp2"] =
        [
            new(0.23513552617081096, 0.08491928127566714), new(1.184126211560744, -0.3369891416725443),
            new(1.000000000693147, -1.3862943620807968e-09), new(-7.461496614688569, -2.8854927255134473),
            new(0.25, 0.0), new(4.0, 0.0),
            new(-0.4869944179657814, 0.8734050817748714),
        ],
    };

    public static TheoryData<string> Functions => [.. Expected.Keys];

    [Theory, MemberData(nameof(Functions))]
    public void ComplexFunctionsHaveTheirPrincipalValues(string function)
    {
        var program = Program.Parse($"program(%0:c128[7]) {{ %1:c128[7] = {function} %0 return %1 }}");
        var actual = Interpreter.Run(program, [HostValue.Of<Complex>([7], Points)])[0].ToArray<Complex>();
        for (var i = 0; i < Points.Length; i++)
        {
            var expected = Expected[function][i];
            Assert.True(expected == actual[i] || (expected - actual[i]).Magnitude <= 1e-14 * expected.Magnitude, $"{function}({Points[i]}) is {actual[i]} instead of {expected}");
        }
    }

    /// <summary>Next to a pole and far from the real axis (mpmath), where quotients of sums lose digits or overflow; tanh z = −i tan(iz).</summary>
    [Theory]
    [InlineData(2.1171374085075123e+266, -2.6673194642849873e-44, 116.905559555903, -3.645668199254424e-40)]
    [InlineData(1.5707963267948966, 1e-12, 61232339.72778316, 999999996250.6006)]
    [InlineData(0.5, 300.0, 4.460463595175984e-261, 1.0)]
    [InlineData(-2.0, 25.0, 2.9193653955277604e-22, 1.0)]
    public void TangentsKeepTheirDigits(double x, double y, double real, double imaginary)
    {
        var program = Program.Parse("program(%0:c128[2]) { %1:c128[2] = tan %0 %2:c128[2] = tanh %0 return %1, %2 }");
        HostValue[] operands = [HostValue.Of<Complex>([2], new(x, y), new(y, x))];
        foreach (var results in (HostValue[][])[Interpreter.Run(program, operands), Backends.OnCpu.ExecuteDirectly(program, operands)])
        {
            var (tangent, hyperbolic) = (results[0].ToArray<Complex>()[0], results[1].ToArray<Complex>()[1]);
            AssertClose(real, tangent.Real);
            AssertClose(imaginary, tangent.Imaginary);
            AssertClose(imaginary, hyperbolic.Real);
            AssertClose(real, hyperbolic.Imaginary);
        }
    }

    /// <summary>Where the magnitude is next to 1, is no normal number, or overflows (mpmath).</summary>
    [Theory]
    [InlineData(5e-324, 5e-324, -744.0934983311013, 0.7853981633974483)]
    [InlineData(1.0, 1e-5, 4.999999999750001e-11, 9.999999999666668e-06)]
    [InlineData(1.7e308, -1.7e308, 710.0734104835083, -0.7853981633974483)]
    public void LogarithmsKeepTheirDigits(double x, double y, double real, double imaginary)
    {
        var program = Program.Parse("program(%0:c128[]) { %1:c128[] = log %0 return %1 }");
        HostValue[] operands = [HostValue.Of<Complex>([], new Complex(x, y))];
        foreach (var results in (HostValue[][])[Interpreter.Run(program, operands), Backends.OnCpu.ExecuteDirectly(program, operands)])
        {
            AssertClose(real, results[0].ToArray<Complex>()[0].Real);
            AssertClose(imaginary, results[0].ToArray<Complex>()[0].Imaginary);
        }
    }

    private static void AssertClose(double expected, double actual) => Assert.InRange(actual / expected, 1 - 1e-14, 1 + 1e-14);
}
