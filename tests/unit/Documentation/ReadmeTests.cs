using System.Text.RegularExpressions;

namespace BrainState.UnitTests.Documentation;

/// <summary>Every C# snippet of the READMEs stands in an example, so it compiles and runs; every file and folder they name exists.</summary>
public partial class ReadmeTests
{
    public static TheoryData<string> Readmes() => new(
        Directory.EnumerateFiles(Examples.Repository, "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Examples.Repository, file))
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "artifacts" or "node_modules" || part.StartsWith('.'))));

    [Theory]
    [MemberData(nameof(Readmes))]
    public void Snippets_stand_in_examples(string readme)
    {
        var sources = Directory.EnumerateFiles(Path.Combine(Examples.Repository, "examples"), "*.cs", SearchOption.AllDirectories)
            .Select(file => Normalize(File.ReadAllText(file))).ToArray();
        foreach (Match snippet in Snippet().Matches(File.ReadAllText(Path.Combine(Examples.Repository, readme))))
        {
            var code = Normalize(snippet.Groups[1].Value);
            Assert.True(sources.Any(source => source.Contains(code, StringComparison.Ordinal)), $"{readme} shows code that no example contains:\n{code}");
        }
    }

    [Theory]
    [MemberData(nameof(Readmes))]
    public void Named_paths_exist(string readme)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Examples.Repository, readme))!;
        foreach (Match path in RepositoryPath().Matches(File.ReadAllText(Path.Combine(Examples.Repository, readme))))
        {
            var name = path.Groups[1].Value;
            Assert.True(
                Path.Exists(Path.Combine(Examples.Repository, name)) || Path.Exists(Path.Combine(folder, name)), $"{readme} names {name}, which does not exist.");
        }
    }

    private static string Normalize(string code) => string.Join('\n', code.Split('\n').Select(static line => line.Trim()).Where(static line => line.Length > 0));

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet();

    [GeneratedRegex("(?:`|project )((?:src|plugins|tests|examples|benchmarks|docs)/[A-Za-z0-9_./-]+)")]
    private static partial Regex RepositoryPath();
}
