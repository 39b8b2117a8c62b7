using System.Numerics;
using BrainState.Cpu.Kernels;

namespace BrainState.Cpu.Numerics;

/// <summary>The ways in which elements are combined.</summary>
internal enum Monoid
{
    Sum,
    Product,
    Max,
    Min,
}

internal readonly struct SumOf<T> : IScalarBinaryOp<T> where T : unmanaged, IAdditionOperators<T, T, T>
{
    public static T Apply(T x, T y) => x + y;
}

internal readonly struct ProductOf<T> : IScalarBinaryOp<T> where T : unmanaged, IMultiplyOperators<T, T, T>
{
    public static T Apply(T x, T y) => x * y;
}

/// <summary>NaN if either is.</summary>
internal readonly struct MaxOf<T> : IScalarBinaryOp<T> where T : unmanaged, INumber<T>
{
    public static T Apply(T x, T y) => T.Max(x, y);
}

/// <summary>NaN if either is.</summary>
internal readonly struct MinOf<T> : IScalarBinaryOp<T> where T : unmanaged, INumber<T>
{
    public static T Apply(T x, T y) => T.Min(x, y);
}

/// <summary>log(eˣ + eʸ).</summary>
internal readonly struct LogAddExpOp : IScalarBinaryOp<double>
{
    public static double Apply(double x, double y)
    {
        var largest = Math.Max(x, y);
        // Of two equal infinities the difference is NaN.
        return double.IsFinite(largest) ? largest + Float64Logarithm.Log1p(Math.Exp(-Math.Abs(x - y))) : largest;
    }
}

/// <summary>The second operand.</summary>
internal readonly struct ReplaceOf<T> : IScalarBinaryOp<T> where T : unmanaged
{
    public static T Apply(T x, T y) => y;
}

/// <summary>A function of float16 computed in float32 and rounded.</summary>
internal readonly struct AtHalf<TOp> : IScalarBinaryOp<Half> where TOp : struct, IScalarBinaryOp<float>
{
    public static Half Apply(Half x, Half y) => (Half)TOp.Apply((float)x, (float)y);
}

/// <summary>A function of bfloat16 computed in float32 and rounded.</summary>
internal readonly struct AtBFloat16<TOp> : IScalarBinaryOp<BFloat16> where TOp : struct, IScalarBinaryOp<float>
{
    public static BFloat16 Apply(BFloat16 x, BFloat16 y) => (BFloat16)TOp.Apply(x, y);
}

/// <summary>Makes something of a function of two elements.</summary>
internal interface IMonoidVisitor<TResult>
{
    TResult Visit<TOp, T>() where TOp : struct, IScalarBinaryOp<T> where T : unmanaged;
}

/// <summary>Chooses the function for a dtype. Numbers of 16 bits are rounded after each combination; bools are bytes, whose maximum is "or".</summary>
internal static class Monoids
{
    public static TResult Visit<TVisitor, TResult>(Monoid monoid, DType dtype, TVisitor visitor) where TVisitor : IMonoidVisitor<TResult> => dtype switch
    {
        DType.Bool or DType.UInt8 => Real<byte, TVisitor, TResult>(monoid, visitor),
        DType.Int8 => Real<sbyte, TVisitor, TResult>(monoid, visitor),
        DType.Int16 => Real<short, TVisitor, TResult>(monoid, visitor),
        DType.Int32 => Real<int, TVisitor, TResult>(monoid, visitor),
        DType.Int64 => Real<long, TVisitor, TResult>(monoid, visitor),
        DType.UInt16 => Real<ushort, TVisitor, TResult>(monoid, visitor),
        DType.UInt32 => Real<uint, TVisitor, TResult>(monoid, visitor),
        DType.UInt64 => Real<ulong, TVisitor, TResult>(monoid, visitor),
        DType.Float16 => monoid switch
        {
            Monoid.Sum => visitor.Visit<AtHalf<SumOf<float>>, Half>(),
            Monoid.Product => visitor.Visit<AtHalf<ProductOf<float>>, Half>(),
            Monoid.Max => visitor.Visit<AtHalf<MaxOf<float>>, Half>(),
            _ => visitor.Visit<AtHalf<MinOf<float>>, Half>(),
        },
        DType.BFloat16 => monoid switch
        {
            Monoid.Sum => visitor.Visit<AtBFloat16<SumOf<float>>, BFloat16>(),
            Monoid.Product => visitor.Visit<AtBFloat16<ProductOf<float>>, BFloat16>(),
            Monoid.Max => visitor.Visit<AtBFloat16<MaxOf<float>>, BFloat16>(),
            _ => visitor.Visit<AtBFloat16<MinOf<float>>, BFloat16>(),
        },
        DType.Float32 => Real<float, TVisitor, TResult>(monoid, visitor),
        DType.Float64 => Real<double, TVisitor, TResult>(monoid, visitor),
        DType.Complex64 => Complex<Complex<float>, TVisitor, TResult>(monoid, visitor),
        _ => Complex<Complex<double>, TVisitor, TResult>(monoid, visitor),
    };

    private static TResult Real<T, TVisitor, TResult>(Monoid monoid, TVisitor visitor)
        where T : unmanaged, INumber<T> where TVisitor : IMonoidVisitor<TResult> => monoid switch
        {
            Monoid.Sum => visitor.Visit<SumOf<T>, T>(),
            Monoid.Product => visitor.Visit<ProductOf<T>, T>(),
            Monoid.Max => visitor.Visit<MaxOf<T>, T>(),
            _ => visitor.Visit<MinOf<T>, T>(),
        };

    private static TResult Complex<T, TVisitor, TResult>(Monoid monoid, TVisitor visitor)
        where T : unmanaged, IAdditionOperators<T, T, T>, IMultiplyOperators<T, T, T> where TVisitor : IMonoidVisitor<TResult> =>
        monoid == Monoid.Sum ? visitor.Visit<SumOf<T>, T>() : visitor.Visit<ProductOf<T>, T>();
}
