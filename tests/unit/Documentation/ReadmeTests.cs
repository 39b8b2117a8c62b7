using System.Text.RegularExpressions;

namespace BrainState.UnitTests.Documentation;

/// <summary>Every C# or project snippet of the documents stands in an example or a template, so it compiles and runs; every file and folder they name exists.</summary>
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
        var sources = new[] { "examples", "templates" }.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Examples.Repository, folder), "*", SearchOption.AllDirectories))
            .Where(static file => Path.GetExtension(file) is ".cs" or ".csproj")
            .Select(file => Normalize(File.ReadAllText(file))).ToArray();
        foreach (Match snippet in Snippet().Matches(File.ReadAllText(Path.Combine(Examples.Repository, readme))))
        {
            var code = Normalize(snippet.Groups[1].Value);
            Assert.True(sources.Any(source => source.Contains(code, StringComparison.Ordinal)), $"{readme} shows code that no example or template contains:\n{code}");
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
                new[] { Examples.Repository, folder, Path.Combine(Examples.Repository, "templates", "backend") }.Any(root => Path.Exists(Path.Combine(root, name))),
                $"{readme} names {name}, which does not exist.");
        }
    }

    private static string Normalize(string code) => string.Join('\n', code.Split('\n').Select(static line => line.Trim()).Where(static line => line.Length > 0));

    [GeneratedRegex("```(?:csharp|xml)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet();

    [GeneratedRegex("(?:`|project )((?:src|plugins|tests|examples|benchmarks|docs)/[A-Za-z0-9_./-]+)")]
    private static partial Regex RepositoryPath();
}
