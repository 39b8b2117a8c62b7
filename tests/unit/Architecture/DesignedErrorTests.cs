using Xunit.Sdk;

namespace BrainState.UnitTests.Architecture;

/// <summary>Every message that wrong use can get stands in a test, so that somebody has read it as its reader will.</summary>
public sealed class DesignedErrorTests
{
    private static readonly string[] Folders = ["Batching", "ControlFlow", "Debugging", "Differentiation", "Execution", "Nn", "Pytrees", "Random", "States", "Tensors", "Tracing", "Transforms"];

    /// <summary>Parts of messages that no use of the public API leads to, and why.</summary>
    private static readonly Dictionary<string, string> Unreachable = new()
    {
        ["A State that the function used was collected during the call."] = "The caller would have to drop its last reference between two lines of ours.",
        ["A tensor was disposed while it was being used."] = "Another thread would have to dispose it between two lines of ours.",
        ["The body of "] = "The definitions of composites are ours.",
        [" depends on more than its arguments."] = "The definitions of composites are ours.",
        ["The definition of "] = "The definitions of composites are ours.",
        [" depends on more than its operands."] = "The definitions of composites are ours.",
        ["The promotion lattice has no least upper bound."] = "The lattice is ours, and has one.",
        ["A backend reported the op '"] = "A backend reports effects only.",
        ["' as an effect."] = "A backend reports effects only.",
        ["An unfinished node."] = "The structure of a module is finished before it is seen.",
    };

    [Fact]
    public void EveryMessageIsInATest()
    {
        var tests = ErrorTexts.Joined(string.Concat(Sources("tests/unit").Where(static file => Path.GetFileName(file) != "DesignedErrorTests.cs").Select(File.ReadAllText)));
        var sites = Folders.SelectMany(static folder => Sources($"src/Frontend/{folder}")).Append(Repository.PathOf("src/Frontend/Environ.cs")).SelectMany(ErrorTexts.In).ToArray();
        Assert.True(sites.Length > 120, "The messages are not found any more.");
        var unknown = from site in sites
                      from part in site.Parts
                      where !Unreachable.ContainsKey(part) && !tests.Contains(part.Trim(), StringComparison.Ordinal)
                      select $"{Path.GetRelativePath(Repository.Root, site.File)}:{site.Line} says \"{part}\"";
        if (unknown.ToArray() is { Length: > 0 } missing) throw new XunitException($"No test has these messages:\n{string.Join('\n', missing)}");
        Assert.All(Unreachable.Keys, part => Assert.Contains(sites, site => site.Parts.Contains(part)));
    }

    private static IEnumerable<string> Sources(string folder) => Directory.EnumerateFiles(Repository.PathOf(folder), "*.cs", SearchOption.AllDirectories)
        .Where(static file => !file.Split('/', '\\').Intersect(["bin", "obj"]).Any()).Order(StringComparer.Ordinal);
}
