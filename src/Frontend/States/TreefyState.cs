namespace BrainState;

/// <summary>A snapshot of a State, detached from it: kind, value, name and tags.</summary>
public sealed class TreefyState
{
    private readonly State prototype;

    internal TreefyState(State state)
    {
        prototype = state;
        Value = state.Peek();
        Tags = [.. state.Tags];
    }

    private TreefyState(State prototype, Tensor value, IReadOnlyList<string> tags) => (this.prototype, Value, Tags) = (prototype, value, tags);

    /// <summary>The kind of the State.</summary>
    public Type Type => prototype.GetType();

    /// <summary>The value at the time of the snapshot.</summary>
    public Tensor Value { get; }

    /// <summary>The name of the State.</summary>
    public string? Name => prototype.Name;

    /// <summary>The tags at the time of the snapshot.</summary>
    public IReadOnlyList<string> Tags { get; }

    /// <summary>The same snapshot with another value.</summary>
    public TreefyState Replace(Tensor value) => new(prototype, value, Tags);

    /// <summary>A new State of the same kind, name and tags, holding the value.</summary>
    public State ToState() => prototype.CopyWith(Value);

    /// <summary>What the snapshot is besides its value.</summary>
    internal Kind Remainder => new(prototype.WithoutValue(), Tags);

    /// <inheritdoc/>
    public override string ToString() => $"TreefyState({Type.Name}, {Value.Spec})";

    /// <summary>A snapshot without its value; equal to another of the same type, name and tags.</summary>
    internal sealed class Kind(State prototype, IReadOnlyList<string> tags)
    {
        private readonly State prototype = prototype;
        private readonly IReadOnlyList<string> tags = tags;

        public TreefyState With(Tensor value) => new(prototype, value, tags);

        public override bool Equals(object? obj) =>
            obj is Kind other && prototype.GetType() == other.prototype.GetType() && prototype.Name == other.prototype.Name && tags.SequenceEqual(other.tags);

        public override int GetHashCode() => HashCode.Combine(prototype.GetType(), prototype.Name, tags.Count);

        public override string ToString() => prototype.ToDisplayName();
    }
}
