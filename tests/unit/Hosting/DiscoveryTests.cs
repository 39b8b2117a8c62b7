using System.Runtime.Loader;
using System.Text;
using BrainState.Backends;
using BrainState.Hosting;

namespace BrainState.UnitTests.Hosting;

/// <summary>Every fault is found and named, and hides nobody.</summary>
public sealed class DiscoveryTests
{
    [Fact]
    public void EveryFaultyPluginIsReportedWhileTheHealthyOneWorks()
    {
        using var box = PluginBox.With("Healthy", "ThrowingConstructor", "WrongContract", "MissingNative", "NoMetadata", "UnresolvableDependency");
        box.Write("NotAnAssembly", "plugin.dll", Encoding.UTF8.GetBytes("I am a text"));
        box.Write("OtherMajor", "plugin.dll", PluginBox.Assembly("plugin", new(2, 0, 0, 0)));
        box.Write("Empty", "readme.txt", []);

        var options = box.Options();
        var report = options.Catalog.Report();

        Assert.Equal(
            [
                ("Empty", BackendStatus.Faulty),
                ("echo", BackendStatus.Usable),
                ("native", BackendStatus.Usable),
                ("NoMetadata", BackendStatus.Faulty),
                ("NotAnAssembly", BackendStatus.Faulty),
                ("OtherMajor", BackendStatus.Incompatible),
                ("throwing", BackendStatus.Faulty),
                ("UnresolvableDependency", BackendStatus.Faulty),
                ("future", BackendStatus.Incompatible),
            ],
            report.Candidates.Select(c => (c.Name, c.Status)));
        using var echo = options.Catalog.Create("echo");
        Assert.Equal("echo", echo.Info.Name);
        Assert.Equal(2, echo.Devices.Count);
    }

    [Theory]
    [InlineData("ThrowingConstructor", "It threw InvalidOperationException when it was constructed: no licence",
        "Ask the author of the plugin; the inner exception has the details.")]
    [InlineData("WrongContract", "It was built for contract 99.0; this application has 1.0.",
        "Update the application: dotnet add package BrainState")]
    [InlineData("NoMetadata", "NoMetadata.dll exports an IBackendFactory without a name.",
        "Mark the factory with [BackendExport(\"name\")] and nothing else.")]
    [InlineData("UnresolvableDependency",
        "Could not load file or assembly 'Dependency, Version=1.0.0.0, Culture=neutral, PublicKeyToken=null'. The system cannot find the file specified.",
        "Copy the whole build output of the plugin project, with EnableDynamicLoading, into {0}")]
    public void AFaultyPluginIsReportedWithReasonAndFix(string plugin, string reason, string fix)
    {
        using var box = PluginBox.With(plugin);

        var candidate = Assert.Single(box.Report().Candidates);

        Assert.Equal((reason, string.Format(null, fix, box.PathOf(plugin))), (candidate.Reason, candidate.Fix));
        Assert.Equal(box.PathOf(plugin), candidate.Path);
    }

    [Fact]
    public void AMissingNativeLibraryShowsWhenTheBackendStartsAndIsThenReported()
    {
        using var box = PluginBox.With("MissingNative");
        var catalog = box.Options().Catalog;
        Assert.Equal(BackendStatus.Usable, Assert.Single(catalog.Report().Candidates).Status);

        var error = Assert.Throws<BackendException>(() => catalog.Create("native"));

        Assert.Equal("Backend 'native' is unavailable: The native library 'brainstate_absent', or one that it needs, was not found. "
            + $"To fix it: Install the library, or put it into {box.PathOf("MissingNative")}", error.Message);
        Assert.IsType<DllNotFoundException>(error.InnerException);
        var candidate = Assert.Single(catalog.Report().Candidates);
        Assert.Equal((BackendStatus.Unavailable, "The native library 'brainstate_absent', or one that it needs, was not found."), (candidate.Status, candidate.Reason));
    }

    [Theory]
    [InlineData("text", false, BackendStatus.Faulty, "text.dll is not a .NET assembly.")]
    [InlineData("unrelated", true, BackendStatus.Faulty, "unrelated.dll does not reference BrainState.Abstractions and so cannot export a backend.")]
    public void WhatIsNoPluginIsFoundOutByReading(string name, bool assembly, BackendStatus status, string reason)
    {
        using var box = new PluginBox();
        box.Write(name, name + ".dll", assembly ? PluginBox.Assembly(name, null) : [1, 2, 3]);

        var candidate = Assert.Single(box.Report().Candidates);

        Assert.Equal((name, status, reason), (candidate.Name, candidate.Status, candidate.Reason));
    }

    [Theory]
    [InlineData(2, "It was built for contract 2.0; this application has 1.0.", "Update the application: dotnet add package BrainState")]
    [InlineData(0, "It was built for contract 0.0; this application has 1.0.", "Install a version of the plugin that was built for contract 1.")]
    public void AnotherMajorOfTheContractIsNotLoaded(int major, string reason, string fix)
    {
        using var box = new PluginBox();
        var name = $"other{Guid.NewGuid():N}";
        box.Write("other", name + ".dll", PluginBox.Assembly(name, new(major, 0, 0, 0)));

        var candidate = Assert.Single(box.Report().Candidates);

        Assert.Equal((BackendStatus.Incompatible, reason, fix), (candidate.Status, candidate.Reason, candidate.Fix));
        Assert.DoesNotContain(AppDomain.CurrentDomain.GetAssemblies(), a => a.GetName().Name == name);
    }

    [Fact]
    public void AnAssemblyWithoutExportsIsReported()
    {
        using var box = new PluginBox();
        box.Write("shy", "shy.dll", PluginBox.Assembly("shy", new(1, 0, 0, 0)));

        Assert.Equal("shy.dll exports no IBackendFactory.", Assert.Single(box.Report().Candidates).Reason);
    }

    [Fact]
    public void AmongSeveralAssembliesThePluginIsTheOneWithDepsJson()
    {
        using var box = PluginBox.With("Healthy");
        box.Write("Healthy", "Helper.dll", PluginBox.Assembly("Helper", new(1, 0, 0, 0)));
        Assert.Equal("echo", Assert.Single(box.Report().Candidates).Name);

        File.Delete(Path.Combine(box.PathOf("Healthy"), "Healthy.deps.json"));
        Assert.Equal("It is not clear which assembly is the plugin: Healthy.dll, Helper.dll.", Assert.Single(box.Report().Candidates).Reason);

        File.Delete(Path.Combine(box.PathOf("Healthy"), "Helper.dll"));
        Assert.Equal(BackendStatus.Usable, Assert.Single(box.Report().Candidates).Status);
    }

    [Fact]
    public void OfTwoBackendsWithOneNameTheFirstWinsAndTheOtherIsReported()
    {
        using var box = new PluginBox();
        box.Copy("Healthy", "b");
        box.Copy("Healthy", "a");

        var candidates = box.Report().Candidates;

        Assert.Equal([("echo", box.PathOf("a"), BackendStatus.Usable), ("echo", box.PathOf("b"), BackendStatus.Shadowed)], candidates.Select(c => (c.Name, c.Path, c.Status)));
        Assert.Equal($"The backend of the same name from {box.PathOf("a")} comes first.", candidates[1].Reason);
    }

    [Fact]
    public void AFaultyPluginDoesNotShadow()
    {
        using var box = PluginBox.With("Healthy");
        box.Write("echo", "echo.dll", [1]);
        var options = box.Options();

        using var backend = options.Catalog.Create("echo");

        Assert.Equal("echo", backend.Info.Name);
    }

    [Fact]
    public void PathsMayNameAPluginOrAFolderOfPluginsAndAreRelativeToTheApplication()
    {
        using var box = new PluginBox();
        box.Copy("Healthy", Path.Combine(box.Application, "single"));
        box.Copy("MissingNative", Path.Combine(box.Application, "many", "one"));
        box.Copy("WrongContract", Path.Combine(box.Application, "many", "two"));

        var report = box.Report(b => b.AddPluginPath("single").AddPluginPath(Path.Combine(box.Application, "many")).AddPluginPath("many/one").AddPluginPath("nowhere"));

        Assert.Equal(["echo", "native", "future", "nowhere"], report.Candidates.Select(c => c.Name));
        Assert.Equal(("The folder does not exist.", "Correct or remove it in BrainState:PluginPaths."), (report.Candidates[3].Reason, report.Candidates[3].Fix));
        Assert.Equal([box.Plugins, .. new[] { "single", "many", "many/one", "nowhere" }.Select(p => Path.GetFullPath(p, box.Application))], report.SearchedFolders);
    }

    [Fact]
    public void APluginHasItsOwnDependenciesButTheHostsContract()
    {
        using var box = new PluginBox();
        box.Copy("Healthy", "a");
        box.Copy("Healthy", Path.Combine(box.Application, "else"));

        using var first = box.Options().Catalog.Create("echo");
        using var again = box.Options().Catalog.Create("echo");
        using var other = new BrainStateOptions { ApplicationDirectory = "/", PluginPaths = { Path.Combine(box.Application, "else") } }.Catalog.Create("echo");

        Assert.Equal(["1", "2", "1"], new[] { first, again, other }.Select(b => b.Info.EngineVersion));
        Assert.Same(first.GetType(), again.GetType());
        Assert.NotSame(first.GetType(), other.GetType());
        var context = AssemblyLoadContext.GetLoadContext(first.GetType().Assembly)!;
        Assert.NotSame(AssemblyLoadContext.Default, context);
        Assert.False(context.IsCollectible);
        Assert.Contains(context.Assemblies, a => a.GetName().Name == "Dependency");
        Assert.DoesNotContain(context.Assemblies, a => a.GetName().Name is "BrainState.Abstractions" or "System.Composition.AttributedModel");
    }

    [Fact]
    public void NothingHappensBeforeTheFirstQuestion()
    {
        using var box = new PluginBox();
        var factory = new StubFactory();
        var catalog = box.Options(b => b.AddBackend("stub", factory)).Catalog;
        Assert.Equal(0, factory.Probes);

        box.Copy("Healthy");
        Assert.Equal(["stub", "echo"], catalog.Report().Candidates.Select(c => c.Name));
        _ = catalog.Report();

        Assert.Equal((1, 0), (factory.Probes, factory.Creations));
    }

    [Fact]
    public void ARegisteredFactoryComesBeforePluginsAndServesAllCatalogs()
    {
        using var box = PluginBox.With("Healthy");
        var factory = new StubFactory();
        box.Registry.Register("Stub", factory, "by hand");
        box.Registry.Register("stub", factory, "again");
        box.Registry.Register("echo", factory, "also");

        using var backend = box.Options().Catalog.Create("STUB");
        Assert.IsType<StubBackend>(backend);
        Assert.Equal([("echo", BackendStatus.Usable), ("stub", BackendStatus.Usable), ("echo", BackendStatus.Shadowed)], box.Report().Candidates.Select(c => (c.Name, c.Status)));
        Assert.Equal("A backend named 'stub' is already registered. (Parameter 'name')",
            Assert.Throws<ArgumentException>(() => box.Registry.Register("stub", new StubFactory(), "")).Message);
    }

    [Fact]
    public void ManyThreadsDiscoverOnce()
    {
        using var box = PluginBox.With("Healthy");
        var factory = new StubFactory();
        var catalog = box.Options(b => b.AddBackend("stub", factory)).Catalog;

        Parallel.For(0, 32, _ => Assert.Contains(catalog.Report().Candidates, c => c is { Name: "echo", Status: BackendStatus.Usable }));

        Assert.Equal(1, factory.Probes);
    }

    [Fact]
    public void ABackendThatFailsToStartIsNamedWithItsCause()
    {
        using var box = PluginBox.With("Healthy");
        var catalog = box.Options(b => b.Configure("ECHO", "fail", "The moon is full. Wait a day.")).Catalog;

        Assert.Equal("Backend 'echo' is unavailable: The moon is full. Wait a day.", Assert.Throws<BackendException>(() => catalog.Create("echo")).Message);
        Assert.Equal("Backend 'bare' is unavailable: It has no devices.", Assert.Throws<BackendException>(
            () => box.Options(b => b.AddBackend("bare", new StubFactory(s => new StubBackend(s) { Devices = [] }))).Catalog.Create("bare")).Message);
    }
}
