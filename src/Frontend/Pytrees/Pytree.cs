using BrainState.Pytrees;

namespace BrainState;

/// <summary>
/// Containers of tensors as arguments and results of transformed functions: tuples, arrays, lists, dictionaries, records, modules' state dictionaries, and registered types,
/// nested as you like. A value without tensors is static.
/// </summary>
public static class Pytree
{
    /// <summary>Teaches the transforms a type of container: it is taken apart into a value of a type they know, such as a tuple, and put together again from one.</summary>
    /// <param name="takeApart">Everything the value consists of: tensors, containers, static values.</param>
    /// <param name="putTogether">The inverse. It is also called with traced tensors, and must not look at their values.</param>
    /// <exception cref="InvalidOperationException">The type is registered already, or was used before.</exception>
    public static void Register<T, TParts>(Func<T, TParts> takeApart, Func<TParts, T> putTogether)
    {
        ArgumentNullException.ThrowIfNull(takeApart);
        ArgumentNullException.ThrowIfNull(putTogether);
        var node = new RegisteredNode<T, TParts>(takeApart, putTogether);
        if (!RegisteredNodes.TryAdd(node)) throw new InvalidOperationException($"{typeof(T)} is registered already.");
        if (!ReferenceEquals(Tree<T>.Node, node))
            throw new InvalidOperationException($"{typeof(T)} was used in a transformed function before it was registered. Register it when the program starts.");
    }

    /// <summary>The tensors in a value, in order.</summary>
    public static IReadOnlyList<Tensor> Leaves<T>(T tree) => Flatten(tree).Leaves;

    /// <summary>The same value with each tensor replaced.</summary>
    public static T Map<T>(Func<Tensor, Tensor> function, T tree)
    {
        var writer = Flatten(tree);
        return Tree<T>.Unflatten([.. writer.Leaves.Select(function)], writer.Structure);
    }

    /// <summary>The first value with each tensor replaced by what the function makes of it and the one at the same place of the second.</summary>
    /// <exception cref="ArgumentException">The values differ in structure or in static parts.</exception>
    public static T Map<T>(Func<Tensor, Tensor, Tensor> function, T first, T second)
    {
        var (a, b) = (Flatten(first), Flatten(second));
        if (!a.Structure.SequenceEqual(b.Structure)) throw new ArgumentException("Both values must have the same structure and the same static parts.", nameof(second));
        return Tree<T>.Unflatten([.. a.Leaves.Zip(b.Leaves, function)], a.Structure);
    }

    private static TreeWriter Flatten<T>(T tree)
    {
        var writer = new TreeWriter();
        Tree<T>.Node.Flatten(tree, writer);
        return writer;
    }
}
