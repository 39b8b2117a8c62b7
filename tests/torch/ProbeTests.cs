using BrainState.Backends;
using BrainState.Torch;
using BrainState.Torch.StartUp;

namespace BrainState.TorchTests;

/// <summary>What is missing is said before anything is loaded, with the command that helps.</summary>
public sealed class ProbeTests : IDisposable
{
    private static readonly TorchOptions NoOptions = new(null, null);
    private readonly string folder = Directory.CreateTempSubdirectory("torch").FullName;

    [Fact]
    public void WhatTheBuildMissedIsNamed()
    {
        Write("libtorch.txt", "missing=libtorch, cmake\n");
        var answer = new Installation(folder).Probe(NoOptions);
        Assert.Equal("Its native part was not built: this machine lacked libtorch, cmake.", answer.Reason);
        Assert.StartsWith("apt-get install -y --no-install-recommends libtorch-dev ", answer.Fix);
    }

    [Fact]
    public void APluginWithoutItsNativePartIsToBeBuilt()
    {
        var answer = new Installation(folder).Probe(NoOptions);
        Assert.Equal($"{folder}/libbrainstate_torch.so is missing.", answer.Reason);
        Assert.Equal("Build the plugin on this machine: dotnet build plugins/Torch", answer.Fix);
    }

    [Fact]
    public void ALibTorchThatHasGoneIsMissed()
    {
        Write("libbrainstate_torch.so", "");
        Write("libtorch.txt", $"version=2.5.1\nfolder={folder}/gone\norigin=Python\n");
        var answer = new Installation(folder).Probe(NoOptions);
        Assert.Equal($"There is no libtorch in {folder}/gone.", answer.Reason);
        Assert.StartsWith("Name the folder of libtorch 2.5.1 in BrainState:Backends:torch:LibTorch", answer.Fix);
    }

    [Fact]
    public void LibTorchIsFoundWhereTheOptionSaysOrBesideTheShim()
    {
        Write("libbrainstate_torch.so", "");
        Write("libtorch.txt", $"version=2.5.1\nfolder={folder}/gone\norigin=Python\n");
        Directory.CreateDirectory(Path.Combine(folder, "elsewhere"));
        Write("elsewhere/libtorch_cpu.so", "");
        Assert.True(new Installation(folder).Probe(new(null, $"{folder}/elsewhere")).IsAvailable);
        Write("libtorch_cpu.so", "");
        Assert.True(new Installation(folder).Probe(NoOptions).IsAvailable);
        Assert.Equal(folder, new Installation(folder).LibTorch(NoOptions));
    }

    [Fact]
    public void WrongOptionsAreRefused()
    {
        var answer = new TorchBackendFactory().Probe(new([new("Threads", "many")]));
        Assert.Equal("Option 'Threads' is 'many', which is not an integer ≥ 1.", answer.Reason);
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("false", "3", null)]
    [InlineData("true", null, 2)]
    [InlineData("True", "0", 0)]
    public void GraphsAreOffUnlessTheyAreWanted(string? graphs, string? runs, int? expected)
    {
        KeyValuePair<string, string>?[] options = [graphs is null ? null : new("CudaGraphs", graphs), runs is null ? null : new("RunsBeforeCapture", runs)];
        Assert.Equal(expected, TorchOptions.Read(new(options.OfType<KeyValuePair<string, string>>())).RunsBeforeCapture);
    }

    [Theory]
    [InlineData("CudaGraphs", "sometimes", "Option 'CudaGraphs' is 'sometimes', which is neither true nor false.")]
    [InlineData("RunsBeforeCapture", "-1", "Option 'RunsBeforeCapture' is '-1', which is not an integer ≥ 0.")]
    public void WrongOptionsOfGraphsAreRefused(string option, string value, string reason) => Assert.Equal(reason, new TorchBackendFactory().Probe(new([new(option, value)])).Reason);

    public void Dispose() => Directory.Delete(folder, true);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(folder, name), text);
}
