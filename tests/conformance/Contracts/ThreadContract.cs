using BrainState.Backends;
using BrainState.Conformance.Generation;
using BrainState.Interpretation;

namespace BrainState.Conformance;

/// <summary>Everything may be called from several threads.</summary>
internal static class ThreadContract
{
    private const int Threads = 8;
    private const string Demand = "members of a backend may be called from several threads";

    public static IEnumerable<ConformanceCase> Cases(int seed) =>
    [
        Behaviors.Case("contract/threads/one_executable", OneExecutable),
        Behaviors.Case("contract/threads/many_programs", target => ManyPrograms(target, seed)),
        Behaviors.Case("contract/threads/one_buffer", OneBuffer),
        Behaviors.Case("contract/threads/memory", Memory),
    ];

    private static void OneExecutable(ConformanceTarget target)
    {
        TensorSpec spec = new(DType.Float32, [40, 40]);
        var program = Traced.Program(spec, static x => Lax.ReduceMax(Np.Transpose(x * x - x), [0]));
        using var compiled = DirectProgram.Compile(target, program);
        HostValue[] inputs = [.. Enumerable.Range(0, Threads).Select(i => Samples.Whole(spec, i))];
        HostValue[][] expected = [.. inputs.Select(input => Interpreter.Run(program, [input]))];
        Deadline.OnThreads(Threads, Demand, i =>
        {
            for (var run = 0; run < 10; run++) Expect.Same($"one executable on {Threads} threads", expected[i], compiled.Run(inputs[i]));
        });
    }

    private static void ManyPrograms(ConformanceTarget target, int seed)
    {
        DType[] dtypes = [DType.Int32, DType.Bool, DType.UInt32];
        string[] ops = [.. OpSuite.Ops.Except(AlgebraGenerators.Table.Keys)];
        var cases = Enumerable.Range(0, 3 * Threads).Select(number =>
        {
            var caseSeed = Seeds.Of(seed, "contract/threads/many_programs", number.ToString(System.Globalization.CultureInfo.InvariantCulture));
            var program = new ProgramGenerator(caseSeed) { Ops = ops, DTypes = dtypes, TameNames = true }.Next();
            var inputs = Values.Tame(program.Inputs, caseSeed);
            return (Program: program, Inputs: inputs, Expected: Interpreter.Run(program, inputs));
        }).ToArray();
        Deadline.OnThreads(Threads, Demand, i =>
        {
            foreach (var (program, inputs, expected) in cases.Skip(3 * i).Take(3))
                Expect.Same($"different programs on {Threads} threads", expected, target.Execute(program, inputs));
        });
    }

    private static void OneBuffer(ConformanceTarget target)
    {
        var (value, spec) = (Samples.Whole(Samples.Vector), Samples.Vector);
        using var compiled = DirectProgram.Compile(target, spec, static x => x + 1);
        using var argument = target.Upload(value);
        using var result = compiled.Start([argument])[0];
        Deadline.OnThreads(Threads, Demand, i =>
        {
            var own = compiled.Start([argument])[0];
            Expect.Same($"one result copied by {Threads} threads", [ConformanceTarget.Download(result)], [ConformanceTarget.Download(own)]);
            own.Dispose();
            Expect.Same($"one argument used by {Threads} threads", [value], [ConformanceTarget.Download(argument)]);
        });
    }

    private static void Memory(ConformanceTarget target) => Deadline.OnThreads(Threads, Demand, i =>
    {
        for (var run = 0; run < 20; run++)
        {
            var value = Samples.Bits(new(DType.Int32, [run * 37]), (i * 100) + run);
            using var buffer = target.Upload(value);
            Expect.Same($"FromHost and CopyTo on {Threads} threads", [value], [ConformanceTarget.Download(buffer)]);
        }
    });
}
