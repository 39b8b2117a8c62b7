using BrainState.Conformance.Generation;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Conformance;

/// <summary>Every op with every dtype that it takes, on operands of every class of shapes: what an engine's kernels get wrong first.</summary>
internal static class OpSuite
{
    /// <summary>The suite.</summary>
    public static ConformanceSuite Suite { get; } = new("ops", "every op × dtype × class of shapes, on tame and on special values, against the interpreter", Generate);

    /// <summary>The ops that the suite covers; those that need several devices or somebody who listens have suites of their own.</summary>
    public static IReadOnlyList<string> Ops { get; } = [.. OpGenerators.WithoutAxis.Except(EffectGenerators.Effects.Keys)];

    /// <summary>Ops of bodies in which nothing is rounded more than once, however an engine contracts them.</summary>
    private static readonly string[] InBodies = ["broadcast_in_dim", "add", "neg", "max", "lt", "select_n", "convert_element_type"];

    /// <summary>Dtypes that operands need beside the one that a case is about: selectors, positions, keys.</summary>
    private static readonly DType[] Companions = [DType.Bool, DType.Int32, DType.UInt32];

    /// <summary>A class of shapes, with as many cases; those with odd numbers get special values.</summary>
    private sealed record ShapeClass(string Name, int Count, int MaxRank, int[] Sizes, int MaxElements = 256, bool IsTransposed = false);

    private static readonly ShapeClass[] Classes =
    [
        new("small", 4, 3, [1, 2, 3]),
        new("scalar", 2, 0, [1]),
        new("unit", 2, 3, [1, 1, 1, 4]),
        new("empty", 1, 3, [0, 0, 2, 3]),
        new("transposed", 2, 3, [2, 3, 4], IsTransposed: true),
        new("odd", 2, 3, [1, 5, 7, 17], 2500),
        new("large", 1, 2, [33, 64, 100], 8192),
        new("long", 1, 2, [33, 600], 20_000),
        new("vast", 1, 2, [130, 600], 80_000),
    ];

    /// <summary>The dtype of vast operands, which show how kernels share work among threads, whatever the dtype.</summary>
    private const DType OfVast = DType.Float32;

    /// <summary>Ops whose oracle takes more steps than there are elements.</summary>
    private static readonly string[] Slow = [.. AlgebraGenerators.Table.Keys];

    private static IEnumerable<ConformanceCase> Generate(int seed) =>
        from op in Ops
        from dtype in DType.All
        from shapes in Classes
        from number in Enumerable.Range(0, shapes.Count)
        let item = TryCase(seed, op, dtype, shapes, number)
        where item is not null
        select item;

    private static ProgramCase? TryCase(int seed, string op, DType dtype, ShapeClass shapes, int number)
    {
        var name = $"ops/{op}/{dtype.Name}/{shapes.Name}/{number}";
        var caseSeed = Seeds.Of(seed, name);
        if (shapes.Name is "long" or "vast" && Slow.Contains(op)) return null;
        if (shapes.Name == "vast" && dtype != OfVast) return null;
        if (TryProgram(caseSeed, op, dtype, shapes) is not { } program) return null;
        Func<IEnumerable<TensorSpec>, int, HostValue[]> inputs = program.Equations[^1].Op switch
        {
            MatrixFactorization or TriangularSolve => Values.Regular,
            _ when number % 2 == 1 => Values.Special,
            ReduceProd or CumProd when IsLarge(shapes) => Values.Units,
            _ => IsLarge(shapes) ? Values.Moderate : Values.Tame,
        };
        return new(name, program, () => inputs(program.Inputs, caseSeed), ProgramCheck.Steps)
        {
            Subject = op,
            DType = dtype,
            IsQuick = shapes.Name == "small" && (number == caseSeed % 4 || dtype == DType.Float32),
        };
    }

    private static Program? TryProgram(int seed, string op, DType dtype, ShapeClass shapes)
    {
        var isConversion = op is "convert_element_type" or "bitcast_convert_type";
        DType[] dtypes = [.. Enumerable.Repeat(dtype, 10), .. isConversion ? DType.All : Companions, .. Related(dtype)];
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var program = new ProgramGenerator(seed + attempt)
            {
                DTypes = dtypes, Ops = [op, .. InBodies], MaxEquations = 4, MaxDepth = 1, MaxRank = shapes.MaxRank, Sizes = shapes.Sizes, MaxElements = shapes.MaxElements,
                TransposedInputs = shapes.IsTransposed, TameNames = true, TameLiterals = IsLarge(shapes),
            }.TryOnly(op);
            if (program is null) continue;
            var equation = program.Equations[^1];
            var specs = equation.Inputs.Select(program.SpecOf).Concat(equation.Outputs).ToArray();
            if (specs.Any(s => s.DType == dtype) && Fits(shapes, specs)) return program;
        }
        return null;
    }

    private static bool IsLarge(ShapeClass shapes) => shapes.Name is "odd" or "large" or "long" or "vast";

    /// <summary>Whether the shapes are of the class, and not only allowed in it.</summary>
    private static bool Fits(ShapeClass shapes, TensorSpec[] specs) => shapes.Name switch
    {
        "empty" => specs.Any(static s => s.ElementCount == 0),
        "odd" or "large" => specs.Any(s => s.ElementCount >= shapes.Sizes[^1]),
        "long" => specs.Any(s => s.ElementCount >= shapes.Sizes[^1]) && specs.All(s => s.ElementCount <= shapes.MaxElements),
        "vast" => specs.Any(static s => s.ElementCount >= 1 << 16) && specs.All(s => s.ElementCount <= shapes.MaxElements),
        "transposed" => specs.Any(static s => s.Rank >= 2),
        _ => true,
    };

    /// <summary>The complex dtype of a floating one, and the other way round.</summary>
    private static DType[] Related(DType dtype) => dtype switch
    {
        DType.Float32 => [DType.Complex64],
        DType.Float64 => [DType.Complex128],
        DType.Complex64 => [DType.Float32],
        DType.Complex128 => [DType.Float64],
        _ => [],
    };
}
