namespace BrainState;

/// <summary>Calling gradient functions, and choosing arguments, for each number of arguments.</summary>
public static class GradFunctionExtensions
{
    /// <summary>Runs the function and returns what was asked for: gradients, then the value and aux if wanted.</summary>
    public static TResult Invoke<TAux, TGrads, TResult>(this GradFunction<ValueTuple, TAux, TGrads, TResult> gradient) =>
        gradient.Run(default);

    /// <summary>Runs the function and returns what was asked for: gradients, then the value and aux if wanted.</summary>
    public static TResult Invoke<T1, TAux, TGrads, TResult>(this GradFunction<ValueTuple<T1>, TAux, TGrads, TResult> gradient, T1 a1) =>
        gradient.Run(new(a1));

    /// <summary>Runs the function and returns what was asked for: gradients, then the value and aux if wanted.</summary>
    public static TResult Invoke<T1, T2, TAux, TGrads, TResult>(this GradFunction<ValueTuple<T1, T2>, TAux, TGrads, TResult> gradient, T1 a1, T2 a2) =>
        gradient.Run(new(a1, a2));

    /// <summary>Runs the function and returns what was asked for: gradients, then the value and aux if wanted.</summary>
    public static TResult Invoke<T1, T2, T3, TAux, TGrads, TResult>(this GradFunction<ValueTuple<T1, T2, T3>, TAux, TGrads, TResult> gradient, T1 a1, T2 a2, T3 a3) =>
        gradient.Run(new(a1, a2, a3));

    /// <summary>Runs the function and returns what was asked for: gradients, then the value and aux if wanted.</summary>
    public static TResult Invoke<T1, T2, T3, T4, TAux, TGrads, TResult>(this GradFunction<ValueTuple<T1, T2, T3, T4>, TAux, TGrads, TResult> gradient, T1 a1, T2 a2, T3 a3, T4 a4) =>
        gradient.Run(new(a1, a2, a3, a4));

    /// <summary>Takes the derivative by argument 0, counted from 0.</summary>
    public static GradFunction<ValueTuple<T1>, TAux, T1, T1> Arg0<T1, TAux, TDefault>(this GradSelector<ValueTuple<T1>, TAux, TDefault> gradient) =>
        gradient.SelectArguments([0], static o => o.Argument<T1>(0));

    /// <summary>Takes the derivative by argument 0 too; it follows those by States.</summary>
    public static GradFunction<ValueTuple<T1>, TAux, (TStates States, T1 Argument), (TStates States, T1 Argument)> Arg0<T1, TAux, TStates>(
        this StateGradSelector<ValueTuple<T1>, TAux, TStates> gradient) =>
        gradient.SelectArguments([0], static (states, o) => (states, o.Argument<T1>(0)));

    /// <summary>Takes the derivative by argument 0, counted from 0.</summary>
    public static GradFunction<ValueTuple<T1, T2>, TAux, T1, T1> Arg0<T1, T2, TAux, TDefault>(this GradSelector<ValueTuple<T1, T2>, TAux, TDefault> gradient) =>
        gradient.SelectArguments([0], static o => o.Argument<T1>(0));

    /// <summary>Takes the derivative by argument 0 too; it follows those by States.</summary>
    public static GradFunction<ValueTuple<T1, T2>, TAux, (TStates States, T1 Argument), (TStates States, T1 Argument)> Arg0<T1, T2, TAux, TStates>(
        this StateGradSelector<ValueTuple<T1, T2>, TAux, TStates> gradient) =>
        gradient.SelectArguments([0], static (states, o) => (states, o.Argument<T1>(0)));

    /// <summary>Takes the derivative by argument 1, counted from 0.</summary>
    public static GradFunction<ValueTuple<T1, T2>, TAux, T2, T2> Arg1<T1, T2, TAux, TDefault>(this GradSelector<ValueTuple<T1, T2>, TAux, TDefault> gradient) =>
        gradient.SelectArguments([1], static o => o.Argument<T2>(1));

    /// <summary>Takes the derivative by argument 1 too; it follows those by States.</summary>
    public static GradFunction<ValueTuple<T1, T2>, TAux, (TStates States, T2 Argument), (TStates States, T2 Argument)> Arg1<T1, T2, TAux, TStates>(
        this StateGradSelector<ValueTuple<T1, T2>, TAux, TStates> gradient) =>
        gradient.SelectArguments([1], static (states, o) => (states, o.Argument<T2>(1)));

    /// <summary>Takes the derivatives by all arguments, as a tuple.</summary>
    public static GradFunction<ValueTuple<T1, T2>, TAux, (T1, T2), (T1, T2)> AllArgs<T1, T2, TAux, TDefault>(this GradSelector<ValueTuple<T1, T2>, TAux, TDefault> gradient) =>
        gradient.SelectArguments([0, 1], static o => (o.Argument<T1>(0), o.Argument<T2>(1)));

    /// <summary>Takes the derivatives by all arguments too; they follow those by States, as a tuple.</summary>
    public static GradFunction<ValueTuple<T1, T2>, TAux, (TStates States, (T1, T2) Arguments), (TStates States, (T1, T2) Arguments)> AllArgs<T1, T2, TAux, TStates>(
        this StateGradSelector<ValueTuple<T1, T2>, TAux, TStates> gradient) =>
        gradient.SelectArguments([0, 1], static (states, o) => (states, (o.Argument<T1>(0), o.Argument<T2>(1))));

    /// <summary>Takes the derivative by argument 0, counted from 0.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3>, TAux, T1, T1> Arg0<T1, T2, T3, TAux, TDefault>(this GradSelector<ValueTuple<T1, T2, T3>, TAux, TDefault> gradient) =>
        gradient.SelectArguments([0], static o => o.Argument<T1>(0));

    /// <summary>Takes the derivative by argument 0 too; it follows those by States.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3>, TAux, (TStates States, T1 Argument), (TStates States, T1 Argument)> Arg0<T1, T2, T3, TAux, TStates>(
        this StateGradSelector<ValueTuple<T1, T2, T3>, TAux, TStates> gradient) =>
        gradient.SelectArguments([0], static (states, o) => (states, o.Argument<T1>(0)));

    /// <summary>Takes the derivative by argument 1, counted from 0.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3>, TAux, T2, T2> Arg1<T1, T2, T3, TAux, TDefault>(this GradSelector<ValueTuple<T1, T2, T3>, TAux, TDefault> gradient) =>
        gradient.SelectArguments([1], static o => o.Argument<T2>(1));

    /// <summary>Takes the derivative by argument 1 too; it follows those by States.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3>, TAux, (TStates States, T2 Argument), (TStates States, T2 Argument)> Arg1<T1, T2, T3, TAux, TStates>(
        this StateGradSelector<ValueTuple<T1, T2, T3>, TAux, TStates> gradient) =>
        gradient.SelectArguments([1], static (states, o) => (states, o.Argument<T2>(1)));

    /// <summary>Takes the derivative by argument 2, counted from 0.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3>, TAux, T3, T3> Arg2<T1, T2, T3, TAux, TDefault>(this GradSelector<ValueTuple<T1, T2, T3>, TAux, TDefault> gradient) =>
        gradient.SelectArguments([2], static o => o.Argument<T3>(2));

    /// <summary>Takes the derivative by argument 2 too; it follows those by States.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3>, TAux, (TStates States, T3 Argument), (TStates States, T3 Argument)> Arg2<T1, T2, T3, TAux, TStates>(
        this StateGradSelector<ValueTuple<T1, T2, T3>, TAux, TStates> gradient) =>
        gradient.SelectArguments([2], static (states, o) => (states, o.Argument<T3>(2)));

    /// <summary>Takes the derivatives by all arguments, as a tuple.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3>, TAux, (T1, T2, T3), (T1, T2, T3)> AllArgs<T1, T2, T3, TAux, TDefault>(this GradSelector<ValueTuple<T1, T2, T3>, TAux, TDefault> gradient) =>
        gradient.SelectArguments([0, 1, 2], static o => (o.Argument<T1>(0), o.Argument<T2>(1), o.Argument<T3>(2)));

    /// <summary>Takes the derivatives by all arguments too; they follow those by States, as a tuple.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3>, TAux, (TStates States, (T1, T2, T3) Arguments), (TStates States, (T1, T2, T3) Arguments)> AllArgs<T1, T2, T3, TAux, TStates>(
        this StateGradSelector<ValueTuple<T1, T2, T3>, TAux, TStates> gradient) =>
        gradient.SelectArguments([0, 1, 2], static (states, o) => (states, (o.Argument<T1>(0), o.Argument<T2>(1), o.Argument<T3>(2))));

    /// <summary>Takes the derivatives by arguments 0 and 1, as a tuple.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3>, TAux, (T1, T2), (T1, T2)> Args01<T1, T2, T3, TAux, TDefault>(this GradSelector<ValueTuple<T1, T2, T3>, TAux, TDefault> gradient) =>
        gradient.SelectArguments([0, 1], static o => (o.Argument<T1>(0), o.Argument<T2>(1)));

    /// <summary>Takes the derivatives by arguments 0 and 2, as a tuple.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3>, TAux, (T1, T3), (T1, T3)> Args02<T1, T2, T3, TAux, TDefault>(this GradSelector<ValueTuple<T1, T2, T3>, TAux, TDefault> gradient) =>
        gradient.SelectArguments([0, 2], static o => (o.Argument<T1>(0), o.Argument<T3>(2)));

    /// <summary>Takes the derivatives by arguments 1 and 2, as a tuple.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3>, TAux, (T2, T3), (T2, T3)> Args12<T1, T2, T3, TAux, TDefault>(this GradSelector<ValueTuple<T1, T2, T3>, TAux, TDefault> gradient) =>
        gradient.SelectArguments([1, 2], static o => (o.Argument<T2>(1), o.Argument<T3>(2)));

    /// <summary>Takes the derivative by argument 0, counted from 0.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3, T4>, TAux, T1, T1> Arg0<T1, T2, T3, T4, TAux, TDefault>(this GradSelector<ValueTuple<T1, T2, T3, T4>, TAux, TDefault> gradient) =>
        gradient.SelectArguments([0], static o => o.Argument<T1>(0));

    /// <summary>Takes the derivative by argument 0 too; it follows those by States.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3, T4>, TAux, (TStates States, T1 Argument), (TStates States, T1 Argument)> Arg0<T1, T2, T3, T4, TAux, TStates>(
        this StateGradSelector<ValueTuple<T1, T2, T3, T4>, TAux, TStates> gradient) =>
        gradient.SelectArguments([0], static (states, o) => (states, o.Argument<T1>(0)));

    /// <summary>Takes the derivative by argument 1, counted from 0.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3, T4>, TAux, T2, T2> Arg1<T1, T2, T3, T4, TAux, TDefault>(this GradSelector<ValueTuple<T1, T2, T3, T4>, TAux, TDefault> gradient) =>
        gradient.SelectArguments([1], static o => o.Argument<T2>(1));

    /// <summary>Takes the derivative by argument 1 too; it follows those by States.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3, T4>, TAux, (TStates States, T2 Argument), (TStates States, T2 Argument)> Arg1<T1, T2, T3, T4, TAux, TStates>(
        this StateGradSelector<ValueTuple<T1, T2, T3, T4>, TAux, TStates> gradient) =>
        gradient.SelectArguments([1], static (states, o) => (states, o.Argument<T2>(1)));

    /// <summary>Takes the derivative by argument 2, counted from 0.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3, T4>, TAux, T3, T3> Arg2<T1, T2, T3, T4, TAux, TDefault>(this GradSelector<ValueTuple<T1, T2, T3, T4>, TAux, TDefault> gradient) =>
        gradient.SelectArguments([2], static o => o.Argument<T3>(2));

    /// <summary>Takes the derivative by argument 2 too; it follows those by States.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3, T4>, TAux, (TStates States, T3 Argument), (TStates States, T3 Argument)> Arg2<T1, T2, T3, T4, TAux, TStates>(
        this StateGradSelector<ValueTuple<T1, T2, T3, T4>, TAux, TStates> gradient) =>
        gradient.SelectArguments([2], static (states, o) => (states, o.Argument<T3>(2)));

    /// <summary>Takes the derivative by argument 3, counted from 0.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3, T4>, TAux, T4, T4> Arg3<T1, T2, T3, T4, TAux, TDefault>(this GradSelector<ValueTuple<T1, T2, T3, T4>, TAux, TDefault> gradient) =>
        gradient.SelectArguments([3], static o => o.Argument<T4>(3));

    /// <summary>Takes the derivative by argument 3 too; it follows those by States.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3, T4>, TAux, (TStates States, T4 Argument), (TStates States, T4 Argument)> Arg3<T1, T2, T3, T4, TAux, TStates>(
        this StateGradSelector<ValueTuple<T1, T2, T3, T4>, TAux, TStates> gradient) =>
        gradient.SelectArguments([3], static (states, o) => (states, o.Argument<T4>(3)));

    /// <summary>Takes the derivatives by all arguments, as a tuple.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3, T4>, TAux, (T1, T2, T3, T4), (T1, T2, T3, T4)> AllArgs<T1, T2, T3, T4, TAux, TDefault>(this GradSelector<ValueTuple<T1, T2, T3, T4>, TAux, TDefault> gradient) =>
        gradient.SelectArguments([0, 1, 2, 3], static o => (o.Argument<T1>(0), o.Argument<T2>(1), o.Argument<T3>(2), o.Argument<T4>(3)));

    /// <summary>Takes the derivatives by all arguments too; they follow those by States, as a tuple.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3, T4>, TAux, (TStates States, (T1, T2, T3, T4) Arguments), (TStates States, (T1, T2, T3, T4) Arguments)> AllArgs<T1, T2, T3, T4, TAux, TStates>(
        this StateGradSelector<ValueTuple<T1, T2, T3, T4>, TAux, TStates> gradient) =>
        gradient.SelectArguments([0, 1, 2, 3], static (states, o) => (states, (o.Argument<T1>(0), o.Argument<T2>(1), o.Argument<T3>(2), o.Argument<T4>(3))));

    /// <summary>Takes the derivatives by arguments 0 and 1, as a tuple.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3, T4>, TAux, (T1, T2), (T1, T2)> Args01<T1, T2, T3, T4, TAux, TDefault>(this GradSelector<ValueTuple<T1, T2, T3, T4>, TAux, TDefault> gradient) =>
        gradient.SelectArguments([0, 1], static o => (o.Argument<T1>(0), o.Argument<T2>(1)));

    /// <summary>Takes the derivatives by arguments 0 and 2, as a tuple.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3, T4>, TAux, (T1, T3), (T1, T3)> Args02<T1, T2, T3, T4, TAux, TDefault>(this GradSelector<ValueTuple<T1, T2, T3, T4>, TAux, TDefault> gradient) =>
        gradient.SelectArguments([0, 2], static o => (o.Argument<T1>(0), o.Argument<T3>(2)));

    /// <summary>Takes the derivatives by arguments 0 and 3, as a tuple.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3, T4>, TAux, (T1, T4), (T1, T4)> Args03<T1, T2, T3, T4, TAux, TDefault>(this GradSelector<ValueTuple<T1, T2, T3, T4>, TAux, TDefault> gradient) =>
        gradient.SelectArguments([0, 3], static o => (o.Argument<T1>(0), o.Argument<T4>(3)));

    /// <summary>Takes the derivatives by arguments 1 and 2, as a tuple.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3, T4>, TAux, (T2, T3), (T2, T3)> Args12<T1, T2, T3, T4, TAux, TDefault>(this GradSelector<ValueTuple<T1, T2, T3, T4>, TAux, TDefault> gradient) =>
        gradient.SelectArguments([1, 2], static o => (o.Argument<T2>(1), o.Argument<T3>(2)));

    /// <summary>Takes the derivatives by arguments 1 and 3, as a tuple.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3, T4>, TAux, (T2, T4), (T2, T4)> Args13<T1, T2, T3, T4, TAux, TDefault>(this GradSelector<ValueTuple<T1, T2, T3, T4>, TAux, TDefault> gradient) =>
        gradient.SelectArguments([1, 3], static o => (o.Argument<T2>(1), o.Argument<T4>(3)));

    /// <summary>Takes the derivatives by arguments 2 and 3, as a tuple.</summary>
    public static GradFunction<ValueTuple<T1, T2, T3, T4>, TAux, (T3, T4), (T3, T4)> Args23<T1, T2, T3, T4, TAux, TDefault>(this GradSelector<ValueTuple<T1, T2, T3, T4>, TAux, TDefault> gradient) =>
        gradient.SelectArguments([2, 3], static o => (o.Argument<T3>(2), o.Argument<T4>(3)));

    /// <summary>Returns the value of the function too: <c>(g, loss)</c>.</summary>
    public static GradFunction<TArguments, TAux, TGrads, (TGrads Grads, Tensor Value)> WithValue<TArguments, TAux, TGrads>(
        this GradFunction<TArguments, TAux, TGrads, TGrads> gradient) =>
        gradient.Returning(o => (gradient.GradientsOf(o), o.Loss));

    /// <summary>Returns what the function returned beside the loss: <c>(g, aux)</c>.</summary>
    public static GradFunction<TArguments, TAux, TGrads, (TGrads Grads, TAux Aux)> WithAux<TArguments, TAux, TGrads>(
        this GradFunction<TArguments, TAux, TGrads, TGrads> gradient) =>
        gradient.Returning(o => (gradient.GradientsOf(o), o.Aux));

    /// <summary>Returns what the function returned beside the loss, too: <c>(g, loss, aux)</c>.</summary>
    public static GradFunction<TArguments, TAux, TGrads, (TGrads Grads, Tensor Value, TAux Aux)> WithAux<TArguments, TAux, TGrads>(
        this GradFunction<TArguments, TAux, TGrads, (TGrads Grads, Tensor Value)> gradient) =>
        gradient.Returning(o => (gradient.GradientsOf(o), o.Loss, o.Aux));
}
