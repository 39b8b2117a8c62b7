using System.Globalization;

namespace BrainState.TorchTests.Engine;

/// <summary>The tutorial by libtorch and by cpu.</summary>
public sealed class TutorialTests
{
    [LibTorchFact]
    public void TheTutorialPrintsTheSame()
    {
        var (cpu, torch) = (Programs.Run("examples/Tutorial"), Programs.Run("examples/Tutorial", "--BrainState:Backend=torch"));
        Assert.Equal(cpu.Length, torch.Length);
        Assert.All(cpu.Zip(torch), static lines => AssertSame(lines.First, lines.Second));
    }

    /// <summary>Word by word; numbers with a point may differ in the last digit that is printed.</summary>
    private static void AssertSame(string expected, string actual)
    {
        var (wanted, words) = (expected.Split(' '), actual.Split(' '));
        Assert.Equal(wanted.Length, words.Length);
        foreach (var (want, word) in wanted.Zip(words))
        {
            var digits = want.Length - 1 - want.IndexOf('.');
            if (want.Contains('.') && decimal.TryParse(want, CultureInfo.InvariantCulture, out var x) && decimal.TryParse(word, CultureInfo.InvariantCulture, out var y))
                Assert.True(Math.Abs(x - y) <= (decimal)Math.Pow(10, -digits), $"'{actual}' instead of '{expected}'");
            else
                Assert.Equal(want, word);
        }
    }
}
