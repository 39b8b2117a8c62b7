using System.Diagnostics;
using BrainState.Debugging;
using BrainState.Execution;
using BrainState.Hosting;
using BrainState.Ops;

namespace BrainState;

/// <summary>Looking at values while functions run, also inside transforms, where a tensor has none yet.</summary>
/// <remarks>A file that imports System.Diagnostics too says which Debug it means with <c>using Debug = BrainState.Debug;</c>.</remarks>
public static class Debug
{
    /// <summary>Where <see cref="Print(DebugMessage)"/> writes to in the current runtime: the console unless it was set.</summary>
    public static TextWriter Out
    {
        get => Output.Current.Writer;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Output.Current.Writer = value;
        }
    }

    /// <summary>Where <see cref="ProgressBar"/>s of the current runtime appear: as text in <see cref="Out"/> unless it was set.</summary>
    public static IProgressDisplay Progress
    {
        get => Output.Current.Progress;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Output.Current.Progress = value;
        }
    }

    /// <summary>
    /// What happens in the current runtime where <see cref="Transforms.BreakpointIf"/> finds its condition true, on the thread that runs the function, with its message: an attached debugger breaks,
    /// and without one the message is written to <see cref="Out"/>, unless it was set.
    /// </summary>
    public static Action<string> Breakpoint
    {
        get => Output.Current.Breakpoint;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Output.Current.Breakpoint = value;
        }
    }

    /// <summary>
    /// Writes a line each time the function runs. Tensors and States among the parts are written with the values that they have then; everything else is text, fixed when the
    /// function is traced.
    /// </summary>
    /// <param name="message">Such as <c>$"loss {loss:F4} after {step} steps"</c>.</param>
    /// <remarks>
    /// Lines come in the order of the program: in every step of a loop, in the branch that is taken, once per lane under Vmap if lanes differ in what is written, for every device under Pmap, and once under
    /// derivatives, in the forward pass. Format specifiers are those of .NET's numbers, applied to each element.
    /// </remarks>
    /// <exception cref="OpConstraintException">A specifier does not fit the dtype of its tensor.</exception>
    public static void Print(DebugMessage message) => Eager.Bind(new DebugPrint(message.Format), message.Operands);

    /// <inheritdoc cref="Print(DebugMessage)"/>
    /// <param name="text">A text without values.</param>
    public static void Print(string text) => Eager.Bind(new DebugPrint(DebugMessage.Escape(text)));

    private sealed class Output
    {
        /// <summary>The output of the current runtime.</summary>
        public static Output Current => BrainStateRuntime.Current.Slot(static _ => new Output());

        public TextWriter Writer { get; set; } = Console.Out;

        public IProgressDisplay Progress { get; set; } = new TextProgress();

        public Action<string> Breakpoint { get; set; } = static message =>
        {
            if (Debugger.IsAttached) Debugger.Break();
            else Out.WriteLine($"breakpoint: {message}");
        };
    }
}
