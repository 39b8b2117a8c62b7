namespace BrainState;

/// <summary>
/// Adam: D. Kingma and J. Ba, Adam: a method for stochastic optimization (2015). With bias-corrected moments <c>m̂ = m / (1 − β₁ᵗ)</c> and
/// <c>v̂ = v / (1 − β₂ᵗ)</c>, the direction is <c>m̂ / (√v̂ + ε)</c>. Weight decay is added to the gradients.
/// </summary>
public class Adam : Optimizer
{
    private readonly double beta1;
    private readonly double beta2;
    private readonly double epsilon;
    private readonly Dictionary<string, OptimState> mu = [];
    private readonly Dictionary<string, OptimState> nu = [];

    /// <summary>An optimiser; register weights before use.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A β is outside [0, 1), or ε is negative.</exception>
    public Adam(LearningRateSchedule? learningRate = null, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, OptimizerOptions? options = null)
        : base(learningRate ?? 1e-3, options)
    {
        foreach (var beta in (double[])[beta1, beta2])
            if (beta is not (>= 0 and < 1))
                throw new ArgumentOutOfRangeException(nameof(beta1), beta, "A decay rate of Adam must be in [0, 1).");
        ArgumentOutOfRangeException.ThrowIfNegative(epsilon);
        (this.beta1, this.beta2, this.epsilon) = (beta1, beta2, epsilon);
    }

    /// <inheritdoc/>
    protected override void Initialize(IReadOnlyList<(string Name, Tensor Value)> weights)
    {
        mu.Clear();
        nu.Clear();
        foreach (var (name, value) in weights)
        {
            mu[name] = new OptimState(Np.ZerosLike(value));
            nu[name] = new OptimState(Np.ZerosLike(value));
        }
    }

    /// <inheritdoc/>
    protected override Tensor Direction(string name, Tensor gradient, Tensor step)
    {
        var first = beta1 * mu[name].Value + (1 - beta1) * gradient;
        var second = beta2 * nu[name].Value + (1 - beta2) * Np.Square(gradient);
        mu[name].Value = first;
        nu[name].Value = second;
        return Corrected(first, beta1, step) / (Np.Sqrt(Corrected(second, beta2, step)) + epsilon);
    }

    private static Tensor Corrected(Tensor moment, double beta, Tensor step) => moment / (1 - Np.Power(beta, step)).AsType(moment.DType);
}

/// <summary>Adam with decoupled weight decay: I. Loshchilov and F. Hutter, Decoupled weight decay regularization (2019). The decay is added to the direction.</summary>
public sealed class AdamW(
    LearningRateSchedule? learningRate = null, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0.01, OptimizerOptions? options = null)
    : Adam(learningRate, beta1, beta2, epsilon, (options ?? new()) with { WeightDecay = weightDecay })
{
    /// <inheritdoc/>
    protected override bool HasDecoupledDecay => true;
}
