using BrainState.Hosting;

namespace BrainState.UnitTests.Hosting;

public sealed class ReportTests
{
    [Fact]
    public void TheReportTellsWhatIsHereWhatIsNotWhyAndWhatToDo()
    {
        using var box = PluginBox.With("Healthy", "WrongContract");
        var report = box.Report(b => b
            .AddBackend("stub", new StubFactory(), "Counts")
            .Configure("stub", "Missing", "libmoon")
            .AddPluginPath("nowhere"));

        Assert.Equal($"""
            Backends: 4 found, 1 usable (contract 1.0)
              name     status        contract  from
              stub     unavailable   1.0       registered by code
                       Counts
                       why: libmoon was not found.
                       fix: apt install libmoon
              echo     usable        1.0       {box.PathOf("Healthy")}
                       Starts, has two devices, and can do nothing
              future   incompatible  99.0      {box.PathOf("WrongContract")}
                       why: It was built for contract 99.0; this application has 1.0.
                       fix: Update the application: dotnet add package BrainState
              nowhere  faulty        ?         {Path.Combine(box.Application, "nowhere")}
                       why: The folder does not exist.
                       fix: Correct or remove it in BrainState:PluginPaths.
            Searched:
              {box.Plugins}
              {Path.Combine(box.Application, "nowhere")} (does not exist)

            """, report.ToString(), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void AnEmptyReportSaysWhereItLooked()
    {
        using var box = new PluginBox();

        Assert.Equal($"Backends: 0 found, 0 usable (contract 1.0)\nSearched:\n  {box.Plugins} (does not exist)\n", box.Report().ToString());
    }
}
