using System.Buffers.Binary;
using static BrainState.Transforms;

namespace BrainState.Conformance;

/// <summary>The tutorial "Migrating concepts from PyTorch to BrainState": what it prints is so on every backend.</summary>
internal static class TutorialSuite
{
    /// <summary>The suite.</summary>
    public static ConformanceSuite Suite { get; } = new("tutorial", "the numbers of the tutorial: data, training, prediction, checkpoint, gradients, random numbers, program", static _ =>
    [
        Behaviors.Case("tutorial/data/regression", static _ => Data()),
        Behaviors.Case("tutorial/training/losses", static _ => Losses()),
        Behaviors.Case("tutorial/training/weights", static _ => Weights()),
        Behaviors.Case("tutorial/training/predictions", static _ => Predictions()),
        Behaviors.Case("tutorial/state/snapshot", static _ => Snapshot()),
        Behaviors.Case("tutorial/state/checkpoint", static _ => Checkpoint()),
        Behaviors.Case("tutorial/gradients/states_and_argument", static _ => Gradients()),
        Behaviors.Case("tutorial/random/sample", RandomSample),
        Behaviors.Case("tutorial/program/jaxpr", static _ => Program()),
    ]);

    private const double Tolerance = 2e-6;

    /// <summary>The model after the 200 steps of the tutorial, and the losses before each.</summary>
    private static (LinearRegression Model, double[] Losses) Trained()
    {
        var (model, (x, y)) = (new LinearRegression(), LinearRegression.Data());
        var training = new Training(() => Np.Mean(Np.Square(model.Call(x) - y)), model, new Sgd(learningRate: 1e-1));
        return (model, training.Run(200));
    }

    private static void Data()
    {
        var (x, y) = LinearRegression.Data();
        Expect.That(x.Spec == new TensorSpec(DType.Float32, [64, 1]) && y.Spec == x.Spec, "the data are 64 columns of float32");
        Expect.Close("the first x", 0.27392337464, (double)x[0, 0], 1e-7);
        Expect.That(x.ToArray<float>().All(static v => v is >= -1 and < 1), "x is uniform in [-1, 1)");
        Expect.Close("what y differs from 3 x + 1 by on average", 0, (double)Np.Mean(y - (3 * x + 1)), 0.04);
        Expect.Close("the standard deviation of the noise", 0.1, (double)Np.Std(y - (3 * x + 1)), 0.03);
    }

    private static void Losses()
    {
        var losses = Trained().Losses;
        foreach (var (step, loss) in ((int, double)[])[(0, 13.1320), (40, 0.0144), (80, 0.0097), (120, 0.0097), (160, 0.0097)])
            Expect.Close($"the loss of step {step}", loss, losses[step], 0.5e-4 + 1e-6);
    }

    private static void Weights()
    {
        var model = new LinearRegression();
        Expect.Close("the first weight", 1.0040143, (double)model.Weight.Value, Tolerance);
        Expect.Close("the first bias", -2.4424558, (double)model.Bias.Value, Tolerance);
        model = Trained().Model;
        Expect.Close("the weight after training", 3.0168793, (double)model.Weight.Value, Tolerance);
        Expect.Close("the bias after training", 1.0059681, (double)model.Bias.Value, Tolerance);
    }

    private static void Predictions()
    {
        var model = Trained().Model;
        var prediction = Jit(model.Call)(new float[,] { { 0 } });
        Expect.That(prediction.Spec == new TensorSpec(DType.Float32, [1, 1]), $"a prediction is f32[1,1], not {prediction.Spec}");
        Expect.Close("the prediction for 0", 1.0059681, (double)prediction, Tolerance);
    }

    private static void Snapshot()
    {
        var model = Trained().Model;
        var tree = Graph.TreefyStates(model);
        Expect.Text("the keys of a snapshot", "('bias',), ('weight',)", string.Join(", ", tree.ToFlat().Keys));
        var restored = new LinearRegression();
        Graph.UpdateStates(restored, tree);
        Expect.Same("a restored weight", model.Weight.Value, restored.Weight.Value);
        Expect.Close("a restored weight", 3.0168793, (double)restored.Weight.Value, Tolerance);
        Jit(() => model.Weight.Value *= 0)();
        Expect.Close("a restored weight after the first model went on", 3.0168793, (double)restored.Weight.Value, Tolerance);
    }

    /// <summary>The file has the bytes of flax around those of the weights.</summary>
    private static void Checkpoint()
    {
        var model = Trained().Model;
        var folder = Directory.CreateTempSubdirectory("tutorial");
        try
        {
            var file = Path.Combine(folder.FullName, "example.msgpack");
            Checkpoints.MsgpackSave(file, model.States<ParamState>(), verbose: false);
            static string Hex(Tensor value)
            {
                var bytes = new byte[4];
                BinaryPrimitives.WriteSingleLittleEndian(bytes, value.ToScalar<float>());
                return Convert.ToHexString(bytes);
            }
            var bias = $"A462696173C71101939101A7666C6F61743332C404{Hex(model.Bias.Value)}";
            var weight = $"A6776569676874C7120193920101A7666C6F61743332C404{Hex(model.Weight.Value)}";
            Expect.Text("the bytes of the checkpoint", $"82{bias}{weight}", Convert.ToHexString(File.ReadAllBytes(file)));

            var restored = new LinearRegression();
            Checkpoints.MsgpackLoad(file, restored.States<ParamState>(), verbose: false);
            Expect.Same("the weight of the checkpoint", model.Weight.Value, restored.Weight.Value);
            Expect.Same("the bias of the checkpoint", model.Bias.Value, restored.Bias.Value);
            Expect.Same("a jitted prediction of the restored model", Jit(model.Call)(Np.Ones([1, 1])), Jit(restored.Call)(Np.Ones([1, 1])));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Gradients()
    {
        var (model, (x, y)) = (Trained().Model, LinearRegression.Data());
        Tensor ScaledLoss(Tensor alpha, Tensor inputs, Tensor targets) => Np.Mean(Np.Square(model.Call(inputs) - targets)) + alpha * Np.Sum(Np.Square(model.Weight.Value));
        var ((byStates, byAlpha), loss) = Grad<Tensor, Tensor, Tensor>(ScaledLoss).Of(model.States<ParamState>()).Arg0().WithValue().Invoke(Np.Array(0.1), x, y);
        Expect.Close("the loss", 0.9198333024978638, (double)loss, Tolerance);
        Expect.Close("the gradient by alpha", 9.101560592651367, (double)byAlpha, 1e-5);
        Expect.Text("the gradients by States", "('bias',) (1,), ('weight',) (1, 1)", string.Join(", ", byStates.Select(static g => $"{g.Key} {g.Value.Shape}")));
    }

    /// <summary>In a runtime of its own, which has generators of its own.</summary>
    private static void RandomSample(ConformanceTarget target)
    {
        using var runtime = target.StartAnother();
        using var scope = runtime.Enter();
        Rng.Seed(42);
        var sample = new RandomState().Normal(size: [2]);
        Expect.Close("the first number of the sample", 0.6630465, (double)sample[0], 1e-6);
        Expect.Close("the second number of the sample", -0.72396195, (double)sample[1], 1e-6);
    }

    private static void Program()
    {
        const string Expected = """
            ({ lambda ; a:f32[1] b:f32[1,1] c:f32[1]. let
                d:f32[1] = dot_general[
                  dimension_numbers=(([0], [0]), ([], []))
                  preferred_element_type=float32
                ] a b
                e:f32[1] = add d c
              in (e, b, c) }, (ParamState(
              value=ShapedArray(float32[1,1])
            ), ParamState(
              value=ShapedArray(float32[1])
            )))
            """;
        Expect.Text("the program of the model", Expected.ReplaceLineEndings("\n"), MakeJaxpr(new LinearRegression().Call)(Np.Ones([1])).ToString().ReplaceLineEndings("\n"));
    }
}
