using BrainState.Backends;
using BrainState.Interpretation;
using BrainState.Programs;

namespace BrainState.Conformance;

/// <summary>A program that the backend compiled, and runs of it with nothing of the frontend between.</summary>
internal sealed class DirectProgram : IDisposable
{
    private readonly ConformanceTarget target;
    private readonly Program program;

    private DirectProgram(ConformanceTarget target, Program program, IExecutable executable) => (this.target, this.program, Executable) = (target, program, executable);

    public IExecutable Executable { get; }

    /// <summary>Compiles a program, of which the backend runs each op or the frontend decomposes it.</summary>
    public static DirectProgram Compile(ConformanceTarget target, Program program, params ReadOnlySpan<int> donated) =>
        Compile(target, program, new CompileOptions { Devices = [target.Device], DonatedInputs = ValueArray.Create(donated) });

    /// <summary>The same with other options.</summary>
    public static DirectProgram Compile(ConformanceTarget target, Program program, CompileOptions options) =>
        new(target, program, target.Backend.Compile(target.Legalise(program), options));

    /// <summary>Compiles a function of one tensor.</summary>
    public static DirectProgram Compile(ConformanceTarget target, TensorSpec input, Func<Tensor, Tensor> function, params ReadOnlySpan<int> donated) =>
        Compile(target, Traced.Program(input, function), donated);

    /// <summary>Starts a run. The caller owns the results, of which the contents may come later.</summary>
    public IBuffer[] Start(IBuffer[] arguments, in ExecuteOptions options = default)
    {
        var results = new IBuffer[program.Outputs.Length];
        Executable.Execute(arguments, results, options);
        for (var i = 0; i < results.Length; i++)
        {
            Expect.That(results[i] is not null, $"Execute left result {i} null: it must set one buffer for each output");
            Expect.That(results[i].Spec == program.OutputSpecs[i], $"the buffer of result {i} says {results[i].Spec}, but the program declares {program.OutputSpecs[i]}");
            Expect.That(results[i].Device == target.Device, $"the buffer of result {i} is on {results[i].Device?.Name ?? "no device"}, but the program was compiled for {target.Device.Name}");
        }
        return results;
    }

    /// <summary>The results of a run.</summary>
    public HostValue[] Run(params HostValue[] inputs)
    {
        var arguments = inputs.Select(target.Upload).ToArray();
        var results = Start(arguments);
        HostValue[] values = [.. results.Select(ConformanceTarget.Download)];
        foreach (var buffer in arguments.Concat(results)) buffer.Dispose();
        return values;
    }

    /// <summary>Runs the program and compares with the interpreter, to the last bit.</summary>
    public void Check(string what, params HostValue[] inputs) => Expect.Same(what, Interpreter.Run(program, inputs), Run(inputs));

    public void Dispose() => Executable.Dispose();
}
