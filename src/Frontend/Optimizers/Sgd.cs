namespace BrainState;

/// <summary>
/// Stochastic gradient descent: <c>w ← w − lr·g</c>. With momentum m, <c>t ← g + m·t</c> replaces g, or with Nesterov's look-ahead <c>g + m·t</c>.
/// </summary>
public sealed class Sgd : Optimizer
{
    private readonly double momentum;
    private readonly bool nesterov;
    private readonly Dictionary<string, OptimState> trace = [];

    /// <summary>An optimiser; register weights before use.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The momentum is negative.</exception>
    public Sgd(LearningRateSchedule? learningRate = null, double momentum = 0, bool nesterov = false, OptimizerOptions? options = null)
        : base(learningRate ?? 1e-3, options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(momentum);
        (this.momentum, this.nesterov) = (momentum, nesterov);
    }

    /// <inheritdoc/>
    protected override void Initialize(IReadOnlyList<(string Name, Tensor Value)> weights)
    {
        trace.Clear();
        if (momentum == 0) return;
        foreach (var (name, value) in weights) trace[name] = new OptimState(Np.ZerosLike(value));
    }

    /// <inheritdoc/>
    protected override Tensor Direction(string name, Tensor gradient, Tensor step)
    {
        if (momentum == 0) return gradient;
        var velocity = gradient + momentum * trace[name].Value;
        trace[name].Value = velocity;
        return nesterov ? gradient + momentum * velocity : velocity;
    }
}
