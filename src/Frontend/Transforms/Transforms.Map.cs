using BrainState.ControlFlow;

namespace BrainState;

/// <content>Applying a function to every slice.</content>
public static partial class Transforms
{
    /// <summary>
    /// Applies a function to every slice of an array and stacks the results: one slice after the other as in <see cref="ForLoop{TX, TY}(Func{TX, TY}, TX, LoopOptions)"/>, or so many at a time as in
    /// <see cref="Vmap{T1, TResult}(Func{T1, TResult}, VmapOptions)"/>. So one can have the speed of a mapped function with the memory of a few lanes.
    /// </summary>
    /// <param name="function">A function of one slice. It is traced once, and with a batch size that does not divide the number of slices once more for the rest.</param>
    /// <param name="xs">Arrays with the same leading axis.</param>
    /// <param name="batchSize">How many slices to take at a time; without it, one.</param>
    /// <returns>The results, stacked along a new leading axis.</returns>
    /// <remarks>
    /// Without a batch size, States that the function writes go from slice to slice. With one, States mean what they mean under Vmap: all slices read the same, each draws random numbers of its own,
    /// and none can be written with a value that differs between slices.
    /// </remarks>
    /// <exception cref="ArgumentException">The arrays differ in length, one is a scalar, there are none, or the batch size is less than 1.</exception>
    /// <exception cref="BatchAxisException">With a batch size: a State is written with a value that differs between slices.</exception>
    public static TY Map<TX, TY>(Func<TX, TY> function, TX xs, int? batchSize = null) => batchSize is { } size
        ? Mapping.InBlocks(nameof(Map), function, xs, size)
        : Loop<TX, TY>(ShapeOf(nameof(Map), xs, null), function, xs);

    /// <inheritdoc cref="Map{TX, TY}(Func{TX, TY}, TX, int?)"/>
    public static TY Map<T1, T2, TY>(Func<T1, T2, TY> function, T1 first, T2 second, int? batchSize = null) =>
        Map<(T1, T2), TY>(x => function(x.Item1, x.Item2), (first, second), batchSize);

    /// <inheritdoc cref="Map{TX, TY}(Func{TX, TY}, TX, int?)"/>
    public static TY Map<T1, T2, T3, TY>(Func<T1, T2, T3, TY> function, T1 first, T2 second, T3 third, int? batchSize = null) =>
        Map<(T1, T2, T3), TY>(x => function(x.Item1, x.Item2, x.Item3), (first, second, third), batchSize);
}
