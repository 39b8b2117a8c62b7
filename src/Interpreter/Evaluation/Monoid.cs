using System.Numerics;
using BrainState.Interpretation.Numerics;

namespace BrainState.Interpretation.Evaluation;

/// <summary>
/// An associative function of two elements with its neutral element, for each kind of number that it is defined for: what reductions, running sums, windows, scatters and collectives
/// share. Reals accumulate in float64, integers exactly (modulo 2¹²⁸), and an element is made of them once at the end.
/// </summary>
internal sealed record Monoid(
    (double Neutral, Func<double, double, double> Combine)? Real = null,
    (Func<DType, Int128> Neutral, Func<Int128, Int128, Int128> Combine)? Integer = null,
    (Complex Neutral, Func<Complex, Complex, Complex> Combine)? Complex = null)
{
    public static readonly Monoid Sum = new((0, (x, y) => x + y), (_ => 0, (x, y) => x + y), (0, (x, y) => x + y));
    public static readonly Monoid Product = new((1, (x, y) => x * y), (_ => 1, (x, y) => x * y), (1, (x, y) => x * y));

    // Math.Max and Math.Min give NaN if either operand is, and order −0 before 0.
    public static readonly Monoid Max = new((double.NegativeInfinity, Math.Max), (Smallest, Int128.Max));
    public static readonly Monoid Min = new((double.PositiveInfinity, Math.Min), (Largest, Int128.Min));

    public static readonly Monoid And = new(Integer: (_ => -1, (x, y) => x & y));
    public static readonly Monoid Or = new(Integer: (_ => 0, (x, y) => x | y));
    public static readonly Monoid Xor = new(Integer: (_ => 0, (x, y) => x ^ y));
    public static readonly Monoid LogSumExp = new((double.NegativeInfinity, Accurate.LogAddExp));

    /// <summary>An empty accumulator.</summary>
    public Accumulator Start(DType dtype) => dtype.Kind switch
    {
        DTypeKinds.Floating when Real is var (neutral, combine) => new Accumulator<double>(neutral, combine, static x => x.ToDouble(), x => Number.Round(dtype, x)),
        DTypeKinds.Complex when Complex is var (neutral, combine) => new Accumulator<Complex>(neutral, combine, static x => x.ToComplex(), x => Number.Round(dtype, x)),
        DTypeKinds.Signed or DTypeKinds.Unsigned or DTypeKinds.Bool when Integer is var (neutral, combine) =>
            new Accumulator<Int128>(neutral(dtype), combine, Number.Integer, x => Number.Wrap(dtype, x)),
        _ => throw new NotSupportedException($"The combination is not defined for {dtype.Name}."),
    };

    /// <summary>The combination of all elements, rounded once.</summary>
    public Scalar Fold(DType dtype, IEnumerable<Scalar> elements)
    {
        var total = Start(dtype);
        foreach (var element in elements) total.Add(element);
        return total.Value;
    }

    /// <summary>The smallest integer of a dtype; false.</summary>
    public static Int128 Smallest(DType dtype) => dtype.Is(DTypeKinds.Signed) ? -(Int128.One << ((8 * dtype.Size) - 1)) : 0;

    /// <summary>The largest integer of a dtype; true.</summary>
    public static Int128 Largest(DType dtype) =>
        dtype == DType.Bool ? 1 : (Int128.One << (dtype.Is(DTypeKinds.Signed) ? (8 * dtype.Size) - 1 : 8 * dtype.Size)) - 1;
}

/// <summary>A running combination of elements.</summary>
internal abstract class Accumulator
{
    /// <summary>The combination so far, as an element: the neutral element if there was none.</summary>
    public abstract Scalar Value { get; }

    /// <summary>Combines one more element, from the right.</summary>
    public abstract void Add(Scalar element);
}

internal sealed class Accumulator<T>(T neutral, Func<T, T, T> combine, Func<Scalar, T> read, Func<T, Scalar> round) : Accumulator
{
    private T total = neutral;
    private bool isEmpty = true;

    public override Scalar Value => round(total);

    public override void Add(Scalar element)
    {
        total = isEmpty ? read(element) : combine(total, read(element)); // 0 + −0 would not be −0.
        isEmpty = false;
    }
}
