using BrainState.Nn;

namespace BrainState;

/// <summary>What every optimiser does to gradients before its own rule, in this order.</summary>
public sealed record OptimizerOptions
{
    /// <summary>Scales all gradients together so that their common norm is at most this.</summary>
    public double? ClipGlobalNorm { get; init; }

    /// <summary>Confines every element of a gradient to [−value, value].</summary>
    public double? ClipValue { get; init; }

    /// <summary>Adds this multiple of the weights: to the gradients (L2 regularisation), or for optimisers with decoupled decay to the direction.</summary>
    public double WeightDecay { get; init; }
}

/// <summary>
/// Changes weights along gradients: <c>w ← w − lr · direction(gradient)</c>. All that it remembers is in States, so <c>Update</c> works inside
/// a jitted step, and the learning rate can change without another trace.
/// </summary>
public abstract class Optimizer : Module
{
    private readonly OptimizerOptions options;
    private Weight[] weights = [];

    /// <summary>An optimiser with a learning rate, fixed or by schedule.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is negative, or a bound not positive.</exception>
    protected Optimizer(LearningRateSchedule learningRate, OptimizerOptions? options)
    {
        this.options = options ?? new();
        ArgumentOutOfRangeException.ThrowIfNegative(this.options.WeightDecay, nameof(OptimizerOptions.WeightDecay));
        if (this.options.ClipGlobalNorm is { } norm) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(norm, nameof(OptimizerOptions.ClipGlobalNorm));
        if (this.options.ClipValue is { } value) ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value, nameof(OptimizerOptions.ClipValue));
        Schedule = learningRate;
        CurrentLearningRate = new OptimState(Scalar(learningRate.At(0), DType.Float32));
        Epoch = new OptimState(Scalar(0, DType.Int32));
        StepCount = new OptimState(Scalar(0, DType.Int32));
    }

    /// <summary>A weight with the key by which its gradient is found. Not a list of States, so that the weights are not taken for parts of the optimiser.</summary>
    private sealed record Weight(object Key, State State);

    /// <summary>The learning rate by epoch.</summary>
    public LearningRateSchedule Schedule { get; }

    /// <summary>The learning rate in use, a float32 scalar; assign to override the schedule until its next step.</summary>
    public OptimState CurrentLearningRate { get; }

    /// <summary>How often <see cref="StepSchedule"/> was called, an int32 scalar.</summary>
    public OptimState Epoch { get; }

    /// <summary>The number of updates so far, an int32 scalar.</summary>
    public OptimState StepCount { get; }

    /// <summary>Whether weight decay is added to the direction instead of the gradient.</summary>
    protected virtual bool HasDecoupledDecay => false;

    /// <summary>Takes the next learning rate of the schedule; call once per epoch.</summary>
    public void StepSchedule()
    {
        var epoch = (int)Epoch.Value + 1;
        Epoch.Value = Scalar(epoch, DType.Int32);
        CurrentLearningRate.Value = Scalar(Schedule.At(epoch), DType.Float32);
    }

    /// <summary>Changes the registered weights along their gradients.</summary>
    /// <param name="gradients">One gradient per registered weight, by the same keys; others are ignored.</param>
    /// <exception cref="ArgumentException">A weight has no gradient, or one of another shape.</exception>
    /// <exception cref="InvalidOperationException">No weights are registered.</exception>
    public void Update(FlattedDict<Tensor> gradients) => Apply(key => key is StatePath path && gradients.TryGetValue(path, out var g) ? g : null);

    /// <inheritdoc cref="Update(FlattedDict{Tensor})"/>
    public void Update(NestedDict<Tensor> gradients) => Update(gradients.ToFlat());

    /// <param name="gradients">One gradient per registered weight, in the same order.</param>
    /// <inheritdoc cref="Update(FlattedDict{Tensor})"/>
    public void Update(IReadOnlyList<Tensor> gradients) => Apply(key => key is int position && position < gradients.Count ? gradients[position] : null);

    /// <inheritdoc cref="Update(FlattedDict{Tensor})"/>
    public void Update<TKey>(IReadOnlyDictionary<TKey, Tensor> gradients) where TKey : notnull =>
        Apply(key => key is TKey typed && gradients.TryGetValue(typed, out var g) ? g : null);

    /// <summary>The gradient of the only registered weight.</summary>
    /// <inheritdoc cref="Update(FlattedDict{Tensor})"/>
    public void Update(Tensor gradient) => Update([gradient]);

    internal void Register(IEnumerable<(object Key, State State)> added)
    {
        var all = weights.Concat(added.Select(static a => new Weight(a.Key, a.State))).DistinctBy(static w => w.State, ReferenceEqualityComparer.Instance).ToArray();
        foreach (var (key, state) in all)
            if (!state.Spec.DType.IsFloating)
                throw new ArgumentException($"The weight {key} holds {state.Spec}; an optimiser can only change floating weights.", nameof(added));
        if (all.GroupBy(static w => Text(w.Key)).FirstOrDefault(static g => g.Count() > 1) is { } clash)
            throw new ArgumentException($"Two weights have the key {clash.Key}. Register lists together, or weights by path.", nameof(added));
        weights = all;
        StepCount.Value = Scalar(0, DType.Int32);
        Initialize([.. all.Select(static w => (Text(w.Key), w.State.Value))]);
    }

    /// <summary>Makes the States the rule needs, for weights with the given names and values.</summary>
    protected abstract void Initialize(IReadOnlyList<(string Name, Tensor Value)> weights);

    /// <summary>The direction in which a weight is decreased; may read and write what <see cref="Initialize"/> made.</summary>
    /// <param name="name">The weight's name.</param>
    /// <param name="gradient">Its gradient.</param>
    /// <param name="step">The number of this update, counted from 1, a float32 scalar.</param>
    protected abstract Tensor Direction(string name, Tensor gradient, Tensor step);

    private void Apply(Func<object, Tensor?> gradientOf)
    {
        if (weights.Length == 0) throw new InvalidOperationException($"{GetType().Name} has no weights. Call {nameof(OptimizerExtensions.RegisterTrainableWeights)} first.");
        var gradients = Array.ConvertAll(weights, weight => Fitting(weight, gradientOf(weight.Key)));
        if (options.ClipGlobalNorm is { } maximum) gradients = ClipByGlobalNorm(gradients, maximum);

        StepCount.Value += 1;
        var step = StepCount.Value.AsType(DType.Float32);
        var rate = CurrentLearningRate.Value;
        for (var i = 0; i < weights.Length; i++)
        {
            var (name, state, gradient) = (Text(weights[i].Key), weights[i].State, gradients[i]);
            var value = state.Value;
            if (options.ClipValue is { } bound) gradient = Np.Clip(gradient, -bound, bound);
            if (options.WeightDecay > 0 && !HasDecoupledDecay) gradient += options.WeightDecay * value;
            var direction = Direction(name, gradient, step);
            if (options.WeightDecay > 0 && HasDecoupledDecay) direction += options.WeightDecay * value;
            state.Value = value + direction * (-rate).AsType(value.DType);
        }
    }

    private Tensor Fitting(Weight weight, Tensor? gradient)
    {
        if (gradient is null) throw new ArgumentException($"There is no gradient for the weight {Text(weight.Key)}.");
        return gradient.Shape == weight.State.Spec.Shape
            ? gradient.AsType(weight.State.Spec.DType)
            : throw new ArgumentException($"The gradient for the weight {Text(weight.Key)} has shape {gradient.Shape}, but the weight has {weight.State.Spec.Shape}.");
    }

    /// <summary>Scales by max/norm where the common norm exceeds max, without an epsilon.</summary>
    private static Tensor[] ClipByGlobalNorm(Tensor[] gradients, double maximum)
    {
        var squares = gradients.Select(static g => Np.Sum(Np.Square(g.AsType(DType.Float32)))).Aggregate(static (a, b) => a + b);
        var norm = Np.Sqrt(squares);
        var scale = Np.Where(norm < maximum, 1.0, maximum / norm);
        return Array.ConvertAll(gradients, g => g * scale.AsType(g.DType));
    }

    private static string Text(object key) => key is StatePath path ? string.Join('.', path.Parts) : key.ToString()!;

    private protected static Tensor Scalar(double value, DType dtype) => Lax.ConvertElementType(value, dtype);
}

/// <summary>Registering weights keeps the type of the optimiser.</summary>
public static class OptimizerExtensions
{
    /// <summary>Adds the States of a model to what the optimiser changes, and starts its memory anew. A State that is there already stays once.</summary>
    /// <returns>The optimiser.</returns>
    public static TOptimizer RegisterTrainableWeights<TOptimizer, TState>(this TOptimizer optimizer, FlattedDict<TState> weights)
        where TOptimizer : Optimizer where TState : State => Register(optimizer, weights.Select(static w => ((object)w.Key, (State)w.Value)));

    /// <inheritdoc cref="RegisterTrainableWeights{TOptimizer, TState}(TOptimizer, FlattedDict{TState})"/>
    public static TOptimizer RegisterTrainableWeights<TOptimizer, TState>(this TOptimizer optimizer, NestedDict<TState> weights)
        where TOptimizer : Optimizer where TState : State => optimizer.RegisterTrainableWeights(weights.ToFlat());

    /// <inheritdoc cref="RegisterTrainableWeights{TOptimizer, TState}(TOptimizer, FlattedDict{TState})"/>
    public static TOptimizer RegisterTrainableWeights<TOptimizer, TState>(this TOptimizer optimizer, IReadOnlyList<TState> weights)
        where TOptimizer : Optimizer where TState : State => Register(optimizer, weights.Select(static (w, i) => ((object)i, (State)w)));

    /// <inheritdoc cref="RegisterTrainableWeights{TOptimizer, TState}(TOptimizer, FlattedDict{TState})"/>
    public static TOptimizer RegisterTrainableWeights<TOptimizer, TKey, TState>(this TOptimizer optimizer, IReadOnlyDictionary<TKey, TState> weights)
        where TOptimizer : Optimizer where TKey : notnull where TState : State => Register(optimizer, weights.Select(static w => ((object)w.Key, (State)w.Value)));

    private static TOptimizer Register<TOptimizer>(TOptimizer optimizer, IEnumerable<(object, State)> weights) where TOptimizer : Optimizer
    {
        optimizer.Register(weights);
        return optimizer;
    }
}
