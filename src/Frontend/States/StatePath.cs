namespace BrainState;

/// <summary>
/// Where a State is in a module: member names in snake_case, and positions in lists. Ordered part by part, positions before names, names by
/// ordinal comparison.
/// </summary>
public readonly struct StatePath : IEquatable<StatePath>, IComparable<StatePath>
{
    private readonly object[]? parts;

    private StatePath(object[] parts) => this.parts = parts;

    /// <summary>The path with the given parts, each a string or an int.</summary>
    /// <exception cref="ArgumentException">A part is something else.</exception>
    public static StatePath Of(params ReadOnlySpan<object> parts)
    {
        foreach (var part in parts)
            if (part is not (string or int))
                throw new ArgumentException($"A part of a path is a string or an int, not {part}.", nameof(parts));
        return new(parts.ToArray());
    }

    /// <summary>The number of parts.</summary>
    public int Count => parts?.Length ?? 0;

    /// <summary>The parts, each a string or an int.</summary>
    public IReadOnlyList<object> Parts => parts ?? [];

    /// <summary>This path with one more part.</summary>
    public StatePath Append(object part) => Of([.. Parts, part]);

    /// <inheritdoc/>
    public bool Equals(StatePath other) => Parts.SequenceEqual(other.Parts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is StatePath other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var part in Parts) hash.Add(part);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public int CompareTo(StatePath other)
    {
        for (var i = 0; i < Math.Min(Count, other.Count); i++)
        {
            var order = (parts![i], other.parts![i]) switch
            {
                (int a, int b) => a.CompareTo(b),
                (string a, string b) => string.CompareOrdinal(a, b),
                (int, string) => -1,
                _ => 1,
            };
            if (order != 0) return order;
        }
        return Count.CompareTo(other.Count);
    }

    /// <summary>As a Python tuple: <c>('layer', 0, 'weight')</c>.</summary>
    public override string ToString()
    {
        var texts = Parts.Select(static p => p is string name ? $"'{name}'" : p.ToString());
        return Count == 1 ? $"({texts.First()},)" : $"({string.Join(", ", texts)})";
    }

    /// <summary>A path of one name.</summary>
    public static implicit operator StatePath(string name) => Of(name);

    /// <summary>The same parts.</summary>
    public static bool operator ==(StatePath left, StatePath right) => left.Equals(right);

    /// <summary>Other parts.</summary>
    public static bool operator !=(StatePath left, StatePath right) => !left.Equals(right);
}
