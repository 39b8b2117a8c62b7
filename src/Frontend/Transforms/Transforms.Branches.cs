using BrainState.ControlFlow;

namespace BrainState;

/// <content>Choosing between functions by value.</content>
public static partial class Transforms
{
    /// <summary>
    /// Runs one of two functions, chosen by a scalar that may be computed: inside transforms, where <c>if</c> cannot look at a tensor. Both are traced. They may read and
    /// write different States; one that the chosen branch does not write keeps its value. Under a Vmap that makes the predicate differ between lanes, both run.
    /// </summary>
    /// <param name="predicate">A scalar: bool, or a number, of which 0 is false.</param>
    /// <param name="whenTrue">Runs when it is true.</param>
    /// <param name="whenFalse">Runs when it is false. It must return the same structure, shapes and dtypes; numbers from C# adapt.</param>
    /// <exception cref="ArgumentException">The predicate is no scalar, or the branches return different types or give a State another shape or dtype.</exception>
    public static TResult Cond<TResult>(Tensor predicate, Func<TResult> whenTrue, Func<TResult> whenFalse) =>
        Branching.Run<ValueTuple, TResult>(nameof(Cond), Index(predicate), [_ => whenFalse(), _ => whenTrue()], default);

    /// <inheritdoc cref="Cond{TResult}(Tensor, Func{TResult}, Func{TResult})"/>
    public static TResult Cond<T1, TResult>(Tensor predicate, Func<T1, TResult> whenTrue, Func<T1, TResult> whenFalse, T1 argument) =>
        Branching.Run<ValueTuple<T1>, TResult>(nameof(Cond), Index(predicate), [a => whenFalse(a.Item1), a => whenTrue(a.Item1)], new(argument));

    /// <inheritdoc cref="Cond{TResult}(Tensor, Func{TResult}, Func{TResult})"/>
    public static TResult Cond<T1, T2, TResult>(Tensor predicate, Func<T1, T2, TResult> whenTrue, Func<T1, T2, TResult> whenFalse, T1 first, T2 second) =>
        Branching.Run<(T1, T2), TResult>(nameof(Cond), Index(predicate), [a => whenFalse(a.Item1, a.Item2), a => whenTrue(a.Item1, a.Item2)], (first, second));

    /// <inheritdoc cref="Cond{TResult}(Tensor, Func{TResult}, Func{TResult})"/>
    public static TResult Cond<T1, T2, T3, TResult>(
        Tensor predicate, Func<T1, T2, T3, TResult> whenTrue, Func<T1, T2, T3, TResult> whenFalse, T1 first, T2 second, T3 third) =>
        Branching.Run<(T1, T2, T3), TResult>(
            nameof(Cond), Index(predicate), [a => whenFalse(a.Item1, a.Item2, a.Item3), a => whenTrue(a.Item1, a.Item2, a.Item3)], (first, second, third));

    /// <summary>Runs one of two functions that only change States.</summary>
    /// <inheritdoc cref="Cond{TResult}(Tensor, Func{TResult}, Func{TResult})"/>
    public static void Cond(Tensor predicate, Action whenTrue, Action whenFalse) => Cond(predicate, AsFunction(whenTrue), AsFunction(whenFalse));

    /// <summary>Runs the function that an integer scalar chooses; one outside the list chooses the nearest. Otherwise as <see cref="Cond{TResult}(Tensor, Func{TResult}, Func{TResult})"/>.</summary>
    public static TResult Switch<TResult>(Tensor index, params IReadOnlyList<Func<TResult>> branches) =>
        Branching.Run<ValueTuple, TResult>(nameof(Switch), Index(index, branches.Count), [.. branches.Select(static b => (Func<ValueTuple, TResult>)(_ => b()))], default);

    /// <inheritdoc cref="Switch{TResult}(Tensor, IReadOnlyList{Func{TResult}})"/>
    public static TResult Switch<T1, TResult>(Tensor index, IReadOnlyList<Func<T1, TResult>> branches, T1 argument) =>
        Branching.Run<ValueTuple<T1>, TResult>(
            nameof(Switch), Index(index, branches.Count), [.. branches.Select(static b => (Func<ValueTuple<T1>, TResult>)(a => b(a.Item1)))], new(argument));

    /// <inheritdoc cref="Switch{TResult}(Tensor, IReadOnlyList{Func{TResult}})"/>
    public static TResult Switch<T1, T2, TResult>(Tensor index, IReadOnlyList<Func<T1, T2, TResult>> branches, T1 first, T2 second) =>
        Branching.Run<(T1, T2), TResult>(
            nameof(Switch), Index(index, branches.Count), [.. branches.Select(static b => (Func<(T1, T2), TResult>)(a => b(a.Item1, a.Item2)))], (first, second));

    /// <summary>Runs the function of the first condition that holds, or the last function if none does.</summary>
    /// <param name="conditions">Scalars: bool, or numbers, of which 0 is false.</param>
    /// <param name="branches">One function per condition, and one more for the case that none holds.</param>
    public static TResult IfElse<TResult>(IReadOnlyList<Tensor> conditions, params IReadOnlyList<Func<TResult>> branches)
    {
        if (branches.Count != conditions.Count + 1)
            throw new ArgumentException($"IfElse takes one function per condition and one for the case that none holds, but got {conditions.Count} conditions and {branches.Count} functions.");
        var position = Lax.ConvertElementType(conditions.Count, DType.Int32);
        for (var i = conditions.Count - 1; i >= 0; i--) position = Lax.SelectN(Truth(conditions[i], nameof(IfElse)), position, Lax.ConvertElementType(i, DType.Int32));
        return Branching.Run<ValueTuple, TResult>(nameof(IfElse), position, [.. branches.Select(static b => (Func<ValueTuple, TResult>)(_ => b()))], default);
    }

    private static Tensor Index(Tensor predicate) => Lax.ConvertElementType(Truth(predicate, nameof(Cond)), DType.Int32);

    private static Tensor Index(Tensor index, int count)
    {
        if (count == 0) throw new ArgumentException("Switch needs at least one branch.");
        if (index.Rank != 0 || !index.DType.IsInteger) throw new ArgumentException($"The index of Switch must be an integer scalar, but is {index.Spec}.");
        return Lax.ConvertElementType(Np.Clip(index, 0, count - 1), DType.Int32);
    }

    private static Tensor Truth(Tensor condition, string transform) =>
        condition.Rank != 0 ? throw new ArgumentException($"{transform} chooses by a scalar, but got {condition.Spec}. Reduce it with Np.All or Np.Any, or choose element by element with Np.Where.")
        : condition.DType == DType.Bool ? condition
        : Np.NotEqual(condition, 0);

    private static Func<ValueTuple> AsFunction(Action action) => () =>
    {
        action();
        return default;
    };
}
