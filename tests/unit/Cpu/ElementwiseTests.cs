using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.Cpu;

/// <summary>Every elementwise op, on every dtype it accepts, on several shapes and with special values.</summary>
public class ElementwiseTests
{
    /// <summary>The op, the allowed error in units in the last place (float32 and float64), and the largest operand the reference is good for.</summary>
    private sealed record Case(Op Op, double Ulps = 0, double Limit = double.PositiveInfinity);

    private static readonly Case[] Cases =
    [
        new(new Neg()), new(new Abs()), new(new Sign()), new(new Floor()), new(new Ceil()), new(new Not()), new(new StopGradient()),
        new(new Round(RoundingMethod.ToNearestEven)), new(new Round(RoundingMethod.AwayFromZero)), new(new IsFinite()), new(new Square()),
        new(new Sqrt()), new(new Rsqrt(), 2), new(new Cbrt(), 1), new(new Exp(), 2), new(new Exp2(), 2), new(new Expm1(), 2), new(new Log(), 2),
        new(new Log1p(), 2), new(new Tanh(), 2), new(new Logistic(), 2), new(new Sin(), 2), new(new Cos(), 2), new(new Tan(), 2), new(new Asin(), 1),
        new(new Acos(), 1), new(new Atan(), 1), new(new Sinh(), 1), new(new Cosh(), 1), new(new Asinh(), 1), new(new Acosh(), 1), new(new Atanh(), 1),
        new(new Erf(), 2), new(new ErfInv(), 16, 1), new(new IntegerPow(0)), new(new IntegerPow(1)), new(new IntegerPow(3), 2), new(new IntegerPow(7), 6),
        new(new IntegerPow(-2), 3), new(new Add()), new(new Sub()), new(new Mul()), new(new Div()), new(new Rem()), new(new Max()), new(new Min()),
        new(new Pow(), 1), new(new Atan2(), 1), new(new And()), new(new Or()), new(new Xor()), new(new ShiftLeft()), new(new ShiftRightLogical()),
        new(new ShiftRightArithmetic()), new(new Eq()), new(new Ne()), new(new Lt()), new(new Le()), new(new Gt()), new(new Ge()),
        .. Samples.All.Select(static dtype => new Case(new ConvertElementType(dtype))),
    ];

    private static readonly Shape[] Shapes = [Shape.Scalar, [0], [1], [7], [3, 5], [2, 64], [5, 1, 77]];

    public static TheoryData<int> Indices => [.. Enumerable.Range(0, Cases.Length)];

    [Theory, MemberData(nameof(Indices))]
    public void EveryDTypeAndShape(int index)
    {
        var test = Cases[index];
        var op = (Elementwise)test.Op;
        foreach (var dtype in Samples.OfKind(op.Accepts))
            foreach (var shape in Shapes)
                Check(test, dtype, op.Arity, shape, shape);
    }

    [Theory, MemberData(nameof(Indices))]
    public void ScalarOperands(int index)
    {
        var test = Cases[index];
        var op = (Elementwise)test.Op;
        if (op.Arity != 2) return;
        foreach (var dtype in Samples.OfKind(op.Accepts))
        {
            Check(test, dtype, 2, Shape.Scalar, [67]);
            Check(test, dtype, 2, [67], Shape.Scalar);
        }
    }

    [Theory, MemberData(nameof(Indices))]
    public void ManyElements(int index)
    {
        var test = Cases[index];
        var op = (Elementwise)test.Op;
        var dtype = DType.Float32.Is(op.Accepts) ? DType.Float32 : DType.Int32;
        if (op is not ErfInv) Check(test, dtype, op.Arity, [401, 257], [401, 257]);
    }

    private static void Check(Case test, DType dtype, int arity, Shape first, Shape second)
    {
        var builder = new ProgramBuilder();
        TensorSpec[] specs = arity == 1 ? [new(dtype, first)] : [new(dtype, first), new(dtype, second)];
        var inputs = Array.ConvertAll(specs, builder.AddInput);
        var program = builder.Build(builder.Add(test.Op, inputs));
        var arguments = specs.Select((spec, i) => Samples.Random(spec, 17 * i + spec.Shape.GetHashCode(), test.Limit)).ToArray();
        var actual = Tensor.Run(program, arguments)[0];
        var ulps = test switch
        {
            { Ulps: 0 } => 0,
            // Functions in float32 lanes round once more to 16 bits and can then differ in the last place.
            _ when dtype.Size == 2 => 1,
            // The reference computes in float64 itself; its inverse error function is a bisection.
            _ when dtype == DType.Float64 => test.Op is ErfInv ? 64 : 8,
            _ => test.Ulps,
        };
        Reference.Evaluate(program, arguments)[0].AssertClose(actual, $"{test.Op} of {string.Join(", ", specs)}", ulps);
    }
}
