using BrainState.Ops;

namespace BrainState.Programs.Passes;

/// <summary>
/// Computes arithmetic on literals ahead of time, and drops multiplications and divisions by 1. Only where the result is the same to the last bit:
/// for +, −, ·, / a binary64 operation rounded to binary32 or less is the correctly rounded result.
/// </summary>
public static class ScalarFolding
{
    /// <summary>An equivalent program without such equations; the same object if there are none.</summary>
    public static Program Run(Program program) => ProgramRewriter.Rewrite(program, (_, equation, operands) =>
        Fold(equation, operands) is { } folded ? [folded] : null);

    private static Operand? Fold(Equation equation, ReadOnlySpan<Operand> operands)
    {
        var dtype = equation.Outputs.Length == 1 ? equation.Outputs[0].DType : DType.Bool;
        if (dtype is not (DType.Float32 or DType.Float64)) return null;
        if (AreNumbers(operands)) return Evaluate(equation.Op, dtype, operands);
        return equation.Op switch
        {
            Mul when IsOne(operands[1]) => operands[0],
            Mul when IsOne(operands[0]) => operands[1],
            Div when IsOne(operands[1]) => operands[0],
            _ => null,
        };
    }

    private static bool AreNumbers(ReadOnlySpan<Operand> operands)
    {
        foreach (var operand in operands)
            if (!operand.IsLiteral || !operand.Literal.DType.IsFloating)
                return false;
        return true;
    }

    private static Operand? Evaluate(Op op, DType dtype, ReadOnlySpan<Operand> operands)
    {
        if (operands.IsEmpty) return null;
        var (x, y) = (operands[0].Literal.ToDouble(), operands[^1].Literal.ToDouble());
        double? value = op switch
        {
            Add => x + y,
            Sub => x - y,
            Mul => x * y,
            Div => x / y,
            Neg => -x,
            Square => x * x,
            ConvertElementType => x,
            _ => null,
        };
        return value is { } folded && !double.IsNaN(folded) ? Operand.Of(Scalar.Of(dtype, folded)) : null;
    }

    private static bool IsOne(Operand operand) => operand.IsLiteral && operand.Literal.DType.IsFloating && operand.Literal.ToDouble() == 1;
}
