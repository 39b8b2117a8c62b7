using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;
using BrainState.Backends;

namespace BrainState.Hosting;

/// <summary>How configuration names a device: <c>cuda:1</c>, <c>cuda</c> for the first of a kind, <c>1</c> for the second of all.</summary>
internal readonly partial record struct DeviceName(string? Kind, int? Index)
{
    /// <summary>Reads a name.</summary>
    public static bool TryParse(string text, out DeviceName name)
    {
        var match = Syntax().Match(text.Trim());
        var (kind, index) = (match.Groups["kind"].Value, match.Groups["index"].Value);
        var isNumber = int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        name = new(kind.Length > 0 ? kind : null, isNumber ? number : null);
        return match.Success && (isNumber || index.Length == 0);
    }

    /// <summary>What is wrong with <paramref name="text"/> as the name of a device, or null.</summary>
    public static string? ProblemWith(string? text) => text is null || TryParse(text, out _)
        ? null
        : $"Device '{text}' is not the name of a device. "
          + "Write its kind and number (cuda:0), its kind (cuda), or its number among all devices (0).";

    /// <summary>The device that <paramref name="text"/> names, by default the first.</summary>
    /// <exception cref="BackendException">There is no such device; the message lists those that there are.</exception>
    public static IDevice Select(string? text, string backend, IReadOnlyList<IDevice> devices)
    {
        if (text is null) return devices[0];
        if (ProblemWith(text) is { } problem) throw new BackendException(problem);
        TryParse(text, out var name);
        return name.Find(devices, out var device)
            ? device
            : throw new BackendException($"Backend '{backend}' has no device '{text}'. "
                + $"It has: {string.Join(", ", devices.Select(d => $"{d.Name} ({d.Description})"))}.");
    }

    private bool Find(IReadOnlyList<IDevice> devices, [NotNullWhen(true)] out IDevice? device)
    {
        var (kind, index) = (Kind, Index);
        device = kind is null
            ? devices.ElementAtOrDefault(index ?? 0)
            : devices.FirstOrDefault(d => d.Kind.Equals(kind, StringComparison.OrdinalIgnoreCase) && d.Index == (index ?? d.Index));
        return device is not null;
    }

    [GeneratedRegex(@"^((?<kind>[A-Za-z][A-Za-z0-9_-]*)(:(?<index>[0-9]+))?|(?<index>[0-9]+))$", RegexOptions.ExplicitCapture)]
    private static partial Regex Syntax();
}
