using System.Diagnostics;
using System.Reflection;
using System.Security;

namespace BrainState.Walkthrough;

/// <summary>An empty folder outside the repository, with packages of this build to restore from; caches and templates are its own.</summary>
public sealed class Workplace : IDisposable
{
    /// <summary>A version that nobody publishes; stable, because a template is installed by name alone.</summary>
    private const string Version = "0.0.0.1";

    private readonly string root = Directory.CreateTempSubdirectory("brainstate-walkthrough-").FullName;

    public Workplace()
    {
        Folder = Directory.CreateDirectory(Path.Combine(root, "work")).FullName;
        var installed = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        // Sources are added to those that the machine is configured with.
        File.WriteAllText(Path.Combine(root, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="cache" /></config>
              <packageSources><add key="local" value="feed" /></packageSources>
              <fallbackPackageFolders>{(Directory.Exists(installed) ? $"<add key=\"installed\" value=\"{SecurityElement.Escape(installed)}\" />" : "")}</fallbackPackageFolders>
            </configuration>
            """);
        Run(Repository, "dotnet", "pack", "Packages.proj", "-c", Metadata("Configuration"), $"-p:PackageVersion={Version}", $"-p:PackageOutputPath={Path.Combine(root, "feed")}/");
    }

    public static string Repository { get; } = Metadata("RepositoryRoot");

    /// <summary>Where commands start.</summary>
    public string Folder { get; }

    /// <summary>Runs a command, which must succeed, and returns what it prints.</summary>
    public string Run(string folder, params string[] command)
    {
        if (command is ["dotnet", "new", ..]) command = [.. command, "--debug:custom-hive", Path.Combine(root, "hive")];
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // What the build that started this test told its children is not for other builds.
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("MSBuild", StringComparison.OrdinalIgnoreCase) || name == "NUGET_PACKAGES").ToArray())
            start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["MSBUILDTERMINALLOGGER"] = "off";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd() + error.Result;
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', command)}\nended with {process.ExitCode}:\n{output}");
        return output;
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    private static string Metadata(string key) => typeof(Workplace).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
