namespace BrainState;

/// <content>Derivatives of functions that return tensors of any shape.</content>
public static partial class Transforms
{
    /// <inheritdoc cref="VectorGrad{T1}(Func{T1, Tensor})"/>
    public static GradSelector<ValueTuple, NoAux, Unselected> VectorGrad(Func<Tensor> function) =>
        new(DerivativeKind.VectorGradient, a => (function(), default), NameOf(function));

    /// <summary>
    /// The derivative of a function that returns a tensor of any shape, for a cotangent of ones: the gradient of the sum. For an elementwise function this is its derivative at each element.
    /// What it is taken by, and what comes back, is chosen as for <see cref="Grad{T1}(Func{T1, Tensor})"/>.
    /// </summary>
    public static GradSelector<ValueTuple<T1>, NoAux, T1> VectorGrad<T1>(Func<T1, Tensor> function) =>
        new(DerivativeKind.VectorGradient, a => (function(a.Item1), default), NameOf(function));

    /// <inheritdoc cref="VectorGrad{T1}(Func{T1, Tensor})"/>
    public static GradSelector<ValueTuple<T1>, TAux, T1> VectorGrad<T1, TAux>(Func<T1, (Tensor Result, TAux Aux)> function) =>
        new(DerivativeKind.VectorGradient, a => function(a.Item1), NameOf(function));

    /// <inheritdoc cref="VectorGrad{T1}(Func{T1, Tensor})"/>
    public static GradSelector<(T1, T2), NoAux, T1> VectorGrad<T1, T2>(Func<T1, T2, Tensor> function) =>
        new(DerivativeKind.VectorGradient, a => (function(a.Item1, a.Item2), default), NameOf(function));

    /// <inheritdoc cref="VectorGrad{T1}(Func{T1, Tensor})"/>
    public static GradSelector<(T1, T2, T3), NoAux, T1> VectorGrad<T1, T2, T3>(Func<T1, T2, T3, Tensor> function) =>
        new(DerivativeKind.VectorGradient, a => (function(a.Item1, a.Item2, a.Item3), default), NameOf(function));

    /// <inheritdoc cref="VectorGrad{T1}(Func{T1, Tensor})"/>
    public static GradSelector<ValueTuple<Tensor>, NoAux, Tensor> VectorGrad(Func<Tensor, Tensor> function) => VectorGrad<Tensor>(function);

    /// <inheritdoc cref="VectorGrad{T1}(Func{T1, Tensor})"/>
    public static GradSelector<(Tensor, Tensor), NoAux, Tensor> VectorGrad(Func<Tensor, Tensor, Tensor> function) => VectorGrad<Tensor, Tensor>(function);

    /// <inheritdoc cref="JacRev{T1}(Func{T1, Tensor})"/>
    public static GradSelector<ValueTuple, NoAux, Unselected> JacRev(Func<Tensor> function) =>
        new(DerivativeKind.ReverseJacobian, a => (function(), default), NameOf(function));

    /// <summary>
    /// The Jacobian of a function, computed row by row in reverse mode, which suits functions of many inputs and few outputs. The derivative of a result y by an input x has the
    /// shape <c>[*y, *x]</c>. What it is taken by, and what comes back, is chosen as for <see cref="Grad{T1}(Func{T1, Tensor})"/>.
    /// </summary>
    public static GradSelector<ValueTuple<T1>, NoAux, T1> JacRev<T1>(Func<T1, Tensor> function) =>
        new(DerivativeKind.ReverseJacobian, a => (function(a.Item1), default), NameOf(function));

    /// <inheritdoc cref="JacRev{T1}(Func{T1, Tensor})"/>
    public static GradSelector<ValueTuple<T1>, TAux, T1> JacRev<T1, TAux>(Func<T1, (Tensor Result, TAux Aux)> function) =>
        new(DerivativeKind.ReverseJacobian, a => function(a.Item1), NameOf(function));

    /// <inheritdoc cref="JacRev{T1}(Func{T1, Tensor})"/>
    public static GradSelector<(T1, T2), NoAux, T1> JacRev<T1, T2>(Func<T1, T2, Tensor> function) =>
        new(DerivativeKind.ReverseJacobian, a => (function(a.Item1, a.Item2), default), NameOf(function));

    /// <inheritdoc cref="JacRev{T1}(Func{T1, Tensor})"/>
    public static GradSelector<(T1, T2, T3), NoAux, T1> JacRev<T1, T2, T3>(Func<T1, T2, T3, Tensor> function) =>
        new(DerivativeKind.ReverseJacobian, a => (function(a.Item1, a.Item2, a.Item3), default), NameOf(function));

    /// <inheritdoc cref="JacRev{T1}(Func{T1, Tensor})"/>
    public static GradSelector<ValueTuple<Tensor>, NoAux, Tensor> JacRev(Func<Tensor, Tensor> function) => JacRev<Tensor>(function);

    /// <inheritdoc cref="JacRev{T1}(Func{T1, Tensor})"/>
    public static GradSelector<(Tensor, Tensor), NoAux, Tensor> JacRev(Func<Tensor, Tensor, Tensor> function) => JacRev<Tensor, Tensor>(function);

    /// <inheritdoc cref="JacFwd{T1}(Func{T1, Tensor})"/>
    public static GradSelector<ValueTuple, NoAux, Unselected> JacFwd(Func<Tensor> function) =>
        new(DerivativeKind.ForwardJacobian, a => (function(), default), NameOf(function));

    /// <summary>
    /// The Jacobian of a function, computed column by column in forward mode, which suits functions of few inputs and many outputs. Otherwise as <see cref="JacRev{T1}(Func{T1, Tensor})"/>.
    /// </summary>
    public static GradSelector<ValueTuple<T1>, NoAux, T1> JacFwd<T1>(Func<T1, Tensor> function) =>
        new(DerivativeKind.ForwardJacobian, a => (function(a.Item1), default), NameOf(function));

    /// <inheritdoc cref="JacFwd{T1}(Func{T1, Tensor})"/>
    public static GradSelector<ValueTuple<T1>, TAux, T1> JacFwd<T1, TAux>(Func<T1, (Tensor Result, TAux Aux)> function) =>
        new(DerivativeKind.ForwardJacobian, a => function(a.Item1), NameOf(function));

    /// <inheritdoc cref="JacFwd{T1}(Func{T1, Tensor})"/>
    public static GradSelector<(T1, T2), NoAux, T1> JacFwd<T1, T2>(Func<T1, T2, Tensor> function) =>
        new(DerivativeKind.ForwardJacobian, a => (function(a.Item1, a.Item2), default), NameOf(function));

    /// <inheritdoc cref="JacFwd{T1}(Func{T1, Tensor})"/>
    public static GradSelector<(T1, T2, T3), NoAux, T1> JacFwd<T1, T2, T3>(Func<T1, T2, T3, Tensor> function) =>
        new(DerivativeKind.ForwardJacobian, a => (function(a.Item1, a.Item2, a.Item3), default), NameOf(function));

    /// <inheritdoc cref="JacFwd{T1}(Func{T1, Tensor})"/>
    public static GradSelector<ValueTuple<Tensor>, NoAux, Tensor> JacFwd(Func<Tensor, Tensor> function) => JacFwd<Tensor>(function);

    /// <inheritdoc cref="JacFwd{T1}(Func{T1, Tensor})"/>
    public static GradSelector<(Tensor, Tensor), NoAux, Tensor> JacFwd(Func<Tensor, Tensor, Tensor> function) => JacFwd<Tensor, Tensor>(function);

    /// <summary>The second derivatives of a function that returns a real scalar, by its argument: of a tensor x, a tensor of shape <c>[*x, *x]</c>. Computed forwards over backwards.</summary>
    public static Func<Tensor, Tensor> Hessian(Func<Tensor, Tensor> function)
    {
        var gradient = Grad<Tensor>(function);
        var second = JacFwd<Tensor>(x => gradient.Invoke(x));
        return x => second.Invoke(x);
    }

    /// <summary>
    /// The second derivatives of a function that returns a real scalar, by States: block (p, q) is the derivative by p, then by q, of shape <c>[*p, *q]</c>.
    /// </summary>
    public static Func<FlattedDict<FlattedDict<Tensor>>> Hessian<TState>(Func<Tensor> function, FlattedDict<TState> states) where TState : State
    {
        // One Jacobian of all gradients in a row, so that the function runs, and writes its States, once.
        var gradient = Grad(function).Of(states);
        var second = JacFwd(() => Np.Concatenate([.. gradient.Invoke().Values.Select(static g => g.Flatten())])).Of(states);
        return () =>
        {
            var columns = second.Invoke();
            var first = 0;
            return new(states.Select(row =>
            {
                var (start, shape) = (first, row.Value.Spec.Shape);
                first += (int)shape.ElementCount;
                return KeyValuePair.Create(row.Key, new FlattedDict<Tensor>(columns.Select(column => KeyValuePair.Create(
                    column.Key, column.Value[start..first].Reshape([.. shape, .. column.Value.Shape.Skip(1)])))));
            }).ToArray());
        };
    }
}
