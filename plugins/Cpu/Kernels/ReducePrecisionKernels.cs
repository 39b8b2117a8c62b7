using System.Numerics;
using System.Runtime.CompilerServices;

namespace BrainState.Cpu.Kernels;

/// <summary>The format that numbers are rounded to, and the exponent bits of the dtype that they are from.</summary>
internal readonly record struct FloatFormat(byte ExponentBits, byte MantissaBits, byte OwnExponentBits)
{
    /// <summary>The format as the constant of an instruction, and back.</summary>
    public long Packed => ExponentBits | MantissaBits << 8 | OwnExponentBits << 16;

    public static FloatFormat Unpack(long packed) => new((byte)packed, (byte)(packed >> 8), (byte)(packed >> 16));

    /// <summary>
    /// x rounded to so many mantissa bits, ties to even. A smaller range of exponents makes larger numbers infinite and flushes what would be
    /// subnormal; subnormal numbers of the dtype itself have the mantissa bits that they have.
    /// </summary>
    public double Round(double x)
    {
        if (!double.IsFinite(x) || x == 0) return x;
        var unit = Math.Max(Math.ILogB(x), 2 - (1 << (OwnExponentBits - 1))) - MantissaBits;
        var rounded = Math.ScaleB(Math.Round(Math.ScaleB(x, -unit), MidpointRounding.ToEven), unit);
        if (ExponentBits >= OwnExponentBits || rounded == 0) return rounded;
        var (exponent, bias) = (Math.ILogB(rounded), (1 << (ExponentBits - 1)) - 1);
        return exponent > bias ? Math.CopySign(double.PositiveInfinity, x) : exponent <= -bias ? Math.CopySign(0, x) : rounded;
    }
}

/// <summary>Result = A rounded to a shorter format (Parameter: <see cref="FloatFormat.Packed"/>), in float64, which holds every dtype.</summary>
internal static unsafe class ReducePrecisionKernels<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static TileKernel Dense => &Run;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(byte** registers, Instruction* instruction, nint start, nint count)
    {
        var result = (T*)registers[instruction->Result];
        var x = (T*)registers[instruction->A];
        var format = FloatFormat.Unpack(instruction->Parameter);
        for (nint i = 0; i < count; i++) result[i] = T.CreateTruncating(format.Round(double.CreateTruncating(x[i])));
    }
}
