using BrainState.Differentiation;
using BrainState.Execution;
using BrainState.Pytrees;
using BrainState.Tracing;

namespace BrainState;

/// <content>Products with the Jacobian, forwards and backwards.</content>
public static partial class Transforms
{
    /// <summary>
    /// A function's value and its derivative in a direction: (f(x), J·t). States count as constants; those that the function writes are written
    /// once.
    /// </summary>
    /// <param name="function">The function.</param>
    /// <param name="primal">The argument.</param>
    /// <param name="tangent">The direction, with the structure, shapes and dtypes of the argument.</param>
    /// <exception cref="ArgumentException">The tangent does not fit the argument.</exception>
    public static (TResult Value, TResult Tangent) Jvp<T1, TResult>(Func<T1, TResult> function, T1 primal, T1 tangent)
    {
        var (primals, tangents) = (Flatten(primal), Flatten(tangent));
        RequireFit(primals, tangents);
        var result = new TreeWriter();
        var traced = Trace.Run(primals.Leaves.Select(Aval.Of).ToArray(), leaves => Call(function, leaves, primals, result));

        var active = new bool[traced.Program.Inputs.Length];
        for (var i = 0; i < primals.Leaves.Count; i++) active[traced.FirstArgument + i] = primals.Leaves[i].DType.IsDifferentiable;
        var required = traced.Program.OutputSpecs.Select(static s => s.DType.IsDifferentiable).ToValueArray();
        var program = ForwardMode.Jvp(traced.Program, ValueArray.Create<bool>(active), required).Program;
        var results = traced.Apply(program, primals.Leaves.ToArray(), [.. tangents.Leaves.Where(static t => t.DType.IsDifferentiable)]);
        traced.WriteStates(results, traced.ResultCount);
        traced.RestoreWeakness(results);

        // Tangents exist for floating results only; the others are integers, whose derivative is zero.
        var values = results[..traced.ResultCount];
        var next = traced.Program.Outputs.Length;
        var derivatives = Array.ConvertAll(values, v => v.DType.IsDifferentiable ? results[next++] : Np.ZerosLike(v));
        return (Tree<TResult>.Unflatten(values, result.Structure), Tree<TResult>.Unflatten(derivatives, result.Structure));
    }

    /// <inheritdoc cref="Jvp{T1, TResult}(Func{T1, TResult}, T1, T1)"/>
    public static (TResult Value, TResult Tangent) Jvp<T1, T2, TResult>(Func<T1, T2, TResult> function, (T1, T2) primals, (T1, T2) tangents) =>
        Jvp<(T1, T2), TResult>(a => function(a.Item1, a.Item2), primals, tangents);

    /// <inheritdoc cref="Jvp{T1, TResult}(Func{T1, TResult}, T1, T1)"/>
    public static (TResult Value, TResult Tangent) Jvp<T1, T2, T3, TResult>(
        Func<T1, T2, T3, TResult> function, (T1, T2, T3) primals, (T1, T2, T3) tangents) =>
        Jvp<(T1, T2, T3), TResult>(a => function(a.Item1, a.Item2, a.Item3), primals, tangents);

    /// <inheritdoc cref="Jvp{T1, TResult}(Func{T1, TResult}, T1, T1)"/>
    public static (Tensor Value, Tensor Tangent) Jvp(Func<Tensor, Tensor> function, Tensor primal, Tensor tangent) =>
        Jvp<Tensor, Tensor>(function, primal, tangent);

    /// <summary>
    /// A function's value and its transposed derivative: (f(x), c ↦ Jᵀ·c). The forward pass runs once; the pullback can be called many times.
    /// States count as constants; those that the function writes are written once.
    /// </summary>
    /// <returns>The value, and a function from a cotangent with the structure of the value to one with that of the argument. Integer
    /// parts have zero cotangents.</returns>
    public static (TResult Value, Func<TResult, T1> Pullback) Vjp<T1, TResult>(Func<T1, TResult> function, T1 primal)
    {
        var primals = Flatten(primal);
        var result = new TreeWriter();
        var traced = Trace.Run(primals.Leaves.Select(Aval.Of).ToArray(), leaves => Call(function, leaves, primals, result));
        var active = new bool[traced.Program.Inputs.Length];
        for (var i = 0; i < primals.Leaves.Count; i++) active[traced.FirstArgument + i] = primals.Leaves[i].DType.IsDifferentiable;

        // The forward program returns the residuals after its outputs; they become tensors that the pullback keeps.
        var derivative = ReverseMode.Stage(traced.Program, ValueArray.Create<bool>(active), new bool[traced.Program.Outputs.Length].ToValueArray());
        var results = traced.Apply(derivative.Forward, primals.Leaves.ToArray());
        traced.WriteStates(results, traced.ResultCount);
        traced.RestoreWeakness(results);
        var residuals = results[traced.Program.Outputs.Length..];
        var moving = Enumerable.Range(0, traced.Program.Outputs.Length).Where(i => derivative.Moving[i]).ToArray();

        T1 Pullback(TResult cotangent)
        {
            var given = Flatten(cotangent);
            RequireCotangents(given, results.AsSpan(0, traced.ResultCount), result);
            Aval[] avals = [.. residuals.Select(Aval.Of), .. moving.Where(i => i < traced.ResultCount).Select(i => new Aval(given.Leaves[i].Spec, false))];
            var backward = Trace.Run(avals, inputs =>
            {
                var next = residuals.Length;
                Tensor?[] cotangents = [.. moving.Select(i => i < traced.ResultCount ? inputs[next++] : null)];
                Tensor?[] values = [.. inputs.Take(residuals.Length), .. new Tensor?[derivative.Linear.Inputs.Length - residuals.Length]];
                var pulled = ReverseMode.Transpose(derivative.Linear, values, cotangents);
                var position = residuals.Length;
                return primals.Leaves.Select(p => (p.DType.IsDifferentiable ? pulled[position++] : null) ?? Np.ZerosLike(p)).ToArray();
            });
            var outputs = ProgramFunction.Apply(backward.Program, [.. residuals, .. moving.Where(i => i < traced.ResultCount).Select(i => given.Leaves[i])]);
            return Tree<T1>.Unflatten(outputs, primals.Structure);
        }
        return (Tree<TResult>.Unflatten(results.AsSpan(0, traced.ResultCount), result.Structure), Pullback);
    }

    /// <inheritdoc cref="Vjp{T1, TResult}(Func{T1, TResult}, T1)"/>
    public static (TResult Value, Func<TResult, (T1, T2)> Pullback) Vjp<T1, T2, TResult>(Func<T1, T2, TResult> function, T1 first, T2 second) =>
        Vjp<(T1, T2), TResult>(a => function(a.Item1, a.Item2), (first, second));

    /// <inheritdoc cref="Vjp{T1, TResult}(Func{T1, TResult}, T1)"/>
    public static (TResult Value, Func<TResult, (T1, T2, T3)> Pullback) Vjp<T1, T2, T3, TResult>(
        Func<T1, T2, T3, TResult> function, T1 first, T2 second, T3 third) =>
        Vjp<(T1, T2, T3), TResult>(a => function(a.Item1, a.Item2, a.Item3), (first, second, third));

    /// <inheritdoc cref="Vjp{T1, TResult}(Func{T1, TResult}, T1)"/>
    public static (Tensor Value, Func<Tensor, Tensor> Pullback) Vjp(Func<Tensor, Tensor> function, Tensor primal) => Vjp<Tensor, Tensor>(function, primal);

    private static TreeWriter Flatten<T>(T value)
    {
        var writer = new TreeWriter();
        Tree<T>.Node.Flatten(value, writer);
        return writer;
    }

    private static IReadOnlyList<Tensor> Call<T1, TResult>(Func<T1, TResult> function, Tensor[] leaves, TreeWriter arguments, TreeWriter result)
    {
        Tree<TResult>.Node.Flatten(function(Tree<T1>.Unflatten(leaves, arguments.Structure)), result);
        return result.Leaves;
    }

    private static void RequireFit(TreeWriter primals, TreeWriter tangents)
    {
        if (!primals.Structure.SequenceEqual(tangents.Structure))
            throw new ArgumentException("The tangent of Jvp must have the structure of the argument.");
        for (var i = 0; i < primals.Leaves.Count; i++)
            if (primals.Leaves[i].Spec != tangents.Leaves[i].Spec)
                throw new ArgumentException($"The tangent of Jvp must have the shapes and dtypes of the argument, but tensor {i} is {tangents.Leaves[i].Spec} instead of {primals.Leaves[i].Spec}.");
    }

    private static void RequireCotangents(TreeWriter cotangents, ReadOnlySpan<Tensor> values, TreeWriter result)
    {
        if (!cotangents.Structure.SequenceEqual(result.Structure))
            throw new ArgumentException("The cotangent of a pullback must have the structure of the function's result.");
        for (var i = 0; i < values.Length; i++)
            if (values[i].Spec != cotangents.Leaves[i].Spec)
                throw new ArgumentException($"The cotangent of a pullback must have the shapes and dtypes of the result, but tensor {i} is {cotangents.Leaves[i].Spec} instead of {values[i].Spec}.");
    }
}
