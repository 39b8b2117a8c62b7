// Which backends an application finds next to itself, which of them work here and on which devices, and what would make the others work:
//   dotnet run --project examples/Backends

using BrainState.Backends;
using BrainState.Hosting;

var catalog = new BackendCatalog(new BrainStateOptions());
var report = catalog.Report();
Console.Write(report);

Console.WriteLine("Devices:");
foreach (var candidate in report.Candidates.Where(static c => c.Status == BackendStatus.Usable))
{
    try
    {
        using var backend = catalog.Create(candidate.Name);
        Console.WriteLine($"  {candidate.Name} ({backend.Info.Engine} {backend.Info.EngineVersion})");
        foreach (var device in backend.Devices) Console.WriteLine($"    {device.Name}  {device.Description}");
        if (backend.Info.MoreDevices is { } way) Console.WriteLine($"    more: {way}");
    }
    catch (BackendException failure)
    {
        Console.WriteLine($"  {failure.Message}");
    }
}

Console.WriteLine($"To add one, put its plugin folder under {report.SearchedFolders[0]}, or name the folder in BrainState:PluginPaths.");
