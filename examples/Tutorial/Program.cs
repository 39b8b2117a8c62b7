// "Migrating concepts from PyTorch to BrainState", in C#. Run it with
//   dotnet run --project examples/Tutorial
// and choose another backend with  -- --BrainState:Backend=NAME

using BrainState;
using BrainState.Examples.Tutorial;
using BrainState.Hosting;
using BrainState.NumPy;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using static System.FormattableString;
using static BrainState.Transforms;

var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
await using var services = new ServiceCollection().AddBrainState(configuration.GetSection("BrainState")).BuildServiceProvider();
try
{
    BrainStateRuntime.SetDefault(services.GetRequiredService<BrainStateRuntime>());
}
catch (Microsoft.Extensions.Options.OptionsValidationException refusal)
{
    Console.Error.WriteLine(refusal.Message);
    return 1;
}

// A synthetic dataset: y = 3x + 1 and a little noise.
static (Tensor X, Tensor Y) MakeDataset(int n = 64)
{
    var rng = Generator.Default(0);
    var x = Tensor.From<double>(rng.Uniform(-1.0, 1.0, n), [n, 1]).AsType(DType.Float32);
    var noise = Tensor.From<double>(rng.Normal(0.0, 0.1, n), [n, 1]).AsType(DType.Float32);
    return (x, 3.0 * x + 1.0 + noise);
}

var (xTrain, yTrain) = MakeDataset();

// Training: gradients by the model's parameters, an optimiser, and one compiled step.
var model = new LinearModel(1, 1);
var weights = model.States<ParamState>();
var optimizer = new Sgd(learningRate: 1e-1).RegisterTrainableWeights(weights);

var trainStep = Jit((Tensor x, Tensor y) =>
{
    var (grads, loss) = Grad(() => Np.Mean(Np.Square(model.Call(x) - y))).Of(weights).WithValue().Invoke();
    optimizer.Update(grads);
    return loss;
});

for (var step = 0; step < 200; step++)
{
    var loss = trainStep(xTrain, yTrain);
    if (step % 40 == 0) Console.WriteLine(Invariant($"step {step,3}, loss = {(float)loss:F4}"));
}

var predict = Jit(model.Call);
Console.WriteLine($"predictions for x=0: {predict(new float[,] { { 0 } })}");

// Saving and loading state.
var stateTree = Graph.TreefyStates(model);
Console.WriteLine($"stored keys: [{string.Join(", ", stateTree.ToFlat().Keys)}]");

var restored = new LinearModel(1, 1);
Graph.UpdateStates(restored, stateTree);
Console.WriteLine($"restored weight: {restored.Weight.Value}");

Checkpoints.MsgpackSave("example.msgpack", model.States<ParamState>());

// Gradients with additional arguments: by States and by an argument.
Tensor ScaledLoss(Tensor alpha, Tensor inputs, Tensor targets)
{
    var mse = Np.Mean(Np.Square(model.Call(inputs) - targets));
    return mse + alpha * Np.Sum(Np.Square(model.Weight.Value));
}

var scale = Np.Array(0.1);
var ((gradsState, alphaGrad), lossValue) = Grad<Tensor, Tensor, Tensor>(ScaledLoss).Of(weights).Arg0().WithValue().Invoke(scale, xTrain, yTrain);

Console.WriteLine(Invariant($"loss: {(double)lossValue}"));
Console.WriteLine(Invariant($"grad w.r.t alpha: {(double)alphaGrad}"));
foreach (var (path, g) in gradsState) Console.WriteLine($"{path} {g.Shape}");

// Random numbers.
Rng.Seed(42);
var rs = new RandomState();
Console.WriteLine($"single sample: {rs.Normal(size: [2])}");

// Looking at the computation.
Console.WriteLine(MakeJaxpr(model.Call)(Np.Ones([1])));
return 0;
