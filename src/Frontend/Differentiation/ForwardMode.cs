using BrainState.Programs;
using BrainState.Tracing;

namespace BrainState.Differentiation;

/// <summary>Forward-mode differentiation of programs: every equation is replaced by its rule in the jvp table.</summary>
internal static class ForwardMode
{
    private static readonly ProgramCache<ValueArray<bool>, Program> Cache = new();

    /// <summary>Results and tangents of <paramref name="program"/>, recorded in the current trace. A null tangent is zero.</summary>
    public static (Tensor[] Outputs, Tensor?[] Tangents) Evaluate(Program program, ReadOnlySpan<Tensor> primals, ReadOnlySpan<Tensor?> tangents)
    {
        var values = new Tensor[program.ValueCount];
        var derivatives = new Tensor?[program.ValueCount];
        primals.CopyTo(values);
        tangents.CopyTo(derivatives);
        Tensor Value(Operand operand) => operand.IsLiteral ? ProgramFunction.Literal(operand.Literal) : values[operand.Value];
        Tensor? Derivative(Operand operand) => operand.IsLiteral ? null : derivatives[operand.Value];

        foreach (var equation in program.Equations)
        {
            var inputs = equation.Inputs.Select(Value).ToArray();
            var inputTangents = equation.Inputs.Select(Derivative).ToArray();
            if (inputTangents.All(static t => t is null))
            {
                Execution.Eager.Bind(equation.Op, inputs).CopyTo(values, equation.FirstOutput);
                continue;
            }
            var (outputs, outputTangents) = DerivativeRules.Jvps.For(equation.Op)(equation.Op, inputs, inputTangents);
            outputs.CopyTo(values, equation.FirstOutput);
            outputTangents.CopyTo(derivatives, equation.FirstOutput);
        }
        return (program.Outputs.Select(Value).ToArray(), program.Outputs.Select(Derivative).ToArray());
    }

    /// <summary>
    /// The program that takes the inputs of <paramref name="program"/> and a tangent for each active one, and returns its outputs and a tangent for
    /// each floating or complex one.
    /// </summary>
    public static Program Jvp(Program program, ValueArray<bool> active) => Cache.GetOrAdd(program, active, static (program, active) =>
    {
        var count = program.Inputs.Length;
        Aval[] arguments =
        [
            .. program.Inputs.Select(static s => new Aval(s, false)),
            .. program.Inputs.Where((_, i) => active[i]).Select(static s => new Aval(s, false)),
        ];
        return Trace.Run(arguments, inputs =>
        {
            var next = count;
            var tangents = active.Select(isActive => isActive ? inputs[next++] : null).ToArray();
            var (outputs, outputTangents) = Evaluate(program, inputs.AsSpan(0, count), tangents);
            return
            [
                .. outputs,
                .. Enumerable.Range(0, outputs.Length).Where(i => outputs[i].DType.IsDifferentiable).Select(i => outputTangents[i] ?? DerivativeRules.Zeros(outputs[i].Spec)),
            ];
        }).Program;
    });
}
