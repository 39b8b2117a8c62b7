namespace BrainState.NumPy;

/// <summary>
/// Standard normal variates by the ziggurat method (G. Marsaglia and W. W. Tsang, J. Stat. Software 5(8), 2000; 256 layers of
/// equal area as in J. A. Doornik, "An Improved Ziggurat Method", 2005), consuming bits in the order NumPy does.
/// </summary>
/// <remarks>
/// The tables come from the defining recurrence instead of a literal listing: with r the start of the tail and v the area of
/// a layer, x(255) = r and x(i) = sqrt(-2 ln(v / x(i+1) + f(x(i+1)))) with f(x) = exp(-x²/2). Individual entries differ from
/// NumPy's literals in the last bits, so float64 normals agree to about 1e-14; rounded to float32 they are equal.
/// </remarks>
internal static class Ziggurat
{
    private const int Layers = 256;
    private const double TailStart = 3.6541528853610087963519472518;
    private const double InverseTailStart = 0.27366123732975827203338247596;
    private const double LayerArea = 0.00492867323397465493;
    private const double MantissaRange = 1L << 52;
    private const ulong MantissaMask = (1UL << 52) - 1;

    /// <summary>Per layer: 52-bit magnitudes below this lie inside the curve whatever their height.</summary>
    private static readonly ulong[] Inside = new ulong[Layers];

    /// <summary>Per layer: its width divided by 2^52.</summary>
    private static readonly double[] Width = new double[Layers];

    /// <summary>Per layer: the density exp(-x²/2) at its right edge.</summary>
    private static readonly double[] Density = new double[Layers];

    static Ziggurat()
    {
        var x = TailStart;
        var f = Math.Exp(-0.5 * x * x);
        Width[0] = LayerArea / f / MantissaRange;
        Inside[0] = (ulong)(x * f / LayerArea * MantissaRange);
        Density[0] = 1.0;
        Width[Layers - 1] = x / MantissaRange;
        Density[Layers - 1] = f;

        for (var layer = Layers - 2; layer > 0; layer--)
        {
            var narrower = Math.Sqrt(-2.0 * Math.Log(LayerArea / x + f));
            Inside[layer + 1] = (ulong)(narrower / x * MantissaRange);
            x = narrower;
            f = Math.Exp(-0.5 * x * x);
            Width[layer] = x / MantissaRange;
            Density[layer] = f;
        }

        Inside[1] = 0; // the top layer has no rectangle inside the curve
    }

    /// <summary>One variate with mean 0 and variance 1; takes one 64-bit word in about 99 % of the calls.</summary>
    public static double Next(Pcg64 bits)
    {
        while (true)
        {
            var word = bits.NextUInt64();
            var layer = (int)(word & 0xFF);
            var magnitude = word >> 9 & MantissaMask;
            var x = magnitude * Width[layer];
            if ((word >> 8 & 1) != 0)
                x = -x;

            if (magnitude < Inside[layer])
                return x;

            if (layer == 0)
                return Tail(bits, negative: (magnitude >> 8 & 1) != 0);

            var height = (Density[layer - 1] - Density[layer]) * bits.NextDouble() + Density[layer];
            if (height < Math.Exp(-0.5 * x * x))
                return x;
        }
    }

    /// <summary>Marsaglia's exact method for the part beyond <see cref="TailStart"/>.</summary>
    private static double Tail(Pcg64 bits, bool negative)
    {
        while (true)
        {
            var x = -InverseTailStart * LogOneMinus(bits.NextDouble());
            var y = -LogOneMinus(bits.NextDouble());
            if (y + y > x * x)
                return negative ? -(TailStart + x) : TailStart + x;
        }
    }

    /// <summary>ln(1 - u) without cancellation for small u (W. Kahan's correction of the rounded 1 - u).</summary>
    private static double LogOneMinus(double u)
    {
        var rest = 1.0 - u;
        return rest == 1.0 ? -u : Math.Log(rest) * -u / (rest - 1.0);
    }
}
