namespace BrainState.Mutations;

/// <summary>A copy of the repository, in which faults are built and run; the repository itself stays as it is.</summary>
internal sealed class Workspace : IDisposable
{
    private const string Suite = "tests/conformance", Configuration = "Release";

    /// <summary>Mutants need to compile, not to please.</summary>
    private static readonly string[] BuildOptions =
        ["-c", Configuration, "-v", "q", "--tl:off", "-nologo", "-p:TreatWarningsAsErrors=false", "-p:RunAnalyzersDuringBuild=false", "-p:EnforceCodeStyleInBuild=false"];

    /// <summary>The same on every machine: threads, and devices for collectives.</summary>
    private static readonly string[] Settings = ["--set", "Threads=4", "--set", "VirtualDevices=3"];

    private static readonly Limits BuildLimit = Limits.Of(TimeSpan.FromMinutes(20));

    private readonly string repository, root;
    private readonly bool isTemporary;
    private string runner = "";

    /// <summary>A copy in a folder that is kept and reused, or in a temporary one.</summary>
    public Workspace(string repository, DirectoryInfo? folder)
    {
        (this.repository, isTemporary) = (repository, folder is null);
        root = folder is null ? Directory.CreateTempSubdirectory("brainstate-mutations-").FullName : Directory.CreateDirectory(folder.FullName).FullName;
    }

    /// <summary>Copies what has changed and builds it.</summary>
    /// <exception cref="IOException">It does not build.</exception>
    public void Prepare()
    {
        Copy();
        var built = Shell.Run(root, BuildLimit, "dotnet", ["build", Suite, .. BuildOptions]);
        if (built.ExitCode != 0) throw new IOException($"The unchanged code does not build.\n{built.Output}");
        runner = Directory.GetFiles(Path.Combine(root, Suite, "bin", Configuration), "BrainState.Conformance.dll", SearchOption.AllDirectories).Single();
    }

    /// <summary>The source of a file of the repository.</summary>
    public string Read(string file) => File.ReadAllText(Path.Combine(repository, file));

    /// <summary>Builds the project of a file with another source of it.</summary>
    /// <returns>The assembly with the fault, not yet where the suite runs.</returns>
    /// <exception cref="FormatException">It does not compile.</exception>
    public Fault Build(string file, string source)
    {
        var path = Path.Combine(root, file);
        var project = ProjectOf(path);
        var framework = Path.GetFileName(Path.GetDirectoryName(runner))!;
        File.WriteAllText(path, source);
        try
        {
            var built = Shell.Run(root, BuildLimit, "dotnet", ["build", project, "--no-restore", "--no-dependencies", "-f", framework, .. BuildOptions]);
            if (built.ExitCode != 0) throw new FormatException(built.Output.Split('\n').FirstOrDefault(static line => line.Contains("error"))?.Trim() ?? built.LastLine);
            var assembly = Path.GetFileNameWithoutExtension(project) + ".dll";
            return new(
                Directory.GetFiles(Path.GetDirectoryName(runner)!, assembly, SearchOption.AllDirectories),
                File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(project)!, "bin", Configuration, framework, assembly)));
        }
        finally
        {
            File.WriteAllText(path, Read(file));
        }
    }

    /// <summary>The names of all cases.</summary>
    public string[] Names() => Shell.Run(root, BuildLimit, "dotnet", "exec", runner, "test", "--list").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Runs cases on cpu.</summary>
    /// <param name="selection">Options of the suite that select them.</param>
    /// <param name="limits">How long it may take.</param>
    public SuiteRun Run(IEnumerable<string> selection, Limits limits)
    {
        var report = Path.Combine(root, "artifacts", "mutations");
        if (Directory.Exists(report)) Directory.Delete(report, recursive: true);
        var ended = Shell.Run(root, limits, "dotnet", ["exec", runner, "test", "--backend", "cpu", .. Settings, "--report", report, .. selection]);
        return SuiteRun.Of(ended, Path.Combine(report, "test.json"));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (isTemporary) Directory.Delete(root, recursive: true);
    }

    private void Copy()
    {
        var listed = Shell.Run(repository, BuildLimit, "git", "ls-files", "--cached", "--others", "--exclude-standard", "-z");
        if (listed.ExitCode != 0) throw new IOException($"git does not list the files of {repository}: {listed.LastLine}");
        var files = listed.Output.Split('\0').Select(static file => file.Trim('\n')).Where(file => File.Exists(Path.Combine(repository, file))).ToHashSet();
        foreach (var old in Sources(new(root)).Where(old => !files.Contains(Path.GetRelativePath(root, old.FullName)))) old.Delete();
        foreach (var file in files)
        {
            var (from, to) = (Path.Combine(repository, file), Path.Combine(root, file));
            if (File.Exists(to) && File.ReadAllBytes(from).AsSpan().SequenceEqual(File.ReadAllBytes(to))) continue;
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(from, to, overwrite: true);
            // Later than what was built before.
            File.SetLastWriteTimeUtc(to, DateTime.UtcNow);
        }
    }

    private static IEnumerable<FileInfo> Sources(DirectoryInfo folder) =>
        folder.EnumerateFiles().Concat(folder.EnumerateDirectories().Where(static d => d.Name is not ("bin" or "obj" or "artifacts")).SelectMany(Sources));

    private static string ProjectOf(string path)
    {
        for (var folder = Directory.GetParent(path); folder is not null; folder = folder.Parent)
            if (folder.GetFiles("*.csproj") is [var project])
                return project.FullName;
        throw new FormatException($"{path} belongs to no project.");
    }
}

/// <summary>An assembly with a fault, and where the suite has its sound ones.</summary>
internal sealed class Fault(string[] places, byte[] faulty)
{
    private readonly byte[][] sound = Array.ConvertAll(places, File.ReadAllBytes);

    /// <summary>Does something while the suite has the fault.</summary>
    public T While<T>(Func<T> action)
    {
        foreach (var place in places) File.WriteAllBytes(place, faulty);
        try
        {
            return action();
        }
        finally
        {
            for (var i = 0; i < places.Length; i++) File.WriteAllBytes(places[i], sound[i]);
        }
    }
}
