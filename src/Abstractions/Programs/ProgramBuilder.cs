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

    /// <summary>The number of inputs so far.</summary>
    public int InputCount => inputs.Count;

    /// <summary>The number of equations so far.</summary>
    public int EquationCount => equations.Count;

    /// <summary>Adds an input. Inputs may be added at any time; <see cref="Build"/> numbers them first.</summary>
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
        var results = AddAll(op, operands);
        return results.Length == 1
            ? results[0]
            : throw new ArgumentException($"{op.Name} has {results.Length} results; use {nameof(AddAll)}.", nameof(op));
    }

    /// <summary>Adds an equation and returns all its results.</summary>
    /// <exception cref="OpConstraintException">The operands violate one of the op's constraints.</exception>
    public Operand[] AddAll(Op op, params ReadOnlySpan<Operand> operands)
    {
        var specs = new TensorSpec[operands.Length];
        for (var i = 0; i < specs.Length; i++) specs[i] = SpecOf(operands[i]);
        var outputs = op.Infer(specs);

        var first = values.Count;
        values.AddRange(outputs);
        equations.Add(new Equation(op, [.. operands], ImmutableCollectionsMarshal.AsImmutableArray(outputs), first));
        var results = new Operand[outputs.Length];
        for (var i = 0; i < results.Length; i++) results[i] = Operand.Of(first + i);
        return results;
    }

    /// <summary>Adds all equations of <paramref name="program"/>, reading its inputs from <paramref name="arguments"/>; returns its outputs.</summary>
    public Operand[] Inline(Program program, ReadOnlySpan<Operand> arguments)
    {
        if (arguments.Length != program.Inputs.Length)
            throw new ArgumentException($"The program has {program.Inputs.Length} inputs, not {arguments.Length}.", nameof(arguments));
        var map = new Operand[program.ValueCount];
        arguments.CopyTo(map);
        foreach (var equation in program.Equations)
        {
            var results = AddAll(equation.Op, Substitute(equation.Inputs, map));
            results.CopyTo(map, equation.FirstOutput);
        }
        return Substitute(program.Outputs, map);
    }

    /// <summary>The spec of an operand made by this builder, or of a literal.</summary>
    public TensorSpec SpecOf(Operand operand) => operand.IsLiteral ? new(operand.Literal.DType, Shape.Scalar) : values[operand.Value];

    /// <summary>The finished program; the builder must not be used afterwards.</summary>
    public Program Build(params ReadOnlySpan<Operand> outputs)
    {
        if (InputsComeFirst()) return new(inputs.Count, values.DrainToImmutable(), equations.DrainToImmutable(), [.. outputs]);

        // Inputs were added between equations: renumber so that they come first.
        var ordered = new ProgramBuilder();
        var map = new Operand[values.Count];
        foreach (var input in inputs) map[input] = ordered.AddInput(values[input]);
        foreach (var equation in equations)
            ordered.AddAll(equation.Op, Substitute(equation.Inputs, map)).CopyTo(map, equation.FirstOutput);
        return ordered.Build(Substitute([.. outputs], map));
    }

    private bool InputsComeFirst() => inputs.Count == 0 || inputs[^1] == inputs.Count - 1;

    internal static Operand[] Substitute(ImmutableArray<Operand> operands, ReadOnlySpan<Operand> map)
    {
        var substituted = new Operand[operands.Length];
        for (var i = 0; i < substituted.Length; i++)
            substituted[i] = operands[i].IsLiteral ? operands[i] : map[operands[i].Value];
        return substituted;
    }
}
