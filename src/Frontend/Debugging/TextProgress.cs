using System.Globalization;

namespace BrainState.Debugging;

/// <summary>Bars as lines of text in <see cref="Debug.Out"/>: on a terminal one line that is written anew, elsewhere a line per report.</summary>
internal sealed class TextProgress : IProgressDisplay
{
    private const int Width = 20;

    public IProgressTask Begin(string description, int length)
    {
        var output = Debug.Out;
        return new Line(description, length, output, ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected);
    }

    private sealed class Line(string description, int length, TextWriter output, bool isTerminal) : IProgressTask
    {
        private bool isOpen;

        public void Report(int done)
        {
            var filled = (int)((long)Width * done / length);
            var text = string.Create(CultureInfo.InvariantCulture, $"[{new string('#', filled),-Width}] {done}/{length} {description}");
            isOpen = isTerminal && done < length;
            if (isTerminal) output.Write('\r');
            if (isOpen) output.Write(text);
            else output.WriteLine(text);
        }

        public void Dispose()
        {
            if (isOpen) output.WriteLine();
        }
    }
}
