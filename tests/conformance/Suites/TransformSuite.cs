using BrainState.Conformance.Generation;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;
using static BrainState.Transforms;

namespace BrainState.Conformance;

/// <summary>What the transforms promise, on the backend's own results: jit = eager, vmap = loop, scan = unrolled.</summary>
internal static class TransformSuite
{
    /// <summary>The suite.</summary>
    public static ConformanceSuite Suite { get; } = new("transforms", "jit = eager, prepared = as written, vmap = loop over lanes, scan = its steps written out", Generate);

    private static readonly string[] Flat = [.. OpSuite.Ops.Except(BodyOpGenerators.Table.Keys).Except(AlgebraGenerators.Table.Keys)];
    private static readonly string[] InBodies = ["broadcast_in_dim", "add", "neg", "max", "lt", "select_n", "convert_element_type"];
    private static readonly DType[] DTypes = [DType.Float32, DType.Float32, DType.Int32, DType.Bool, DType.UInt32, DType.Float64, DType.Complex64];
    private static readonly int[] LaneCounts = [3, 1, 0, 2];

    /// <summary>Ops with so many parameters that a few random programs do not meet all that a batching rule must tell apart.</summary>
    private static readonly string[] WithManyForms = ["conv_general_dilated", "dot_general", "gather", .. OpSuite.Ops.Where(static op => op.StartsWith("scatter", StringComparison.Ordinal))];

    private static IEnumerable<ConformanceCase> Generate(int seed) => [.. Eager(seed), .. Prepared(seed), .. Accumulated(seed), .. Lanes(seed), .. PartingLanes(seed), .. Unrolled(seed)];

    private static IEnumerable<ConformanceCase> Eager(int seed)
    {
        for (var number = 0; number < 400; number++)
        {
            var name = $"transforms/jit/{number}";
            var caseSeed = Seeds.Of(seed, name);
            var program = new ProgramGenerator(caseSeed) { Ops = Flat, TameNames = true }.Next();
            Func<IEnumerable<TensorSpec>, int, HostValue[]> inputs = number % 2 == 0 ? Values.Tame : Values.Special;
            yield return new ProgramCase(name, program, () => inputs(program.Inputs, caseSeed), ProgramCheck.Eager) { Subject = "jit", IsQuick = number < 60 };
        }
    }

    /// <summary>
    /// Programs with loops and branches through the frontend's passes, also where the backend would not need them. Few ops, few shapes and tame literals, so that there is much to merge, to
    /// fold and to take out of loops; and numbers with few digits, so that nothing is rounded.
    /// </summary>
    private static IEnumerable<ConformanceCase> Prepared(int seed)
    {
        string[] bodies = ["scan", "while", "cond", "call", "checkpoint"];
        for (var number = 0; number < 300; number++)
        {
            var name = $"transforms/prepared/{number}";
            var caseSeed = Seeds.Of(seed, name);
            var program = new ProgramGenerator(caseSeed)
            {
                Ops = [.. InBodies, "sub", "mul", "dot_general", "reshape", "transpose", "reduce", .. bodies], DTypes = [DType.Int32, DType.Float64, DType.Bool], MaxEquations = 12, MaxRank = 2,
                EmptyShapes = false, TameNames = true, TameLiterals = true,
            }.NextWith(bodies[number % bodies.Length]);
            yield return new ProgramCase(name, program, () => Values.Tame(program.Inputs, caseSeed), ProgramCheck.Prepared) { Subject = "prepared", IsQuick = number < 60 };
        }
    }

    /// <summary>Loops that add up products in a carry, from a start that is not zero, as gradients of what all steps use do; such products are taken out of the loop.</summary>
    private static IEnumerable<ConformanceCase> Accumulated(int seed)
    {
        TensorSpec Of(Shape shape) => new(DType.Int32, shape);
        (string Form, Shape Start, Func<Tensor, Tensor, Tensor, Tensor> Next)[] forms =
        [
            ("product", [2, 4], static (total, x, g) => total + x.Transpose().MatMul(g)),
            ("transposed", [4, 2], static (total, x, g) => x.Transpose().MatMul(g).Transpose() + total),
            ("reshaped", [8], static (total, x, g) => total + x.Transpose().MatMul(g).Reshape(8)),
            ("with_more", [2, 4], static (total, x, g) => total + x.Transpose().MatMul(g) + Np.Sum(x)),
            ("twice", [2, 4], static (total, x, g) => total + x.Transpose().MatMul(g) + (x + 1).Transpose().MatMul(g)),
        ];
        foreach (var (form, start, next) in forms)
            foreach (var isReverse in (bool[])[false, true])
            {
                var name = $"transforms/accumulated/{form}/{(isReverse ? 1 : 0)}";
                TensorSpec[] operands = [Of(start), Of([5, 3, 2]), Of([5, 3, 4])];
                yield return new ProgramCase(name, () =>
                {
                    var program = Traced.Program(operands, x =>
                    {
                        var (last, sums) = Scan<Tensor, (Tensor, Tensor), Tensor>((total, step) => (next(total, step.Item1, step.Item2), Np.Sum(step.Item1)), x[0], (x[1], x[2]), new() { Reverse = isReverse });
                        return [last, sums];
                    });
                    return (program, Values.Tame(operands, Seeds.Of(seed, name)));
                }, ProgramCheck.Prepared) { Subject = "prepared", IsQuick = true };
            }
    }

    /// <summary>Every op, with every combination of batched operands.</summary>
    private static IEnumerable<ConformanceCase> Lanes(int seed)
    {
        foreach (var op in OpSuite.Ops)
            for (var number = 0; number < (WithManyForms.Contains(op) ? 16 : 4); number++)
            {
                var name = $"transforms/vmap/{op}/{number}";
                var caseSeed = Seeds.Of(seed, name);
                if (TryProgram(caseSeed, op, number == 3) is not { } program || program.Inputs.Length == 0) continue;
                var isAlgebra = program.Equations[^1].Op is MatrixFactorization or TriangularSolve;
                var combinations = 1 << Math.Min(3, program.Inputs.Length);
                for (var mask = 1; mask < combinations; mask++)
                {
                    // Operands beyond the third go with the third.
                    var isBatched = program.Inputs.Select((_, i) => (mask >> Math.Min(i, 2) & 1) == 1).ToValueArray();
                    var count = LaneCounts[(number + mask - 1) % LaneCounts.Length];
                    TensorSpec[] specs = [.. program.Inputs.Select((spec, i) => isBatched[i] ? HostLanes.Stack(spec, count) : spec)];
                    Func<IEnumerable<TensorSpec>, int, HostValue[]> inputs = isAlgebra ? Values.Regular : Values.Tame;
                    yield return new ProgramCase($"{name}/{mask}", program, () => inputs(specs, caseSeed), ProgramCheck.Lanes(count, isBatched)) { Subject = op, IsQuick = number == 0 && mask < 3 };
                }
            }
    }

    /// <summary>Loops and branches that lanes go through on ways of their own, with every combination of batched operands.</summary>
    private static IEnumerable<ConformanceCase> PartingLanes(int seed)
    {
        foreach (var (op, operands) in LaneFlow.Operands)
            for (var number = 0; number < 6; number++)
                for (var mask = 1; mask < 1 << operands.Length; mask++)
                {
                    var name = $"transforms/vmap/{op}/flow/{number}/{mask}";
                    var (flowSeed, caseSeed) = (Seeds.Of(seed, $"transforms/vmap/{op}/flow/{number}"), Seeds.Of(seed, name));
                    var isBatched = operands.Select((_, i) => (mask >> i & 1) == 1).ToValueArray();
                    var count = number == 5 ? LaneCounts[mask % LaneCounts.Length] : 3;
                    yield return new ProgramCase(name, () =>
                    {
                        var program = Traced.Program(operands, x => LaneFlow.Of(op, flowSeed, x));
                        return (program, Values.Tame(operands.Select((spec, i) => isBatched[i] ? HostLanes.Stack(spec, count) : spec), caseSeed));
                    }, ProgramCheck.Lanes(count, isBatched)) { Subject = op, IsQuick = number == 0 };
                }
    }

    private static Program? TryProgram(int seed, string op, bool mayBeEmpty)
    {
        for (var attempt = 0; attempt < 20; attempt++)
            if (new ProgramGenerator(seed + attempt) { Ops = [op, .. InBodies], DTypes = DTypes, MaxEquations = 4, MaxDepth = 1, EmptyShapes = mayBeEmpty, TameNames = true, TameLiterals = true }.TryOnly(op) is { } program)
                return program;
        return null;
    }

    private static IEnumerable<ConformanceCase> Unrolled(int seed)
    {
        for (var number = 0; number < 100; number++)
        {
            var name = $"transforms/scan/{number}";
            var caseSeed = Seeds.Of(seed, name);
            var program = new ProgramGenerator(caseSeed) { Ops = [.. InBodies, "scan"], DTypes = [DType.Float32, DType.Int32, DType.Bool], TameNames = true, TameLiterals = true }.NextWith("scan");
            yield return new ProgramCase(name, program, () => Values.Tame(program.Inputs, caseSeed), ProgramCheck.Unrolled) { Subject = "scan", IsQuick = number < 20 };
        }
    }
}
