using System.Numerics;
using System.Runtime.CompilerServices;
using BrainState.Cpu.Numerics;

namespace BrainState.Cpu.Kernels;

/// <summary>Result = A (complex) to the integer power Parameter, by squaring and multiplying; negative powers are reciprocals.</summary>
internal static unsafe class ComplexPowerKernels<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static TileKernel Dense => &Run;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(byte** registers, Instruction* instruction, nint start, nint count)
    {
        var result = (Complex<T>*)registers[instruction->Result];
        var x = (Complex<T>*)registers[instruction->A];
        for (nint i = 0; i < count; i++) result[i] = Complex<T>.Round(Power(x[i].Widen(), instruction->Parameter));
    }

    private static Complex Power(Complex x, long exponent)
    {
        var power = Complex.One;
        for (var rest = Math.Abs(exponent); rest != 0; rest >>= 1, x *= x)
            if ((rest & 1) != 0)
                power *= x;
        return exponent < 0 ? 1 / power : power;
    }
}
