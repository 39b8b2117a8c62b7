namespace BrainState.Pytrees;

/// <summary>
/// How values of one type are taken apart into tensors and structure, and put together again. Structure is a flat list of tokens: what remains
/// when the tensors are taken out.
/// </summary>
/// <typeparam name="T">A tensor, a container of such, or a static value.</typeparam>
internal abstract class TreeNode<T>
{
    public abstract void Flatten(T value, TreeWriter writer);

    public abstract T Unflatten(ref TreeReader reader);
}

/// <summary>The node of a type, found once.</summary>
internal static class Tree<T>
{
    public static readonly TreeNode<T> Node = TreeNodes.For<T>();

    public static T Unflatten(ReadOnlySpan<Tensor> leaves, IReadOnlyList<object?> structure)
    {
        var reader = new TreeReader(leaves, structure);
        return Node.Unflatten(ref reader);
    }
}

/// <summary>Collects tensors and structure tokens in order.</summary>
internal sealed class TreeWriter
{
    /// <summary>The token of a tensor.</summary>
    public static readonly object Leaf = new();

    public List<Tensor> Leaves { get; } = [];

    public List<object?> Structure { get; } = [];

    /// <summary>Where each item of the outermost tuple, an argument list, begins among leaves and tokens.</summary>
    public List<(int Leaf, int Token)> ArgumentStarts { get; } = [];

    /// <summary>Where each leaf is, from the outermost container inwards; null unless asked for.</summary>
    public List<TreeStep[]>? LeafPaths { get; init; }

    private readonly Stack<TreeStep> path = [];

    /// <summary>The leaves of one argument.</summary>
    public IEnumerable<int> LeavesOf(int argument)
    {
        var end = argument + 1 < ArgumentStarts.Count ? ArgumentStarts[argument + 1].Leaf : Leaves.Count;
        return Enumerable.Range(ArgumentStarts[argument].Leaf, end - ArgumentStarts[argument].Leaf);
    }

    public void AddLeaf(Tensor? tensor)
    {
        Structure.Add(tensor is null ? null : Leaf);
        if (tensor is null) return;
        Leaves.Add(tensor);
        LeafPaths?.Add([.. path.Reverse()]);
    }

    /// <summary>Writes one item of a container.</summary>
    public void AddItem<T>(T item, int index, int count)
    {
        if (LeafPaths is null)
        {
            Tree<T>.Node.Flatten(item, this);
            return;
        }
        path.Push(new(index, count));
        Tree<T>.Node.Flatten(item, this);
        path.Pop();
    }

    public void AddToken(object? token) => Structure.Add(token);

    public void Clear()
    {
        Leaves.Clear();
        Structure.Clear();
        ArgumentStarts.Clear();
    }
}

/// <summary>One step into a container: which of its items.</summary>
internal readonly record struct TreeStep(int Index, int Count);

/// <summary>Reads back what a <see cref="TreeWriter"/> collected.</summary>
internal ref struct TreeReader(ReadOnlySpan<Tensor> leaves, IReadOnlyList<object?> structure)
{
    private readonly ReadOnlySpan<Tensor> leaves = leaves;
    private int nextLeaf;
    private int nextToken;

    public Tensor? ReadLeaf() => structure[nextToken++] is null ? null : leaves[nextLeaf++];

    public object? ReadToken() => structure[nextToken++];
}
