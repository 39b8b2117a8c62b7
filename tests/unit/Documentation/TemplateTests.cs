using System.Xml.Linq;

namespace BrainState.UnitTests.Documentation;

/// <summary>What <c>dotnet new brainstate-backend</c> makes asks for the packages that are tested here.</summary>
public sealed class TemplateTests
{
    [Fact]
    public void PackagesHaveTheVersionsOfTheRepository()
    {
        var central = Versions(Path.Combine(Examples.Repository, "Directory.Packages.props"), "PackageVersion");
        var asked = Directory.EnumerateFiles(Path.Combine(Examples.Repository, "templates", "backend"), "*.csproj", SearchOption.AllDirectories)
            .SelectMany(static file => Versions(file, "PackageReference")).Where(static p => p.Value != "$(BrainStateVersion)").ToArray();
        Assert.NotEmpty(asked);
        Assert.All(asked, package => Assert.Equal(central[package.Key], package.Value));
    }

    private static Dictionary<string, string> Versions(string file, string element) =>
        XDocument.Load(file).Descendants(element).ToDictionary(static e => e.Attribute("Include")!.Value, static e => e.Attribute("Version")!.Value);
}
