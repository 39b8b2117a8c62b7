using BrainState.StableHlo.Import;
using BrainState.StableHlo.Syntax;

namespace BrainState.StableHlo;

/// <summary>The functions of a StableHLO module; see <see cref="StableHloImporter.Parse"/>.</summary>
public sealed class StableHloModule
{
    private readonly IReadOnlyDictionary<string, MlirFunction> functions;

    internal StableHloModule(IReadOnlyDictionary<string, MlirFunction> functions) => this.functions = functions;

    /// <summary>The names of the functions, in ordinal order.</summary>
    public IReadOnlyList<string> Functions => [.. functions.Keys.Order(StringComparer.Ordinal)];

    /// <summary>A function and all that it calls as a program. Tuples among arguments and results are taken apart.</summary>
    /// <exception cref="ArgumentException">There is no such function.</exception>
    /// <exception cref="StableHloFormatException">It is ill-typed, reads a value that is not defined, or lacks an attribute; the message says where.</exception>
    /// <exception cref="NotExpressibleException">It does something for which there is no op.</exception>
    public ImportedProgram Import(string function = "main") => functions.TryGetValue(function, out var found)
        ? new ModuleImporter(functions).Import(found)
        : throw new ArgumentException($"The module has no function @{function}; its functions are {string.Join(", ", Functions.Select(static name => "@" + name))}.", nameof(function));
}
