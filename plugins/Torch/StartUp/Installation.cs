using System.Runtime.InteropServices;
using BrainState.Backends;

namespace BrainState.Torch.StartUp;

/// <summary>The plugin's folder, and what the build wrote into its <c>libtorch.txt</c>: where it found libtorch, or what it missed.</summary>
internal sealed class Installation
{
    private const string InstallCommand =
        "apt-get install -y --no-install-recommends libtorch-dev libopenblas0-openmp libgloo-dev cmake make g++ && dotnet build plugins/Torch";

    private readonly Dictionary<string, string> facts = [];

    public Installation(string folder)
    {
        Folder = folder;
        var file = Path.Combine(folder, "libtorch.txt");
        if (!File.Exists(file)) return;
        foreach (var line in File.ReadLines(file))
            if (line.IndexOf('=') is > 0 and var end)
                facts[line[..end]] = line[(end + 1)..];
    }

    /// <summary>That of this assembly.</summary>
    public static Installation Here { get; } = new(Path.GetDirectoryName(typeof(Installation).Assembly.Location) is { Length: > 0 } folder ? folder : AppContext.BaseDirectory);

    public string Folder { get; }

    /// <summary>The native part of the plugin.</summary>
    public string Shim => Path.Combine(Folder, "libbrainstate_torch.so");

    /// <summary>What captures runs on cuda into graphs; only there if the build found CUDA's headers.</summary>
    public string Graphs => Path.Combine(Folder, "libbrainstate_torch_graphs.so");

    /// <summary>The version of libtorch that the shim was compiled against; it runs with no other.</summary>
    public string Version => facts.GetValueOrDefault("version", "");

    /// <summary>Whether that is Debian's libtorch, which takes its BLAS from the system and leaves more to be set up than others do.</summary>
    public bool IsDebian => facts.GetValueOrDefault("origin") == "Debian";

    /// <summary>Where libtorch's libraries are: beside the shim in a bundle, else where the option says, else where they were when the shim was built.</summary>
    public string LibTorch(TorchOptions options) =>
        options.LibTorch ?? (File.Exists(Path.Combine(Folder, "libtorch_cpu.so")) ? Folder : facts.GetValueOrDefault("folder", ""));

    /// <summary>Whether everything is in its place. Loads nothing.</summary>
    public Availability Probe(TorchOptions options)
    {
        if (!OperatingSystem.IsLinux()) return Availability.No($"The torch backend runs on Linux only, and this is {RuntimeInformation.OSDescription}.");
        if (facts.GetValueOrDefault("missing") is { } missing)
            return Availability.No($"Its native part was not built: this machine lacked {missing}.", $"{InstallCommand} (or, with a libtorch elsewhere, LIBTORCH=FOLDER dotnet build plugins/Torch)");
        if (!File.Exists(Shim)) return Availability.No($"{Shim} is missing.", "Build the plugin on this machine: dotnet build plugins/Torch");
        var folder = LibTorch(options);
        return File.Exists(Path.Combine(folder, "libtorch_cpu.so")) || Directory.Exists(folder) && Directory.EnumerateFiles(folder, "libtorch_cpu.so.*").Any()
            ? Availability.Yes
            : Availability.No($"There is no libtorch in {folder}.",
                $"Name the folder of libtorch {Version} in BrainState:Backends:torch:LibTorch, or install it and build the plugin again: {InstallCommand}");
    }
}
