using System.Collections.Concurrent;

namespace BrainState.Pytrees;

/// <summary>A type that its owner taught to be taken apart: as a value of another type.</summary>
internal sealed class RegisteredNode<T, TParts>(Func<T, TParts> takeApart, Func<TParts, T> putTogether) : TreeNode<T>
{
    public override void Flatten(T value, TreeWriter writer)
    {
        writer.AddToken(value is not null);
        if (value is not null) Tree<TParts>.Node.Flatten(takeApart(value), writer);
    }

    public override T Unflatten(ref TreeReader reader) => reader.ReadToken() is true ? putTogether(Tree<TParts>.Node.Unflatten(ref reader)) : default!;
}

/// <summary>The registered nodes, by type.</summary>
internal static class RegisteredNodes
{
    private static readonly ConcurrentDictionary<Type, object> Nodes = [];

    public static TreeNode<T>? Find<T>() => Nodes.TryGetValue(typeof(T), out var node) ? (TreeNode<T>)node : null;

    public static bool TryAdd<T>(TreeNode<T> node) => Nodes.TryAdd(typeof(T), node);
}
