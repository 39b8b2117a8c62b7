namespace BrainState;

/// <summary>
/// Transforms of functions of tensors and States. Every transform records the function as a program, and the result is again a function, so
/// they nest freely. Arguments and results are tensors, containers of tensors, and static values, which become part of a jitted function's key.
/// </summary>
public static partial class Transforms
{
    /// <inheritdoc cref="Jit{T1, TResult}(Func{T1, TResult}, JitOptions)"/>
    public static Func<TResult> Jit<TResult>(Func<TResult> function, JitOptions? options = null)
    {
        var jitted = Jitted<ValueTuple, TResult>(a => function(), function, options);
        return JitFunction.Register<Func<TResult>>(() => jitted.Call(default), jitted);
    }

    /// <summary>
    /// Compiles a function: it is traced once per key (structure, static values and specs of the arguments; specs of the States and values of
    /// the settings that it touches) and afterwards runs as one program. <see cref="JitFunction.Of"/> tells how often and why it was traced.
    /// </summary>
    public static Func<T1, TResult> Jit<T1, TResult>(Func<T1, TResult> function, JitOptions? options = null)
    {
        var jitted = Jitted<ValueTuple<T1>, TResult>(a => function(a.Item1), function, options);
        return JitFunction.Register<Func<T1, TResult>>((a1) => jitted.Call(new(a1)), jitted);
    }

    /// <inheritdoc cref="Jit{T1, TResult}(Func{T1, TResult}, JitOptions)"/>
    public static Func<T1, T2, TResult> Jit<T1, T2, TResult>(Func<T1, T2, TResult> function, JitOptions? options = null)
    {
        var jitted = Jitted<ValueTuple<T1, T2>, TResult>(a => function(a.Item1, a.Item2), function, options);
        return JitFunction.Register<Func<T1, T2, TResult>>((a1, a2) => jitted.Call(new(a1, a2)), jitted);
    }

    /// <inheritdoc cref="Jit{T1, TResult}(Func{T1, TResult}, JitOptions)"/>
    public static Func<T1, T2, T3, TResult> Jit<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> function, JitOptions? options = null)
    {
        var jitted = Jitted<ValueTuple<T1, T2, T3>, TResult>(a => function(a.Item1, a.Item2, a.Item3), function, options);
        return JitFunction.Register<Func<T1, T2, T3, TResult>>((a1, a2, a3) => jitted.Call(new(a1, a2, a3)), jitted);
    }

    /// <inheritdoc cref="Jit{T1, TResult}(Func{T1, TResult}, JitOptions)"/>
    public static Func<T1, T2, T3, T4, TResult> Jit<T1, T2, T3, T4, TResult>(Func<T1, T2, T3, T4, TResult> function, JitOptions? options = null)
    {
        var jitted = Jitted<ValueTuple<T1, T2, T3, T4>, TResult>(a => function(a.Item1, a.Item2, a.Item3, a.Item4), function, options);
        return JitFunction.Register<Func<T1, T2, T3, T4, TResult>>((a1, a2, a3, a4) => jitted.Call(new(a1, a2, a3, a4)), jitted);
    }

    /// <inheritdoc cref="Jit{T1, TResult}(Func{T1, TResult}, JitOptions)"/>
    public static Func<Tensor, Tensor> Jit(Func<Tensor, Tensor> function, JitOptions? options = null) =>
        Jit<Tensor, Tensor>(function, options);

    /// <inheritdoc cref="Jit{T1, TResult}(Func{T1, TResult}, JitOptions)"/>
    public static Func<Tensor, Tensor, Tensor> Jit(Func<Tensor, Tensor, Tensor> function, JitOptions? options = null) =>
        Jit<Tensor, Tensor, Tensor>(function, options);

    /// <inheritdoc cref="Jit{T1, TResult}(Func{T1, TResult}, JitOptions)"/>
    public static Func<Tensor, Tensor, Tensor, Tensor> Jit(Func<Tensor, Tensor, Tensor, Tensor> function, JitOptions? options = null) =>
        Jit<Tensor, Tensor, Tensor, Tensor>(function, options);

    /// <inheritdoc cref="Jit{T1, TResult}(Func{T1, TResult}, JitOptions)"/>
    public static Func<Tensor, Tensor, Tensor, Tensor, Tensor> Jit(Func<Tensor, Tensor, Tensor, Tensor, Tensor> function, JitOptions? options = null) =>
        Jit<Tensor, Tensor, Tensor, Tensor, Tensor>(function, options);

    /// <summary>Compiles a function that only changes States.</summary>
    /// <inheritdoc cref="Jit{T1, TResult}(Func{T1, TResult}, JitOptions)"/>
    public static Action Jit(Action function, JitOptions? options = null)
    {
        var jitted = Jitted<ValueTuple, ValueTuple>(a =>
        {
            function();
            return default;
        }, function, options);
        return JitFunction.Register<Action>(() => jitted.Call(default), jitted);
    }

    /// <summary>Compiles a function that only changes States.</summary>
    /// <inheritdoc cref="Jit{T1, TResult}(Func{T1, TResult}, JitOptions)"/>
    public static Action<T1> Jit<T1>(Action<T1> function, JitOptions? options = null)
    {
        var jitted = Jitted<ValueTuple<T1>, ValueTuple>(a =>
        {
            function(a.Item1);
            return default;
        }, function, options);
        return JitFunction.Register<Action<T1>>((a1) => jitted.Call(new(a1)), jitted);
    }

    /// <summary>Compiles a function that only changes States.</summary>
    /// <inheritdoc cref="Jit{T1, TResult}(Func{T1, TResult}, JitOptions)"/>
    public static Action<T1, T2> Jit<T1, T2>(Action<T1, T2> function, JitOptions? options = null)
    {
        var jitted = Jitted<ValueTuple<T1, T2>, ValueTuple>(a =>
        {
            function(a.Item1, a.Item2);
            return default;
        }, function, options);
        return JitFunction.Register<Action<T1, T2>>((a1, a2) => jitted.Call(new(a1, a2)), jitted);
    }

    /// <summary>Compiles a function that only changes States.</summary>
    /// <inheritdoc cref="Jit{T1, TResult}(Func{T1, TResult}, JitOptions)"/>
    public static Action<T1, T2, T3> Jit<T1, T2, T3>(Action<T1, T2, T3> function, JitOptions? options = null)
    {
        var jitted = Jitted<ValueTuple<T1, T2, T3>, ValueTuple>(a =>
        {
            function(a.Item1, a.Item2, a.Item3);
            return default;
        }, function, options);
        return JitFunction.Register<Action<T1, T2, T3>>((a1, a2, a3) => jitted.Call(new(a1, a2, a3)), jitted);
    }

    /// <summary>Compiles a function that only changes States.</summary>
    /// <inheritdoc cref="Jit{T1, TResult}(Func{T1, TResult}, JitOptions)"/>
    public static Action<T1, T2, T3, T4> Jit<T1, T2, T3, T4>(Action<T1, T2, T3, T4> function, JitOptions? options = null)
    {
        var jitted = Jitted<ValueTuple<T1, T2, T3, T4>, ValueTuple>(a =>
        {
            function(a.Item1, a.Item2, a.Item3, a.Item4);
            return default;
        }, function, options);
        return JitFunction.Register<Action<T1, T2, T3, T4>>((a1, a2, a3, a4) => jitted.Call(new(a1, a2, a3, a4)), jitted);
    }

    /// <summary>Compiles a gradient function.</summary>
    public static Func<TResult> Jit<TAux, TGrads, TResult>(GradFunction<ValueTuple, TAux, TGrads, TResult> gradient, JitOptions? options = null) =>
        Jit<TResult>(() => gradient.Run(default), options ?? new() { Name = $"Grad({gradient.Gradient.Name})" });

    /// <summary>Compiles a gradient function.</summary>
    public static Func<T1, TResult> Jit<T1, TAux, TGrads, TResult>(GradFunction<ValueTuple<T1>, TAux, TGrads, TResult> gradient, JitOptions? options = null) =>
        Jit<T1, TResult>((a1) => gradient.Run(new(a1)), options ?? new() { Name = $"Grad({gradient.Gradient.Name})" });

    /// <summary>Compiles a gradient function.</summary>
    public static Func<T1, T2, TResult> Jit<T1, T2, TAux, TGrads, TResult>(GradFunction<ValueTuple<T1, T2>, TAux, TGrads, TResult> gradient, JitOptions? options = null) =>
        Jit<T1, T2, TResult>((a1, a2) => gradient.Run(new(a1, a2)), options ?? new() { Name = $"Grad({gradient.Gradient.Name})" });

    /// <summary>Compiles a gradient function.</summary>
    public static Func<T1, T2, T3, TResult> Jit<T1, T2, T3, TAux, TGrads, TResult>(GradFunction<ValueTuple<T1, T2, T3>, TAux, TGrads, TResult> gradient, JitOptions? options = null) =>
        Jit<T1, T2, T3, TResult>((a1, a2, a3) => gradient.Run(new(a1, a2, a3)), options ?? new() { Name = $"Grad({gradient.Gradient.Name})" });

    /// <summary>Compiles a gradient function.</summary>
    public static Func<T1, T2, T3, T4, TResult> Jit<T1, T2, T3, T4, TAux, TGrads, TResult>(GradFunction<ValueTuple<T1, T2, T3, T4>, TAux, TGrads, TResult> gradient, JitOptions? options = null) =>
        Jit<T1, T2, T3, T4, TResult>((a1, a2, a3, a4) => gradient.Run(new(a1, a2, a3, a4)), options ?? new() { Name = $"Grad({gradient.Gradient.Name})" });

    private static JitFunction<TArguments, TResult> Jitted<TArguments, TResult>(Func<TArguments, TResult> function, Delegate original, JitOptions? options) =>
        new(function, options?.Name ?? NameOf(original), options ?? new());

    /// <summary>A readable name: that of a method, or of the method around a lambda.</summary>
    private static string NameOf(Delegate function)
    {
        // The compiler calls a lambda in Train "<Train>b__0", and one at top level "<<Main>$>b__0".
        var name = function.Method.Name;
        while (name.StartsWith('<') && name.LastIndexOf('>') is > 1 and var close) name = name[1..close];
        return name.StartsWith('<') ? "lambda" : name;
    }
}
