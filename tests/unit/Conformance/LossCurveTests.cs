using System.Text.Json;
using BrainState.Conformance;
using BrainState.UnitTests.Architecture;

namespace BrainState.UnitTests.Conformance;

/// <summary>The stored losses of the models that the suite trains are those of the interpreter in float64.</summary>
public sealed class LossCurveTests
{
    private const string Path = "tests/conformance/Models/curves.json";

    /// <summary>All steps take minutes: <c>UPDATE_LOSS_CURVES=1 dotnet test tests/unit --filter LossCurve</c> computes them, and the file changes only if they do.</summary>
    [Fact]
    public void StoredLossesAreThoseOfTheInterpreter()
    {
        using var scope = Backends.Reference.Enter();
        if (Environment.GetEnvironmentVariable("UPDATE_LOSS_CURVES") == "1")
        {
            var curves = TrainedModel.All.ToDictionary(static m => m.Name, static m => m.Train(DType.Float64).Run(TrainedModel.Steps).Select(static loss => Math.Round(loss, 10)));
            var lines = curves.Select(static c => $"  \"{c.Key}\": {JsonSerializer.Serialize(c.Value)}");
            File.WriteAllText(Repository.PathOf(Path), $"{{\n{string.Join(",\n", lines)}\n}}\n");
            return;
        }
        foreach (var model in TrainedModel.All)
            foreach (var (stored, loss) in model.Curve.Zip(model.Train(DType.Float64).Run(2)))
                Assert.Equal(stored, loss, 1e-9);
    }
}
