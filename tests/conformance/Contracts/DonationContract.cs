using BrainState.Backends;
using BrainState.Conformance.Generation;
using BrainState.Interpretation;
using BrainState.Programs;

namespace BrainState.Conformance;

/// <summary>Inputs that an executable may overwrite, and those that it must not.</summary>
internal static class DonationContract
{
    private const int RandomPrograms = 30;
    private static readonly TensorSpec Square = new(DType.Float32, [16, 16]);

    public static IEnumerable<ConformanceCase> Cases(int seed) =>
    [
        Behaviors.Case("contract/donation/in_place", static target => Check(target, static x => [x[0] * 2 + 1])),
        Behaviors.Case("contract/donation/read_again", static target => Check(target, static x => [x[0] + 1, x[0] * 2, x[1] - x[0]])),
        Behaviors.Case("contract/donation/exchange", static target => Check(target, static x => [x[1] + 1, x[0] + 1])),
        Behaviors.Case("contract/donation/transposed", static target => Check(target, static x => [Np.Transpose(x[0]) + x[0], Np.Flip(x[1])])),
        Behaviors.Case("contract/donation/loop", static target => Check(target, Loop)),
        .. Enumerable.Range(0, RandomPrograms).Select(number => Random(seed, $"contract/donation/random_{number}")),
    ];

    private static Tensor[] Loop(Tensor[] x)
    {
        var ((a, b), all) = Transforms.Scan(static ((Tensor A, Tensor B) c) => ((c.B + 1, c.A), c.A), (x[0], x[1]), 3);
        return [a, b, all];
    }

    /// <summary>Compares with the interpreter for every set of donated inputs, and every set of those that are kept this time.</summary>
    private static void Check(ConformanceTarget target, Func<Tensor[], Tensor[]> function)
    {
        var program = Traced.Program([Square, Square], function);
        HostValue[] inputs = [Samples.Whole(Square), Samples.Whole(Square, 4)];
        var expected = Interpreter.Run(program, inputs);
        foreach (int[] donated in (int[][])[[], [0], [1], [0, 1]])
        {
            using var compiled = DirectProgram.Compile(target, program, donated);
            foreach (var kept in donated.Select(static i => (int[])[i]).Append([]).Append(donated)) Check(target, compiled, program, inputs, expected, donated, kept);
        }
    }

    private static BehaviorCase Random(int seed, string name) => Behaviors.Case(name, target =>
    {
        var caseSeed = Seeds.Of(seed, name);
        DType[] dtypes = [.. DType.All.Where(static dtype => dtype.Is(DTypeKinds.Bitwise))];
        string[] ops = [.. OpSuite.Ops.Except(AlgebraGenerators.Table.Keys)];
        var program = Traced.Computed(new ProgramGenerator(caseSeed) { Ops = ops, DTypes = dtypes, TameNames = true, MaxEquations = 20 }.Next());
        var inputs = Values.Tame(program.Inputs, caseSeed);
        var expected = Interpreter.Run(program, inputs);
        int[] all = [.. Enumerable.Range(0, inputs.Length)];
        foreach (var donated in (int[][])[all, [.. all.Where(static i => i % 2 == 0)]])
        {
            using var compiled = DirectProgram.Compile(target, program, donated);
            Check(target, compiled, program, inputs, expected, donated, []);
        }
    }, isQuick: false);

    private static void Check(ConformanceTarget target, DirectProgram compiled, Program program, HostValue[] inputs, HostValue[] expected, int[] donated, int[] kept)
    {
        // What came from the host may lie in memory that is never written to, and what was computed does not.
        foreach (var make in (Func<HostValue, IBuffer>[])[target.Upload, value => Compute(target, value)])
        {
            var arguments = inputs.Select(make).ToArray();
            var results = compiled.Start(arguments, new ExecuteOptions { KeepInputs = kept.ToValueArray() });
            var what = $"with inputs ({string.Join(", ", donated)}) donated and ({string.Join(", ", kept)}) kept";
            try
            {
                Expect.Same($"results {what}", expected, [.. results.Select(ConformanceTarget.Download)]);
                for (var i = 0; i < inputs.Length; i++)
                    if (!donated.Contains(i) || kept.Contains(i))
                        Expect.Same($"input {i} after a run {what} must be as before", [inputs[i]], [ConformanceTarget.Download(arguments[i])]);
            }
            catch (ConformanceException failure)
            {
                throw new ConformanceException($"{failure.Message}\n{program.ToFullText()}", failure);
            }
            finally
            {
                foreach (var buffer in arguments.Concat(results)) buffer.Dispose();
            }
        }
    }

    /// <summary>A buffer with the given contents that the backend computed.</summary>
    private static IBuffer Compute(ConformanceTarget target, HostValue value)
    {
        if (value.Spec.Rank == 0) return target.Upload(value);
        var reverse = Oracle.ProgramOf(new Ops.Rev(ValueArray.Range(value.Spec.Rank)), [value.Spec]);
        using var compiled = DirectProgram.Compile(target, reverse);
        using var reversed = target.Upload(Interpreter.Run(reverse, [value])[0]);
        return compiled.Start([reversed])[0];
    }
}
