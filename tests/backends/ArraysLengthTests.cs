using System.Reflection;

namespace BrainState.BackendTests;

/// <summary>What <c>docs/writing-a-backend.md</c> says of <c>plugins/Arrays</c>: a complete backend is about this long.</summary>
public sealed class ArraysLengthTests
{
    private static readonly string Root = typeof(ArraysLengthTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "RepositoryRoot").Value!;

    [Fact]
    public void ACompleteBackendIsShort()
    {
        var lines = Directory.GetFiles(Path.Combine(Root, "plugins/Arrays"), "*.cs").SelectMany(File.ReadLines).Select(static line => line.Trim())
            .Count(static line => line.Length > 0 && !line.StartsWith("//", StringComparison.Ordinal));
        Assert.InRange(lines, 1, 600);
    }
}
