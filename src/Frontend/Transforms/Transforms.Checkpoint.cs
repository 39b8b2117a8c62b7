using BrainState.ControlFlow;
using BrainState.Execution;
using BrainState.Ops;
using BrainState.Pytrees;
using BrainState.Tracing;

namespace BrainState;

/// <content>Trading memory for time in the backward pass.</content>
public static partial class Transforms
{
    /// <summary>
    /// The same function; its derivative computes intermediate values again instead of keeping them, so that the backward pass needs less memory. The policy says what is
    /// kept nevertheless. Also known as rematerialisation.
    /// </summary>
    public static Func<TResult> Checkpoint<TResult>(Func<TResult> function, CheckpointPolicy policy = CheckpointPolicy.NothingSaveable) =>
        () => Checkpointed<ValueTuple, TResult>(_ => function(), default, policy);

    /// <inheritdoc cref="Checkpoint{TResult}(Func{TResult}, CheckpointPolicy)"/>
    public static Func<T1, TResult> Checkpoint<T1, TResult>(Func<T1, TResult> function, CheckpointPolicy policy = CheckpointPolicy.NothingSaveable) =>
        a => Checkpointed<ValueTuple<T1>, TResult>(x => function(x.Item1), new(a), policy);

    /// <inheritdoc cref="Checkpoint{TResult}(Func{TResult}, CheckpointPolicy)"/>
    public static Func<T1, T2, TResult> Checkpoint<T1, T2, TResult>(Func<T1, T2, TResult> function, CheckpointPolicy policy = CheckpointPolicy.NothingSaveable) =>
        (a, b) => Checkpointed<(T1, T2), TResult>(x => function(x.Item1, x.Item2), (a, b), policy);

    /// <inheritdoc cref="Checkpoint{TResult}(Func{TResult}, CheckpointPolicy)"/>
    public static Func<T1, T2, T3, TResult> Checkpoint<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> function, CheckpointPolicy policy = CheckpointPolicy.NothingSaveable) =>
        (a, b, c) => Checkpointed<(T1, T2, T3), TResult>(x => function(x.Item1, x.Item2, x.Item3), (a, b, c), policy);

    /// <inheritdoc cref="Checkpoint{TResult}(Func{TResult}, CheckpointPolicy)"/>
    public static Func<Tensor, Tensor> Checkpoint(Func<Tensor, Tensor> function, CheckpointPolicy policy = CheckpointPolicy.NothingSaveable) =>
        Checkpoint<Tensor, Tensor>(function, policy);

    /// <inheritdoc cref="Checkpoint{TResult}(Func{TResult}, CheckpointPolicy)"/>
    public static Func<Tensor, Tensor, Tensor> Checkpoint(Func<Tensor, Tensor, Tensor> function, CheckpointPolicy policy = CheckpointPolicy.NothingSaveable) =>
        Checkpoint<Tensor, Tensor, Tensor>(function, policy);

    private static TResult Checkpointed<TArguments, TResult>(Func<TArguments, TResult> function, TArguments arguments, CheckpointPolicy policy)
    {
        var writer = Flatten(arguments);
        var staged = StagedFunction.Of(function, writer.Leaves.Select(Aval.Of).ToArray(), writer.Structure);
        var signature = new CommonSignature(nameof(Checkpoint), staged);
        var results = staged.Results;
        var program = signature.Align(staged, [.. results.Select(static r => r.Spec)]);
        var outputs = Eager.Bind(new Checkpoint(program, policy), [.. signature.Consts, .. writer.Leaves, .. signature.WrittenValues]);
        signature.WriteStates(outputs.AsSpan(results.Length));
        staged.Traced.RestoreWeakness(outputs);
        return Tree<TResult>.Unflatten(outputs.AsSpan(0, results.Length), staged.ResultStructure);
    }
}
