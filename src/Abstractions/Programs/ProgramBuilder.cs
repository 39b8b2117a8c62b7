using System.Collections.Immutable;
using System.Runtime.InteropServices;
using BrainState.Ops;

namespace BrainState.Programs;

/// <summary>Builds a <see cref="Program"/> equation by equation; shapes and dtypes are inferred and checked as it goes.</summary>
public sealed class ProgramBuilder
{
    private readonly ImmutableArray<TensorSpec>.Builder values = ImmutableArray.CreateBuilder<TensorSpec>();
    private readonly ImmutableArray<Equation>.Builder equations = ImmutableArray.CreateBuilder<Equation>();
    private readonly List<int> inputs = [];
    private TensorSpec[] operandSpecs = []; // Of the equation that is being added.

    /// <summary>A builder of an empty program.</summary>
    public ProgramBuilder() { }

    /// <summary>A builder of a program of about the size of <paramref name="similar"/>.</summary>
    internal ProgramBuilder(Program similar) => (values.Capacity, equations.Capacity) = (similar.ValueCount, similar.Equations.Length);

    /// <summary>The number of inputs so far.</summary>
    public int InputCount => inputs.Count;

    /// <summary>The number of equations so far.</summary>
    public int EquationCount => equations.Count;

    /// <summary>The number of values so far, and of the first result that comes next.</summary>
    internal int ValueCount => values.Count;

    /// <summary>What is said of the origin of the equations that are added next.</summary>
    public Origin? Origin { get; set; }

    /// <summary>Adds an input. Inputs may be added at any time; they are numbered first.</summary>
    public Operand AddInput(TensorSpec spec)
    {
        inputs.Add(values.Count);
        values.Add(spec);
        return Operand.Of(values.Count - 1);
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

        return Append(new(op, operands, ImmutableCollectionsMarshal.AsImmutableArray(outputs), values.Count, Origin));
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

        var isSame = values.Count == equation.FirstOutput && Origin == equation.Origin && operands.AsSpan().SequenceEqual(equation.Inputs.AsSpan());
        return Append(isSame ? equation : new(equation.Op, operands, equation.Outputs, values.Count, Origin));
    }

    private Equation Append(Equation equation)
    {
        values.AddRange(equation.Outputs.AsSpan());
        equations.Add(equation);
        return equation;
    }

    /// <summary>Adds all equations of <paramref name="program"/>, reading its inputs from <paramref name="arguments"/>; returns its outputs. They keep their origins.</summary>
    public Operand[] Inline(Program program, ReadOnlySpan<Operand> arguments)
    {
        if (arguments.Length != program.Inputs.Length)
            throw new ArgumentException($"The program has {program.Inputs.Length} inputs, not {arguments.Length}.", nameof(arguments));
        var map = new Operand[program.ValueCount];
        arguments.CopyTo(map);
        var outer = Origin;
        foreach (var equation in program.Equations)
        {
            Origin = equation.Origin ?? outer;
            AddAgain(program, equation, Substitute(equation.Inputs, map)).WriteResults(map, equation.FirstOutput);
        }
        Origin = outer;
        return [.. Substitute(program.Outputs, map)];
    }

    /// <summary>The spec of an operand made by this builder, or of a literal.</summary>
    public TensorSpec SpecOf(Operand operand) => operand.IsLiteral ? new(operand.Literal.DType, Shape.Scalar) : values[operand.Value];

    /// <summary>The finished program; the builder must not be used afterwards.</summary>
    public Program Build(params ReadOnlySpan<Operand> outputs) => Build(outputs, inputOrder: default);

    /// <summary>The finished program with its inputs in the given order, which names each of them once; the builder must not be used afterwards.</summary>
    public Program Build(ReadOnlySpan<Operand> outputs, ReadOnlySpan<Operand> inputOrder)
    {
        var order = inputOrder.IsEmpty ? inputs.ToArray() : inputOrder.ToArray().Select(static input => input.IsLiteral ? -1 : input.Value).ToArray();
        if (!order.Order().SequenceEqual(inputs))
            throw new ArgumentException("The order must name every input of the program once.", nameof(inputOrder));
        var areInputsFirst = equations.Count == 0 || equations[0].FirstOutput >= order.Length; // Equations without results take no numbers.
        if (areInputsFirst && order.AsSpan().SequenceEqual(Enumerable.Range(0, order.Length).ToArray()))
            return new(order.Length, values.DrainToImmutable(), equations.DrainToImmutable(), [.. outputs]);

        // Inputs were added between equations, or in another order: renumber all values.
        var map = new Operand[values.Count];
        var renumbered = ImmutableArray.CreateBuilder<TensorSpec>(values.Count);
        foreach (var input in order)
        {
            map[input] = Operand.Of(renumbered.Count);
            renumbered.Add(values[input]);
        }
        for (var i = 0; i < equations.Count; i++)
        {
            var equation = equations[i];
            for (var k = 0; k < equation.Outputs.Length; k++) map[equation.FirstOutput + k] = Operand.Of(renumbered.Count + k);
            equations[i] = new Equation(equation.Op, Substitute(equation.Inputs, map), equation.Outputs, renumbered.Count, equation.Origin);
            renumbered.AddRange(equation.Outputs);
        }
        return new(order.Length, renumbered.DrainToImmutable(), equations.DrainToImmutable(), Substitute([.. outputs], map));
    }

    /// <summary>What has become of operands.</summary>
    internal static ImmutableArray<Operand> Substitute(ImmutableArray<Operand> operands, ReadOnlySpan<Operand> map)
    {
        Operand[]? substituted = null;
        for (var i = 0; i < operands.Length; i++)
        {
            if (operands[i].IsLiteral || map[operands[i].Value] is var mapped && mapped == operands[i]) continue;
            substituted ??= [.. operands];
            substituted[i] = mapped;
        }
        return substituted is null ? operands : ImmutableCollectionsMarshal.AsImmutableArray(substituted);
    }
}
