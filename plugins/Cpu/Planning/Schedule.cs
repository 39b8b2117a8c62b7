using BrainState.Cpu.Lowering;

namespace BrainState.Cpu.Planning;

/// <summary>One entry of a schedule: nodes that run together.</summary>
internal abstract class Item
{
    public required int Index { get; init; }
}

/// <summary>A node with a step of its own.</summary>
internal sealed class SingleItem(StepNode node) : Item
{
    public StepNode Node { get; } = node;
}

/// <summary>Tile nodes over the same number of elements, which run in one loop.</summary>
internal sealed class Group(long count) : Item
{
    public long Count { get; } = count;

    public List<TileNode> Nodes { get; } = [];

    /// <summary>The reduction that the loop is shaped for, if any.</summary>
    public ReduceShape? Reduction { get; private set; }

    public void Add(TileNode node)
    {
        Nodes.Add(node);
        if (node is ReduceNode reduce) Reduction ??= reduce.Shape;
    }

    /// <summary>Whether no node can join any more.</summary>
    public bool IsFull => Nodes.Count >= MaxNodes;

    /// <summary>Whether the node can join. All reductions of a loop over several tiles must have the same shape; a single tile serves any.</summary>
    public bool Accepts(TileNode node) =>
        !IsFull
        && (node is not ReduceNode reduce || Reduction is null || Reduction == reduce.Shape || Count <= SmallestTile);

    /// <summary>More nodes would need more registers than stay in cache.</summary>
    private const int MaxNodes = 64;

    /// <summary>As many elements of any dtype are one tile.</summary>
    public const long SmallestTile = 1024;
}

/// <summary>
/// Puts nodes in an order and tile nodes into groups. A node may run with the group that computes its operands if it reads them at the
/// positions where they are computed, and after it otherwise; any group from there on with as many elements will do.
/// </summary>
internal sealed class Schedule
{
    private readonly List<Item> items = [];
    private readonly Dictionary<long, List<Group>> groups = [];
    private int fence;

    private Schedule() { }

    public IReadOnlyList<Item> Items => items;

    public static Schedule Of(IReadOnlyList<Node> nodes)
    {
        var schedule = new Schedule();
        foreach (var node in nodes)
        {
            if (node is TileNode { Count: > 0 } tile) schedule.Place(tile);
            else if (node is StepNode step) schedule.Place(step);
            else if (node is FenceNode) schedule.fence = schedule.items.Count;
        }
        return schedule;
    }

    private void Place(StepNode node)
    {
        var item = new SingleItem(node) { Index = items.Count };
        items.Add(item);
        foreach (var output in node.Outputs) (output.Item, output.IsStored) = (item.Index, true);
        foreach (var input in node.Inputs) input.Root.IsStored = true;
    }

    private void Place(TileNode node)
    {
        var earliest = fence;
        foreach (var input in node.Inputs)
        {
            var after = ReadsInPlace(node, input) ? input.Root.Item : input.Root.Item + 1;
            earliest = Math.Max(earliest, after);
        }
        var group = Find(node, earliest);
        group.Add(node);
        if (group.IsFull && groups[node.Count] is var candidates) candidates.RemoveAt(candidates.LastIndexOf(group)); // Else every later search would go through it.
        node.Output.Item = group.Index;
        foreach (var input in node.Inputs)
            if (input.Root.Item != group.Index)
                input.Root.IsStored = true;
    }

    private Group Find(TileNode node, int earliest)
    {
        if (!groups.TryGetValue(node.Count, out var candidates)) groups.Add(node.Count, candidates = []);
        // The group of the operands first: there they need no memory.
        if (earliest < items.Count && items[earliest] is Group producer && producer.Count == node.Count && producer.Accepts(node)) return producer;
        for (var i = candidates.Count - 1; i >= 0 && candidates[i].Index >= earliest; i--)
            if (candidates[i].Accepts(node))
                return candidates[i];
        var group = new Group(node.Count) { Index = items.Count };
        items.Add(group);
        candidates.Add(group);
        return group;
    }

    /// <summary>Whether element i of the operand is needed exactly when element i of the node is computed, and exists by then.</summary>
    private static bool ReadsInPlace(TileNode node, Value input) =>
        input.Count == node.Count && (!input.IsVirtual || input.IsSameRegister);
}
