namespace BrainState.Backends;

/// <summary>Makes a backend. The one thing a plugin exports, with <see cref="BackendExportAttribute"/> and a parameterless constructor.</summary>
public interface IBackendFactory
{
    /// <summary>Whether the backend can be used here. Loads nothing native and does not throw.</summary>
    Availability Probe(BackendSettings settings);

    /// <summary>Starts the backend. Called once per runtime and name, and only after a successful <see cref="Probe"/>.</summary>
    /// <exception cref="BackendException">It cannot start; the message says why and what would help.</exception>
    IBackend Create(BackendSettings settings);
}

/// <summary>Whether a backend can be used, and if not, why and what would change that.</summary>
public sealed record Availability
{
    private Availability(bool isAvailable, string reason, string fix) => (IsAvailable, Reason, Fix) = (isAvailable, reason, fix);

    /// <summary>Whether the backend can be used.</summary>
    public bool IsAvailable { get; }

    /// <summary>Why not; empty if available.</summary>
    public string Reason { get; }

    /// <summary>What would make it available, ideally a command; may be empty.</summary>
    public string Fix { get; }

    /// <summary>It can be used.</summary>
    public static Availability Yes { get; } = new(true, "", "");

    /// <summary>It cannot be used, because of <paramref name="reason"/>.</summary>
    public static Availability No(string reason, string fix = "") => new(false, reason, fix);
}

/// <summary>Options of one backend, from the configuration section <c>BrainState:Backends:NAME</c>; keys are compared ignoring case.</summary>
public sealed class BackendSettings
{
    private readonly Dictionary<string, string> values;

    /// <summary>Settings with the given values.</summary>
    public BackendSettings(IEnumerable<KeyValuePair<string, string>>? values = null) =>
        this.values = new(values ?? [], StringComparer.OrdinalIgnoreCase);

    /// <summary>The value of an option, or null if it is not set.</summary>
    public string? this[string key] => values.GetValueOrDefault(key);

    /// <summary>The integer value of an option, or <paramref name="fallback"/> if it is not set.</summary>
    /// <exception cref="BackendException">The value is not an integer of at least <paramref name="minimum"/>.</exception>
    public int GetInt32(string key, int fallback, int minimum = int.MinValue)
    {
        if (this[key] is not { } text) return fallback;
        return int.TryParse(text, System.Globalization.NumberStyles.Integer, System.Globalization.CultureInfo.InvariantCulture, out var value) && value >= minimum
            ? value
            : throw new BackendException($"Option '{key}' is '{text}', which is not an integer{(minimum > int.MinValue ? $" ≥ {minimum}" : "")}.");
    }

    /// <summary>The options that are set.</summary>
    public IReadOnlyCollection<string> Keys => values.Keys;
}

/// <summary>A backend or device failed or refused; the message says what to do about it.</summary>
public class BackendException : Exception
{
    /// <summary>With a message and, if there is one, the underlying failure.</summary>
    public BackendException(string message, Exception? inner = null) : base(message, inner) { }
}

/// <summary>A device has not enough memory. The frontend collects garbage and tries once more before it passes this on.</summary>
public sealed class DeviceOutOfMemoryException : BackendException
{
    /// <summary>For a failed allocation of <paramref name="bytes"/> bytes.</summary>
    public DeviceOutOfMemoryException(string device, long bytes, Exception? inner = null)
        : base($"Device {device} could not allocate {bytes:N0} bytes.", inner) => Bytes = bytes;

    /// <summary>The size that was asked for, in bytes.</summary>
    public long Bytes { get; }
}
