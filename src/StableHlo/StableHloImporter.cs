using BrainState.StableHlo.Syntax;

namespace BrainState.StableHlo;

/// <summary>
/// Reads StableHLO text: modules, functions, calls and returns in their usual form, and the operations of the dialects <c>stablehlo</c> and <c>chlo</c> in MLIR's generic
/// form (<c>"stablehlo.add"(%0, %1) : (…) -> …</c>).
/// </summary>
public static class StableHloImporter
{
    /// <summary>Reads a module. Its functions are imported when asked for.</summary>
    /// <exception cref="StableHloFormatException">The text is malformed; the message says where.</exception>
    /// <exception cref="NotExpressibleException">The text uses a part of MLIR that programs have no counterpart of, such as branches between blocks.</exception>
    public static StableHloModule Parse(string text) => new(Parser.Parse(text));

    /// <summary>Reads a module and imports one function.</summary>
    /// <inheritdoc cref="Parse"/>
    /// <inheritdoc cref="StableHloModule.Import"/>
    public static ImportedProgram Import(string text, string function = "main") => Parse(text).Import(function);
}
