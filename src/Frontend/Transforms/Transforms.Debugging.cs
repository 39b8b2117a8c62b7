using BrainState.Debugging;
using BrainState.Execution;
using BrainState.Ops;
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
    /// Makes the call that runs this fail if the condition holds and the function makes NaN or infinity of finite operands: then it runs, with a check after every equation, and the first that
    /// does is named as by <see cref="DebugNan{TResult}(Func{TResult})"/>. It works inside all transforms, and while the condition does not hold it costs next to nothing. Results of the function
    /// are not used, and States that it writes stay as they are.
    /// </summary>
    /// <param name="condition">Bools of any shape, such as <c>Np.IsNaN(loss)</c>; the function runs if any is true.</param>
    /// <param name="function">What to look into.</param>
    /// <exception cref="ArgumentException">The condition is not of dtype bool.</exception>
    /// <exception cref="JitErrorException">There was such an equation. Inside a transform it is the transformed function that throws.</exception>
    public static void DebugNanIf<TResult>(Tensor condition, Func<TResult> function) => NanBranch.Run(Any(condition, nameof(DebugNanIf)), default(ValueTuple), _ => function());

    /// <inheritdoc cref="DebugNanIf{TResult}(Tensor, Func{TResult})"/>
    public static void DebugNanIf<T1, TResult>(Tensor condition, Func<T1, TResult> function, T1 argument) => NanBranch.Run(Any(condition, nameof(DebugNanIf)), argument, function);

    /// <inheritdoc cref="DebugNanIf{TResult}(Tensor, Func{TResult})"/>
    public static void DebugNanIf<T1, T2, TResult>(Tensor condition, Func<T1, T2, TResult> function, T1 first, T2 second) =>
        NanBranch.Run(Any(condition, nameof(DebugNanIf)), (first, second), x => function(x.first, x.second));

    /// <inheritdoc cref="DebugNanIf{TResult}(Tensor, Func{TResult})"/>
    public static void DebugNanIf<T1, T2, T3, TResult>(Tensor condition, Func<T1, T2, T3, TResult> function, T1 first, T2 second, T3 third) =>
        NanBranch.Run(Any(condition, nameof(DebugNanIf)), (first, second, third), x => function(x.first, x.second, x.third));

    /// <inheritdoc cref="DebugNanIf{TResult}(Tensor, Func{TResult})"/>
    public static void DebugNanIf(Tensor condition, Func<Tensor, Tensor> function, Tensor argument) => DebugNanIf<Tensor, Tensor>(condition, function, argument);

    /// <inheritdoc cref="DebugNanIf{TResult}(Tensor, Func{TResult})"/>
    public static void DebugNanIf(Tensor condition, Func<Tensor, Tensor, Tensor> function, Tensor first, Tensor second) =>
        DebugNanIf<Tensor, Tensor, Tensor>(condition, function, first, second);

    /// <summary>
    /// Stops where the function runs, if any element of the condition is true: an attached debugger breaks, with the message in view, and without one the message is written as by
    /// <see cref="Debug.Print(DebugMessage)"/>. <see cref="Debug.Breakpoint"/> can do something else. Then the function goes on.
    /// </summary>
    /// <param name="condition">Bools of any shape. Under Vmap each lane asks for itself.</param>
    /// <param name="message">What to look at, such as <c>$"loss {loss}, weights {weights}"</c>; tensors are written with their values.</param>
    /// <exception cref="ArgumentException">The condition is not of dtype bool.</exception>
    public static void BreakpointIf(Tensor condition, DebugMessage message)
    {
        var (stop, operands) = (new DebugPrint(message.Format, EffectSink.BreakpointChannel), message.Operands);
        Cond(Any(condition, nameof(BreakpointIf)), () => { Eager.Bind(stop, operands); }, static () => { });
    }

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
