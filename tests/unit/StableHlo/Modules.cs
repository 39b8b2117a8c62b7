using BrainState.Interpretation;
using BrainState.StableHlo;

namespace BrainState.UnitTests.StableHlo;

/// <summary>Short ways to write and run modules.</summary>
internal static class Modules
{
    /// <summary>The results of a function on the interpreter.</summary>
    public static HostValue[] Run(string module, params HostValue[] arguments)
    {
        var (program, constants) = StableHloImporter.Import(module);
        return Interpreter.Run(program, [.. constants.Select(static c => HostValue.Of(c.Spec, c.Bytes.AsSpan())), .. arguments]);
    }

    /// <summary>A module whose <c>@main</c> has the given signature and body; a line of the body is line 2 and following of the text.</summary>
    public static string Function(string signature, string body) => $"func.func @main{signature} {{\n{body}\n}}\n";
}
