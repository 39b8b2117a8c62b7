namespace BrainState;

/// <summary>The type of aux for functions that return only a loss.</summary>
public readonly record struct NoAux;

/// <summary>The gradient type of a function without arguments before States are chosen; there is no such value.</summary>
public abstract class Unselected
{
    private Unselected() { }
}

/// <summary>
/// The gradient of a function, ready to be called with <c>Invoke</c>. Each choice (<c>Of</c>, <c>Arg0</c> …, <c>WithValue</c>, <c>WithAux</c>) gives a
/// new function whose result type says what comes back: <c>g</c>, <c>(g, loss)</c>, <c>(g, aux)</c> or <c>(g, loss, aux)</c>, where g is the gradient by
/// States, by arguments, or <c>(by States, by arguments)</c>.
/// </summary>
/// <typeparam name="TArguments">The arguments of the function, as a value tuple.</typeparam>
/// <typeparam name="TAux">What the function returns beside the loss.</typeparam>
/// <typeparam name="TGrads">The gradients.</typeparam>
/// <typeparam name="TResult">What <c>Invoke</c> returns.</typeparam>
public class GradFunction<TArguments, TAux, TGrads, TResult>
{
    private readonly Func<GradientOutcome<TAux>, TResult> project;

    internal GradFunction(
        Gradient<TArguments, TAux> gradient, Func<GradientOutcome<TAux>, TGrads> gradientsOf, Func<GradientOutcome<TAux>, TResult> project) =>
        (Gradient, GradientsOf, this.project) = (gradient, gradientsOf, project);

    internal Gradient<TArguments, TAux> Gradient { get; }

    internal Func<GradientOutcome<TAux>, TGrads> GradientsOf { get; }

    internal TResult Run(TArguments arguments) => project(Gradient.Run(arguments));

    internal GradFunction<TArguments, TAux, TGrads, TOther> Returning<TOther>(Func<GradientOutcome<TAux>, TOther> other) => new(Gradient, GradientsOf, other);
}

/// <summary>A gradient function for which nothing was chosen yet: by the first argument.</summary>
public sealed class GradSelector<TArguments, TAux, TDefault> : GradFunction<TArguments, TAux, TDefault, TDefault>
{
    internal GradSelector(DerivativeKind kind, Func<TArguments, (Tensor, TAux)> function, string name)
        : base(new(kind, function, name, null, typeof(TDefault) == typeof(Unselected) ? [] : [0], false), Default, Default) { }

    /// <summary>Takes the derivative by one State.</summary>
    /// <param name="state">The State; its gradient has its shape and dtype.</param>
    /// <param name="allowUntouched">Whether a State that the function does not touch gives zeros instead of an error.</param>
    public StateGradSelector<TArguments, TAux, Tensor> Of(State state, bool allowUntouched = false) => Of([state], static g => g[0], allowUntouched);

    /// <summary>Takes the derivative by each State of a list, in its order.</summary>
    /// <inheritdoc cref="Of(State, bool)"/>
    public StateGradSelector<TArguments, TAux, IReadOnlyList<Tensor>> Of<TState>(IReadOnlyList<TState> states, bool allowUntouched = false) where TState : State =>
        Of([.. states], static g => (IReadOnlyList<Tensor>)g, allowUntouched);

    /// <summary>Takes the derivative by each State of a model, by path.</summary>
    /// <inheritdoc cref="Of(State, bool)"/>
    public StateGradSelector<TArguments, TAux, FlattedDict<Tensor>> Of<TState>(FlattedDict<TState> states, bool allowUntouched = false) where TState : State =>
        Of([.. states.Values], g => new FlattedDict<Tensor>(states.Keys.Zip(g, KeyValuePair.Create)), allowUntouched);

    /// <summary>Takes the derivative by each State of a tree, as the same tree.</summary>
    /// <inheritdoc cref="Of(State, bool)"/>
    public StateGradSelector<TArguments, TAux, NestedDict<Tensor>> Of<TState>(NestedDict<TState> states, bool allowUntouched = false) where TState : State
    {
        var flat = states.ToFlat();
        return Of([.. flat.Values], g => new FlattedDict<Tensor>(flat.Keys.Zip(g, KeyValuePair.Create)).ToNested(), allowUntouched);
    }

    /// <summary>Takes the derivative by each State of a dictionary, by the same keys.</summary>
    /// <inheritdoc cref="Of(State, bool)"/>
    public StateGradSelector<TArguments, TAux, Dictionary<TKey, Tensor>> Of<TKey, TState>(IReadOnlyDictionary<TKey, TState> states, bool allowUntouched = false)
        where TKey : notnull where TState : State
    {
        var entries = states.ToArray();
        return Of([.. entries.Select(static e => e.Value)], g => entries.Select((e, i) => (e.Key, g[i])).ToDictionary(), allowUntouched);
    }

    internal GradFunction<TArguments, TAux, TGrads, TGrads> SelectArguments<TGrads>(int[] arguments, Func<GradientOutcome<TAux>, TGrads> gradients) =>
        new(Gradient with { Arguments = arguments }, gradients, gradients);

    private StateGradSelector<TArguments, TAux, TStates> Of<TStates>(State[] states, Func<Tensor[], TStates> rebuild, bool allowUntouched) =>
        new(Gradient with { States = states, Arguments = [], AllowUntouched = allowUntouched }, o => rebuild(o.States));

    private static TDefault Default(GradientOutcome<TAux> outcome) => outcome.Argument<TDefault>(0);
}

/// <summary>A gradient function by States, to which arguments can be added.</summary>
public sealed class StateGradSelector<TArguments, TAux, TStates> : GradFunction<TArguments, TAux, TStates, TStates>
{
    internal StateGradSelector(Gradient<TArguments, TAux> gradient, Func<GradientOutcome<TAux>, TStates> states) : base(gradient, states, states) { }

    internal GradFunction<TArguments, TAux, TGrads, TGrads> SelectArguments<TGrads>(int[] arguments, Func<TStates, GradientOutcome<TAux>, TGrads> gradients)
    {
        TGrads Combined(GradientOutcome<TAux> outcome) => gradients(GradientsOf(outcome), outcome);
        return new(Gradient with { Arguments = arguments }, Combined, Combined);
    }
}
