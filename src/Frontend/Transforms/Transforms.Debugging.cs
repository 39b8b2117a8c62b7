using BrainState.Tracing;

namespace BrainState;

/// <content>Finding faults.</content>
public static partial class Transforms
{
    /// <summary>
    /// Makes a function that stops at the first equation that makes NaN or infinity of finite operands, in derivatives too, and names it, the specs of its operands and the user's line. It is
    /// slow: everything runs equation by equation. The same as running the function with the setting <see cref="Environ.DebugNan"/>.
    /// </summary>
    /// <remarks>Infinities that are meant, such as in <c>Np.Where(mask, x, float.NegativeInfinity)</c>, are operands and no fault. Inside another transform, that one must be debugged.</remarks>
    /// <exception cref="NonFiniteException">When the result is called: such an equation was found. No State of a jitted function has changed.</exception>
    public static Func<TResult> DebugNan<TResult>(Func<TResult> function) => () => Debugged(default(ValueTuple), _ => function());

    /// <inheritdoc cref="DebugNan{TResult}(Func{TResult})"/>
    public static Func<T1, TResult> DebugNan<T1, TResult>(Func<T1, TResult> function) => a => Debugged(a, function);

    /// <inheritdoc cref="DebugNan{TResult}(Func{TResult})"/>
    public static Func<T1, T2, TResult> DebugNan<T1, T2, TResult>(Func<T1, T2, TResult> function) => (a, b) => Debugged((a, b), x => function(x.a, x.b));

    /// <inheritdoc cref="DebugNan{TResult}(Func{TResult})"/>
    public static Func<T1, T2, T3, TResult> DebugNan<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> function) =>
        (a, b, c) => Debugged((a, b, c), x => function(x.a, x.b, x.c));

    /// <inheritdoc cref="DebugNan{TResult}(Func{TResult})"/>
    public static Func<Tensor, Tensor> DebugNan(Func<Tensor, Tensor> function) => DebugNan<Tensor, Tensor>(function);

    /// <inheritdoc cref="DebugNan{TResult}(Func{TResult})"/>
    public static Func<Tensor, Tensor, Tensor> DebugNan(Func<Tensor, Tensor, Tensor> function) => DebugNan<Tensor, Tensor, Tensor>(function);

    /// <summary>
    /// Names what is traced until the result is disposed: <c>using (NamedScope("encoder")) { … }</c>. Scopes nest. Drawings of programs, errors of <see cref="JitErrorIf"/> and reports of
    /// <see cref="DebugNan{TResult}(Func{TResult})"/> show them; what is computed, and what Jit compiles again, does not depend on them.
    /// </summary>
    /// <exception cref="ArgumentException">The name is empty, or contains a slash.</exception>
    public static IDisposable NamedScope(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.Contains('/')) throw new ArgumentException($"The name of a scope has no slash, which separates nested ones, but is '{name}'.", nameof(name));
        return Origins.Enter(name);
    }

    private static TResult Debugged<TArguments, TResult>(TArguments arguments, Func<TArguments, TResult> function)
    {
        using var debugging = Environ.Context(Environ.DebugNan, true);
        return function(arguments);
    }
}
