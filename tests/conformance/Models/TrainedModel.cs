using System.Text.Json;

namespace BrainState.Conformance;

/// <summary>A model with the losses of its first steps, computed in float64 by the interpreter.</summary>
/// <param name="Name">The name, also in <c>curves.json</c>.</param>
/// <param name="Train">Begins a training in a dtype. The weights and data are the same numbers in every dtype.</param>
/// <param name="Tolerance">How far losses in float32 may be from the stored ones, absolutely and relative to the loss: rounding errors grow from step to step.</param>
internal sealed record TrainedModel(string Name, Func<DType, Training> Train, double Tolerance)
{
    /// <summary>The number of steps.</summary>
    public const int Steps = 50;

    private static readonly Lazy<Dictionary<string, double[]>> Stored = new(static () =>
    {
        using var stream = typeof(TrainedModel).Assembly.GetManifestResourceStream("curves.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, double[]>>(stream)!;
    });

    public static IReadOnlyList<TrainedModel> All { get; } =
    [
        new("linear_regression", static dtype => LinearRegression.Train(dtype), 1e-5),
        new("mlp", Mlp.Train, 2e-5),
        new("lenet", LeNet.Train, 2e-5),
        new("lstm", Lstm.Train, 2e-5),
        new("vae", VariationalAutoencoder.Train, 5e-5),
    ];

    /// <summary>The loss before each step.</summary>
    public IReadOnlyList<double> Curve => Stored.Value[Name];
}
