using BrainState.Cpu.Kernels;
using BrainState.Cpu.Numerics;
using BrainState.Ops;

namespace BrainState.Cpu.Lowering;

/// <summary>Elementwise ops: each becomes one pointwise node, a few become two or three.</summary>
internal sealed unsafe partial class Lowerer
{
    private Value LowerElementwise(Elementwise op, Operands operands, TensorSpec output)
    {
        var x = operands.Values[0];
        if (op is StopGradient) return x;
        if (op is ConvertElementType convert) return ConvertTo(convert.NewDType, x);
        if (x.DType.Is(DTypeKinds.Complex)) return op is ElementwiseUnary ? LowerComplexUnary(op, x) : LowerComplexBinary(op, x, operands.Values[1], output);
        return op is ElementwiseUnary ? LowerUnary(op, x, output) : LowerBinary(op, x, operands.Values[1], output);
    }

    private Value LowerUnary(Elementwise op, Value x, TensorSpec output)
    {
        var lane = ByDType.Lane(x.DType);
        var single = lane == DType.Float32;
        return op switch
        {
            Neg => Exact(ByDType.Unary<NegateOp>(lane), x),
            Abs => lane.Is(DTypeKinds.Unsigned) ? x : Exact(ByDType.Unary<AbsOp>(lane), x),
            Sign => Exact(ByDType.Unary<SignOp>(lane), x),
            Floor => Exact(ByDType.FloatUnary<FloorOp>(lane), x),
            Ceil => Exact(ByDType.FloatUnary<CeilingOp>(lane), x),
            Round round => Exact(
                round.Method == RoundingMethod.ToNearestEven ? ByDType.FloatUnary<RoundToEvenOp>(lane) : ByDType.FloatUnary<RoundAwayFromZeroOp>(lane), x),
            Not => x.DType == DType.Bool
                ? Binary(ByDType.Binary<XorOp>(lane), x, Constant(Scalar.Of(true)), output)
                : Exact(ByDType.Unary<ComplementOp>(lane), x),
            IsFinite => Binary(
                ByDType.Relation<LessOp>(lane), Exact(ByDType.Unary<AbsOp>(lane), x), Constant(Scalar.Of(x.DType, double.PositiveInfinity)), output),
            Square => Rounded(ByDType.Unary<SquareOp>(lane), x),
            IntegerPow power => Rounded(ByDType.IntegerPower(lane), x, power.Y),
            Sqrt => Rounded(ByDType.FloatUnary<SqrtOp>(lane), x),
            Rsqrt => Rounded(ByDType.FloatUnary<ReciprocalSqrtOp>(lane), x),
            Exp => Rounded(single ? UnaryKernels<Exp32, float>.Dense : ScalarUnaryKernels<ExpOp, double>.Dense, x),
            Exp2 => Rounded(single ? UnaryKernels<Exp2Of32, float>.Dense : ScalarUnaryKernels<Exp2Op, double>.Dense, x),
            Expm1 => Rounded(single ? UnaryKernels<Expm1Of32, float>.Dense : ScalarUnaryKernels<Expm1Op, double>.Dense, x),
            Log => Rounded(single ? UnaryKernels<Log32, float>.Dense : ScalarUnaryKernels<LogOp, double>.Dense, x),
            Log1p => Rounded(single ? UnaryKernels<Log1pOf32, float>.Dense : ScalarUnaryKernels<Log1pOp, double>.Dense, x),
            Tanh => Rounded(single ? UnaryKernels<Tanh32, float>.Dense : ScalarUnaryKernels<TanhOp, double>.Dense, x),
            Logistic => Rounded(single ? UnaryKernels<Logistic32, float>.Dense : ScalarUnaryKernels<LogisticOp, double>.Dense, x),
            Sin => Rounded(single ? UnaryKernels<Sin32, float>.Dense : ScalarUnaryKernels<SinOp, double>.Dense, x),
            Cos => Rounded(single ? UnaryKernels<Cos32, float>.Dense : ScalarUnaryKernels<CosOp, double>.Dense, x),
            Erf => Rounded(single ? UnaryKernels<Erf32, float>.Dense : ScalarUnaryKernels<ErfOp, double>.Dense, x),
            ErfInv => Rounded(single ? UnaryKernels<ErfInv32, float>.Dense : ScalarUnaryKernels<ErfInvOp, double>.Dense, x),
            Erfc => ByElement<ErfcOp>(x),
            Lgamma => ByElement<LgammaOp>(x),
            Digamma => ByElement<DigammaOp>(x),
            ReducePrecision reduce => Rounded(
                single ? ReducePrecisionKernels<float>.Dense : ReducePrecisionKernels<double>.Dense, x, FormatOf(reduce, x.DType).Packed),
            PopulationCount => Exact(ByDType.IntegerUnary<PopulationCountOp>(lane), x),
            Clz => Exact(ByDType.IntegerUnary<LeadingZerosOp>(lane), x),
            Tan => ByElement<TanOp>(x),
            Asin => ByElement<AsinOp>(x),
            Acos => ByElement<AcosOp>(x),
            Atan => ByElement<AtanOp>(x),
            Sinh => ByElement<SinhOp>(x),
            Cosh => ByElement<CoshOp>(x),
            Asinh => ByElement<AsinhOp>(x),
            Acosh => ByElement<AcoshOp>(x),
            Atanh => ByElement<AtanhOp>(x),
            Cbrt => ByElement<CbrtOp>(x),
            _ => throw UnknownElementwise(op),
        };
    }

    private Value LowerBinary(Elementwise op, Value x, Value y, TensorSpec output)
    {
        var lane = ByDType.Lane(x.DType);
        return op switch
        {
            Add => Binary(ByDType.Binary<AddOp>(lane), x, y, output, rounds: true),
            Sub => Binary(ByDType.Binary<SubtractOp>(lane), x, y, output, rounds: true),
            Mul => Binary(ByDType.Binary<MultiplyOp>(lane), x, y, output, rounds: true),
            Div => Binary(lane.IsFloating ? ByDType.FloatBinary<DivideOp>(lane) : ByDType.IntegerDivide(lane), x, y, output, rounds: true),
            Rem => Binary(ByDType.Remainder(lane), x, y, output),
            Max => Binary(ByDType.Binary<MaxOp>(lane), x, y, output),
            Min => Binary(ByDType.Binary<MinOp>(lane), x, y, output),
            Pow => Binary(ScalarBinary<PowOp>(lane), x, y, output, rounds: true),
            Atan2 => Binary(ScalarBinary<Atan2Op>(lane), x, y, output, rounds: true),
            NextAfter => Binary(ByDType.NextAfter(x.DType), x, y, output),
            MakeComplex => Binary(ByDType.Pair(x.DType), x, y, output),
            And => Binary(ByDType.Binary<AndOp>(lane), x, y, output),
            Or => Binary(ByDType.Binary<OrOp>(lane), x, y, output),
            Xor => Binary(ByDType.Binary<XorOp>(lane), x, y, output),
            ShiftLeft => Binary(ByDType.Shift<ShiftLeftOp>(lane, signed: false), x, y, output),
            ShiftRightLogical => Binary(ByDType.Shift<ShiftRightLogicalOp>(lane, signed: false), x, y, output),
            ShiftRightArithmetic => Binary(ByDType.Shift<ShiftRightArithmeticOp>(lane, signed: true), x, y, output),
            Eq => Binary(ByDType.Relation<EqualOp>(lane), x, y, output),
            Ne => Binary(ByDType.Relation<NotEqualOp>(lane), x, y, output),
            Lt => Binary(ByDType.Relation<LessOp>(lane), x, y, output),
            Le => Binary(ByDType.Relation<LessOrEqualOp>(lane), x, y, output),
            Gt => Binary(ByDType.Relation<LessOp>(lane), y, x, output),
            Ge => Binary(ByDType.Relation<LessOrEqualOp>(lane), y, x, output),
            _ => throw UnknownElementwise(op),
        };
    }

    /// <summary>An int32 selector picks the last case that it reaches, so that those outside pick the first or last.</summary>
    private Value LowerSelect(Operands operands, TensorSpec output)
    {
        var which = operands.Values[0];
        var result = operands.Values[1];
        var kernel = ByDType.Select(ByDType.Lane(output.DType).Size);
        for (var i = 2; i < operands.Values.Length; i++)
        {
            var reached = which.DType == DType.Bool
                ? which
                : Binary(ByDType.Relation<LessOrEqualOp>(DType.Int32), Constant(Scalar.Of(i - 1)), which, operands.Specs[0].With(DType.Bool));
            result = Append(new PointwiseNode(kernel, [reached, operands.Values[i], result], new(output.DType, output.ElementCount)));
        }
        return result;
    }

    private Value LowerClamp(Operands operands, TensorSpec output)
    {
        var lane = ByDType.Lane(output.DType);
        var raised = Binary(ByDType.Binary<MaxOp>(lane), operands.Values[1], operands.Values[0], output);
        return Binary(ByDType.Binary<MinOp>(lane), raised, operands.Values[2], output);
    }

    private Value ConvertTo(DType to, Value x)
    {
        var (from, fromLane, toLane) = (x.DType, ByDType.Lane(x.DType), ByDType.Lane(to));
        if (from == to) return x;
        if (from.Is(DTypeKinds.Complex) || to.Is(DTypeKinds.Complex)) return ConvertComplex(to, x);
        if (to == DType.Bool)
            return Binary(ByDType.Relation<NotEqualOp>(fromLane), x, Constant(Scalar.Of(from, 0.0)), new Value(to, x.Count));
        if (to == DType.BFloat16 && from.IsInteger && from.Size >= 4)
        {
            // Through float64, which holds what matters of every integer.
            if (from == DType.Int64) x = Exact(ScalarUnaryKernels<RoundToOddOp, long>.Dense, x);
            if (from == DType.UInt64) x = Exact(ScalarUnaryKernels<RoundToOddOp, ulong>.Dense, x);
            return ConvertTo(to, ConvertTo(DType.Float64, x));
        }

        var kernel = (fromLane, to) switch
        {
            (DType.Float64, DType.Float16) => HalfKernels.DoubleToFloat16,
            (DType.Float64, DType.BFloat16) => HalfKernels.DoubleToBFloat16,
            _ => fromLane == toLane ? ByDType.Copy(toLane.Size) : ByDType.Convert(fromLane, toLane),
        };
        return Append(new PointwiseNode(kernel, [x], new(to, x.Count)) { Rounds = fromLane != DType.Float64 });
    }

    private static FloatFormat FormatOf(ReducePrecision op, DType dtype) => new((byte)op.ExponentBits, (byte)op.MantissaBits, dtype switch
    {
        DType.Float16 => 5,
        DType.BFloat16 or DType.Float32 => 8,
        _ => 11,
    });

    private Value ByElement<TOp>(Value x) where TOp : struct, IScalarUnaryOp<double> => Rounded(
        ByDType.Lane(x.DType) == DType.Float32 ? ScalarUnaryKernels<Via64<TOp>, float>.Dense : ScalarUnaryKernels<TOp, double>.Dense, x);

    private static BinaryForms ScalarBinary<TOp>(DType lane) where TOp : struct, IScalarBinaryOp<double> =>
        lane == DType.Float32 ? ScalarBinaryKernels<BinaryVia64<TOp>, float>.Forms : ScalarBinaryKernels<TOp, double>.Forms;

    /// <summary>A unary node whose result the dtype represents.</summary>
    private Value Exact(TileKernel kernel, Value x) => Append(new PointwiseNode(kernel, [x], new(x.DType, x.Count)));

    /// <summary>A unary node whose result must be rounded to the dtype.</summary>
    private Value Rounded(TileKernel kernel, Value x, long parameter = 0) =>
        Append(new PointwiseNode(kernel, [x], new(x.DType, x.Count)) { Parameter = parameter, Rounds = true });

    private Value Binary(BinaryForms forms, Value x, Value y, TensorSpec output, bool rounds = false) =>
        Binary(forms, x, y, new Value(output.DType, output.ElementCount), rounds);

    private Value Binary(BinaryForms forms, Value x, Value y, Value output, bool rounds = false) =>
        Append(new PointwiseNode(forms.Dense, [x, y], output)
        {
            RightScalar = forms.RightScalar,
            LeftScalar = forms.LeftScalar,
            Rounds = rounds,
        });

    private static Backends.BackendException UnknownElementwise(Op op) =>
        new($"The cpu backend does not know the elementwise op '{op.Name}'; ask Supports before compiling.");
}
