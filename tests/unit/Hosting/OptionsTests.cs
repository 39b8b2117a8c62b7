using BrainState.Hosting;
using Microsoft.Extensions.Configuration;

namespace BrainState.UnitTests.Hosting;

/// <summary>What is wrong with the options is said in full: one exact text per message.</summary>
public sealed class OptionsTests : IDisposable
{
    readonly PluginBox box = new();

    public void Dispose() => box.Dispose();

    string Problem(Action<BrainStateBuilder> configure) => Assert.Single(box.Options(configure).Problems());

    string Problem(params (string Key, string? Value)[] configuration) => Problem(b => b.UseConfiguration(Section(configuration)));

    static IConfigurationSection Section(params (string Key, string? Value)[] configuration) => new ConfigurationBuilder()
        .AddInMemoryCollection(configuration.Select(entry => KeyValuePair.Create($"BrainState:{entry.Key}", entry.Value))).Build().GetSection("BrainState");

    [Fact]
    public void AllKeysAreRead()
    {
        var options = box.Options(b => b.UseConfiguration(Section(
            ("backend", "torch"), ("Device", "cuda:1"), ("PluginPaths:0", "a"), ("PluginPaths:1", "b"), ("Backends:Torch:Threads", "2"), ("Backends:torch:Cuda:Graphs", "on"))));

        Assert.Equal(("torch", "cuda:1"), (options.Backend, options.Device));
        Assert.Equal(["a", "b"], options.PluginPaths);
        Assert.Equal(2, options.SettingsOf("TORCH").GetInt32("threads", 1));
        Assert.Equal("on", options.SettingsOf("torch")["Cuda:Graphs"]);
        Assert.Empty(options.ReadingProblems);
    }

    [Fact]
    public void WithoutConfigurationTheEmbeddedBackendIsChosen()
    {
        var options = box.Options(b => b.UseConfiguration(Section()).AddBackend("cpu", new StubFactory()));

        Assert.Equal(("cpu", null), (options.Backend, options.Device));
        Assert.Empty(options.Problems());
    }

    [Fact]
    public void AnUnknownBackendListsTheKnownOnes()
    {
        box.Copy("Healthy");
        box.Copy("NoMetadata", "broken");

        Assert.Equal($"""
            There is no backend 'ekho'. Did you mean 'echo'? These are here:
              stub: unavailable (libmoon was not found)
              broken: faulty (NoMetadata.dll exports an IBackendFactory without a name)
              echo: usable
            To add it: put its plugin folder under {box.Plugins}, or name the folder in BrainState:PluginPaths.
            """, Problem(b => b.UseBackend("ekho").AddBackend("stub", new StubFactory()).Configure("stub", "Missing", "libmoon")), ignoreLineEndingDifferences: true);
    }

    [Theory]
    [InlineData("torch", "Torch")]
    [InlineData("xla", "Xla")]
    [InlineData("ilgpu", "Ilgpu")]
    [InlineData("cpu", "Cpu")]
    public void AKnownBackendThatIsAbsentNamesItsPackage(string name, string package) => Assert.Equal($"""
        There is no backend '{name}'. These are here:
          stub: usable
        To add it: dotnet add package BrainState.Backends.{package}, or put its plugin folder under {box.Plugins}, or name the folder in BrainState:PluginPaths.
        """, Problem(b => b.UseBackend(name).AddBackend("stub", new StubFactory())), ignoreLineEndingDifferences: true);

    [Fact]
    public void WithoutAnyBackendTheSearchedFoldersAreListed() => Assert.Equal($"""
        There is no backend 'cpu'; in fact there is none at all. Searched:
          {box.Plugins} (does not exist)
        To add it: dotnet add package BrainState.Backends.Cpu, or put its plugin folder under {box.Plugins}, or name the folder in BrainState:PluginPaths. A trimmed application registers the factory: BackendCatalog.Register("cpu", …)
        """, Problem(), ignoreLineEndingDifferences: true);

    [Fact]
    public void AnUnusableBackendTellsReasonAndFix()
    {
        box.Copy("Healthy");

        Assert.Equal("Backend 'echo' is unavailable: libecho is absent. To fix it: install libecho", Problem(("Backend", "Echo"), ("Backends:echo:Absent", "libecho")));
    }

    [Fact]
    public void AFaultyPluginIsFoundByTheNameOfItsFolder()
    {
        box.Write("torch", "torch.dll", [0]);

        Assert.Equal("Backend 'torch' is faulty: torch.dll is not a .NET assembly. To fix it: Copy the build output of the plugin project into the folder again.",
            Problem(("Backend", "torch")));
    }

    [Theory]
    [InlineData("gpu:x")]
    [InlineData(":0")]
    [InlineData("gpu:0:1")]
    [InlineData("gpu:99999999999")]
    public void AMalformedDeviceShowsTheForms(string device) => Assert.Equal(
        $"Device '{device}' is not the name of a device. Write its kind and number (cuda:0), its kind (cuda), or its number among all devices (0).", Problem(("Device", device)));

    [Theory]
    [InlineData(null, "cpu:0")]
    [InlineData("0", "cpu:0")]
    [InlineData("2", "gpu:1")]
    [InlineData("gpu", "gpu:0")]
    [InlineData("GPU:1", "gpu:1")]
    public void DevicesAreChosenByKindAndNumber(string? device, string chosen)
    {
        using var runtime = StubFactory.Runtime(device: device);

        Assert.Equal(chosen, runtime.Device.Name);
    }

    [Fact]
    public void AnUnknownKeyNamesTheKnownOnes()
    {
        Assert.Equal("Unknown key 'BrainState:Bakend'. Did you mean 'Backend'? The keys of 'BrainState' are Backend, Device, PluginPaths, Backends.", Problem(("Bakend", "torch")));
        Assert.Equal("Unknown key 'BrainState:Threads'. The keys of 'BrainState' are Backend, Device, PluginPaths, Backends.", Problem(("Threads", "2")));
    }

    [Fact]
    public void AKeyOfTheWrongShapeSaysHowToWriteIt()
    {
        Assert.Equal("'BrainState:PluginPaths' is a list. Write 'BrainState:PluginPaths:0' instead, and so on.", Problem(("PluginPaths", "/opt")));
        Assert.Equal("'BrainState:Backend' is one value, but configuration has several below it.", Problem(("Backend:Name", "torch")));
        Assert.Equal("'BrainState:Backends:torch' is a section. Write its settings as 'BrainState:Backends:torch:KEY'.", Problem(("Backends:torch", "2")));
    }

    [Fact]
    public void AllProblemsOfTheConfigurationAreToldAtOnce() =>
        Assert.Equal(3, box.Options(b => b.UseConfiguration(Section(("Bakend", "torch"), ("Devise", "0"), ("Device", "?")))).Problems().Count);
}
