using System.Globalization;
using System.Runtime.CompilerServices;
using Module = BrainState.Nn.Module;

namespace BrainState.Serialization;

/// <summary>A child of a container.</summary>
/// <param name="Key">The text of its key.</param>
/// <param name="Value">The child; a <see cref="Container"/> for the levels of a dictionary by path.</param>
/// <param name="Slot">The type that another child in its place must have.</param>
readonly record struct ContainerItem(string Key, object? Value, Type Slot);

/// <summary>A container of a checkpoint's target, taken apart so that one of the same structure with other children can be built.</summary>
sealed class Container
{
    readonly Func<IReadOnlyList<object?>, object> build;

    Container(IReadOnlyList<ContainerItem> items, bool isList, Func<IReadOnlyList<object?>, object> build) =>
        (Items, IsList, this.build) = (items, isList, build);

    /// <summary>The children in the order of the container.</summary>
    public IReadOnlyList<ContainerItem> Items { get; }

    /// <summary>Whether the children are counted, and not named.</summary>
    public bool IsList { get; }

    /// <summary>A container with other children; the same one if all of them are the same objects.</summary>
    public object Build(IReadOnlyList<object?> values) => build(values);

    /// <summary>Takes a value apart; null if it is no container.</summary>
    /// <param name="value">The container; a module is one of all its States.</param>
    /// <param name="slot">The type that another container in its place must have.</param>
    /// <exception cref="ArgumentException">Two keys have the same text, or a path is the beginning of another.</exception>
    public static Container? Of(object value, Type slot)
    {
        switch (value)
        {
            case Container container:
                return container;
            case Module module:
                IPathValues states = module.States();
                return Level(states.Entries, 0, states.ValueType, _ => module);
            case IPathValues paths:
                return Level(paths.Entries, 0, paths.ValueType, values => AreSame(values, paths.Entries.Select(static e => e.Value)) ? paths : paths.WithValues(values));
        }

        if (TreeNode.Children(value) is not { } children)
            return null;
        if (DictionaryAccess.For(value) is { } dictionary)
            return Make(false, Enumerable.Repeat(dictionary.ValueType, children.Count), values => dictionary.Build(value, values, slot));
        if (value is ITuple && value.GetType() is { IsGenericType: true } tuple)
            return Make(true, TupleAccess.ItemTypes(tuple), values => TupleAccess.Build(tuple, values));
        var list = ListAccess.For(value);
        return Make(true, Enumerable.Repeat(list.ItemType, children.Count), values => list.Build(value, values, slot));

        Container Make(bool isList, IEnumerable<Type> slots, Func<IReadOnlyList<object?>, object> build) => new(
            [.. children.Zip(slots, static (child, type) => new ContainerItem(child.Key, child.Value, type))],
            isList,
            values => AreSame(values, children.Select(static child => child.Value)) ? value : build(values));
    }

    /// <summary>One level of values by path.</summary>
    static Container Level(
        IReadOnlyList<KeyValuePair<StatePath, object?>> entries, int depth, Type slot, Func<IReadOnlyList<object?>, object> build)
    {
        var items = new List<ContainerItem>();
        foreach (var branch in entries.GroupBy(e => depth < e.Key.Count ? e.Key.Parts[depth] : throw Conflict(e.Key)))
        {
            KeyValuePair<StatePath, object?>[] members = [.. branch];
            var isLeaf = members[0].Key.Count == depth + 1;
            if (isLeaf && members.Length > 1)
                throw Conflict(members[0].Key);
            var child = isLeaf ? members[0].Value : Level(members, depth + 1, slot, static values => new Branch(values));
            items.Add(new(Convert.ToString(branch.Key, CultureInfo.InvariantCulture)!, child, slot));
        }

        TreeNode.RequireUnique(items.Select(static item => (item.Key, (object)item.Key)));
        return new(items, isList: false, values => build([.. values.SelectMany(static value => value is Branch inner ? inner.Values : [value])]));
    }

    static bool AreSame(IReadOnlyList<object?> values, IEnumerable<object?> others) => values.SequenceEqual(others, ReferenceEqualityComparer.Instance);

    static ArgumentException Conflict(StatePath path) => new($"The path {path} is empty, or the beginning of another one.");

    /// <summary>The values of an inner level, in the order of their paths.</summary>
    sealed record Branch(IReadOnlyList<object?> Values);
}
