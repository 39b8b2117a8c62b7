using System.Text.RegularExpressions;

namespace BrainState.Walkthrough;

/// <summary>What the document for backend authors says is so.</summary>
public sealed partial class WalkthroughTests(Workplace workplace) : IClassFixture<Workplace>
{
    [Fact]
    public void TheDocumentCanBeFollowed()
    {
        var folder = workplace.Folder;
        var printed = "";
        var commands = 0;
        foreach (var block in Block.Of(File.ReadAllText(Path.Combine(Workplace.Repository, "docs", "writing-a-backend.md"))))
        {
            switch (block.Language)
            {
                case "sh":
                    printed = "";
                    foreach (var command in block.Commands)
                    {
                        if (command is ["cd", var child]) folder = Path.Combine(folder, child);
                        else printed += workplace.Run(folder, command);
                        commands++;
                    }
                    break;
                case "text":
                    var lines = printed.Split('\n').Select(Pattern).ToHashSet();
                    Assert.All(block.Lines, line => Assert.Contains(Pattern(line), lines));
                    break;
                case "diff":
                    block.Apply(folder);
                    break;
            }
        }
        Assert.InRange(commands, 5, 50);
    }

    [Fact]
    public void AnotherNameIsTakenEverywhere()
    {
        var folder = Directory.CreateDirectory(Path.Combine(workplace.Folder, "other")).FullName;
        workplace.Run(folder, "dotnet", "new", "install", "BrainState.Templates", "--force");
        workplace.Run(folder, "dotnet", "new", "brainstate-backend", "-n", "Initech.Slow", "--backendName", "slow");
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        Assert.True(files.Length > 8);
        Assert.All(files, static file =>
        {
            Assert.DoesNotContain("acme", file, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("acme", File.ReadAllText(file), StringComparison.OrdinalIgnoreCase);
        });
    }

    /// <summary>The numbers of cases change with the suite; that none failed, the exit code says.</summary>
    private static string Pattern(string line) => Number().Replace(line.Trim(), "N");

    [GeneratedRegex(@"\d+(\.\d+)*")]
    private static partial Regex Number();
}
