// Small programs, one idea each. Run one with
//   dotnet run --project examples/Gallery -- NAME

using BrainState.Examples.Gallery;

(string Name, string Shows, Action<TextWriter, bool> Run)[] examples =
[
    ("functional-api", "a model as structure and values; a training step without side effects", FunctionalApi.Run),
    ("lifted-transforms", "Jit, Grad, Vmap and Scan around a model that counts its calls", LiftedTransforms.Run),
    ("scan-over-layers", "sixteen equal layers as one, applied by a scan", ScanOverLayers.Run),
    ("vjp", "pullbacks: one forward pass, many cotangents", Vjps.Run),
    ("jvp", "directional derivatives, and curvature along a direction", Jvps.Run),
    ("vmap2", "an ensemble of models trained at once, States mapped by filter", Ensemble.Run),
    ("hodgkin-huxley", "spiking neurons in a ForLoop, exponential Euler by VectorGrad", HodgkinHuxley.Run),
    ("ring-attractor", "a bump of activity that follows a stimulus on a ring", RingAttractor.Run),
    ("integrator-rnn", "a recurrent network learns to integrate its input", IntegratorRnn.Run),
];

var isSmall = args.Contains("--small");
var chosen = examples.Where(e => args.Contains(e.Name)).ToArray();
foreach (var (name, _, run) in chosen)
{
    Console.WriteLine($"-- {name}");
    run(Console.Out, isSmall);
}
if (chosen.Length == 0)
{
    Console.WriteLine("Name an example:");
    foreach (var (name, shows, _) in examples) Console.WriteLine($"  {name,-18} {shows}");
}
return chosen.Length == 0 ? 1 : 0;
