using System.Reflection;

namespace BrainState.UnitTests.Documentation;

/// <summary>Where the repository and its built examples are.</summary>
internal static class Examples
{
    public static string Repository { get; } = Metadata("RepositoryRoot");

    /// <summary>The assembly of an example, built in this configuration.</summary>
    public static string Assembly(string example) =>
        Path.Combine(Repository, "examples", example, "bin", Metadata("Configuration"), Metadata("TargetFramework"), $"{example}.dll");

    private static string Metadata(string key) => typeof(Examples).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}
