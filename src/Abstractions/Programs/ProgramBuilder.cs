using System.Collections.Immutable;
using System.Runtime.InteropServices;
using BrainState.Ops;

namespace BrainState.Programs;

/// <summary>Builds a <see cref="Program"/> equation by equation; shapes and dtypes are inferred and checked as it goes.</summary>
public sealed class ProgramBuilder
{
    private readonly List<int> inputs = [];
    private PooledList<TensorSpec> values = new();
    private PooledList<Equation> equations = new();

    // The program with which what there is so far begins: most passes change nothing, and then nothing is copied either.
    private Program? original;
    private int originalValues, originalEquations;

    private TensorSpec[] operandSpecs = []; // Of the equation that is being added.

    /// <summary>A builder of an empty program.</summary>
    public ProgramBuilder() { }

    /// <summary>A builder of a program that may become the same as <paramref name="original"/>; if it does, it is the same object.</summary>
    internal ProgramBuilder(Program original) => this.original = original;

    /// <summary>The number of inputs so far.</summary>
    public int InputCount => inputs.Count;

    /// <summary>The number of equations so far.</summary>
    public int EquationCount => original is null ? equations.Count : originalEquations;

    private int ValueCount => original is null ? values.Count : originalValues;

    /// <summary>What is said of the origin of the equations that are added next.</summary>
    public Origin? Origin { get; set; }

    /// <summary>Adds an input. Inputs may be added at any time; they are numbered first.</summary>
    public Operand AddInput(TensorSpec spec)
    {
        var input = Operand.Of(ValueCount);
        inputs.Add(input.Value);
        if (original is not null && originalEquations == 0 && input.Value < original.Inputs.Length && original.Inputs[input.Value] == spec)
        {
            originalValues++;
            return input;
        }
        LeaveOriginal();
        values.Add(spec);
        return input;
    }

    /// <summary>Adds an equation with one result.</summary>
    /// <exception cref="OpConstraintException">The operands violate one of the op's constraints.</exception>
    public Operand Add(Op op, params ReadOnlySpan<Operand> operands)
    {
        var equation = AddEquation(op, [.. operands]);
        return equation.Outputs.Length == 1
            ? Operand.Of(equation.FirstOutput)
            : throw new ArgumentException($"{op.Name} has {equation.Outputs.Length} results; use {nameof(AddAll)}.", nameof(op));
    }

    /// <summary>Adds an equation and returns all its results.</summary>
    /// <exception cref="OpConstraintException">The operands violate one of the op's constraints.</exception>
    public Operand[] AddAll(Op op, params ReadOnlySpan<Operand> operands) => AddEquation(op, [.. operands]).Results();

    /// <summary>Adds an equation and returns it.</summary>
    /// <exception cref="OpConstraintException">The operands violate one of the op's constraints.</exception>
    public Equation AddEquation(Op op, ImmutableArray<Operand> operands)
    {
        if (operandSpecs.Length < operands.Length) operandSpecs = new TensorSpec[operands.Length];
        for (var i = 0; i < operands.Length; i++) operandSpecs[i] = SpecOf(operands[i]);
        var outputs = op.Infer(operandSpecs.AsSpan(0, operands.Length));

        return Append(new(op, operands, ImmutableCollectionsMarshal.AsImmutableArray(outputs), ValueCount, Origin));
    }

    /// <summary>
    /// Adds an equation of <paramref name="program"/> with other operands. If they are alike, the results are as well and share what can be shared: passes change few of the equations
    /// that they go through.
    /// </summary>
    internal Equation AddAgain(Program program, Equation equation, ImmutableArray<Operand> operands)
    {
        for (var i = 0; i < operands.Length; i++)
            if (SpecOf(operands[i]) != program.SpecOf(equation.Inputs[i]))
                return AddEquation(equation.Op, operands);

        var isSame = ValueCount == equation.FirstOutput && Origin == equation.Origin && operands.AsSpan().SequenceEqual(equation.Inputs.AsSpan());
        return Append(isSame ? equation : new(equation.Op, operands, equation.Outputs, ValueCount, Origin));
    }

    private Equation Append(Equation equation)
    {
        if (original is not null && originalEquations < original.Equations.Length && ReferenceEquals(equation, original.Equations[originalEquations]))
        {
            originalEquations++;
            originalValues += equation.Outputs.Length;
            return equation;
        }
        LeaveOriginal();
        values.AddRange(equation.Outputs.AsSpan());
        equations.Add(equation);
        return equation;
    }

    /// <summary>Something differs from the original: from now on, all is written down.</summary>
    private void LeaveOriginal()
    {
        if (original is null) return;
        for (var i = 0; i < originalValues; i++) values.Add(original.SpecOf(i));
        equations.AddRange(original.Equations.AsSpan()[..originalEquations]);
        original = null;
    }

    /// <summary>Adds all equations of <paramref name="program"/>, reading its inputs from <paramref name="arguments"/>; returns its outputs. They keep their origins.</summary>
    public Operand[] Inline(Program program, ReadOnlySpan<Operand> arguments)
    {
        if (arguments.Length != program.Inputs.Length)
            throw new ArgumentException($"The program has {program.Inputs.Length} inputs, not {arguments.Length}.", nameof(arguments));
        using var map = new OperandMap(program.ValueCount);
        map.Set(0, arguments);
        var outer = Origin;
        foreach (var equation in program.Equations)
        {
            Origin = equation.Origin ?? outer;
            map.Set(equation.FirstOutput, AddAgain(program, equation, map.Of(equation.Inputs)));
        }
        Origin = outer;
        return [.. map.Of(program.Outputs)];
    }

    /// <summary>The spec of an operand made by this builder, or of a literal.</summary>
    public TensorSpec SpecOf(Operand operand) => operand.IsLiteral ? new(operand.Literal.DType, Shape.Scalar)
        : original is not null && operand.Value < originalValues ? original.SpecOf(operand.Value) : values.Items[operand.Value];

    /// <summary>The finished program; the builder must not be used afterwards.</summary>
    public Program Build(params ReadOnlySpan<Operand> outputs) => Build(outputs, inputOrder: default);

    /// <summary>The finished program with its inputs in the given order, which names each of them once; the builder must not be used afterwards.</summary>
    public Program Build(ReadOnlySpan<Operand> outputs, ReadOnlySpan<Operand> inputOrder)
    {
        var order = inputOrder.IsEmpty ? inputs.ToArray() : inputOrder.ToArray().Select(static input => input.IsLiteral ? -1 : input.Value).ToArray();
        if (!order.Order().SequenceEqual(inputs))
            throw new ArgumentException("The order must name every input of the program once.", nameof(inputOrder));
        var isInOrder = order.AsSpan().SequenceEqual(Enumerable.Range(0, order.Length).ToArray());
        if (original is { } same && isInOrder && EquationCount == same.Equations.Length && ValueCount == same.ValueCount && outputs.SequenceEqual(same.Outputs.AsSpan())) return same;
        LeaveOriginal();
        var areInputsFirst = equations.Count == 0 || equations.Items[0].FirstOutput >= order.Length; // Equations without results take no numbers.
        if (areInputsFirst && isInOrder) return new(order.Length, values.Drain(), equations.Drain(), [.. outputs]);

        // Inputs were added between equations, or in another order: renumber all values.
        using var map = new OperandMap(values.Count);
        var renumbered = new PooledList<TensorSpec>();
        foreach (var input in order)
        {
            map[input] = Operand.Of(renumbered.Count);
            renumbered.Add(values.Items[input]);
        }
        foreach (ref var equation in equations.Items)
        {
            var first = equation.FirstOutput;
            equation = new(equation.Op, map.Of(equation.Inputs), equation.Outputs, renumbered.Count, equation.Origin);
            map.Set(first, equation);
            renumbered.AddRange(equation.Outputs.AsSpan());
        }
        values.Drain();
        return new(order.Length, renumbered.Drain(), equations.Drain(), map.Of([.. outputs]));
    }
}
