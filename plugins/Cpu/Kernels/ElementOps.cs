using System.Runtime.CompilerServices;
using BrainState.Cpu.Vectors;

namespace BrainState.Cpu.Kernels;

/// <summary>A function of one vector of <typeparamref name="T"/>.</summary>
internal interface IUnaryOp<T> where T : unmanaged
{
    static abstract V Apply<V>(V x) where V : unmanaged, IVector<V, T>;
}

/// <summary>A function of two vectors of <typeparamref name="T"/>.</summary>
internal interface IBinaryOp<T> where T : unmanaged
{
    static abstract V Apply<V>(V x, V y) where V : unmanaged, IVector<V, T>;
}

/// <summary>A relation of two vectors of <typeparamref name="T"/>; the result is a mask.</summary>
internal interface IRelation<T> where T : unmanaged
{
    static abstract V Apply<V>(V x, V y) where V : unmanaged, IVector<V, T>;
}

/// <summary>A function of one element, for what has no vector form.</summary>
internal interface IScalarUnaryOp<T> where T : unmanaged
{
    static abstract T Apply(T x);
}

/// <summary>A function of two elements, for what has no vector form.</summary>
internal interface IScalarBinaryOp<T> where T : unmanaged
{
    static abstract T Apply(T x, T y);
}

/// <summary>A relation of two elements.</summary>
internal interface IScalarRelation<T> where T : unmanaged
{
    static abstract bool Apply(T x, T y);
}

/// <summary>A function from one element type to another.</summary>
internal interface IScalarMap<TFrom, TTo> where TFrom : unmanaged where TTo : unmanaged
{
    static abstract TTo Apply(TFrom x);
}

/// <summary>A unary function of vectors of any element type.</summary>
internal interface IAnyUnaryOp
{
    static abstract V Apply<V, T>(V x) where T : unmanaged where V : unmanaged, IVector<V, T>;
}

/// <summary>A binary function of vectors of any element type.</summary>
internal interface IAnyBinaryOp
{
    static abstract V Apply<V, T>(V x, V y) where T : unmanaged where V : unmanaged, IVector<V, T>;
}

/// <summary>A function of any element type at <typeparamref name="T"/>.</summary>
internal readonly struct At<TOp, T> : IBinaryOp<T>, IRelation<T> where TOp : struct, IAnyBinaryOp where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x, V y) where V : unmanaged, IVector<V, T> => TOp.Apply<V, T>(x, y);
}

/// <summary>A unary function of any element type at <typeparamref name="T"/>.</summary>
internal readonly struct UnaryAt<TOp, T> : IUnaryOp<T> where TOp : struct, IAnyUnaryOp where T : unmanaged
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Apply<V>(V x) where V : unmanaged, IVector<V, T> => TOp.Apply<V, T>(x);
}
