using BrainState.Execution;
using BrainState.Programs;

namespace BrainState.Conformance;

/// <summary>How a backend runs an op with a dtype.</summary>
public enum SupportLevel
{
    /// <summary>Itself.</summary>
    Native,
    /// <summary>Itself in some forms; in others the frontend decomposes it into ops that the backend runs.</summary>
    Partly,
    /// <summary>The frontend decomposes it into ops that the backend runs.</summary>
    Decomposed,
    /// <summary>Not at all, at least in some forms.</summary>
    Refused,
}

/// <summary>What backends support: op × dtype × backend. Nothing is run; backends are asked.</summary>
public sealed class SupportMatrix
{
    private readonly Dictionary<(string Backend, string Op, DType DType), (SupportLevel Level, string Reason)> cells = [];

    private SupportMatrix(IReadOnlyList<string> backends, IReadOnlyList<string> ops) => (Backends, Ops) = (backends, ops);

    /// <summary>The backends.</summary>
    public IReadOnlyList<string> Backends { get; }

    /// <summary>The ops, in ordinal order.</summary>
    public IReadOnlyList<string> Ops { get; }

    /// <summary>The level of a cell, and for what is not native why; null where the language has no such op.</summary>
    public (SupportLevel Level, string Reason)? this[string backend, string op, DType dtype] => cells.TryGetValue((backend, op, dtype), out var cell) ? cell : null;

    /// <summary>Asks backends about the programs of the suite <c>ops</c>.</summary>
    public static SupportMatrix Of(IReadOnlyList<ConformanceTarget> targets, int seed = ConformanceSuites.DefaultSeed)
    {
        var programs = OpSuite.Suite.Generate(seed).OfType<ProgramCase>().ToLookup(static c => (Op: c.Subject!, DType: c.DType!.Value), static c => c.Program);
        var matrix = new SupportMatrix([.. targets.Select(static t => t.Name)], [.. programs.Select(static g => g.Key.Op).Distinct().Order(StringComparer.Ordinal)]);
        foreach (var target in targets)
            foreach (var cell in programs)
                matrix.cells[(target.Name, cell.Key.Op, cell.Key.DType)] = Ask(target, cell.Distinct());
        return matrix;
    }

    private static (SupportLevel Level, string Reason) Ask(ConformanceTarget target, IEnumerable<Program> programs)
    {
        var (native, reason) = (0, "");
        var all = programs.ToArray();
        foreach (var program in all)
        {
            var equation = program.Equations[^1];
            TensorSpec[] specs = [.. equation.Inputs.Select(program.SpecOf)];
            if (target.IsNative(program))
            {
                native++;
                continue;
            }
            if (target.Backend.Supports(equation.Op, specs, target.Device).Reason is { } why) reason = why;
            try
            {
                target.Legalise(program);
            }
            catch (UnsupportedOperationException refusal)
            {
                return (SupportLevel.Refused, refusal.Message);
            }
        }
        return (native == all.Length ? SupportLevel.Native : native > 0 ? SupportLevel.Partly : SupportLevel.Decomposed, reason);
    }
}
