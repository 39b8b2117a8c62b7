using System.Diagnostics;
using System.Reflection;
using BrainState.Torch;
using BrainState.Torch.StartUp;

namespace BrainState.TorchTests.Engine;

/// <summary>Programs of this repository, built in this configuration, that are run as a user runs them.</summary>
internal static class Programs
{
    /// <summary>The plugins beside one of these programs.</summary>
    public static string Plugins => Path.Combine(Path.GetDirectoryName(Assembly("examples/Tutorial"))!, "plugins");

    /// <summary>Why there is no libtorch; null if there is one.</summary>
    public static string? AbsenceOfLibTorch { get; } =
        new Installation(Path.Combine(Plugins, "torch")).Probe(new TorchOptions()) is { IsAvailable: false } absence
            ? $"engine absent: {absence.Reason}"
            : null;

    /// <summary>A file or folder of this repository.</summary>
    public static string PathOf(string file) => Path.Combine(Metadata("RepositoryRoot"), file);

    /// <summary>What a program prints; it must end well.</summary>
    public static string[] Run(string project, params string[] arguments) => End(Start(project, arguments));

    public static Process Start(string project, params string[] arguments) =>
        Process.Start(new ProcessStartInfo("dotnet", [Assembly(project), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;

    public static string[] End(Process process)
    {
        using (process)
        {
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors.Result);
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
    }

    private static string Assembly(string project)
    {
        var name = project.StartsWith("examples/", StringComparison.Ordinal) ? Path.GetFileName(project) : "BrainState.Participants";
        return Path.Combine(PathOf(project), "bin", Metadata("Configuration"), Metadata("TargetFramework"), $"{name}.dll");
    }

    private static string Metadata(string key) => typeof(Programs).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
