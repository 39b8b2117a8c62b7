using BrainState.Ops;
using BrainState.Programs;
using BrainState.StableHlo.Syntax;

namespace BrainState.StableHlo.Import;

/// <summary>A region as a program. Its first inputs are what it reads from outside, in the order of <see cref="Captured"/>; the region's arguments follow.</summary>
internal sealed record Body(Program Program, IReadOnlyList<Operand> Captured);

/// <summary>Turns functions into programs. A function that is called several times is imported once.</summary>
internal sealed class ModuleImporter(IReadOnlyDictionary<string, MlirFunction> functions)
{
    private readonly Dictionary<string, ImportedProgram> imported = [];
    private readonly Stack<string> inProgress = [];

    /// <summary>The program of a function.</summary>
    public ImportedProgram Import(MlirFunction function)
    {
        if (imported.TryGetValue(function.Name, out var known)) return known;
        if (inProgress.Contains(function.Name)) throw new NotExpressibleException(function.Location, $"recursion (@{function.Name} calls itself)");
        if (function.Body is not { } body) throw new NotExpressibleException(function.Location, $"a function without a body (@{function.Name})");
        inProgress.Push(function.Name);
        var scope = Scope.Function(this);
        foreach (var argument in function.Arguments) scope.AddArgument(argument);
        var results = Run(body, scope);
        var program = scope.Build([.. results.SelectMany(static result => result.Leaves)]);
        TensorSpec[] declared = [.. function.Results.SelectMany(type => Types.Flatten(type, function.Location))];
        if (!program.OutputSpecs.AsSpan().SequenceEqual(declared))
            throw new StableHloFormatException(function.Location, $"@{function.Name} declares the results ({Join(declared)}), but returns ({Join(program.OutputSpecs)})");
        inProgress.Pop();
        return imported[function.Name] = new(program, [.. scope.Constants]);
    }

    /// <summary>The program of the function that a symbol names.</summary>
    public ImportedProgram Import(string name, Location location) =>
        Import(functions.GetValueOrDefault(name) ?? throw new StableHloFormatException(location, $"the function @{name} is not defined"));

    /// <summary>The program of a region.</summary>
    public Body ImportBody(MlirRegion region, Scope outer)
    {
        var scope = outer.Body();
        foreach (var argument in region.Arguments) scope.AddArgument(argument);
        var results = Run(region, scope);
        return new(scope.Build([.. results.SelectMany(static result => result.Leaves)]), scope.Captured);
    }

    /// <summary>Imports the operations of a region and gives what it returns.</summary>
    public Value[] Run(MlirRegion region, Scope scope)
    {
        foreach (var op in region.Ops)
        {
            if (op.Name is "func.return" or "stablehlo.return") return [.. op.Operands.Select(scope.Read)];
            Run(op, scope);
        }
        throw new StableHloFormatException(region.Location, "the code does not end with a return");
    }

    private static void Run(MlirOp op, Scope scope)
    {
        var site = new OpSite(op, scope);
        Value[] results;
        try
        {
            results = OpTable.Rule(site)(site);
        }
        catch (OpConstraintException violation)
        {
            throw new StableHloFormatException(op.Location, $"{op.Name} does not fit its operands: {violation.Message.TrimEnd('.')}", violation);
        }
        site.CheckResults(results);
        // Results may be unnamed where nothing reads them.
        for (var i = 0; i < op.Results.Count; i++) scope.Define(op.Results[i], results[i]);
    }

    private static string Join(IEnumerable<TensorSpec> specs) => string.Join(", ", specs);
}
