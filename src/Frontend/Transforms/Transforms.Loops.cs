using BrainState.ControlFlow;
using BrainState.Execution;
using BrainState.Ops;

namespace BrainState;

/// <summary>How <see cref="Transforms.Scan{TCarry, TX, TY}"/> and the other loops of known length run.</summary>
public sealed record LoopOptions
{
    /// <summary>The number of steps; needed only where there are no arrays to take slices of.</summary>
    public int? Length { get; init; }

    /// <summary>Whether steps run from the last slice to the first; results keep their places.</summary>
    public bool Reverse { get; init; }

    /// <summary>How many steps an engine may run at a time without looping. It changes speed only.</summary>
    public int Unroll { get; init; } = 1;

    /// <summary>A bar that shows how far the loop is; none by default.</summary>
    public ProgressBar? Progress { get; init; }
}

/// <content>Loops.</content>
public static partial class Transforms
{
    /// <summary>
    /// Runs a step function on a carry and one slice after the other of some arrays: <c>(carry, y) = body(carry, x)</c>. The body is traced once, however many steps there are. States that
    /// it writes are carried along. It can be differentiated in both modes; going back costs about as much as going forward, and keeps what it needs of every step
    /// (see <see cref="CheckpointedScan{TCarry, TX, TY}"/> to keep less).
    /// </summary>
    /// <param name="body">The step. The carry that it returns must have the structure, shapes and dtypes of the one it got; numbers from C# adapt.</param>
    /// <param name="initial">The first carry.</param>
    /// <param name="xs">Arrays with the same leading axis, whose slices the steps get.</param>
    /// <param name="options">Length, direction, unrolling, progress bar.</param>
    /// <returns>The last carry, and the y of all steps stacked along a new leading axis.</returns>
    /// <exception cref="ArgumentException">The arrays differ in length, the carry changes its type, or a State changes its spec.</exception>
    public static (TCarry Carry, TY Results) Scan<TCarry, TX, TY>(Func<TCarry, TX, (TCarry Carry, TY Y)> body, TCarry initial, TX xs, LoopOptions? options = null) =>
        Looping.Scan(ShapeOf(nameof(Scan), xs, options), body, initial, xs);

    /// <summary>A scan over nothing but a number of steps.</summary>
    /// <inheritdoc cref="Scan{TCarry, TX, TY}"/>
    public static (TCarry Carry, TY Results) Scan<TCarry, TY>(Func<TCarry, (TCarry Carry, TY Y)> body, TCarry initial, int length, LoopOptions? options = null) =>
        Looping.Scan<TCarry, ValueTuple, TY>(ShapeOf(nameof(Scan), default(ValueTuple), (options ?? new()) with { Length = length }), (carry, _) => body(carry), initial, default);

    /// <summary>
    /// A scan that keeps fewer values for the backward pass: a tree of checkpoints with <paramref name="branching"/> branches, which keeps about branching · log(length) carries and runs
    /// each step about log(length) times more.
    /// </summary>
    /// <inheritdoc cref="Scan{TCarry, TX, TY}"/>
    public static (TCarry Carry, TY Results) CheckpointedScan<TCarry, TX, TY>(
        Func<TCarry, TX, (TCarry Carry, TY Y)> body, TCarry initial, TX xs, LoopOptions? options = null, int branching = 16) =>
        Looping.Scan(ShapeOf(nameof(CheckpointedScan), xs, options) with { CheckpointBase = branching }, body, initial, xs);

    /// <summary>Runs a function on one slice after the other of an array and stacks the results: a scan whose carry are the States that the function writes.</summary>
    /// <inheritdoc cref="Scan{TCarry, TX, TY}"/>
    public static TY ForLoop<TX, TY>(Func<TX, TY> body, TX xs, LoopOptions? options = null) =>
        Loop<TX, TY>(ShapeOf(nameof(ForLoop), xs, options), body, xs);

    /// <inheritdoc cref="ForLoop{TX, TY}(Func{TX, TY}, TX, LoopOptions)"/>
    public static TY ForLoop<T1, T2, TY>(Func<T1, T2, TY> body, T1 first, T2 second, LoopOptions? options = null) =>
        Loop<(T1, T2), TY>(ShapeOf(nameof(ForLoop), (first, second), options), x => body(x.Item1, x.Item2), (first, second));

    /// <inheritdoc cref="ForLoop{TX, TY}(Func{TX, TY}, TX, LoopOptions)"/>
    public static TY ForLoop<T1, T2, T3, TY>(Func<T1, T2, T3, TY> body, T1 first, T2 second, T3 third, LoopOptions? options = null) =>
        Loop<(T1, T2, T3), TY>(ShapeOf(nameof(ForLoop), (first, second, third), options), x => body(x.Item1, x.Item2, x.Item3), (first, second, third));

    /// <summary>Runs a function that only changes States on one slice after the other of an array.</summary>
    /// <inheritdoc cref="ForLoop{TX, TY}(Func{TX, TY}, TX, LoopOptions)"/>
    public static void ForLoop<TX>(Action<TX> body, TX xs, LoopOptions? options = null) => ForLoop<TX, ValueTuple>(
        x =>
        {
            body(x);
            return default;
        }, xs, options);

    /// <summary>A for loop that keeps fewer values for the backward pass; see <see cref="CheckpointedScan{TCarry, TX, TY}"/>.</summary>
    /// <inheritdoc cref="ForLoop{TX, TY}(Func{TX, TY}, TX, LoopOptions)"/>
    public static TY CheckpointedForLoop<TX, TY>(Func<TX, TY> body, TX xs, LoopOptions? options = null, int branching = 16) =>
        Loop<TX, TY>(ShapeOf(nameof(CheckpointedForLoop), xs, options) with { CheckpointBase = branching }, body, xs);

    /// <summary>
    /// Runs a step as long as a condition on the carry holds. The condition may read States, the body may write them too. It can be differentiated in forward mode only; see
    /// <see cref="BoundedWhileLoop"/>.
    /// </summary>
    /// <param name="condition">Returns a bool scalar.</param>
    /// <param name="body">The step; what it returns must have the structure, shapes and dtypes of what it got; numbers from C# adapt.</param>
    /// <param name="initial">The first carry.</param>
    /// <exception cref="ArgumentException">The condition is no bool scalar, the carry changes its type, or a State changes its spec.</exception>
    /// <exception cref="InvalidOperationException">The condition writes a State.</exception>
    public static T WhileLoop<T>(Func<T, Tensor> condition, Func<T, T> body, T initial) =>
        Looping.While(nameof(WhileLoop), condition, body, initial, static (test, step, consts, carry) =>
            Eager.Bind(new While(test, step, consts.Length, consts.Length), [.. consts, .. consts, .. carry]));

    /// <summary>
    /// A while loop of at most <paramref name="maxSteps"/> steps, which can be differentiated in reverse mode too. It keeps about branching · log(maxSteps) carries for going back; steps after the
    /// condition has failed cost next to nothing.
    /// </summary>
    /// <inheritdoc cref="WhileLoop{T}(Func{T, Tensor}, Func{T, T}, T)"/>
    public static T BoundedWhileLoop<T>(Func<T, Tensor> condition, Func<T, T> body, T initial, int maxSteps, int branching = 16)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxSteps);
        if (branching < 2) throw new ArgumentOutOfRangeException(nameof(branching), $"A bounded loop is divided into at least 2 parts, not {branching}.");
        return Looping.While(nameof(BoundedWhileLoop), condition, body, initial, (test, step, consts, carry) =>
            new BoundedLoop(test, step, consts.Length, branching).Run([.. consts, .. carry], maxSteps));
    }

    private static TY Loop<TX, TY>(LoopShape shape, Func<TX, TY> body, TX xs) =>
        Looping.Scan<ValueTuple, TX, TY>(shape, (carry, x) => (carry, body(x)), default, xs).Results;

    private static LoopShape ShapeOf<TX>(string transform, TX xs, LoopOptions? options) =>
        new(transform, Looping.LengthOf(transform, xs, options?.Length), options?.Reverse ?? false, options?.Unroll ?? 1, Progress: options?.Progress);
}
