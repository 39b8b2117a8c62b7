using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using BrainState.Ops;

namespace BrainState.UnitTests.Architecture;

/// <summary>Who may know whom: Frontend → Abstractions ← plugins, and nothing else.</summary>
public sealed class ReferenceArrowsTests
{
    const string Contract = "BrainState.Abstractions";

    /// <summary>The shared parts that stand on the contract alone.</summary>
    static readonly string[] Shared = ["BrainState.Interpreter", "BrainState.StableHlo", "BrainState.Fusion", "BrainState.BackendKit"];

    [Fact]
    public void TheContractNeedsOnlyTheBaseClassLibraryAndTheMefAttributes()
    {
        var project = ProjectFile.Load(Repository.PathOf("src/Abstractions/BrainState.Abstractions.csproj"));
        Assert.Empty(project.Projects);
        Assert.Equal(["System.Composition.AttributedModel"], project.Packages);

        Assert.All(ReferencesOf(typeof(Op).Assembly.Location), name =>
            Assert.True(name == "System.Composition.AttributedModel" || IsBaseClassLibrary(name), name));
    }

    [Fact]
    public void TheFrontendKnowsTheContractAndNoEngine()
    {
        var project = ProjectFile.Load(Repository.PathOf("src/Frontend/BrainState.csproj"));
        Assert.Equal([Contract], project.Projects);
        Assert.All(project.Packages, name => Assert.True(IsGeneral(name), name));

        Assert.All(ReferencesOf(Path.Combine(AppContext.BaseDirectory, "BrainState.dll")), name =>
            Assert.True(name == Contract || IsBaseClassLibrary(name) || IsGeneral(name), name));
    }

    [Theory]
    [InlineData("src/Interpreter/BrainState.Interpreter.csproj")]
    [InlineData("src/StableHlo/BrainState.StableHlo.csproj")]
    [InlineData("src/BackendKit/BrainState.BackendKit.csproj")]
    public void SpecificationImporterAndKitKnowTheContractAlone(string file)
    {
        var project = ProjectFile.Load(Repository.PathOf(file));
        Assert.Equal([Contract], project.Projects);
        Assert.Empty(project.Packages);
    }

    [Fact]
    public void OnlyTheConsolePackageKnowsAConsoleLibrary()
    {
        var project = ProjectFile.Load(Repository.PathOf("src/SpectreConsole/BrainState.SpectreConsole.csproj"));
        Assert.Equal(["BrainState"], project.Projects);
        Assert.Equal(["Spectre.Console"], project.Packages);
    }

    [Fact]
    public void SharedPartsKnowNeitherFrontendNorPlugins()
    {
        foreach (var file in Repository.Projects("src").Where(f => Shared.Contains(Path.GetFileNameWithoutExtension(f))))
            Assert.All(ProjectFile.Load(file).Projects, name => Assert.True(name == Contract || Shared.Contains(name), $"{file} → {name}"));
    }

    [Fact]
    public void PluginsKnowTheContractAndSharedPartsOnly()
    {
        var files = Repository.Projects("plugins").ToArray();
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            var project = ProjectFile.Load(file);
            Assert.Contains(Contract, project.Projects);
            Assert.All(project.Projects, name => Assert.True(name == Contract || Shared.Contains(name), $"{file} → {name}"));
        }
    }

    [Fact]
    public void BuiltPluginsKnowTheContractAndSharedPartsOnly()
    {
        var plugins = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "plugins"), "BrainState.*.dll", SearchOption.AllDirectories);
        Assert.NotEmpty(plugins);
        Assert.All(plugins, plugin =>
        {
            var ours = ReferencesOf(plugin).Where(name => name.StartsWith("BrainState", StringComparison.Ordinal)).ToArray();
            Assert.All(ours, name => Assert.True(name == Contract || Shared.Contains(name), $"{plugin} → {name}"));
        });
        Assert.DoesNotContain(plugins, plugin => Path.GetFileNameWithoutExtension(plugin) is Contract or "BrainState");
    }

    /// <summary>Tests meet plugins as applications do: built first, found in a folder, never referenced.</summary>
    [Theory]
    [InlineData("tests/conformance")]
    [InlineData("tests/unit")]
    [InlineData("examples")]
    public void NobodyReferencesAPlugin(string folder)
    {
        var plugins = Repository.Projects("plugins").Select(Path.GetFileNameWithoutExtension).ToHashSet();
        foreach (var file in Repository.Projects(folder))
            Assert.All(ProjectFile.Load(file).Projects, name => Assert.False(plugins.Contains(name) || name.Contains("/plugins/"), $"{file} → {name}"));
    }

    [Fact]
    public void TheTestsAssemblyKnowsNoPlugin()
    {
        var plugins = Repository.Projects("plugins").Select(Path.GetFileNameWithoutExtension);

        Assert.Empty(ReferencesOf(typeof(ReferenceArrowsTests).Assembly.Location).Intersect(plugins));
    }

    static bool IsBaseClassLibrary(string name) => File.Exists(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, name + ".dll"));

    static bool IsGeneral(string package) =>
        package.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
        || package.StartsWith("System.Composition", StringComparison.Ordinal)
        || package == "System.Numerics.Tensors";

    /// <summary>The assemblies that the metadata of an assembly names; it is not loaded.</summary>
    static string[] ReferencesOf(string assembly)
    {
        using var image = new PEReader(File.OpenRead(assembly));
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
