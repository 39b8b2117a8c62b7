using System.Diagnostics;

namespace BrainState.UnitTests.Documentation;

/// <summary>The other examples run and say what they should.</summary>
public class ExampleTests
{
    [Theory]
    [InlineData("Backends", "reference  usable")]
    [InlineData("Backends", "    cpu:0  ")]
    [InlineData("Backends", "    more: Set BrainState:Backends:reference:VirtualDevices")]
    [InlineData("ChooseBackend", "keyed: 90 on cpu:cpu:0")]
    [InlineData("DataParallel", "step   4, loss = ", "--steps", "5")]
    public void Runs(string example, string expected, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Examples.Assembly(example), .. arguments]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.Contains(expected, output);
    }

    [Fact]
    public void TooFewDevicesAreExplained()
    {
        var start = new ProcessStartInfo("dotnet", [Examples.Assembly("DataParallel"), "--devices", "8"]) { RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("BrainState:Backends:cpu:VirtualDevices", error);
    }
}
