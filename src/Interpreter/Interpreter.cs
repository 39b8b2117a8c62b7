using System.Runtime.ExceptionServices;
using BrainState.Interpretation.Evaluation;
using BrainState.Interpretation.Rules;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Interpretation;

/// <summary>
/// The executable specification of the ops: runs a <see cref="Program"/> one equation at a time, in float64, exact integers or complex128, and
/// rounds the results to their dtype after each equation. It is meant to be read and to be right, not to be fast.
/// </summary>
public static class Interpreter
{
    private static readonly RuleTable Table = Families();

    /// <summary>The types of the ops that have a rule.</summary>
    public static IReadOnlyCollection<Type> Ops => Table.Ops;

    /// <summary>The outputs of <paramref name="program"/> for the given inputs.</summary>
    /// <exception cref="ArgumentException">The inputs are not those that the program declares.</exception>
    /// <exception cref="NotSupportedException">An op has no rule.</exception>
    /// <exception cref="InvalidOperationException">The program has a collective; see <see cref="RunReplicated"/>.</exception>
    /// <exception cref="BrainState.Ops.ErrorIfException">The program says so.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was requested; it is honoured between equations.</exception>
    public static HostValue[] Run(
        Program program, ReadOnlySpan<HostValue> inputs, InterpreterOptions? options = null, CancellationToken cancellationToken = default)
    {
        CheckInputs(program, inputs);
        return new Execution(Table, options ?? new(), Replica: null, cancellationToken).Run(program, inputs);
    }

    /// <summary>The results of one op.</summary>
    /// <exception cref="BrainState.Ops.OpConstraintException">The operands violate one of the op's constraints.</exception>
    /// <exception cref="NotSupportedException">The op has no rule.</exception>
    /// <exception cref="InvalidOperationException">The op is a collective.</exception>
    public static HostValue[] Evaluate(Op op, params ReadOnlySpan<HostValue> operands)
    {
        var specs = new TensorSpec[operands.Length];
        for (var i = 0; i < specs.Length; i++) specs[i] = operands[i].Spec;
        return Table[op](op, new Step(operands.ToArray(), [.. op.Infer(specs)], new Execution(Table, new(), Replica: null, default)));
    }

    /// <summary>
    /// The outputs of several runs of <paramref name="program"/> side by side, one for each element of <paramref name="inputs"/>. Collectives along the axis
    /// <paramref name="axisName"/> combine the values of all runs.
    /// </summary>
    /// <exception cref="InvalidOperationException">The runs come to different collectives, or to one along another axis or for another number of runs.</exception>
    /// <remarks>Other errors are those of <see cref="Run"/>; if several runs fail, the first failure that is not a consequence of another is thrown.</remarks>
    public static HostValue[][] RunReplicated(
        Program program, string axisName, IReadOnlyList<HostValue[]> inputs, InterpreterOptions? options = null, CancellationToken cancellationToken = default)
    {
        foreach (var some in inputs) CheckInputs(program, some);
        var axis = new Rendezvous(axisName, inputs.Count);
        options = Serialised(options ?? new());
        var outputs = new HostValue[inputs.Count][];
        var failures = new ExceptionDispatchInfo?[inputs.Count];

        // A replica that waits blocks its thread, so each has its own.
        var threads = Enumerable.Range(0, inputs.Count).Select(i => new Thread(() =>
        {
            try
            {
                outputs[i] = new Execution(Table, options, new Replica(axis, i), cancellationToken).Run(program, inputs[i]);
            }
            catch (Exception failure)
            {
                failures[i] = ExceptionDispatchInfo.Capture(failure);
            }
            axis.Leave(i);
        })).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();

        var first = failures.OfType<ExceptionDispatchInfo>().OrderBy(static failure => failure.SourceException is ReplicaMismatchException).FirstOrDefault();
        first?.Throw();
        return outputs;
    }

    private static InterpreterOptions Serialised(InterpreterOptions options)
    {
        if (options.Print is not { } print) return options;
        var gate = new Lock();
        return options with
        {
            Print = text =>
            {
                lock (gate) print(text);
            },
        };
    }

    private static void CheckInputs(Program program, ReadOnlySpan<HostValue> inputs)
    {
        if (inputs.Length != program.Inputs.Length)
            throw new ArgumentException($"The program takes {program.Inputs.Length} inputs, but {inputs.Length} were given.", nameof(inputs));
        for (var i = 0; i < inputs.Length; i++)
            if (inputs[i].Spec != program.Inputs[i])
                throw new ArgumentException($"Input {i} must be {program.Inputs[i]}, but is {inputs[i].Spec}.", nameof(inputs));
    }

    private static RuleTable Families()
    {
        var table = new RuleTable();
        ArithmeticRules.AddTo(table);
        FunctionRules.AddTo(table);
        BitwiseRules.AddTo(table);
        RepresentationRules.AddTo(table);
        ComparisonRules.AddTo(table);
        SelectionRules.AddTo(table);
        ConversionRules.AddTo(table);
        ComplexRules.AddTo(table);
        ShapingRules.AddTo(table);
        SlicingRules.AddTo(table);
        IndexingRules.AddTo(table);
        ReductionRules.AddTo(table);
        CumulativeRules.AddTo(table);
        WindowRules.AddTo(table);
        ProductRules.AddTo(table);
        ConvolutionRules.AddTo(table);
        FourierRules.AddTo(table);
        LinearAlgebraRules.AddTo(table);
        SortRules.AddTo(table);
        RandomRules.AddTo(table);
        ControlFlowRules.AddTo(table);
        CollectiveRules.AddTo(table);
        EffectRules.AddTo(table);
        return table;
    }
}
