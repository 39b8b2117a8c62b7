using System.Reflection;

namespace BrainState.UnitTests.Architecture;

/// <summary>Where the sources are.</summary>
internal static class Repository
{
    public static string Root { get; } =
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    /// <summary>The project files under a folder, without those in build outputs.</summary>
    public static IEnumerable<string> Projects(string folder) => Directory.Exists(PathOf(folder))
        ? Directory.EnumerateFiles(PathOf(folder), "*.csproj", SearchOption.AllDirectories)
            .Where(file => !file.Split('/', '\\').Intersect(["bin", "obj"]).Any()).Order()
        : [];
}
