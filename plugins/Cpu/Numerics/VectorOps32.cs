using System.Runtime.CompilerServices;
using BrainState.Cpu.Kernels;
using BrainState.Cpu.Vectors;

namespace BrainState.Cpu.Numerics;

internal readonly struct Exp32 : IUnaryOp<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : unmanaged, IVector<V, float> => Float32Exponential.Exp(x);
}

internal readonly struct Exp2Of32 : IUnaryOp<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : unmanaged, IVector<V, float> => Float32Exponential.Exp2(x);
}

internal readonly struct Expm1Of32 : IUnaryOp<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : unmanaged, IVector<V, float> => Float32Exponential.Expm1(x);
}

internal readonly struct Logistic32 : IUnaryOp<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : unmanaged, IVector<V, float> => Float32Exponential.Logistic(x);
}

internal readonly struct Tanh32 : IUnaryOp<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : unmanaged, IVector<V, float> => Float32Exponential.Tanh(x);
}

internal readonly struct Log32 : IUnaryOp<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : unmanaged, IVector<V, float> => Float32Logarithm.Log(x);
}

internal readonly struct Log1pOf32 : IUnaryOp<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : unmanaged, IVector<V, float> => Float32Logarithm.Log1p(x);
}

internal readonly struct Sin32 : IUnaryOp<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : unmanaged, IVector<V, float> => Float32Trigonometry.Sin(x);
}

internal readonly struct Cos32 : IUnaryOp<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : unmanaged, IVector<V, float> => Float32Trigonometry.Cos(x);
}

internal readonly struct Erf32 : IUnaryOp<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : unmanaged, IVector<V, float> => Float32Error.Erf(x);
}

internal readonly struct ErfInv32 : IUnaryOp<float>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : unmanaged, IVector<V, float> => Float32Error.ErfInv(x);
}
