using BrainState.Backends;
using BrainState.Interpretation;
using BrainState.Programs;

namespace BrainState.Conformance;

/// <summary>Runs cases on a backend through nothing but the contract.</summary>
public static class CaseRunner
{
    /// <summary>Null if the case passes, and otherwise what is wrong, with the program's full text to reproduce it.</summary>
    public static string? Run(ConformanceCase conformance, IBackend backend)
    {
        try
        {
            return Compare(conformance, Execute(backend, conformance.Program, conformance.Inputs));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return Describe(conformance, $"{failure.GetType().Name}: {failure.Message}");
        }
    }

    /// <summary>The results of a program on the first device of a backend.</summary>
    public static HostValue[] Execute(IBackend backend, Program program, IReadOnlyList<HostValue> inputs)
    {
        var device = backend.Devices[0];
        using var executable = backend.Compile(program, new CompileOptions { Devices = [device] });
        var arguments = inputs.Select(input => Upload(input, backend, device)).ToArray();
        var results = new IBuffer[program.Outputs.Length];
        try
        {
            executable.Execute(arguments, results, default);
            return [.. results.Select(Download)];
        }
        finally
        {
            foreach (var buffer in arguments.Concat(results)) buffer?.Dispose();
        }
    }

    private static IBuffer Upload(HostValue value, IBackend backend, IDevice device)
    {
        var memory = HostMemory.Allocate(value.Bytes.Length);
        try
        {
            value.Bytes.CopyTo(memory.Span);
            return backend.FromHost(memory, value.Spec, device);
        }
        finally
        {
            memory.Release();
        }
    }

    private static HostValue Download(IBuffer buffer)
    {
        var bytes = new byte[buffer.Spec.ByteCount];
        buffer.CopyTo(bytes);
        return HostValue.Of(buffer.Spec, bytes);
    }

    private static string? Compare(ConformanceCase conformance, HostValue[] actual)
    {
        for (var i = 0; i < actual.Length; i++)
        {
            var expected = conformance.Expected[i];
            if (actual[i].Spec != expected.Spec) return Describe(conformance, $"output {i} is {actual[i].Spec}, but {expected.Spec} was declared");
            for (var k = 0; k < expected.Count; k++)
                if (!conformance.Tolerance.Accepts(actual[i][k], expected[k]))
                    return Describe(conformance, $"element {k} of output {i} is {actual[i][k]}, but should be {expected[k]}");
        }
        return null;
    }

    private static string Describe(ConformanceCase conformance, string problem) => $"{conformance.Name}: {problem}\n{conformance.Program.ToFullText()}";
}
