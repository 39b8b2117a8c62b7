using Spectre.Console;

namespace BrainState.Conformance;

/// <summary>The console: colours and bars for a person, plain and wide text for a file or another program.</summary>
internal static class Output
{
    private const int FileWidth = 200;

    public static IAnsiConsole Console { get; } = Create();

    private static IAnsiConsole Create()
    {
        if (!System.Console.IsOutputRedirected) return AnsiConsole.Console;
        var plain = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No });
        plain.Profile.Width = FileWidth;
        return plain;
    }
}
