using BrainState.Execution;

namespace BrainState;

/// <summary>
/// NumPy's functions on tensors, with its broadcasting and names and with JAX's promotion of dtypes. Everything works on concrete and on
/// traced tensors alike.
/// </summary>
public static partial class Np
{
    /// <summary>The ratio of a circle's circumference to its diameter.</summary>
    public const double Pi = Math.PI;

    /// <summary>Operands converted to their common dtype and broadcast to their common shape; scalars stay scalars, since every elementwise op takes them.</summary>
    private static Tensor[] Promote(ReadOnlySpan<Tensor> operands, bool toInexact = false)
    {
        var type = Promotion.Of(operands);
        if (toInexact && !type.DType.Is(DTypeKinds.Inexact)) type = new(Environ.DefaultFloat, type.IsWeak);
        var shapes = new Shape[operands.Length];
        for (var i = 0; i < shapes.Length; i++) shapes[i] = operands[i].Shape;
        var shape = Broadcasting.Of(shapes);

        var promoted = new Tensor[operands.Length];
        for (var i = 0; i < promoted.Length; i++)
        {
            var operand = operands[i].WithLiteralDType(type.DType, type.IsWeak) ?? (operands[i].DType == type.DType ? operands[i] : Lax.ConvertElementType(operands[i], type.DType));
            promoted[i] = operand.Rank == 0 ? operand : Broadcasting.To(operand, shape);
        }
        return promoted;
    }

    /// <summary>Whether the operands need neither conversion nor broadcasting, so that one op does it all.</summary>
    private static bool Fit(Tensor x, Tensor y) =>
        x.DType == y.DType && (x.Shape == y.Shape || x.Rank == 0 || y.Rank == 0);

    private static Tensor Binary(string name, Tensor x, Tensor y, Func<Tensor, Tensor, Tensor> op, bool toInexact = false)
    {
        if (Fit(x, y) && (!toInexact || x.DType.IsDifferentiable)) return op(x, y);
        return Composed.Run(name, toInexact, [x, y], (inexact, operands) =>
        {
            var promoted = Promote(operands, inexact);
            return op(promoted[0], promoted[1]);
        });
    }

    private static Tensor Inexact(string name, Tensor x, Func<Tensor, Tensor> op) =>
        x.DType.IsDifferentiable ? op(x) : Composed.Run(name, 0, [x], (_, operands) => op(Promote(operands, toInexact: true)[0]));
}
