using BrainState.Ops;
using BrainState.Programs;
using BrainState.StableHlo.Syntax;

namespace BrainState.StableHlo.Import;

/// <summary>The operations that regions of reductions and scatters apply to an accumulated value and a new one, and that have ops of their own.</summary>
internal enum MonoidKind
{
    /// <summary>The new value.</summary>
    Replace,
    /// <summary>The sum.</summary>
    Add,
    /// <summary>The product.</summary>
    Multiply,
    /// <summary>The larger.</summary>
    Maximum,
    /// <summary>The smaller.</summary>
    Minimum,
    /// <summary>Bits set in both.</summary>
    And,
    /// <summary>Bits set in either.</summary>
    Or,
    /// <summary>Bits set in one.</summary>
    Xor,
}

/// <summary>Recognises regions.</summary>
internal static class Monoid
{
    /// <summary>
    /// For a region of n accumulated and n new values: what is done to each pair, where nothing else is done. On truth values a sum is <see cref="MonoidKind.Or"/> and a
    /// product <see cref="MonoidKind.And"/>. Null for any other region, and where there is no op for the dtype.
    /// </summary>
    public static MonoidKind[]? Recognize(MlirRegion region)
    {
        var count = region.Arguments.Count / 2;
        if (count == 0 || region.Arguments.Count % 2 != 0 || region.Ops is not [.., { Name: "stablehlo.return" } end] || end.Operands.Count != count) return null;
        var kinds = new MonoidKind[count];
        for (var i = 0; i < count; i++)
        {
            var (accumulated, added) = (region.Arguments[i], region.Arguments[count + i]);
            var result = end.Operands[i].Name;
            if (result == added.Name.Name)
            {
                kinds[i] = MonoidKind.Replace;
                continue;
            }
            var op = region.Ops.FirstOrDefault(op => op.Results is [var only] && only.Name == result);
            if (op is not { Operands: [var left, var right] } || Kind(op.Name) is not { } kind) return null;
            if ((left.Name, right.Name) != (accumulated.Name.Name, added.Name.Name) && (left.Name, right.Name) != (added.Name.Name, accumulated.Name.Name)) return null;
            var dtype = Types.Spec(accumulated.Type, accumulated.Name.Location).DType;
            kinds[i] = kind switch
            {
                MonoidKind.Add or MonoidKind.Maximum when dtype == DType.Bool => MonoidKind.Or,
                MonoidKind.Multiply or MonoidKind.Minimum when dtype == DType.Bool => MonoidKind.And,
                _ => kind,
            };
            if (!kinds[i].Op().AcceptsDType(dtype)) return null;
        }
        return kinds;
    }

    /// <summary>The op of two tensors.</summary>
    public static Elementwise Op(this MonoidKind kind) => kind switch
    {
        MonoidKind.Add => new Add(),
        MonoidKind.Multiply => new Mul(),
        MonoidKind.Maximum => new Max(),
        MonoidKind.Minimum => new Min(),
        MonoidKind.And => new And(),
        MonoidKind.Or => new Or(),
        _ => new Xor(),
    };

    /// <summary>The value that changes nothing. For floating maxima and minima it is infinite; a sum of floats may also start at −0.</summary>
    public static Scalar Neutral(this MonoidKind kind, DType dtype) => kind switch
    {
        MonoidKind.Multiply => Scalar.Of(dtype, 1L),
        MonoidKind.Maximum => Least(dtype),
        MonoidKind.Minimum => dtype.IsFloating ? Scalar.Of(dtype, double.PositiveInfinity) : new(dtype, ~Least(dtype).Bits),
        MonoidKind.And => new(dtype, UInt128.MaxValue),
        _ => new(dtype, 0),
    };

    /// <summary>Whether an initial value is known to change nothing.</summary>
    public static bool IsNeutral(this MonoidKind kind, Operand initial)
    {
        if (!initial.IsLiteral) return false;
        var value = initial.Literal;
        return value == kind.Neutral(value.DType) || (kind == MonoidKind.Add && value.DType.Is(DTypeKinds.Inexact) && value.ToComplex() == 0);
    }

    private static Scalar Least(DType dtype) => dtype.Kind switch
    {
        DTypeKinds.Floating => Scalar.Of(dtype, double.NegativeInfinity),
        DTypeKinds.Signed => new(dtype, UInt128.One << (8 * dtype.Size - 1)),
        _ => new(dtype, 0),
    };

    private static MonoidKind? Kind(string name) => name switch
    {
        "stablehlo.add" => MonoidKind.Add,
        "stablehlo.multiply" => MonoidKind.Multiply,
        "stablehlo.maximum" => MonoidKind.Maximum,
        "stablehlo.minimum" => MonoidKind.Minimum,
        "stablehlo.and" => MonoidKind.And,
        "stablehlo.or" => MonoidKind.Or,
        "stablehlo.xor" => MonoidKind.Xor,
        _ => null,
    };
}
