using BrainState.Programs;

namespace BrainState.UnitTests.Cpu;

/// <summary>Runs a program on the backend and by the reference and compares.</summary>
internal static class Checks
{
    /// <summary>With random arguments where none are given.</summary>
    public static void Run(Program program, int seed, params Tensor[] arguments) => Run(program, seed, 0, arguments);

    public static void Run(Program program, int seed, double ulps, params Tensor[] arguments)
    {
        Tensor[] all = [.. arguments, .. program.Inputs.Skip(arguments.Length).Select((spec, i) => Samples.Random(spec, seed + i))];
        var (expected, actual) = (Reference.Evaluate(program, all), Tensor.Run(program, all));
        for (var i = 0; i < expected.Length; i++) expected[i].AssertClose(actual[i], $"output {i} of {program}", ulps);
    }
}
