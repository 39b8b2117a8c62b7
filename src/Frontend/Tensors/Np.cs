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
        var type = CommonType(operands, toInexact);
        var shapes = new Shape[operands.Length];
        for (var i = 0; i < shapes.Length; i++) shapes[i] = operands[i].Shape;
        var shape = Broadcasting.Of(shapes);

        var promoted = new Tensor[operands.Length];
        for (var i = 0; i < promoted.Length; i++)
        {
            var operand = operands[i].WithLiteralDType(type.DType, type.IsWeak)
                ?? (operands[i].DType == type.DType ? operands[i] : Lax.ConvertElementType(operands[i], type.DType).Share(type.IsWeak));
            promoted[i] = operand.Rank == 0 ? operand : Broadcasting.To(operand, shape);
        }
        return promoted;
    }

    private static PromotedType CommonType(ReadOnlySpan<Tensor> operands, bool toInexact)
    {
        var type = Promotion.Of(operands);
        return toInexact && !type.DType.Is(DTypeKinds.Inexact) ? new(Environ.DefaultFloat, type.IsWeak) : type;
    }

    /// <summary>The operands with C# numbers in the common dtype already, because as operands of a composed function they would be rounded to their own first.</summary>
    private static Tensor[] Exact(ReadOnlySpan<Tensor> operands, bool toInexact = false)
    {
        var exact = operands.ToArray();
        if (!exact.Any(static o => o.IsNumber)) return exact;
        var type = CommonType(operands, toInexact);
        for (var i = 0; i < exact.Length; i++) exact[i] = exact[i].WithLiteralDType(type.DType, type.IsWeak || exact[i].IsWeak) ?? exact[i];
        return exact;
    }

    /// <summary>Whether the operands need neither conversion nor broadcasting, so that one op does it all.</summary>
    private static bool Fit(Tensor x, Tensor y) =>
        x.DType == y.DType && (x.Shape == y.Shape || x.Rank == 0 || y.Rank == 0);

    private static Tensor Binary(string name, Tensor x, Tensor y, Func<Tensor, Tensor, Tensor> op, bool toInexact = false)
    {
        if (Fit(x, y) && (!toInexact || x.DType.IsDifferentiable)) return op(x, y);
        return Composed.Run(name, toInexact, Exact([x, y], toInexact), (inexact, operands) =>
        {
            var promoted = Promote(operands, inexact);
            return op(promoted[0], promoted[1]);
        });
    }

    private static Tensor Inexact(string name, Tensor x, Func<Tensor, Tensor> op) =>
        x.DType.IsDifferentiable ? op(x) : Composed.Run(name, 0, [x], (_, operands) => op(Promote(operands, toInexact: true)[0]));
}
