using BrainState.Nn;
using static System.FormattableString;
using static BrainState.Transforms;

namespace BrainState.Examples.Gallery;

/// <summary>Transforms of functions that read and write States: what a plain call does to them, the transformed one does too.</summary>
internal static class LiftedTransforms
{
    private sealed class Counting : Module
    {
        public ParamState Scale { get; } = new(Np.Array(2f));

        public HiddenState Calls { get; } = new(Np.Array(0));

        public Tensor Call(Tensor x)
        {
            Calls.Value += 1;
            return Np.Sin(Scale.Value * x);
        }
    }

    public static void Run(TextWriter output, bool isSmall)
    {
        var model = new Counting();
        var x = Np.Array(0.5f);
        void Show(string what, Tensor value) => output.WriteLine(Invariant($"{what,-24} {(float)value,8:F4}   calls {(int)model.Calls.Value}"));

        var jitted = Jit<Tensor, Tensor>(model.Call);
        Show("jit", jitted(x));
        Show("grad by x", Grad<Tensor>(model.Call).Invoke(x));
        Show("grad by the scale", Grad(() => model.Call(x)).Of(model.Scale).Invoke());
        Show("grad of grad", Jit(Grad(Grad<Tensor>(model.Call)))(x));
        Show("sum of vmap", Np.Sum(Vmap<Tensor, Tensor>(model.Call)(Np.Linspace(0, 1, 5))));
        Show("five steps of scan", Scan((Tensor c, Tensor _) => (model.Call(c), default(ValueTuple)), x, Np.Arange(5)).Carry);
        Show("grad through the scan", Grad((Tensor v) => Scan((Tensor c, Tensor _) => (model.Call(c), default(ValueTuple)), v, Np.Arange(5)).Carry).Invoke(x));
    }
}
