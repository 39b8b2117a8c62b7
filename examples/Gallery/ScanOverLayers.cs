using BrainState.Nn;
using static System.FormattableString;
using static BrainState.Transforms;

namespace BrainState.Examples.Gallery;

/// <summary>
/// A deep network whose layers are equal: their parameters are stacked, one more axis in front, and a scan over that axis applies them. The layer is traced once however deep the network
/// is, and a checkpoint around it keeps one activation per layer for the backward pass.
/// </summary>
internal static class ScanOverLayers
{
    private sealed class Residual(int width) : Module
    {
        public ParamState Weight { get; } = new(Rng.Normal(0, 0.5 / Math.Sqrt(width), [width, width]));

        public ParamState Bias { get; } = new(Np.Zeros([width]));
    }

    public static void Run(TextWriter output, bool isSmall)
    {
        Rng.Seed(0);
        const int Width = 8;
        var depth = isSmall ? 16 : 64;
        var layers = VmapNewStates(() => new Residual(Width), depth);
        output.WriteLine($"stacked weights {layers.Weight.Value.Spec}");

        var layer = Checkpoint((Tensor x, Tensor weight, Tensor bias) => x + Np.Tanh(x.MatMul(weight) + bias));
        Tensor Scanned(Tensor x) => Scan((Tensor h, (Tensor Weight, Tensor Bias) p) => (layer(h, p.Weight, p.Bias), default(ValueTuple)), x, (layers.Weight.Value, layers.Bias.Value)).Carry;
        Tensor Unrolled(Tensor x)
        {
            for (var i = 0; i < depth; i++) x += Np.Tanh(x.MatMul(layers.Weight.Value[i]) + layers.Bias.Value[i]);
            return x;
        }

        var x = Rng.Normal(0, 1, [4, Width]);
        var (a, b) = (Jit<Tensor, Tensor>(Scanned)(x), Jit<Tensor, Tensor>(Unrolled)(x));
        output.WriteLine(Invariant($"largest difference to the unrolled network {(float)Np.Max(Np.Abs(a - b)):E0}"));

        var weights = layers.States<ParamState>();
        var optimizer = new Sgd(0.02 / depth).RegisterTrainableWeights(weights);
        var target = Np.Tanh(x) * 2;
        var step = Jit(() =>
        {
            var (gradients, loss) = Grad(() => Np.Mean(Np.Square(Scanned(x) - target))).Of(weights).WithValue().Invoke();
            optimizer.Update(gradients);
            return loss;
        });
        var first = (float)step();
        for (var i = 0; i < 200; i++) step();
        output.WriteLine(Invariant($"loss {first:F3} -> {(float)step():F3}"));
    }
}
