using BrainState.Nn;
using static System.FormattableString;
using static BrainState.Transforms;

namespace BrainState.Examples.Gallery;

/// <summary>A model taken apart into structure and values: training is then a pure function from values to values.</summary>
internal static class FunctionalApi
{
    private sealed class Affine : Module
    {
        public ParamState Weight { get; } = new(Np.Zeros([1, 1]));

        public ParamState Bias { get; } = new(Np.Zeros([1]));

        public Tensor Call(Tensor x) => x.MatMul(Weight.Value) + Bias.Value;
    }

    public static void Run(TextWriter output, bool isSmall)
    {
        var (structure, states) = Graph.TreefySplit(new Affine());
        var values = states[0];

        Tensor Loss(NestedDict<TreefyState> values, Tensor x, Tensor y)
        {
            var model = (Affine)Graph.TreefyMerge(structure, values);
            return Np.Mean(Np.Square(model.Call(x) - y));
        }

        var step = Jit((NestedDict<TreefyState> values, Tensor x, Tensor y) =>
        {
            var gradients = Grad<NestedDict<TreefyState>, Tensor, Tensor>(Loss).Invoke(values, x, y);
            return Pytree.Map((value, gradient) => value - 0.1 * gradient, values, gradients);
        });

        var x = Rng.Uniform(Rng.PrngKey(0), [64, 1], -1, 1);
        var y = 3 * x + 1;
        for (var i = 0; i < (isSmall ? 200 : 500); i++) values = step(values, x, y);

        var trained = (Affine)Graph.TreefyMerge(structure, values);
        output.WriteLine(Invariant($"weight {(float)trained.Weight.Value[0, 0]:F2}, bias {(float)trained.Bias.Value[0]:F2}"));
    }
}
