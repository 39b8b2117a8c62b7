using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Tracing;

/// <summary>When the result of an op has a dtype that yields to others, as the numbers it was made from do.</summary>
internal static class Weakness
{
    public static bool OfResults(Op op, ReadOnlySpan<Tensor> inputs)
    {
        if (inputs.IsEmpty || !HandsOn(op)) return false;
        foreach (var input in inputs)
            if (!input.IsWeak && !IsSelector(op, input.DType))
                return false;
        return true;
    }

    /// <summary>Which values of a program have such dtypes if its inputs are these.</summary>
    public static bool[] OfValues(Program program, ReadOnlySpan<Tensor> inputs)
    {
        var isWeak = new bool[program.ValueCount];
        for (var i = 0; i < inputs.Length; i++) isWeak[i] = inputs[i].IsWeak;
        if (!isWeak.Contains(true)) return isWeak; // Weakness comes from inputs alone.
        foreach (var equation in program.Equations)
        {
            if (equation.Inputs.IsEmpty || !HandsOn(equation.Op)) continue;
            var isWeakResult = true;
            foreach (var operand in equation.Inputs) isWeakResult &= !operand.IsLiteral && isWeak[operand.Value] || IsSelector(equation.Op, program.SpecOf(operand).DType);
            isWeak.AsSpan(equation.FirstOutput, equation.Outputs.Length).Fill(isWeakResult);
        }
        return isWeak;
    }

    private static bool HandsOn(Op op) =>
        op is (Elementwise or SelectN or Clamp or BroadcastInDim or Reshape or Transpose or Slice or Reduction) and not (ConvertElementType or Comparison or IsFinite);

    private static bool IsSelector(Op op, DType operand) => op is SelectN && operand == DType.Bool;
}
