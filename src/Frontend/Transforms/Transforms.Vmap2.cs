namespace BrainState;

/// <content>Mapping functions over an axis of arguments and States.</content>
public static partial class Transforms
{
    /// <inheritdoc cref="Vmap2{T1, TResult}(Func{T1, TResult}, Vmap2Options)"/>
    public static Func<TResult> Vmap2<TResult>(Func<TResult> function, Vmap2Options options)
    {
        var mapped = Mapped<ValueTuple, TResult>(_ => function(), function, options);
        return () => mapped(default);
    }

    /// <summary>
    /// Maps a function over an axis of its arguments and of States: each lane reads and writes its own slice of the States that the filters of
    /// <paramref name="options"/> take. Otherwise as <see cref="Vmap{T1, TResult}(Func{T1, TResult}, VmapOptions)"/>.
    /// </summary>
    /// <exception cref="BatchAxisException">On calling: the axes do not fit, or a State without an axis is written with a value that differs between lanes.</exception>
    public static Func<T1, TResult> Vmap2<T1, TResult>(Func<T1, TResult> function, Vmap2Options options)
    {
        var mapped = Mapped<ValueTuple<T1>, TResult>(a => function(a.Item1), function, options);
        return (a1) => mapped(new(a1));
    }

    /// <inheritdoc cref="Vmap2{T1, TResult}(Func{T1, TResult}, Vmap2Options)"/>
    public static Func<T1, T2, TResult> Vmap2<T1, T2, TResult>(Func<T1, T2, TResult> function, Vmap2Options options)
    {
        var mapped = Mapped<ValueTuple<T1, T2>, TResult>(a => function(a.Item1, a.Item2), function, options);
        return (a1, a2) => mapped(new(a1, a2));
    }

    /// <inheritdoc cref="Vmap2{T1, TResult}(Func{T1, TResult}, Vmap2Options)"/>
    public static Func<T1, T2, T3, TResult> Vmap2<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> function, Vmap2Options options)
    {
        var mapped = Mapped<ValueTuple<T1, T2, T3>, TResult>(a => function(a.Item1, a.Item2, a.Item3), function, options);
        return (a1, a2, a3) => mapped(new(a1, a2, a3));
    }

    /// <inheritdoc cref="Vmap2{T1, TResult}(Func{T1, TResult}, Vmap2Options)"/>
    public static Func<T1, T2, T3, T4, TResult> Vmap2<T1, T2, T3, T4, TResult>(Func<T1, T2, T3, T4, TResult> function, Vmap2Options options)
    {
        var mapped = Mapped<ValueTuple<T1, T2, T3, T4>, TResult>(a => function(a.Item1, a.Item2, a.Item3, a.Item4), function, options);
        return (a1, a2, a3, a4) => mapped(new(a1, a2, a3, a4));
    }

    /// <inheritdoc cref="Vmap2{T1, TResult}(Func{T1, TResult}, Vmap2Options)"/>
    public static Func<Tensor, Tensor> Vmap2(Func<Tensor, Tensor> function, Vmap2Options options) =>
        Vmap2<Tensor, Tensor>(function, options);

    /// <inheritdoc cref="Vmap2{T1, TResult}(Func{T1, TResult}, Vmap2Options)"/>
    public static Func<Tensor, Tensor, Tensor> Vmap2(Func<Tensor, Tensor, Tensor> function, Vmap2Options options) =>
        Vmap2<Tensor, Tensor, Tensor>(function, options);

    /// <inheritdoc cref="Vmap2{T1, TResult}(Func{T1, TResult}, Vmap2Options)"/>
    public static Func<Tensor, Tensor, Tensor, Tensor> Vmap2(Func<Tensor, Tensor, Tensor, Tensor> function, Vmap2Options options) =>
        Vmap2<Tensor, Tensor, Tensor, Tensor>(function, options);

    /// <inheritdoc cref="Vmap2{T1, TResult}(Func{T1, TResult}, Vmap2Options)"/>
    public static Func<Tensor, Tensor, Tensor, Tensor, Tensor> Vmap2(Func<Tensor, Tensor, Tensor, Tensor, Tensor> function, Vmap2Options options) =>
        Vmap2<Tensor, Tensor, Tensor, Tensor, Tensor>(function, options);

    /// <summary>Maps a function that only changes States.</summary>
    /// <inheritdoc cref="Vmap2{T1, TResult}(Func{T1, TResult}, Vmap2Options)"/>
    public static Action Vmap2(Action function, Vmap2Options options)
    {
        var mapped = Mapped<ValueTuple, ValueTuple>(a =>
        {
            function();
            return default;
        }, function, options);
        return () => mapped(default);
    }

    /// <summary>Maps a function that only changes States.</summary>
    /// <inheritdoc cref="Vmap2{T1, TResult}(Func{T1, TResult}, Vmap2Options)"/>
    public static Action<T1> Vmap2<T1>(Action<T1> function, Vmap2Options options)
    {
        var mapped = Mapped<ValueTuple<T1>, ValueTuple>(a =>
        {
            function(a.Item1);
            return default;
        }, function, options);
        return (a1) => mapped(new(a1));
    }

    /// <summary>Maps a function that only changes States.</summary>
    /// <inheritdoc cref="Vmap2{T1, TResult}(Func{T1, TResult}, Vmap2Options)"/>
    public static Action<T1, T2> Vmap2<T1, T2>(Action<T1, T2> function, Vmap2Options options)
    {
        var mapped = Mapped<ValueTuple<T1, T2>, ValueTuple>(a =>
        {
            function(a.Item1, a.Item2);
            return default;
        }, function, options);
        return (a1, a2) => mapped(new(a1, a2));
    }

    /// <summary>Maps a function that only changes States.</summary>
    /// <inheritdoc cref="Vmap2{T1, TResult}(Func{T1, TResult}, Vmap2Options)"/>
    public static Action<T1, T2, T3> Vmap2<T1, T2, T3>(Action<T1, T2, T3> function, Vmap2Options options)
    {
        var mapped = Mapped<ValueTuple<T1, T2, T3>, ValueTuple>(a =>
        {
            function(a.Item1, a.Item2, a.Item3);
            return default;
        }, function, options);
        return (a1, a2, a3) => mapped(new(a1, a2, a3));
    }

    /// <summary>Maps a function that only changes States.</summary>
    /// <inheritdoc cref="Vmap2{T1, TResult}(Func{T1, TResult}, Vmap2Options)"/>
    public static Action<T1, T2, T3, T4> Vmap2<T1, T2, T3, T4>(Action<T1, T2, T3, T4> function, Vmap2Options options)
    {
        var mapped = Mapped<ValueTuple<T1, T2, T3, T4>, ValueTuple>(a =>
        {
            function(a.Item1, a.Item2, a.Item3, a.Item4);
            return default;
        }, function, options);
        return (a1, a2, a3, a4) => mapped(new(a1, a2, a3, a4));
    }
}
