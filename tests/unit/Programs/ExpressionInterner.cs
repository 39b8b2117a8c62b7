using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.Programs;

/// <summary>
/// Numbers expressions such that equal trees get equal numbers: two programs whose outputs have the same numbers compute the same from
/// the same inputs. Calls count as what they call.
/// </summary>
internal sealed class ExpressionInterner
{
    readonly Dictionary<Expression, int> numbers = [];

    /// <summary>The numbers of the program's outputs, then those of its effects in order.</summary>
    public (int[] Outputs, int[] Effects) Of(Program program)
    {
        var effects = new List<int>();
        var inputs = Enumerable.Range(0, program.Inputs.Length).Select(i => Intern(new(null, null, [i], 0))).ToArray();
        return (Evaluate(program, inputs, effects), [.. effects]);
    }

    int[] Evaluate(Program program, int[] inputs, List<int> effects)
    {
        var values = new int[program.ValueCount];
        inputs.CopyTo(values, 0);
        int Number(Operand operand) => operand.IsLiteral ? Intern(new(null, operand.Literal, [], 0)) : values[operand.Value];

        foreach (var equation in program.Equations)
        {
            var operands = equation.Inputs.Select(Number).ToArray();
            if (equation.Op.HasEffects && equation.Op is not Call) effects.Add(Intern(new(equation.Op, null, operands.ToValueArray(), -1)));
            var results = equation.Op is Call call
                ? Evaluate(call.Body, operands, effects)
                : [.. equation.Outputs.Select((_, i) => Intern(new(equation.Op, null, operands.ToValueArray(), i)))];
            results.CopyTo(values, equation.FirstOutput);
        }

        return [.. program.Outputs.Select(Number)];
    }

    int Intern(Expression expression)
    {
        if (!numbers.TryGetValue(expression, out var number)) numbers[expression] = number = numbers.Count;
        return number;
    }

    /// <summary>Result number <paramref name="Result"/> of an op; without an op, a literal or the input whose number is the operand.</summary>
    readonly record struct Expression(Op? Op, Scalar? Literal, ValueArray<int> Operands, int Result);
}
