using BrainState.Pytrees;

namespace BrainState;

/// <content>Mapping functions over an axis.</content>
public static partial class Transforms
{
    /// <inheritdoc cref="Vmap{T1, TResult}(Func{T1, TResult}, VmapOptions)"/>
    public static Func<TResult> Vmap<TResult>(Func<TResult> function, VmapOptions? options = null)
    {
        var mapped = Mapped<ValueTuple, TResult>(_ => function(), function, options);
        return () => mapped(default);
    }

    /// <summary>
    /// Maps a function over an axis: the function is written for one lane, and the result does for all lanes at once what a loop would do one by one. It runs
    /// once per call, on tensors without the mapped axis.
    /// </summary>
    /// <remarks>
    /// States that the function reads are the same in all lanes; each lane of a <see cref="RandomState"/> draws from a key of its own. To map over States, use
    /// <see cref="Vmap2{T1, TResult}(Func{T1, TResult}, Vmap2Options)"/>. States that the function creates get the mapped axis in front.
    /// </remarks>
    /// <exception cref="BatchAxisException">On calling: the axes do not fit, or a State is written with a value that differs between lanes.</exception>
    public static Func<T1, TResult> Vmap<T1, TResult>(Func<T1, TResult> function, VmapOptions? options = null)
    {
        var mapped = Mapped<ValueTuple<T1>, TResult>(a => function(a.Item1), function, options);
        return (a1) => mapped(new(a1));
    }

    /// <inheritdoc cref="Vmap{T1, TResult}(Func{T1, TResult}, VmapOptions)"/>
    public static Func<T1, T2, TResult> Vmap<T1, T2, TResult>(Func<T1, T2, TResult> function, VmapOptions? options = null)
    {
        var mapped = Mapped<ValueTuple<T1, T2>, TResult>(a => function(a.Item1, a.Item2), function, options);
        return (a1, a2) => mapped(new(a1, a2));
    }

    /// <inheritdoc cref="Vmap{T1, TResult}(Func{T1, TResult}, VmapOptions)"/>
    public static Func<T1, T2, T3, TResult> Vmap<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> function, VmapOptions? options = null)
    {
        var mapped = Mapped<ValueTuple<T1, T2, T3>, TResult>(a => function(a.Item1, a.Item2, a.Item3), function, options);
        return (a1, a2, a3) => mapped(new(a1, a2, a3));
    }

    /// <inheritdoc cref="Vmap{T1, TResult}(Func{T1, TResult}, VmapOptions)"/>
    public static Func<T1, T2, T3, T4, TResult> Vmap<T1, T2, T3, T4, TResult>(Func<T1, T2, T3, T4, TResult> function, VmapOptions? options = null)
    {
        var mapped = Mapped<ValueTuple<T1, T2, T3, T4>, TResult>(a => function(a.Item1, a.Item2, a.Item3, a.Item4), function, options);
        return (a1, a2, a3, a4) => mapped(new(a1, a2, a3, a4));
    }

    /// <inheritdoc cref="Vmap{T1, TResult}(Func{T1, TResult}, VmapOptions)"/>
    public static Func<Tensor, Tensor> Vmap(Func<Tensor, Tensor> function, VmapOptions? options = null) =>
        Vmap<Tensor, Tensor>(function, options);

    /// <inheritdoc cref="Vmap{T1, TResult}(Func{T1, TResult}, VmapOptions)"/>
    public static Func<Tensor, Tensor, Tensor> Vmap(Func<Tensor, Tensor, Tensor> function, VmapOptions? options = null) =>
        Vmap<Tensor, Tensor, Tensor>(function, options);

    /// <inheritdoc cref="Vmap{T1, TResult}(Func{T1, TResult}, VmapOptions)"/>
    public static Func<Tensor, Tensor, Tensor, Tensor> Vmap(Func<Tensor, Tensor, Tensor, Tensor> function, VmapOptions? options = null) =>
        Vmap<Tensor, Tensor, Tensor, Tensor>(function, options);

    /// <inheritdoc cref="Vmap{T1, TResult}(Func{T1, TResult}, VmapOptions)"/>
    public static Func<Tensor, Tensor, Tensor, Tensor, Tensor> Vmap(Func<Tensor, Tensor, Tensor, Tensor, Tensor> function, VmapOptions? options = null) =>
        Vmap<Tensor, Tensor, Tensor, Tensor, Tensor>(function, options);

    private static Func<TArguments, TResult> Mapped<TArguments, TResult>(Func<TArguments, TResult> function, Delegate original, VmapOptions? options) =>
        Mapped(function, () => new VmapCall($"Vmap of {NameOf(original)}", options ?? new()));

    private static Func<TArguments, TResult> Mapped<TArguments, TResult>(Func<TArguments, TResult> function, Func<VmapCall> call) => arguments =>
    {
        var given = Taken(arguments);
        TreeWriter? result = null;
        var results = call().Run(
            given, leaves => result = Taken(function(Tree<TArguments>.Unflatten(leaves, given.Structure))));
        return Tree<TResult>.Unflatten(results, result!.Structure);
    };

    /// <summary>A value taken apart, with the place of each tensor in it.</summary>
    private static TreeWriter Taken<T>(T value)
    {
        var writer = new TreeWriter { LeafPaths = [] };
        Tree<T>.Node.Flatten(value, writer);
        return writer;
    }
}
