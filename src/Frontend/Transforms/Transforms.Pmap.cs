namespace BrainState;

/// <content>Mapping functions over devices.</content>
public static partial class Transforms
{
    /// <inheritdoc cref="Pmap{T1, TResult}(Func{T1, TResult}, PmapOptions)"/>
    public static Func<TResult> Pmap<TResult>(Func<TResult> function, PmapOptions? options = null)
    {
        var mapped = MappedToDevices<ValueTuple, TResult>(_ => function(), function, options);
        return () => mapped(default);
    }

    /// <summary>
    /// Maps a function over devices: it is written for one of them, and all run it at the same time, each on its slices of the arguments. Collectives such as
    /// <see cref="Lax.PSum"/> combine their values. What it means, and what becomes of States, is what
    /// <see cref="Vmap{T1, TResult}(Func{T1, TResult}, VmapOptions)"/> means with the same axes and axis name.
    /// </summary>
    /// <remarks>
    /// <para>States that the function reads are copied to every device, and so are tensors from outside; each lane of a <see cref="RandomState"/> draws from a key of its
    /// own. Arguments are cut and results put together in memory of the host; results are on the device of the runtime.</para>
    /// <para>The function is run once per call to record it, and compiled once per content. Inside another transform, such as Jit around it, it is recorded as a batched program for
    /// one device.</para>
    /// <para>Where the backend is one of several processes (<see cref="Backends.IProcessGroup"/>), each gives and gets the slices of its own devices, and the axis has the devices
    /// of all, so that collectives, positions and keys are those of one process with as many devices.</para>
    /// <para>All devices must come to the same collectives: one inside a branch or loop whose condition differs between devices is an error when the program runs, where
    /// Vmap would run both branches.</para>
    /// </remarks>
    /// <exception cref="BatchAxisException">On calling: the axes do not fit, or a State is written with a value that differs between lanes.</exception>
    /// <exception cref="Backends.BackendException">On calling: the backend has fewer devices than there are lanes; the message says how to get more.</exception>
    public static Func<T1, TResult> Pmap<T1, TResult>(Func<T1, TResult> function, PmapOptions? options = null)
    {
        var mapped = MappedToDevices<ValueTuple<T1>, TResult>(a => function(a.Item1), function, options);
        return (a1) => mapped(new(a1));
    }

    /// <inheritdoc cref="Pmap{T1, TResult}(Func{T1, TResult}, PmapOptions)"/>
    public static Func<T1, T2, TResult> Pmap<T1, T2, TResult>(Func<T1, T2, TResult> function, PmapOptions? options = null)
    {
        var mapped = MappedToDevices<ValueTuple<T1, T2>, TResult>(a => function(a.Item1, a.Item2), function, options);
        return (a1, a2) => mapped(new(a1, a2));
    }

    /// <inheritdoc cref="Pmap{T1, TResult}(Func{T1, TResult}, PmapOptions)"/>
    public static Func<T1, T2, T3, TResult> Pmap<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> function, PmapOptions? options = null)
    {
        var mapped = MappedToDevices<ValueTuple<T1, T2, T3>, TResult>(a => function(a.Item1, a.Item2, a.Item3), function, options);
        return (a1, a2, a3) => mapped(new(a1, a2, a3));
    }

    /// <inheritdoc cref="Pmap{T1, TResult}(Func{T1, TResult}, PmapOptions)"/>
    public static Func<T1, T2, T3, T4, TResult> Pmap<T1, T2, T3, T4, TResult>(Func<T1, T2, T3, T4, TResult> function, PmapOptions? options = null)
    {
        var mapped = MappedToDevices<ValueTuple<T1, T2, T3, T4>, TResult>(a => function(a.Item1, a.Item2, a.Item3, a.Item4), function, options);
        return (a1, a2, a3, a4) => mapped(new(a1, a2, a3, a4));
    }

    /// <inheritdoc cref="Pmap{T1, TResult}(Func{T1, TResult}, PmapOptions)"/>
    public static Func<Tensor, Tensor> Pmap(Func<Tensor, Tensor> function, PmapOptions? options = null) =>
        Pmap<Tensor, Tensor>(function, options);

    /// <inheritdoc cref="Pmap{T1, TResult}(Func{T1, TResult}, PmapOptions)"/>
    public static Func<Tensor, Tensor, Tensor> Pmap(Func<Tensor, Tensor, Tensor> function, PmapOptions? options = null) =>
        Pmap<Tensor, Tensor, Tensor>(function, options);

    /// <inheritdoc cref="Pmap{T1, TResult}(Func{T1, TResult}, PmapOptions)"/>
    public static Func<Tensor, Tensor, Tensor, Tensor> Pmap(Func<Tensor, Tensor, Tensor, Tensor> function, PmapOptions? options = null) =>
        Pmap<Tensor, Tensor, Tensor, Tensor>(function, options);

    /// <inheritdoc cref="Pmap{T1, TResult}(Func{T1, TResult}, PmapOptions)"/>
    public static Func<Tensor, Tensor, Tensor, Tensor, Tensor> Pmap(Func<Tensor, Tensor, Tensor, Tensor, Tensor> function, PmapOptions? options = null) =>
        Pmap<Tensor, Tensor, Tensor, Tensor, Tensor>(function, options);

    private static Func<TArguments, TResult> MappedToDevices<TArguments, TResult>(Func<TArguments, TResult> function, Delegate original, PmapOptions? options) =>
        Mapped(function, () => new PmapCall($"Pmap of {NameOf(original)}", options ?? new(), options?.Devices));

    private static Func<TArguments, TResult> MappedToDevices<TArguments, TResult>(Func<TArguments, TResult> function, Delegate original, Pmap2Options options) =>
        Mapped(function, () => new PmapCall($"Pmap2 of {NameOf(original)}", options, options.Devices));
}
