using System.Diagnostics;
using BrainState.Backends;
using BrainState.Conformance;
using BrainState.Interpretation;
using BrainState.Programs;
using BrainState.Torch;

namespace BrainState.TorchTests.Engine;

/// <summary>Programs as graphs, with a library on cpu that keeps a call where CUDA would keep launches: what is captured, and that runs give the same.</summary>
public sealed class GraphTests
{
    private const string Sum = "program(%0:f32[2], %1:f32[2]) { %2:f32[2] = add %0 %1 %3:f32[2] = mul %2 %1 return %3, %2 }";

    [LibTorchFact]
    public void ARunIsCapturedAfterAFewAndGivesTheSame()
    {
        using var program = Compile(Sum, runsBeforeCapture: 2);
        for (var run = 0; run < 5; run++)
        {
            Assert.Equal(run < 3 ? "waiting" : "captured", program.State);
            Assert.Equal([(run + 10f) * 10, 11 * 20, run + 10, 11], program.Run([run, -9], [10, 20]));
        }
    }

    [LibTorchFact]
    public void RunsAtTheSameTimeHaveGraphsOfTheirOwn()
    {
        using var program = Compile(Sum, runsBeforeCapture: 0);
        Parallel.For(0, 200, i => Assert.Equal([(i + 3f) * 3, 8 * 4, i + 3, 8], program.Run([i, 4], [3, 4])));
    }

    [LibTorchTheory]
    [InlineData("program(%0:f32[2]) { %1:f32[2] = cumsum[axis=0 reverse=False] %0 return %1 }", "captured")]
    [InlineData("program(%0:f32[2]) { %1:f32[2] = scan[body=program(%0:f32[2]) { %1:f32[2] = add %0 %0 return %1 } length=5 num_carry=1 num_consts=0 reverse=False unroll=1] %0 return %1 }", "captured")]
    [InlineData("program(%0:f32[2]) { %1:f32[2] = scan[body=program(%0:f32[2]) { %1:f32[2] = add %0 %0 return %1 } length=30000 num_carry=1 num_consts=0 reverse=False unroll=1] %0 return %1 }", "never: it launches too much")]
    [InlineData("program(%0:f32[2]) { %1:f32[2] = psum[axis_name=i] %0 return %1 }", "never: the host looks at values while it runs")]
    public void OnlyWhatNeedsNoHostIsCaptured(string text, string state)
    {
        using var program = Compile(text, runsBeforeCapture: 0);
        program.Run([1, 2]);
        Assert.Equal(state, program.State);
    }

    [LibTorchFact]
    public void MemoryForArgumentsAndResultsIsCounted()
    {
        using var plain = Compile(Sum, runsBeforeCapture: null);
        using var graph = Compile(Sum, runsBeforeCapture: 0);
        Assert.Equal("off", plain.State);
        Assert.Equal(plain.Temporary + 4 * 64, graph.Temporary);
    }

    /// <summary>The last library that was loaded is that of the process, so this one has a process of its own.</summary>
    [LibTorchTheory]
    [InlineData("FAILS")]
    [InlineData(null)]
    public void WithoutGraphsProgramsRunAllTheSame(string? failure)
    {
        var library = failure is null ? "/nowhere/libgraphs.so" : FakeLibrary(failure);
        string[] settings = ["CudaGraphs=true", "RunsBeforeCapture=1", $"CudaGraphLibrary={library}"];
        Assert.Equal(
            Programs.Run("examples/Tutorial", "--BrainState:Backend=torch"),
            Programs.Run("examples/Tutorial", ["--BrainState:Backend=torch", .. settings.Select(static setting => $"--BrainState:Backends:torch:{setting}")]));
    }

    private static CompiledProgram Compile(string text, int? runsBeforeCapture) => new(Program.Parse(text), runsBeforeCapture, FakeLibrary("WORKS"));

    /// <summary>The library, compiled with what compiled the shim.</summary>
    private static string FakeLibrary(string definition)
    {
        var file = Path.Combine(Path.GetTempPath(), $"brainstate-graphs-{Environment.ProcessId}-{definition}.so");
        lock (typeof(GraphTests))
        {
            if (File.Exists(file)) return file;
            string[] arguments = ["-std=c++20", "-shared", "-fPIC", $"-D{definition}", "-I", Programs.PathOf("plugins/Torch/native"), Programs.PathOf("tests/torch/Engine/graphs_on_cpu.cpp"), "-o", file];
            Programs.End(Process.Start(new ProcessStartInfo(Environment.GetEnvironmentVariable("CXX") ?? "c++", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!);
            AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(file);
            return file;
        }
    }

    /// <summary>A program on a backend with these settings.</summary>
    private sealed class CompiledProgram : IDisposable
    {
        private readonly Program program;
        private readonly TorchBackend backend;
        private readonly TorchExecutable executable;

        public CompiledProgram(Program program, int? runsBeforeCapture, string library)
        {
            this.program = program;
            backend = (TorchBackend)new TorchBackendFactory().Create(new(runsBeforeCapture is { } runs
                ? [new("CudaGraphs", "true"), new("RunsBeforeCapture", $"{runs}"), new("CudaGraphLibrary", library)]
                : []));
            executable = (TorchExecutable)backend.Compile(program, new() { Devices = [backend.Devices[0]], AxisName = "i" });
        }

        public string State => executable.GraphState;

        public long Temporary => executable.Memory.Temporaries;

        /// <summary>The elements of all results.</summary>
        public float[] Run(params float[][] values)
        {
            var arguments = values.Select(x => Upload(HostValue.Of<float>([x.Length], x))).ToArray();
            var results = new IBuffer[program.Outputs.Length];
            executable.Execute(arguments, results, default);
            var elements = results.SelectMany(static buffer => ConformanceTarget.Download(buffer).ToArray<float>()).ToArray();
            foreach (var buffer in arguments.Concat(results)) buffer.Dispose();
            return elements;
        }

        public void Dispose()
        {
            executable.Dispose();
            backend.Dispose();
        }

        private IBuffer Upload(HostValue value)
        {
            var memory = HostMemory.Allocate(value.Bytes.Length);
            value.Bytes.CopyTo(memory.Span);
            var buffer = backend.FromHost(memory, value.Spec, backend.Devices[0]);
            memory.Release();
            return buffer;
        }
    }
}
