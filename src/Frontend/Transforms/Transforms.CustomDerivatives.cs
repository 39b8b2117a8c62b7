using BrainState.ControlFlow;

namespace BrainState;

/// <content>Functions that say themselves what their derivative is.</content>
public static partial class Transforms
{
    /// <summary>
    /// A function with its own derivative in reverse mode: for numerically better formulas, for gradients that differ from the true ones on purpose (surrogates, clipping), or to keep less.
    /// </summary>
    /// <param name="function">The function when it is not differentiated.</param>
    /// <param name="forward">The function when it is: returns the same value, and what the backward pass needs.</param>
    /// <param name="backward">From these residuals and the cotangent of the value, the cotangent of the argument. Cotangents of integers are ignored.</param>
    /// <remarks>
    /// The three are traced at each call; what they capture, and States they read, count as constants. Differentiating with respect to these, in forward mode, or writing a State in
    /// one of the three is an error.
    /// </remarks>
    /// <exception cref="ArgumentException">Forward returns another type of value than the function, or backward another than the argument.</exception>
    /// <exception cref="InvalidOperationException">One of the functions writes a State.</exception>
    public static Func<T1, TResult> CustomVjp<T1, TResult, TResiduals>(
        Func<T1, TResult> function, Func<T1, (TResult Value, TResiduals Residuals)> forward, Func<TResiduals, TResult, T1> backward)
    {
        var custom = new CustomReverse<ValueTuple<T1>, TResult, TResiduals>(
            a => function(a.Item1), a => forward(a.Item1), (residuals, cotangent) => new(backward(residuals, cotangent)));
        return a => custom.Call(new(a));
    }

    /// <inheritdoc cref="CustomVjp{T1, TResult, TResiduals}"/>
    public static Func<T1, T2, TResult> CustomVjp<T1, T2, TResult, TResiduals>(
        Func<T1, T2, TResult> function, Func<T1, T2, (TResult Value, TResiduals Residuals)> forward, Func<TResiduals, TResult, (T1, T2)> backward)
    {
        var custom = new CustomReverse<(T1, T2), TResult, TResiduals>(a => function(a.Item1, a.Item2), a => forward(a.Item1, a.Item2), backward);
        return (a, b) => custom.Call((a, b));
    }

    /// <inheritdoc cref="CustomVjp{T1, TResult, TResiduals}"/>
    public static Func<T1, T2, T3, TResult> CustomVjp<T1, T2, T3, TResult, TResiduals>(
        Func<T1, T2, T3, TResult> function, Func<T1, T2, T3, (TResult Value, TResiduals Residuals)> forward, Func<TResiduals, TResult, (T1, T2, T3)> backward)
    {
        var custom = new CustomReverse<(T1, T2, T3), TResult, TResiduals>(
            a => function(a.Item1, a.Item2, a.Item3), a => forward(a.Item1, a.Item2, a.Item3), backward);
        return (a, b, c) => custom.Call((a, b, c));
    }

    /// <summary>
    /// A function with its own derivative in forward mode, from which reverse mode follows: <paramref name="jvp"/> gets the argument and a tangent, and returns the value and its tangent, which must
    /// be linear in the argument's.
    /// </summary>
    /// <param name="function">The function when it is not differentiated.</param>
    /// <param name="jvp">The function when it is. Tangents of integers are zeros, and ignored.</param>
    /// <remarks>What the functions capture, and States they read, count as constants; differentiating with respect to these, or writing a State, is an error.</remarks>
    /// <exception cref="ArgumentException">The jvp returns another type of value or tangent than the function.</exception>
    /// <exception cref="InvalidOperationException">One of the functions writes a State.</exception>
    public static Func<T1, TResult> CustomJvp<T1, TResult>(Func<T1, TResult> function, Func<T1, T1, (TResult Value, TResult Tangent)> jvp)
    {
        var custom = new CustomForward<ValueTuple<T1>, TResult>(a => function(a.Item1), (a, t) => jvp(a.Item1, t.Item1));
        return a => custom.Call(new(a));
    }

    /// <inheritdoc cref="CustomJvp{T1, TResult}"/>
    public static Func<T1, T2, TResult> CustomJvp<T1, T2, TResult>(Func<T1, T2, TResult> function, Func<(T1, T2), (T1, T2), (TResult Value, TResult Tangent)> jvp)
    {
        var custom = new CustomForward<(T1, T2), TResult>(a => function(a.Item1, a.Item2), jvp);
        return (a, b) => custom.Call((a, b));
    }

    /// <inheritdoc cref="CustomJvp{T1, TResult}"/>
    public static Func<T1, T2, T3, TResult> CustomJvp<T1, T2, T3, TResult>(
        Func<T1, T2, T3, TResult> function, Func<(T1, T2, T3), (T1, T2, T3), (TResult Value, TResult Tangent)> jvp)
    {
        var custom = new CustomForward<(T1, T2, T3), TResult>(a => function(a.Item1, a.Item2, a.Item3), jvp);
        return (a, b, c) => custom.Call((a, b, c));
    }
}
