using System.Diagnostics;

namespace BrainState.UnitTests.Documentation;

/// <summary>The other examples run and say what they should.</summary>
public class ExampleTests
{
    [Theory]
    [InlineData("Backends", "cpu   usable")]
    [InlineData("ChooseBackend", "keyed: 90 on cpu:cpu:0")]
    public void Runs(string example, string expected)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Examples.Assembly(example)]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.Contains(expected, output);
    }
}
