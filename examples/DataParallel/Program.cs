// Data-parallel training: every device has a quarter of the batch, and the gradients are averaged over all. Run it with
//   dotnet run --project examples/DataParallel
// It needs four devices, which the cpu backend offers as virtual ones when told to; other backends and settings by command line or environment, such as
//   BrainState__Backends__cpu__VirtualDevices=8 dotnet run --project examples/DataParallel -- --devices 8
// The torch backend has one device for a process on cpu, but processes that work together:
//   dotnet run --project examples/DataParallel -- --BrainState:Backend=torch --processes 2

using BrainState;
using BrainState.Backends;
using BrainState.Examples.DataParallel;
using BrainState.Hosting;
using Microsoft.Extensions.Configuration;
using static System.FormattableString;
using static BrainState.Transforms;

var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
int Number(string key, int fallback) => int.Parse(configuration[key] ?? $"{fallback}", System.Globalization.CultureInfo.InvariantCulture);
var (steps, processes, backend) = (Number("steps", 100), Number("processes", 1), configuration["BrainState:Backend"] ?? "cpu");
var devices = Number("devices", processes > 1 ? 1 : 4);  // of each process
if (processes > 1 && configuration[$"BrainState:Backends:{backend}:Rank"] is null) return await Launcher.Run(backend, processes, args);
try
{
    BrainStateRuntime.SetDefault(BrainStateRuntime.Create(b => b.Configure("cpu", "VirtualDevices", "4").UseConfiguration(configuration.GetSection("BrainState"))));

    var group = BrainStateRuntime.Current.Backend.GetService(typeof(IProcessGroup)) as IProcessGroup;
    if ((group?.Size ?? 1) != processes) throw new BackendException($"The backend '{backend}' does not work over processes.");

    // y = 3x + 1 and a little noise, cut into one part per device, of which a process takes its own.
    var (k1, k2) = Rng.Split(Rng.PrngKey(0));
    var x = Rng.Uniform(k1, [64, 1], -1, 1);
    var y = 3.0 * x + 1.0 + 0.1 * Rng.Normal(k2, [64, 1]);
    Tensor Own(Tensor all) => all.Reshape(processes, devices, 64 / devices / processes, 1)[group?.Rank ?? 0];
    var (xParts, yParts) = (Own(x), Own(y));

    var (single, parallel) = (new LinearModel(), new LinearModel());
    var (singleOptimizer, parallelOptimizer) =
        (new Sgd(learningRate: 0.1).RegisterTrainableWeights(single.States<ParamState>()), new Sgd(learningRate: 0.1).RegisterTrainableWeights(parallel.States<ParamState>()));

    var onOne = Jit((Tensor x, Tensor y) =>
    {
        var (gradients, loss) = Grad(() => single.Loss(x, y)).Of(single.States<ParamState>()).WithValue().Invoke();
        singleOptimizer.Update(gradients);
        return loss;
    });

    // The weights are written with the same values on all devices, so they need no axis; the losses are returned by all alike.
    var onAll = Pmap((Tensor x, Tensor y) =>
    {
        var (gradients, loss) = Grad(() => parallel.Loss(x, y)).Of(parallel.States<ParamState>()).WithValue().Invoke();
        parallelOptimizer.Update(gradients.Map(g => Lax.PMean(g, "batch")));
        return Lax.PMean(loss, "batch");
    }, new() { AxisName = "batch", OutAxes = null });

    Console.WriteLine($"one device and {(processes > 1 ? $"{processes} processes with " : "")}{devices} of {string.Join(", ", BrainStateRuntime.Current.Backend.Devices.Select(d => d.Name))}:");
    for (var step = 0; step < steps; step++)
    {
        var (one, all) = (onOne(x, y), onAll(xParts, yParts));
        if (step % (steps / 5) == 0) Console.WriteLine(Invariant($"step {step,3}, loss = {(float)one:F4} and {(float)all:F4}"));
    }
    Console.WriteLine(Invariant($"weight = {(float)single.Weight.Value:F3} and {(float)parallel.Weight.Value:F3}, bias = {(float)single.Bias.Value:F3} and {(float)parallel.Bias.Value:F3}"));
    return 0;
}
catch (BackendException refusal)
{
    Console.Error.WriteLine(refusal.Message);
    return 1;
}
