using BrainState.Nn;
using static System.FormattableString;
using static BrainState.Transforms;

namespace BrainState.Examples.Gallery;

/// <summary>
/// A continuous attractor network on a ring (S. Wu, K. Hamaguchi and S. Amari, Neural Computation 20, 2008): neurons excite their neighbours, divisive inhibition keeps the sum in check, and
/// a bump of activity stays where it is or follows a moving stimulus.
/// </summary>
internal static class RingAttractor
{
    private sealed class Ring : Module
    {
        private const double TimeConstant = 1, Inhibition = 8.1, Width = 0.5, Strength = 4, StimulusStrength = 10;

        private readonly Tensor positions;
        private readonly Tensor weights;

        public Ring(int count)
        {
            positions = Np.Linspace(-Math.PI, Math.PI * (1 - 2.0 / count), count);
            var density = count / (2 * Math.PI);
            weights = Strength * Bump(positions.Reshape(-1, 1) - positions, 2 * Width * Width) / (Math.Sqrt(2 * Math.PI) * Width) / density;
            Density = density;
            U = new(Np.Zeros([count]));
        }

        public double Density { get; }

        public HiddenState U { get; }

        public Tensor Rates()
        {
            var squared = Np.Square(Np.Maximum(U.Value, 0));
            return squared / (1 + Inhibition / Density * 0.1 * Np.Sum(squared));
        }

        /// <summary>Advances by dt under a stimulus at an angle, and returns where the bump is.</summary>
        public Tensor Update(Tensor angle, double dt)
        {
            var stimulus = StimulusStrength * Bump(positions - angle, 4 * Width * Width);
            var recurrent = weights.MatMul(Rates());
            U.Value += dt / TimeConstant * (recurrent + stimulus - U.Value);

            // The direction of the population vector.
            var rates = Rates();
            return Np.ArcTan2(Np.Sum(rates * Np.Sin(positions)), Np.Sum(rates * Np.Cos(positions)));
        }

        /// <summary>A bell around 0 on the ring.</summary>
        private static Tensor Bump(Tensor distance, double spread)
        {
            var onRing = Np.ArcTan2(Np.Sin(distance), Np.Cos(distance));
            return Np.Exp(-onRing * onRing / spread);
        }
    }

    public static void Run(TextWriter output, bool isSmall)
    {
        const double Dt = 0.05;
        var ring = new Ring(isSmall ? 64 : 256);

        // The stimulus rests, turns by two thirds of the circle, and rests again.
        var path = Np.Concatenate([Np.Zeros([200]), Np.Linspace(0, 2, 800), Np.Full([200], 2f)]);
        var decoded = Jit((Tensor path) => ForLoop(angle => ring.Update(angle, Dt), path))(path);
        var lag = Np.Abs(decoded - path)[200..];
        output.WriteLine(Invariant($"stimulus ends at 2.000 rad, bump at {(float)decoded[-1]:F3} rad"));
        output.WriteLine(Invariant($"lag while it moves {(float)Np.Mean(lag[..800]):F3} rad on average, after it stopped {(float)lag[-1]:F3} rad"));
    }
}
