using BrainState.Conformance.Generation;
using BrainState.Interpretation;
using BrainState.Ops;

namespace BrainState.Conformance;

/// <summary>Random programs of many equations, with loops and branches: what an engine's planning, fusion and memory reuse get wrong.</summary>
internal static class ProgramSuite
{
    /// <summary>The suite.</summary>
    public static ConformanceSuite Suite { get; } = new("programs", "random programs, loops and branches among them, against the interpreter", Generate);

    private static readonly string[] BodyOps = [.. BodyOpGenerators.Table.Keys];
    private static readonly string[] FlatOps = [.. OpSuite.Ops.Except(BodyOps).Except(AlgebraGenerators.Table.Keys)];

    /// <summary>Ops on floats whose results do not depend on how often an engine rounds; a product that is added to something may be rounded once.</summary>
    private static readonly string[] ExactOps = [.. FlatOps.Where(IsExact).Except(["mul", "scatter_mul"])];

    private static readonly string[] ElementwiseOps = [.. ExactOps.Where(static name => OpGenerators.Elementwise.Any(op => op.Name == name))];

    private static readonly DType[] Real = [.. DType.All.Where(static dtype => !dtype.Is(DTypeKinds.Complex))];
    private static readonly DType[] Bits = [.. DType.All.Where(static dtype => dtype.Is(DTypeKinds.Bitwise))];

    /// <summary>Around odd multiples of the powers of two that engines cut tensors into: something is left over when pieces are dealt out to threads.</summary>
    private static readonly int[] SharedSizes = [(17 << 11) - 1, 17 << 11, (17 << 11) + 1, (22 << 11) + 7, 39 << 11];

    private static IEnumerable<ConformanceCase> Generate(int seed) =>
    [
        .. Cases(seed, "steps", 600, ProgramCheck.Steps, s => new(s) { Ops = FlatOps, MaxSize = 9, TameNames = true }),
        .. Cases(seed, "floats", 500, ProgramCheck.Exact, s => new(s) { Ops = [.. ExactOps, .. BodyOps, .. BodyOps], DTypes = Real, TameNames = true }),
        .. Cases(seed, "integers", 500, ProgramCheck.Exact, s => new(s) { Ops = [.. FlatOps, .. BodyOps, .. BodyOps], DTypes = Bits, TameNames = true }),
        .. Loops(seed),
        .. Cases(seed, "vast", 10, ProgramCheck.Exact, s => new(s) { Ops = ElementwiseOps, DTypes = [DType.Float32, DType.Bool], MaxEquations = 24, MaxRank = 2, Sizes = [130, 600], MaxElements = 80_000, TameNames = true }),
        .. Shares(seed),
        .. InPlace(seed),
        .. Cases(seed, "deep", 100, ProgramCheck.Exact, s => new(s) { Ops = [.. ExactOps, .. BodyOps], DTypes = [DType.Float32, DType.Int32, DType.Bool], MaxEquations = 60, MaxDepth = 1, TameNames = true }),
    ];

    private static IEnumerable<ConformanceCase> Cases(int seed, string family, int count, ProgramCheck check, Func<int, ProgramGenerator> generator)
    {
        for (var number = 0; number < count; number++)
        {
            var name = $"programs/{family}/{number}";
            var caseSeed = Seeds.Of(seed, name);
            var program = generator(caseSeed).Next();
            Func<IEnumerable<TensorSpec>, int, HostValue[]> inputs = number % 2 == 0 ? Values.Tame : Values.Special;
            yield return new ProgramCase(name, program, () => inputs(program.Inputs, caseSeed), check) { Subject = family, IsQuick = number % 8 < 2 };
        }
    }

    /// <summary>Each op with bodies in turn, with others inside.</summary>
    private static IEnumerable<ConformanceCase> Loops(int seed)
    {
        for (var number = 0; number < 400; number++)
        {
            var op = BodyOps[number % BodyOps.Length];
            var name = $"programs/{op}/{number / BodyOps.Length}";
            var caseSeed = Seeds.Of(seed, name);
            var program = new ProgramGenerator(caseSeed) { Ops = [.. ExactOps, .. BodyOps], DTypes = Real, TameNames = true, MaxDepth = 3 }.NextWith(op);
            yield return new ProgramCase(name, program, () => Values.Tame(program.Inputs, caseSeed), ProgramCheck.Exact) { Subject = op, IsQuick = number < 3 * BodyOps.Length };
        }
    }

    /// <summary>Long chains over vectors, all of which an engine may compute in one loop that threads share; nothing in them is unread.</summary>
    private static IEnumerable<ConformanceCase> Shares(int seed)
    {
        foreach (var size in SharedSizes)
            for (var number = 0; number < 2; number++)
            {
                var name = $"programs/vast/{size}/{number}";
                var caseSeed = Seeds.Of(seed, name);
                var program = Enumerable.Range(0, 100)
                    .Select(attempt => new ProgramGenerator(caseSeed + attempt) { Ops = ElementwiseOps, DTypes = [DType.Float32, DType.Bool], MaxEquations = 24, MaxRank = 1, Sizes = [size], MaxElements = size, TameNames = true }.Next())
                    .First(program => program.Equations.Count(equation => equation.Outputs[0].ElementCount == size) >= 12);
                Func<IEnumerable<TensorSpec>, int, HostValue[]> inputs = number == 0 ? Values.Tame : Values.Special;
                yield return new ProgramCase(name, Equations.WithUnreadValues(program), () => inputs(program.Inputs, caseSeed), ProgramCheck.Exact) { Subject = "vast", IsQuick = size == SharedSizes[0] };
            }
    }

    /// <summary>Each op that an engine may compute in the memory of its operand, with each part of that operand as another one.</summary>
    private static IEnumerable<ConformanceCase> InPlace(int seed) =>
        from op in Overlaps.Ops
        from part in Overlaps.Parts.Keys
        from readsPlaces in (bool[])[false, true]
        let name = $"programs/in_place/{op}/{part}/{(readsPlaces ? 1 : 0)}"
        let caseSeed = Seeds.Of(seed, name)
        let program = Overlaps.Of(op, part, readsPlaces, 3 + (int)((uint)caseSeed % 4))
        select new ProgramCase(name, program, () => Values.Tame(program.Inputs, caseSeed), ProgramCheck.Exact) { Subject = op, IsQuick = !readsPlaces };

    private static bool IsExact(string name) =>
        name is not ("round" or "clamp") && OpGenerators.Elementwise.FirstOrDefault(op => op.Name == name) is { } op
            ? Closeness.IsExact(op)
            : name is not ("integer_pow" or "reduce_sum" or "reduce_prod" or "dot_general" or "cumsum" or "cumprod" or "cumlogsumexp" or "reduce_window_sum"
            or "conv_general_dilated" or "select_and_scatter_add" or "fft");
}
