// Measures BrainState against PyTorch and against the machine itself:
//   dotnet run -c Release --project benchmarks -- [suite …] [--threads N] [--backend NAME] [--device NAME] [--set KEY=VALUE]… [--torch] [--markdown FILE]

using System.Globalization;
using BrainState;
using BrainState.Benchmarks;
using BrainState.Benchmarks.Measuring;
using BrainState.Benchmarks.Suites;
using BrainState.Hosting;

(string Name, Action<Session> Run)[] suites =
[
    ("memory", MemorySuite.Run), // First, while the pools are empty.
    ("jit-call", CallSuite.Run), ("linreg", LinearRegressionSuite.Run), ("mlp-compile", CompileSuite.Run), ("mlp-step", MlpSuite.Run),
    ("lenet", LeNetSuite.Run), ("lstm", LstmSuite.Run), ("vmap", VmapSuite.Run), ("trace", TraceSuite.Run), ("checkpoint", CheckpointSuite.Run), ("gemm", GemmSuite.Run), ("tiny-ops", TinyOpSuite.Run), ("chain", ChainSuite.Run),
];
var (chosen, threads, backend, device, wantsTorch, markdown, isChild) = (new List<string>(), Environment.ProcessorCount, "cpu", "cpu", false, (string?)null, false);
var settings = new List<string[]>();
for (var arguments = new Queue<string>(args); arguments.TryDequeue(out var argument);)
{
    switch (argument)
    {
        case "--threads": threads = int.Parse(arguments.Dequeue(), CultureInfo.InvariantCulture); break;
        case "--backend": backend = arguments.Dequeue(); break;
        case "--device": device = arguments.Dequeue(); break;
        case "--set" when arguments.Dequeue().Split('=', 2) is [_, _] setting: settings.Add(setting); break;
        case "--torch": wantsTorch = true; break;
        case "--markdown": markdown = arguments.Dequeue(); break;
        case CompileSuite.ChildArgument: isChild = true; break;
        case var name when suites.Any(s => s.Name == name): chosen.Add(name); break;
        default:
            Console.Error.WriteLine($"'{argument}' is not a suite ({string.Join(", ", suites.Select(static s => s.Name))}) or an option.");
            return 1;
    }
}

await using var runtime = BrainStateRuntime.Create(b =>
{
    b.UseBackend(backend, device).Configure(backend, "Threads", $"{threads}");
    foreach (var setting in settings) b.Configure(backend, setting[0], setting[1]);
});
BrainStateRuntime.SetDefault(runtime);
if (isChild)
{
    CompileSuite.RunChild();
    return 0;
}

var report = new Report();
using var torch = wantsTorch ? TorchProcess.TryStart(threads, device) : null;
report.Line(Machine.Describe());
report.Line($"{DateTime.Now:yyyy-MM-dd HH:mm}, backend {backend} on {device}, {threads} threads{string.Concat(settings.Select(static s => $", {s[0]}={s[1]}"))}"
    + (torch is not null ? $", against PyTorch {torch.Version}" : wantsTorch ? $"; {TorchProcess.HowToInstall}" : ""));
var session = new Session(threads, torch, wantsTorch && torch is null, report);
MeasureMachine();
foreach (var (name, run) in suites)
    if (chosen.Count == 0 || chosen.Contains(name))
        run(session);
if (runtime.Backend.Devices.FirstOrDefault(d => d.Name == device) is { } used) report.Line($"{used.Name}: {used.Description}");
if (markdown is not null) report.Save(markdown);
return 0;

// A function of its own, so that nothing keeps its arrays.
void MeasureMachine() => session.Compare("The machine", f => f.Contender.Name.StartsWith("FMA", StringComparison.Ordinal)
    ? string.Create(CultureInfo.InvariantCulture, $"{Machine.FlopsPerCall(threads) / f.Median / 1e9:F0} GFLOP/s")
    : string.Create(CultureInfo.InvariantCulture, $"{8.0 * Machine.CopiedFloats / f.Median / 1e9:F1} GB/s"), [Machine.FusedMultiplyAdds(threads), Machine.Copy(threads)]);
