using BrainState.Backends;

namespace BrainState.Conformance;

/// <summary>Runs cases on a backend through nothing but the contract.</summary>
public static class CaseRunner
{
    /// <summary>Null if the case passes, and otherwise what is wrong, with the program's full text to reproduce it.</summary>
    public static string? Run(ConformanceCase conformance, IBackend backend)
    {
        try
        {
            return Compare(conformance, Execute(conformance, backend));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return Describe(conformance, $"{failure.GetType().Name}: {failure.Message}");
        }
    }

    private static HostTensor[] Execute(ConformanceCase conformance, IBackend backend)
    {
        var device = backend.Devices[0];
        using var executable = backend.Compile(conformance.Program, new CompileOptions { Devices = [device] });
        var arguments = conformance.Inputs.Select(input => Upload(input, backend, device)).ToArray();
        var results = new IBuffer[conformance.Program.Outputs.Length];
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

    private static IBuffer Upload(HostTensor tensor, IBackend backend, IDevice device)
    {
        var memory = HostMemory.Allocate(tensor.Bytes.Length);
        try
        {
            tensor.Bytes.CopyTo(memory.Span);
            return backend.FromHost(memory, tensor.Spec, device);
        }
        finally
        {
            memory.Release();
        }
    }

    private static HostTensor Download(IBuffer buffer)
    {
        var tensor = HostTensor.Empty(buffer.Spec);
        buffer.CopyTo(tensor.Bytes);
        return tensor;
    }

    private static string? Compare(ConformanceCase conformance, HostTensor[] actual)
    {
        for (var i = 0; i < actual.Length; i++)
        {
            var expected = conformance.Expected[i];
            if (actual[i].Spec != expected.Spec) return Describe(conformance, $"output {i} is {actual[i].Spec}, but {expected.Spec} was declared");
            for (var k = 0L; k < expected.Spec.ElementCount; k++)
                if (!conformance.Tolerance.Accepts(actual[i][k], expected[k]))
                    return Describe(conformance, $"element {k} of output {i} is {actual[i][k]}, but should be {expected[k]}");
        }
        return null;
    }

    private static string Describe(ConformanceCase conformance, string problem) => $"{conformance.Name}: {problem}\n{conformance.Program.ToFullText()}";
}
