namespace BrainState;

/// <content>Gradients.</content>
public static partial class Transforms
{
    /// <inheritdoc cref="Grad{T1}(Func{T1, Tensor})"/>
    public static GradSelector<ValueTuple, NoAux, Unselected> Grad(Func<Tensor> function) =>
        new(DerivativeKind.Gradient, a => (function(), default), NameOf(function));

    /// <inheritdoc cref="Grad{T1}(Func{T1, Tensor})"/>
    public static GradSelector<ValueTuple, TAux, Unselected> Grad<TAux>(Func<(Tensor Loss, TAux Aux)> function) =>
        new(DerivativeKind.Gradient, a => function(), NameOf(function));

    /// <summary>
    /// The derivative of a function that returns a real scalar, by its first argument; choose others on the result:
    /// <c>Grad(loss).Of(weights).Arg0().WithValue()</c>. A function may return a tuple of the loss and anything else; see <c>WithAux</c>.
    /// Writes of States happen once, as in a plain call.
    /// </summary>
    public static GradSelector<ValueTuple<T1>, NoAux, T1> Grad<T1>(Func<T1, Tensor> function) =>
        new(DerivativeKind.Gradient, a => (function(a.Item1), default), NameOf(function));

    /// <inheritdoc cref="Grad{T1}(Func{T1, Tensor})"/>
    public static GradSelector<ValueTuple<T1>, TAux, T1> Grad<T1, TAux>(Func<T1, (Tensor Loss, TAux Aux)> function) =>
        new(DerivativeKind.Gradient, a => function(a.Item1), NameOf(function));

    /// <inheritdoc cref="Grad{T1}(Func{T1, Tensor})"/>
    public static GradSelector<ValueTuple<T1, T2>, NoAux, T1> Grad<T1, T2>(Func<T1, T2, Tensor> function) =>
        new(DerivativeKind.Gradient, a => (function(a.Item1, a.Item2), default), NameOf(function));

    /// <inheritdoc cref="Grad{T1}(Func{T1, Tensor})"/>
    public static GradSelector<ValueTuple<T1, T2>, TAux, T1> Grad<T1, T2, TAux>(Func<T1, T2, (Tensor Loss, TAux Aux)> function) =>
        new(DerivativeKind.Gradient, a => function(a.Item1, a.Item2), NameOf(function));

    /// <inheritdoc cref="Grad{T1}(Func{T1, Tensor})"/>
    public static GradSelector<ValueTuple<T1, T2, T3>, NoAux, T1> Grad<T1, T2, T3>(Func<T1, T2, T3, Tensor> function) =>
        new(DerivativeKind.Gradient, a => (function(a.Item1, a.Item2, a.Item3), default), NameOf(function));

    /// <inheritdoc cref="Grad{T1}(Func{T1, Tensor})"/>
    public static GradSelector<ValueTuple<T1, T2, T3>, TAux, T1> Grad<T1, T2, T3, TAux>(Func<T1, T2, T3, (Tensor Loss, TAux Aux)> function) =>
        new(DerivativeKind.Gradient, a => function(a.Item1, a.Item2, a.Item3), NameOf(function));

    /// <inheritdoc cref="Grad{T1}(Func{T1, Tensor})"/>
    public static GradSelector<ValueTuple<T1, T2, T3, T4>, NoAux, T1> Grad<T1, T2, T3, T4>(Func<T1, T2, T3, T4, Tensor> function) =>
        new(DerivativeKind.Gradient, a => (function(a.Item1, a.Item2, a.Item3, a.Item4), default), NameOf(function));

    /// <inheritdoc cref="Grad{T1}(Func{T1, Tensor})"/>
    public static GradSelector<ValueTuple<T1, T2, T3, T4>, TAux, T1> Grad<T1, T2, T3, T4, TAux>(Func<T1, T2, T3, T4, (Tensor Loss, TAux Aux)> function) =>
        new(DerivativeKind.Gradient, a => function(a.Item1, a.Item2, a.Item3, a.Item4), NameOf(function));

    /// <inheritdoc cref="Grad{T1}(Func{T1, Tensor})"/>
    public static GradSelector<ValueTuple<Tensor>, NoAux, Tensor> Grad(Func<Tensor, Tensor> function) => Grad<Tensor>(function);

    /// <inheritdoc cref="Grad{T1}(Func{T1, Tensor})"/>
    public static GradSelector<ValueTuple<Tensor, Tensor>, NoAux, Tensor> Grad(Func<Tensor, Tensor, Tensor> function) => Grad<Tensor, Tensor>(function);

    /// <inheritdoc cref="Grad{T1}(Func{T1, Tensor})"/>
    public static GradSelector<ValueTuple<Tensor, Tensor, Tensor>, NoAux, Tensor> Grad(Func<Tensor, Tensor, Tensor, Tensor> function) => Grad<Tensor, Tensor, Tensor>(function);

    /// <inheritdoc cref="Grad{T1}(Func{T1, Tensor})"/>
    public static GradSelector<ValueTuple<Tensor, Tensor, Tensor, Tensor>, NoAux, Tensor> Grad(Func<Tensor, Tensor, Tensor, Tensor, Tensor> function) => Grad<Tensor, Tensor, Tensor, Tensor>(function);

    /// <summary>The gradient of a gradient, which must be one scalar.</summary>
    public static GradSelector<ValueTuple<T1>, NoAux, T1> Grad<T1, TAux, TGrads>(GradFunction<ValueTuple<T1>, TAux, TGrads, Tensor> gradient) =>
        new(DerivativeKind.Gradient, a => (gradient.Run(a), default), $"Grad({gradient.Gradient.Name})");

    /// <summary>The gradient of a gradient, which must be one scalar.</summary>
    public static GradSelector<ValueTuple<T1, T2>, NoAux, T1> Grad<T1, T2, TAux, TGrads>(GradFunction<ValueTuple<T1, T2>, TAux, TGrads, Tensor> gradient) =>
        new(DerivativeKind.Gradient, a => (gradient.Run(a), default), $"Grad({gradient.Gradient.Name})");

    /// <summary>The gradient of a gradient, which must be one scalar.</summary>
    public static GradSelector<ValueTuple<T1, T2, T3>, NoAux, T1> Grad<T1, T2, T3, TAux, TGrads>(GradFunction<ValueTuple<T1, T2, T3>, TAux, TGrads, Tensor> gradient) =>
        new(DerivativeKind.Gradient, a => (gradient.Run(a), default), $"Grad({gradient.Gradient.Name})");

    /// <summary>The gradient of a gradient, which must be one scalar.</summary>
    public static GradSelector<ValueTuple<T1, T2, T3, T4>, NoAux, T1> Grad<T1, T2, T3, T4, TAux, TGrads>(GradFunction<ValueTuple<T1, T2, T3, T4>, TAux, TGrads, Tensor> gradient) =>
        new(DerivativeKind.Gradient, a => (gradient.Run(a), default), $"Grad({gradient.Gradient.Name})");
}
