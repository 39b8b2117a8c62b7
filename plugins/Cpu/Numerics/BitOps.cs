using System.Numerics;
using BrainState.Cpu.Kernels;

namespace BrainState.Cpu.Numerics;

/// <summary>A function of one integer of any width.</summary>
internal interface IIntegerOp
{
    static abstract T Apply<T>(T x) where T : unmanaged, IBinaryInteger<T>;
}

internal readonly struct PopulationCountOp : IIntegerOp { public static T Apply<T>(T x) where T : unmanaged, IBinaryInteger<T> => T.PopCount(x); }

internal readonly struct LeadingZerosOp : IIntegerOp { public static T Apply<T>(T x) where T : unmanaged, IBinaryInteger<T> => T.LeadingZeroCount(x); }

/// <summary>A function of integers at <typeparamref name="T"/>.</summary>
internal readonly struct IntegerAt<TOp, T> : IScalarUnaryOp<T> where TOp : struct, IIntegerOp where T : unmanaged, IBinaryInteger<T>
{
    public static T Apply(T x) => TOp.Apply(x);
}

/// <summary>The neighbour of x towards y, in the numbers of the lane.</summary>
internal readonly struct NextAfterOp<T> : IScalarBinaryOp<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static T Apply(T x, T y) => T.IsNaN(x) || x == y ? T.IsNaN(x) ? x : y : T.IsNaN(y) ? y : x < y ? T.BitIncrement(x) : T.BitDecrement(x);
}

/// <summary>The neighbour of x towards y among the float16, held in float32 lanes.</summary>
internal readonly struct NextFloat16Op : IScalarBinaryOp<float>
{
    public static float Apply(float x, float y) => (float)NextAfterOp<Half>.Apply((Half)x, (Half)y);
}

/// <summary>The neighbour of x towards y among the bfloat16, held in float32 lanes: their bits are the upper half.</summary>
internal readonly struct NextBFloat16Op : IScalarBinaryOp<float>
{
    private const uint Step = 0x10000;

    public static float Apply(float x, float y)
    {
        if (float.IsNaN(x) || float.IsNaN(y)) return float.NaN;
        if (x == y) return y;
        var bits = BitConverter.SingleToUInt32Bits(x);
        if (x == 0) return BitConverter.UInt32BitsToSingle(y < 0 ? Step | 0x80000000 : Step);
        return BitConverter.UInt32BitsToSingle(x < y == x > 0 ? bits + Step : bits - Step);
    }
}
