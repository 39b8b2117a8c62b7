namespace BrainState.UnitTests.Optimizers;

public sealed class LearningRateScheduleTests
{
    private static double[] Rates(LearningRateSchedule schedule, int count) => [.. Enumerable.Range(0, count).Select(schedule.At)];

    [Fact]
    public void SchedulesFollowTheirClosedForms()
    {
        Assert.Equal([0.5, 0.5, 0.5], Rates(0.5, 3));
        Assert.Equal([1, 1, 0.5, 0.5, 0.25, 0.25], Rates(LearningRateSchedule.Step(1, 2, 0.5), 6));
        Assert.Equal([8, 4, 4, 2, 2.0], Rates(LearningRateSchedule.MultiStep(8, [3, 1], 0.5), 5));
        Assert.Equal([1, 0.5, 0.25, 0.125], Rates(LearningRateSchedule.Exponential(1, 0.5), 4));
        Assert.Equal([1, 1.25, 1.5, 1.75, 2, 2, 2], Rates(LearningRateSchedule.Linear(2, 0.5, 1, 4), 7));
        Assert.Equal([0, 1, 4], Rates(LearningRateSchedule.From(static e => e * e), 3));
        var cosine = LearningRateSchedule.Cosine(2, period: 4, minimum: 1);
        for (var epoch = 0; epoch < 4; epoch++) Assert.Equal(1 + (1 + Math.Cos(Math.PI * epoch / 4)) / 2, cosine.At(epoch), 14);
        Assert.Equal([1, 1.0], Rates(cosine, 9)[^2..], static (a, b) => Math.Abs(a - b) < 1e-14);
    }

    [Fact]
    public void ImpossibleSchedulesAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Constant(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Step(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Cosine(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateSchedule.Linear(1, epochs: 0));
        Assert.Equal("The learning rate of epoch 2 is -1; it must be a number that is not negative.",
            Assert.Throws<InvalidOperationException>(() => LearningRateSchedule.From(static e => 1 - e).At(2)).Message);
        Assert.Throws<InvalidOperationException>(() => LearningRateSchedule.From(static _ => double.NaN).At(0));
    }
}
