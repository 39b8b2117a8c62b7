namespace BrainState;

/// <summary>A learning rate by epoch, counted from 0. A number converts to a constant one.</summary>
public sealed class LearningRateSchedule
{
    private readonly Func<int, double> rate;

    private LearningRateSchedule(Func<int, double> rate) => this.rate = rate;

    /// <summary>The rate of an epoch.</summary>
    /// <exception cref="InvalidOperationException">The schedule gave a negative rate or no number.</exception>
    public double At(int epoch)
    {
        var value = rate(epoch);
        return value >= 0 ? value : throw new InvalidOperationException($"The learning rate of epoch {epoch} is {value}; it must be a number that is not negative.");
    }

    /// <summary>The same rate always.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative.</exception>
    public static LearningRateSchedule Constant(double rate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rate);
        return new(_ => rate);
    }

    /// <summary>Any function of the epoch.</summary>
    public static LearningRateSchedule From(Func<int, double> rate) => new(rate);

    /// <summary>Times γ every <paramref name="stepSize"/> epochs: <c>rate · γ^⌊epoch / stepSize⌋</c>.</summary>
    public static LearningRateSchedule Step(double rate, int stepSize = 30, double gamma = 0.1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stepSize, 1);
        return new(epoch => rate * Math.Pow(gamma, epoch / stepSize));
    }

    /// <summary>Times γ at each milestone that has been reached.</summary>
    public static LearningRateSchedule MultiStep(double rate, IEnumerable<int> milestones, double gamma = 0.1)
    {
        var reached = milestones.ToArray();
        return new(epoch => rate * Math.Pow(gamma, reached.Count(m => m <= epoch)));
    }

    /// <summary>Times γ every epoch.</summary>
    public static LearningRateSchedule Exponential(double rate, double gamma = 0.95) => new(epoch => rate * Math.Pow(gamma, epoch));

    /// <summary>Half a cosine from the rate to <paramref name="minimum"/> over <paramref name="period"/> epochs, then constant.</summary>
    public static LearningRateSchedule Cosine(double rate, int period = 50, double minimum = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(period, 1);
        return new(epoch => minimum + (rate - minimum) * (1 + Math.Cos(Math.PI * Math.Min(epoch, period) / period)) / 2);
    }

    /// <summary>A factor that goes linearly from <paramref name="start"/> to <paramref name="end"/> over some epochs, then constant.</summary>
    public static LearningRateSchedule Linear(double rate, double start = 1.0 / 3, double end = 1, int epochs = 5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        return new(epoch => rate * (start + (end - start) * Math.Min(epoch, epochs) / epochs));
    }

    /// <summary>A constant schedule.</summary>
    public static implicit operator LearningRateSchedule(double rate) => Constant(rate);
}
