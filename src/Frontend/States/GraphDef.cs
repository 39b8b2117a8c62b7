using System.Collections;
using System.Runtime.CompilerServices;
using BrainState.Nn;

namespace BrainState;

/// <summary>
/// The structure of a module without the values of its States: the types of its modules, where their States are, and all other fields. What
/// several places share has one number. Two structures are equal if types, places and other fields are.
/// </summary>
public sealed class GraphDef : IEquatable<GraphDef>
{
    private readonly List<Node> nodes = [];

    private GraphDef() { }

    /// <summary>A place in the structure: something numbered, or any other value, which is kept as it is.</summary>
    private readonly record struct Slot(int Number, object? Value)
    {
        public bool IsNumbered => Number >= 0;
    }

    private abstract record Node;

    private sealed record StateNode(StatePath Path, Type Type) : Node;

    private sealed record ModuleNode(Type Type, ValueArray<Slot> Fields) : Node;

    private sealed record ContainerNode(Type Type, ValueArray<object> Parts, ValueArray<Slot> Items) : Node;

    internal static GraphDef Of(Module module)
    {
        var definition = new GraphDef();
        definition.Add(default, module, new(ReferenceEqualityComparer.Instance));
        return definition;
    }

    private Slot Add(StatePath path, object? value, Dictionary<object, int> numbers)
    {
        if (!ModuleMembers.IsGraphValue(value)) return new(-1, value);
        if (numbers.TryGetValue(value!, out var known)) return new(known, null);
        var number = nodes.Count;
        numbers.Add(value!, number);
        nodes.Add(null!); // The number is taken before the contents are visited, so that cycles end.
        nodes[number] = value switch
        {
            State state => new StateNode(path, state.GetType()),
            Module module => new ModuleNode(module.GetType(), ModuleMembers.Of(module.GetType())
                .Select(member => Add(path.Append(member.Name), member.Get(module), numbers)).ToValueArray()),
            _ => AddContainer(path, value!, numbers),
        };
        return new(number, null);
    }

    private ContainerNode AddContainer(StatePath path, object container, Dictionary<object, int> numbers)
    {
        var items = ModuleMembers.ItemsOf(container).ToArray();
        return new(
            container.GetType(), items.Select(static i => i.Part).ToValueArray(),
            items.Select(item => Add(path.Append(item.Part), item.Value, numbers)).ToValueArray());
    }

    internal Module Build(FlattedDict<TreefyState> states)
    {
        // First the shells, then their contents, so that cycles and sharing come out as they were.
        var built = nodes.Select(node => node switch
        {
            StateNode state => states.TryGetValue(state.Path, out var snapshot)
                ? snapshot.ToState()
                : throw new ArgumentException($"There is no value for the State at {state.Path}.", nameof(states)),
            ModuleNode module => RuntimeHelpers.GetUninitializedObject(module.Type),
            ContainerNode { Type.IsArray: true } array => Array.CreateInstance(array.Type.GetElementType()!, array.Items.Count),
            ContainerNode container => container.Type.GetConstructor([])?.Invoke([])
                ?? throw new NotSupportedException($"A {container.Type} cannot be rebuilt: it needs a public constructor without parameters."),
            _ => throw new InvalidOperationException("An unfinished node."),
        }).ToArray();
        object? Resolve(Slot slot) => slot.IsNumbered ? built[slot.Number] : slot.Value;

        for (var i = 0; i < nodes.Count; i++)
        {
            switch (nodes[i])
            {
                case ModuleNode module:
                    var members = ModuleMembers.Of(module.Type);
                    for (var m = 0; m < members.Length; m++) members[m].Field.SetValue(built[i], Resolve(module.Fields[m]));
                    break;
                case ContainerNode container:
                    for (var k = 0; k < container.Items.Count; k++)
                    {
                        if (built[i] is Array array) array.SetValue(Resolve(container.Items[k]), k);
                        else if (built[i] is IDictionary dictionary) dictionary.Add(container.Parts[k], Resolve(container.Items[k]));
                        else ((IList)built[i]).Add(Resolve(container.Items[k]));
                    }
                    break;
            }
        }
        return (Module)built[0];
    }

    /// <inheritdoc/>
    public bool Equals(GraphDef? other) => other is not null && nodes.SequenceEqual(other.nodes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GraphDef);

    /// <inheritdoc/>
    public override int GetHashCode() => nodes.Aggregate(nodes.Count, static (hash, node) => HashCode.Combine(hash, node));

    /// <inheritdoc/>
    public override string ToString() =>
        $"GraphDef({nodes.Count(static n => n is ModuleNode)} modules, {nodes.Count(static n => n is StateNode)} states)";
}
