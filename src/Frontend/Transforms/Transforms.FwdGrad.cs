namespace BrainState;

/// <content>Gradients without reverse mode.</content>
public static partial class Transforms
{
    /// <inheritdoc cref="FwdGrad{T1}(Func{T1, Tensor}, FwdGradOptions)"/>
    public static GradSelector<ValueTuple, NoAux, Unselected> FwdGrad(Func<Tensor> function, FwdGradOptions? options = null) =>
        new(new ForwardGradient(options ?? new()), a => (function(), default), NameOf(function));

    /// <summary>
    /// An estimate of the gradient that needs forward mode only: the derivative along a random direction v ~ N(0, 1), times v, averaged over several directions. Its expectation is the
    /// gradient. What it is taken by, and what comes back, is chosen as for <see cref="Grad{T1}(Func{T1, Tensor})"/>.
    /// </summary>
    public static GradSelector<ValueTuple<T1>, NoAux, T1> FwdGrad<T1>(Func<T1, Tensor> function, FwdGradOptions? options = null) =>
        new(new ForwardGradient(options ?? new()), a => (function(a.Item1), default), NameOf(function));

    /// <inheritdoc cref="FwdGrad{T1}(Func{T1, Tensor}, FwdGradOptions)"/>
    public static GradSelector<ValueTuple<T1>, TAux, T1> FwdGrad<T1, TAux>(Func<T1, (Tensor Result, TAux Aux)> function, FwdGradOptions? options = null) =>
        new(new ForwardGradient(options ?? new()), a => function(a.Item1), NameOf(function));

    /// <inheritdoc cref="FwdGrad{T1}(Func{T1, Tensor}, FwdGradOptions)"/>
    public static GradSelector<(T1, T2), NoAux, T1> FwdGrad<T1, T2>(Func<T1, T2, Tensor> function, FwdGradOptions? options = null) =>
        new(new ForwardGradient(options ?? new()), a => (function(a.Item1, a.Item2), default), NameOf(function));

    /// <inheritdoc cref="FwdGrad{T1}(Func{T1, Tensor}, FwdGradOptions)"/>
    public static GradSelector<(T1, T2, T3), NoAux, T1> FwdGrad<T1, T2, T3>(Func<T1, T2, T3, Tensor> function, FwdGradOptions? options = null) =>
        new(new ForwardGradient(options ?? new()), a => (function(a.Item1, a.Item2, a.Item3), default), NameOf(function));

    /// <inheritdoc cref="FwdGrad{T1}(Func{T1, Tensor}, FwdGradOptions)"/>
    public static GradSelector<ValueTuple<Tensor>, NoAux, Tensor> FwdGrad(Func<Tensor, Tensor> function, FwdGradOptions? options = null) => FwdGrad<Tensor>(function, options);

    /// <inheritdoc cref="FwdGrad{T1}(Func{T1, Tensor}, FwdGradOptions)"/>
    public static GradSelector<(Tensor, Tensor), NoAux, Tensor> FwdGrad(Func<Tensor, Tensor, Tensor> function, FwdGradOptions? options = null) => FwdGrad<Tensor, Tensor>(function, options);
}
