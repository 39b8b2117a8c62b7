using System.Reflection;
using BrainState.Conformance;

namespace BrainState.BackendTests;

/// <summary>
/// <c>docs/support.md</c> says what is so. <c>dotnet run --project tests/conformance -- support --backend cpu --backend reference --markdown docs/support.md</c> writes it anew.
/// </summary>
public sealed class SupportDocumentTests
{
    private static readonly string Root = typeof(SupportDocumentTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static a => a.Key == "RepositoryRoot").Value!;

    [Fact]
    public void TheDocumentIsUpToDate()
    {
        var fresh = Path.GetTempFileName();
        try
        {
            Assert.Equal(0, Quietly(() => ConformanceRunner.Main(["support", "--backend", "cpu", "--backend", "reference", "--markdown", fresh])));
            Assert.Equal(File.ReadAllText(Path.Combine(Root, "docs/support.md")), File.ReadAllText(fresh));
        }
        finally
        {
            File.Delete(fresh);
        }
    }

    private static int Quietly(Func<int> run)
    {
        var console = Console.Out;
        Console.SetOut(TextWriter.Null);
        try
        {
            return run();
        }
        finally
        {
            Console.SetOut(console);
        }
    }
}
