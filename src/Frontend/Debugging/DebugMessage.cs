using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace BrainState;

/// <summary>An interpolated string whose tensors are still tensors: a format with places for them, and everything else as text in the invariant culture.</summary>
[InterpolatedStringHandler]
public readonly ref struct DebugMessage
{
    private readonly StringBuilder format;
    private readonly List<Tensor> operands;

    /// <summary>Called by the compiler.</summary>
    public DebugMessage(int literalLength, int formattedCount) => (format, operands) = (new(literalLength), new(formattedCount));

    internal string Format => format.ToString();

    internal Tensor[] Operands => [.. operands];

    /// <summary>Called by the compiler.</summary>
    public void AppendLiteral(string value) => format.Append(Escape(value));

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted<T>(T value, string? format) => AppendFormatted(value, 0, format);

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted<T>(T value, int alignment = 0, string? format = null)
    {
        var places = $"{(alignment == 0 ? "" : $",{alignment}")}{(format is null ? "" : $":{format}")}}}";
        var tensor = value is State state ? state.Peek() : value as Tensor;
        if (tensor is null)
        {
            this.format.Append(Escape(string.Format(CultureInfo.InvariantCulture, $"{{0{places}", value)));
            return;
        }
        this.format.Append(CultureInfo.InvariantCulture, $"{{{operands.Count}{places}");
        operands.Add(tensor);
    }

    internal static string Escape(string text) => text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
}
