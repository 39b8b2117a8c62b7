namespace BrainState.Conformance;

/// <summary>One thing that a backend must do, as a value: it can be listed, selected by name, and run on any backend.</summary>
/// <param name="name">Distinct among all cases, in parts: suite, then what is checked, such as <c>ops/exp/float32/empty/3</c>.</param>
public abstract class ConformanceCase(string name)
{
    /// <summary>Distinct among all cases; the first part is the suite.</summary>
    public string Name { get; } = name;

    /// <summary>The suite it belongs to.</summary>
    public string Suite { get; } = name[..name.IndexOf('/')];

    /// <summary>The op, composite or transform that the case is about, for tables; null if it is about no single one.</summary>
    public string? Subject { get; init; }

    /// <summary>The dtype that the case is about, for tables.</summary>
    public DType? DType { get; init; }

    /// <summary>Whether it is one of the few that represent all, for a run of a minute.</summary>
    public bool IsQuick { get; init; }

    /// <summary>The number of devices that it needs.</summary>
    public int Devices { get; init; } = 1;

    /// <summary>The case as text that <see cref="CaseFile"/> reads, or null if it has no such form. A failure shows it.</summary>
    public virtual string? ToText() => null;

    /// <summary>Checks it.</summary>
    /// <param name="target">The backend under test.</param>
    /// <returns>How far the results were from the expected ones.</returns>
    /// <exception cref="ConformanceException">The backend does something else than it must; the message says what.</exception>
    /// <exception cref="BrainState.Execution.UnsupportedOperationException">The backend refuses an op that has no decomposition.</exception>
    public abstract Deviation Run(ConformanceTarget target);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A backend does something else than it must.</summary>
public sealed class ConformanceException : Exception
{
    /// <summary>With what is wrong.</summary>
    public ConformanceException(string message, Exception? inner = null) : base(message, inner) { }
}

/// <summary>How far results are from the expected ones, in units in the last place of the result's dtype; null where nothing was rounded.</summary>
/// <remarks>Sums and products of many terms are measured against the magnitude of their terms, so that cancellation is no deviation.</remarks>
public readonly record struct Deviation(double? Ulps)
{
    /// <summary>Nothing was rounded, or nothing was compared.</summary>
    public static Deviation None => default;

    /// <summary>The larger of two.</summary>
    public Deviation Or(Deviation other) => Ulps is null || other.Ulps > Ulps ? other : this;
}
