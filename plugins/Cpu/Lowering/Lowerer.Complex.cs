using BrainState.Cpu.Kernels;
using BrainState.Cpu.Numerics;
using BrainState.Ops;

namespace BrainState.Cpu.Lowering;

/// <summary>Elementwise ops on complex numbers.</summary>
internal sealed unsafe partial class Lowerer
{
    private Value LowerComplexUnary(Elementwise op, Value x)
    {
        var lane = x.DType;
        return op switch
        {
            Abs => Map(ByDType.Magnitude(lane), x, lane.RealPart),
            Real => Map(ByDType.RealPart(lane), x, lane.RealPart),
            Imag => Map(ByDType.ImaginaryPart(lane), x, lane.RealPart),
            Conj => Exact(ByDType.ComplexUnary<ConjugateOp>(lane), x),
            Neg => Exact(ByDType.ComplexUnary<ComplexNegateOp>(lane), x),
            Sign => Exact(ByDType.ComplexUnary<ComplexSignOp>(lane), x),
            Square => Exact(ByDType.ComplexUnary<ComplexSquareOp>(lane), x),
            IntegerPow power => Append(new PointwiseNode(ByDType.ComplexPower(lane), [x], new(lane, x.Count)) { Parameter = power.Y }),
            Sqrt => Exact(ByDType.ComplexUnary<ComplexSqrtOp>(lane), x),
            Rsqrt => Exact(ByDType.ComplexUnary<ComplexReciprocalSqrtOp>(lane), x),
            Exp => Exact(ByDType.ComplexUnary<ComplexExpOp>(lane), x),
            Exp2 => Exact(ByDType.ComplexUnary<ComplexExp2Op>(lane), x),
            Expm1 => Exact(ByDType.ComplexUnary<ComplexExpm1Op>(lane), x),
            Log => Exact(ByDType.ComplexUnary<ComplexLogOp>(lane), x),
            Log1p => Exact(ByDType.ComplexUnary<ComplexLog1pOp>(lane), x),
            Logistic => Exact(ByDType.ComplexUnary<ComplexLogisticOp>(lane), x),
            Sin => Exact(ByDType.ComplexUnary<ComplexSinOp>(lane), x),
            Cos => Exact(ByDType.ComplexUnary<ComplexCosOp>(lane), x),
            Tan => Exact(ByDType.ComplexUnary<ComplexTanOp>(lane), x),
            Asin => Exact(ByDType.ComplexUnary<ComplexAsinOp>(lane), x),
            Acos => Exact(ByDType.ComplexUnary<ComplexAcosOp>(lane), x),
            Atan => Exact(ByDType.ComplexUnary<ComplexAtanOp>(lane), x),
            Sinh => Exact(ByDType.ComplexUnary<ComplexSinhOp>(lane), x),
            Cosh => Exact(ByDType.ComplexUnary<ComplexCoshOp>(lane), x),
            Tanh => Exact(ByDType.ComplexUnary<ComplexTanhOp>(lane), x),
            Asinh => Exact(ByDType.ComplexUnary<ComplexAsinhOp>(lane), x),
            Acosh => Exact(ByDType.ComplexUnary<ComplexAcoshOp>(lane), x),
            Atanh => Exact(ByDType.ComplexUnary<ComplexAtanhOp>(lane), x),
            _ => throw UnknownElementwise(op),
        };
    }

    private Value LowerComplexBinary(Elementwise op, Value x, Value y, TensorSpec output)
    {
        var lane = x.DType;
        return op switch
        {
            Add => Binary(ByDType.ComplexBinary<ComplexAddOp>(lane), x, y, output),
            Sub => Binary(ByDType.ComplexBinary<ComplexSubtractOp>(lane), x, y, output),
            Mul => Binary(ByDType.ComplexBinary<ComplexMultiplyOp>(lane), x, y, output),
            Div => Binary(ByDType.ComplexBinary<ComplexDivideOp>(lane), x, y, output),
            Pow => Binary(ByDType.ComplexBinary<ComplexPowOp>(lane), x, y, output),
            Eq => Binary(ByDType.ComplexEqual(lane), x, y, output),
            Ne => Binary(ByDType.ComplexNotEqual(lane), x, y, output),
            _ => throw UnknownElementwise(op),
        };
    }

    /// <summary>To or from a complex dtype. Complex to real takes the real part, which may be converted further.</summary>
    private Value ConvertComplex(DType to, Value x)
    {
        var from = x.DType;
        if (!from.Is(DTypeKinds.Complex)) return Map(ByDType.FromReal(to), ConvertTo(to.RealPart, x), to);
        if (to.Is(DTypeKinds.Complex)) return Map(ByDType.ComplexConvert(to), x, to);
        if (to == DType.Bool) return Binary(ByDType.ComplexNotEqual(from), x, Constant(Scalar.Of(from, 0.0)), new Value(to, x.Count));
        return ConvertTo(to, Map(ByDType.RealPart(from), x, from.RealPart));
    }

    /// <summary>A unary node whose result has another dtype.</summary>
    private Value Map(TileKernel kernel, Value x, DType to) => Append(new PointwiseNode(kernel, [x], new(to, x.Count)));
}
