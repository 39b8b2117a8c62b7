using System.Numerics;
using BrainState.Interpretation.Numerics;
using BrainState.Ops;

namespace BrainState.Interpretation.Evaluation;

/// <summary>Rules of elementwise ops from functions on numbers: one function for each kind of number that the op accepts.</summary>
/// <remarks>Functions of reals get and give float64, those of integers are exact. The result is then rounded, or wrapped around, to the dtype once.</remarks>
internal static class Pointwise
{
    /// <summary>The rule of an op whose result element is a function of the operand elements.</summary>
    public static void AddPointwise<TOp>(this RuleTable table, Func<TOp, Scalar[], DType, Scalar> function) where TOp : Op => table.Add<TOp>((op, step) =>
    {
        var elements = new Scalar[step.Operands.Length];
        return HostValue.Generate(step.Result, i =>
        {
            for (var k = 0; k < elements.Length; k++) elements[k] = step.Operands[k].At(i);
            return function(op, elements, step.Result.DType);
        });
    });

    public static void AddUnary<TOp>(
        this RuleTable table, Func<double, double>? real = null, Func<Int128, Int128>? integer = null, Func<Complex, Complex>? complex = null)
        where TOp : Op => table.AddPointwise<TOp>((op, x, result) => x[0].DType.Kind switch
        {
            DTypeKinds.Floating when real is not null => Number.Round(result, real(x[0].ToDouble())),
            DTypeKinds.Complex when complex is not null => Number.Round(result, complex(x[0].ToComplex())),
            DTypeKinds.Signed or DTypeKinds.Unsigned or DTypeKinds.Bool when integer is not null => Number.Wrap(result, integer(Number.Integer(x[0]))),
            _ => throw Unsupported(op, x[0].DType),
        });

    public static void AddBinary<TOp>(
        this RuleTable table,
        Func<double, double, double>? real = null, Func<Int128, Int128, Int128>? integer = null, Func<Complex, Complex, Complex>? complex = null)
        where TOp : Op => table.AddPointwise<TOp>((op, x, result) => x[0].DType.Kind switch
        {
            DTypeKinds.Floating when real is not null => Number.Round(result, real(x[0].ToDouble(), x[1].ToDouble())),
            DTypeKinds.Complex when complex is not null => Number.Round(result, complex(x[0].ToComplex(), x[1].ToComplex())),
            DTypeKinds.Signed or DTypeKinds.Unsigned or DTypeKinds.Bool when integer is not null =>
                Number.Wrap(result, integer(Number.Integer(x[0]), Number.Integer(x[1]))),
            _ => throw Unsupported(op, x[0].DType),
        });

    /// <summary>The element that takes part at a position of the result: a scalar takes part everywhere.</summary>
    public static Scalar At(this HostValue value, int position) => value[value.Spec.Rank == 0 ? 0 : position];

    public static NotSupportedException Unsupported(Op op, DType dtype) => new($"{op.Name} is not defined for {dtype.Name}.");
}
