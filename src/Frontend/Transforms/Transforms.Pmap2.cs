namespace BrainState;

/// <content>Mapping functions over devices, with States that have an axis for them.</content>
public static partial class Transforms
{
    /// <inheritdoc cref="Pmap2{T1, TResult}(Func{T1, TResult}, Pmap2Options)"/>
    public static Func<TResult> Pmap2<TResult>(Func<TResult> function, Pmap2Options options)
    {
        var mapped = MappedToDevices<ValueTuple, TResult>(_ => function(), function, options);
        return () => mapped(default);
    }

    /// <summary>
    /// Maps a function over an axis of its arguments and of States: each lane reads and writes its own slice of the States that the filters of
    /// <paramref name="options"/> take. Otherwise as <see cref="Pmap{T1, TResult}(Func{T1, TResult}, PmapOptions)"/>.
    /// </summary>
    /// <exception cref="BatchAxisException">On calling: the axes do not fit, or a State without an axis is written with a value that differs between lanes.</exception>
    public static Func<T1, TResult> Pmap2<T1, TResult>(Func<T1, TResult> function, Pmap2Options options)
    {
        var mapped = MappedToDevices<ValueTuple<T1>, TResult>(a => function(a.Item1), function, options);
        return (a1) => mapped(new(a1));
    }

    /// <inheritdoc cref="Pmap2{T1, TResult}(Func{T1, TResult}, Pmap2Options)"/>
    public static Func<T1, T2, TResult> Pmap2<T1, T2, TResult>(Func<T1, T2, TResult> function, Pmap2Options options)
    {
        var mapped = MappedToDevices<ValueTuple<T1, T2>, TResult>(a => function(a.Item1, a.Item2), function, options);
        return (a1, a2) => mapped(new(a1, a2));
    }

    /// <inheritdoc cref="Pmap2{T1, TResult}(Func{T1, TResult}, Pmap2Options)"/>
    public static Func<T1, T2, T3, TResult> Pmap2<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> function, Pmap2Options options)
    {
        var mapped = MappedToDevices<ValueTuple<T1, T2, T3>, TResult>(a => function(a.Item1, a.Item2, a.Item3), function, options);
        return (a1, a2, a3) => mapped(new(a1, a2, a3));
    }

    /// <inheritdoc cref="Pmap2{T1, TResult}(Func{T1, TResult}, Pmap2Options)"/>
    public static Func<T1, T2, T3, T4, TResult> Pmap2<T1, T2, T3, T4, TResult>(Func<T1, T2, T3, T4, TResult> function, Pmap2Options options)
    {
        var mapped = MappedToDevices<ValueTuple<T1, T2, T3, T4>, TResult>(a => function(a.Item1, a.Item2, a.Item3, a.Item4), function, options);
        return (a1, a2, a3, a4) => mapped(new(a1, a2, a3, a4));
    }

    /// <inheritdoc cref="Pmap2{T1, TResult}(Func{T1, TResult}, Pmap2Options)"/>
    public static Func<Tensor, Tensor> Pmap2(Func<Tensor, Tensor> function, Pmap2Options options) =>
        Pmap2<Tensor, Tensor>(function, options);

    /// <inheritdoc cref="Pmap2{T1, TResult}(Func{T1, TResult}, Pmap2Options)"/>
    public static Func<Tensor, Tensor, Tensor> Pmap2(Func<Tensor, Tensor, Tensor> function, Pmap2Options options) =>
        Pmap2<Tensor, Tensor, Tensor>(function, options);

    /// <inheritdoc cref="Pmap2{T1, TResult}(Func{T1, TResult}, Pmap2Options)"/>
    public static Func<Tensor, Tensor, Tensor, Tensor> Pmap2(Func<Tensor, Tensor, Tensor, Tensor> function, Pmap2Options options) =>
        Pmap2<Tensor, Tensor, Tensor, Tensor>(function, options);

    /// <inheritdoc cref="Pmap2{T1, TResult}(Func{T1, TResult}, Pmap2Options)"/>
    public static Func<Tensor, Tensor, Tensor, Tensor, Tensor> Pmap2(Func<Tensor, Tensor, Tensor, Tensor, Tensor> function, Pmap2Options options) =>
        Pmap2<Tensor, Tensor, Tensor, Tensor, Tensor>(function, options);

    /// <summary>Maps a function that only changes States.</summary>
    /// <inheritdoc cref="Pmap2{T1, TResult}(Func{T1, TResult}, Pmap2Options)"/>
    public static Action Pmap2(Action function, Pmap2Options options)
    {
        var mapped = MappedToDevices<ValueTuple, ValueTuple>(a =>
        {
            function();
            return default;
        }, function, options);
        return () => mapped(default);
    }

    /// <summary>Maps a function that only changes States.</summary>
    /// <inheritdoc cref="Pmap2{T1, TResult}(Func{T1, TResult}, Pmap2Options)"/>
    public static Action<T1> Pmap2<T1>(Action<T1> function, Pmap2Options options)
    {
        var mapped = MappedToDevices<ValueTuple<T1>, ValueTuple>(a =>
        {
            function(a.Item1);
            return default;
        }, function, options);
        return (a1) => mapped(new(a1));
    }

    /// <summary>Maps a function that only changes States.</summary>
    /// <inheritdoc cref="Pmap2{T1, TResult}(Func{T1, TResult}, Pmap2Options)"/>
    public static Action<T1, T2> Pmap2<T1, T2>(Action<T1, T2> function, Pmap2Options options)
    {
        var mapped = MappedToDevices<ValueTuple<T1, T2>, ValueTuple>(a =>
        {
            function(a.Item1, a.Item2);
            return default;
        }, function, options);
        return (a1, a2) => mapped(new(a1, a2));
    }

    /// <summary>Maps a function that only changes States.</summary>
    /// <inheritdoc cref="Pmap2{T1, TResult}(Func{T1, TResult}, Pmap2Options)"/>
    public static Action<T1, T2, T3> Pmap2<T1, T2, T3>(Action<T1, T2, T3> function, Pmap2Options options)
    {
        var mapped = MappedToDevices<ValueTuple<T1, T2, T3>, ValueTuple>(a =>
        {
            function(a.Item1, a.Item2, a.Item3);
            return default;
        }, function, options);
        return (a1, a2, a3) => mapped(new(a1, a2, a3));
    }

    /// <summary>Maps a function that only changes States.</summary>
    /// <inheritdoc cref="Pmap2{T1, TResult}(Func{T1, TResult}, Pmap2Options)"/>
    public static Action<T1, T2, T3, T4> Pmap2<T1, T2, T3, T4>(Action<T1, T2, T3, T4> function, Pmap2Options options)
    {
        var mapped = MappedToDevices<ValueTuple<T1, T2, T3, T4>, ValueTuple>(a =>
        {
            function(a.Item1, a.Item2, a.Item3, a.Item4);
            return default;
        }, function, options);
        return (a1, a2, a3, a4) => mapped(new(a1, a2, a3, a4));
    }
}
