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

    /// <summary>The kind of the State.</summary>
    public Type Type => prototype.GetType();

    /// <summary>The value at the time of the snapshot.</summary>
    public Tensor Value { get; private init; }

    /// <summary>The name of the State.</summary>
    public string? Name => prototype.Name;

    /// <summary>The tags at the time of the snapshot.</summary>
    public IReadOnlyList<string> Tags { get; private init; }

    /// <summary>The same snapshot with another value.</summary>
    public TreefyState Replace(Tensor value) => new(prototype) { Value = value, Tags = Tags };

    /// <summary>A new State of the same kind, name and tags, holding the value.</summary>
    public State ToState() => prototype.CopyWith(Value);

    /// <inheritdoc/>
    public override string ToString() => $"TreefyState({Type.Name}, {Value.Spec})";
}
