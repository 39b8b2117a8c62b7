using BrainState.Nn;
using static System.FormattableString;
using static BrainState.Transforms;

namespace BrainState.Examples.Gallery;

/// <summary>
/// Hodgkin–Huxley neurons (A. Hodgkin and A. Huxley, J. Physiol. 117, 1952; potentials shifted to a rest of −65 mV) under constant currents. Each variable takes an exponential Euler step,
/// whose linear rate is the derivative of its equation by itself: VectorGrad gives it for all neurons.
/// </summary>
internal static class HodgkinHuxley
{
    private const double SodiumConductance = 120, PotassiumConductance = 36, LeakConductance = 0.3; // mS/cm²
    private const double SodiumPotential = 50, PotassiumPotential = -77, LeakPotential = -54.387;   // mV
    private const double Capacitance = 1;                                                          // µF/cm²

    private sealed class Neurons(int count) : Module
    {
        public HiddenState V { get; } = new(Np.Full([count], -65f));

        public HiddenState M { get; } = new(Np.Full([count], 0.05f));

        public HiddenState H { get; } = new(Np.Full([count], 0.6f));

        public HiddenState N { get; } = new(Np.Full([count], 0.32f));

        /// <summary>Advances by dt milliseconds under a current in µA/cm² and returns which neurons crossed 0 mV upwards.</summary>
        public Tensor Update(Tensor current, double dt)
        {
            var (v, m, h, n) = (V.Value, M.Value, H.Value, N.Value);
            var (am, bm) = (Rate(v, -40, 10, 0.1), 4 * Np.Exp(-(v + 65) / 18));
            var (ah, bh) = (0.07 * Np.Exp(-(v + 65) / 20), 1 / (1 + Np.Exp(-(v + 35) / 10)));
            var (an, bn) = (Rate(v, -55, 10, 0.01), 0.125 * Np.Exp(-(v + 65) / 80));

            M.Value = ExponentialEuler(x => am * (1 - x) - bm * x, m, dt);
            H.Value = ExponentialEuler(x => ah * (1 - x) - bh * x, h, dt);
            N.Value = ExponentialEuler(x => an * (1 - x) - bn * x, n, dt);
            V.Value = ExponentialEuler(x => (current
                - SodiumConductance * Np.Power(m, 3) * h * (x - SodiumPotential)
                - PotassiumConductance * Np.Power(n, 4) * (x - PotassiumPotential)
                - LeakConductance * (x - LeakPotential)) / Capacitance, v, dt);
            return Np.LogicalAnd(v < 0, V.Value >= 0);
        }

        /// <summary>a · (v − v₀) / (1 − exp(−(v − v₀)/s)), written so that v = v₀ is no exception.</summary>
        private static Tensor Rate(Tensor v, double v0, double s, double a)
        {
            var x = (v - v0) / s;
            return a * s * Np.Where(Np.Abs(x) < 1e-4, 1 + x / 2, x / -Np.Expm1(-x));
        }
    }

    /// <summary>x + (exp(J·dt) − 1)/J · f(x), exact where f is linear with slope J.</summary>
    private static Tensor ExponentialEuler(Func<Tensor, Tensor> f, Tensor x, double dt)
    {
        var (slope, value) = VectorGrad(f).WithValue().Invoke(x);
        return x + Np.Expm1(slope * dt) / slope * value;
    }

    public static void Run(TextWriter output, bool isSmall)
    {
        const double Dt = 0.02;
        var milliseconds = isSmall ? 100 : 1000;
        Tensor current = new[] { 0f, 4, 8, 16 };
        var neurons = new Neurons((int)current.Size);

        var simulate = Jit((Tensor steps) => Np.Sum(ForLoop(_ => neurons.Update(current, Dt).AsType(DType.Int32), steps), 0));
        var spikes = simulate(Np.Arange((int)(milliseconds / Dt)));
        for (var i = 0; i < spikes.Size; i++)
            output.WriteLine(Invariant($"{(float)current[i],4} µA/cm²: {(int)spikes[i],3} spikes in {milliseconds} ms"));
    }
}
