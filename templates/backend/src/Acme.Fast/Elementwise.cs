using System.Numerics;
using BrainState.Ops;

namespace Acme.Fast;

/// <summary>Ops that compute each element from the operands' elements at the same position.</summary>
internal static class Elementwise
{
    /// <summary>The kernels for signed integers and floats.</summary>
    public static Kernel? OfNumbers<T>(Op op) where T : unmanaged, INumber<T> => op switch
    {
        Add => Binary<T, T>(static (x, y) => x + y),
        Mul => Binary<T, T>(static (x, y) => x * y),
        Max => Binary<T, T>(T.Max),
        Min => Binary<T, T>(T.Min),
        Lt => Binary<T, bool>(static (x, y) => x < y),
        Neg => Unary<T>(static x => -x),
        _ => null,
    };

    /// <summary>The kernels for floats.</summary>
    public static Kernel? OfFloats<T>(Op op) where T : unmanaged, IFloatingPointIeee754<T> => op switch
    {
        Div => Binary<T, T>(static (x, y) => x / y),
        Exp => Unary<T>(T.Exp),
        Log => Unary<T>(T.Log),
        Sqrt => Unary<T>(T.Sqrt),
        Tanh => Unary<T>(T.Tanh),
        _ => OfNumbers<T>(op),
    };

    private static Kernel Unary<T>(Func<T, T> compute) where T : unmanaged => (inputs, outputs) =>
    {
        ReadOnlySpan<T> x = inputs[0].Span<T>();
        var result = outputs[0].Span<T>();
        for (var i = 0; i < result.Length; i++) result[i] = compute(x[i]);
    };

    /// <summary>An operand of rank 0 counts as any shape.</summary>
    private static Kernel Binary<T, TResult>(Func<T, T, TResult> compute) where T : unmanaged where TResult : unmanaged => (inputs, outputs) =>
    {
        ReadOnlySpan<T> x = inputs[0].Span<T>(), y = inputs[1].Span<T>();
        var (xStep, yStep) = (Math.Sign(inputs[0].Spec.Rank), Math.Sign(inputs[1].Spec.Rank));
        var result = outputs[0].Span<TResult>();
        for (var i = 0; i < result.Length; i++) result[i] = compute(x[i * xStep], y[i * yStep]);
    };
}
