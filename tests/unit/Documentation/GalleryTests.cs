using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace BrainState.UnitTests.Documentation;

/// <summary>The programs of the gallery, at small size, do what they are there to show.</summary>
public sealed partial class GalleryTests
{
    [Fact]
    public void FunctionalTrainingFindsTheLine() => Assert.Equal([3, 1], Numbers(Run("functional-api")[0]));

    [Fact]
    public void LiftedTransformsCountCallsAsPlainOnes()
    {
        var lines = Run("lifted-transforms");
        Assert.Equal([1, 2, 3, 4, 5, 10, 15], lines.Select(static l => Numbers(l)[^1]));
        double Value(int line) => Numbers(lines[line])[^2];
        Assert.Equal(Math.Sin(1), Value(0), 1e-4);
        Assert.Equal(2 * Math.Cos(1), Value(1), 1e-4);
        Assert.Equal(0.5 * Math.Cos(1), Value(2), 1e-4);
        Assert.Equal(-4 * Math.Sin(1), Value(3), 1e-4);
    }

    [Fact]
    public void AScanOverLayersIsTheUnrolledNetworkAndLearns()
    {
        var lines = Run("scan-over-layers");
        Assert.Contains("f32[16,8,8]", lines[0], StringComparison.Ordinal);
        Assert.True(Numbers(lines[1])[^1] < 1e-4);
        Assert.True(Numbers(lines[2]) is [var first, var last] && last < first / 10);
    }

    [Fact]
    public void ProductsWithTheJacobian()
    {
        var reverse = Run("vjp");
        Assert.Equal([0.2, 1.2, 0.2, 1.2], Numbers(reverse[0]));
        Assert.True(Numbers(reverse[1])[^1] < 1e-5);
        var forward = Run("jvp");
        Assert.Equal([58.5, 147], Numbers(forward[0]));
        Assert.Equal([147, 150, -98, 200], Numbers(forward[1]));
        Assert.True(Numbers(forward[2])[^1] < 1e-3);
    }

    [Fact]
    public void TheEnsembleLearnsAndIsUncertainWhereThereAreNoData()
    {
        var lines = Run("vmap2");
        Assert.True(Numbers(lines[0]) is [8, var first, var last] && last < first / 20);
        Assert.True(Numbers(lines[1]) is [_, var inside, _, var outside] && outside > 5 * inside);
    }

    [Fact]
    public void NeuronsSpikeAboveThreshold()
    {
        // Known of this model: silent at 0, one spike at the onset of 4, repetitive from about 6.3 µA/cm² on, at 50 to 90 Hz.
        var spikes = Run("hodgkin-huxley").Select(static l => Numbers(l)[1]).ToArray();
        Assert.Equal([0, 1], spikes[..2]);
        Assert.InRange(spikes[2], 5, 9);
        Assert.True(spikes[3] > spikes[2] && spikes[3] <= 11);
    }

    [Fact]
    public void TheBumpFollowsTheStimulus()
    {
        var lines = Run("ring-attractor");
        Assert.Equal(2, Numbers(lines[0])[^1], 0.01);
        Assert.True(Numbers(lines[1]) is [< 0.3, < 0.01]);
    }

    [Fact]
    public void TheNetworkLearnsToIntegrate() => Assert.True(Numbers(Run("integrator-rnn")[0]) is [var first, var last] && last < first / 5);

    [Fact]
    public void WithoutANameTheGalleryListsItsExamples()
    {
        using var process = Start();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("hodgkin-huxley", output, StringComparison.Ordinal);
    }

    private static string[] Run(string name)
    {
        using var process = Start(name, "--small");
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
    }

    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [Examples.Assembly("Gallery"), .. arguments]) { RedirectStandardOutput = true })!;

    private static double[] Numbers(string line) => [.. Number().Matches(line).Select(static m => double.Parse(m.Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"(?<![\w.])-?\d+(\.\d+)?(E[+-]?\d+)?(?![\w.]*\])")]
    private static partial Regex Number();
}
