using BrainState.Ops;
using BrainState.Programs;
using BrainState.Programs.Passes;
using BrainState.Conformance.Generation;

namespace BrainState.UnitTests.Programs;

/// <summary>Programs, equations and ops are equal exactly when their contents are.</summary>
public sealed class EqualityTests
{
    [Fact]
    public void ProgramsAreEqualExactlyWhenTheirTextsAre()
    {
        // Tiny programs, so that some coincide.
        var programs = Enumerable.Range(0, 600).Select(Tiny).ToArray();
        var texts = Array.ConvertAll(programs, p => p.ToFullText());
        var coincidences = 0;
        for (var i = 0; i < programs.Length; i++)
        {
            for (var k = 0; k < i; k++)
            {
                var areSame = texts[i] == texts[k];
                Assert.Equal(areSame, programs[i].Equals(programs[k]));
                if (!areSame) continue;
                coincidences++;
                Assert.Equal(programs[i].GetHashCode(), programs[k].GetHashCode());
            }
        }

        Assert.InRange(coincidences, 100, 100_000);

        static Program Tiny(int seed) => new ProgramGenerator(seed)
        {
            DTypes = [DType.Float32],
            Ops = ["add", "neg", "reduce_sum"],
            MaxEquations = 2,
            MaxRank = 1,
            MaxSize = 1,
            EmptyShapes = false,
            TameLiterals = true,
        }.Next();
    }

    [Fact]
    public void OpsAreEqualExactlyWhenNameAndParametersAre()
    {
        foreach (var name in OpGenerators.Names)
        {
            var ops = Enumerable.Range(0, 12).Select(seed => Find(new ProgramGenerator(seed) { MaxEquations = 1, Axis = ("i", 2) }.NextWith(name), name)).ToArray();
            foreach (var (left, right) in ops.SelectMany(left => ops.Select(right => (left, right))))
            {
                var areSame = Text(left) == Text(right);
                Assert.Equal(areSame, left.Equals(right));
                if (areSame) Assert.Equal(left.GetHashCode(), right.GetHashCode());
            }
        }

        static Op Find(Program program, string name) => program.Equations.First(e => e.Op.Name == name).Op;
    }

    [Fact]
    public void EverySmallChangeMakesAnotherProgram() => Property.CheckPrograms(1500, (program, seed) =>
    {
        foreach (var (what, changed) in Changes(program, new Random(seed)))
        {
            Assert.False(program.Equals(changed), what);
            Assert.NotEqual(program.ToFullText(), changed.ToFullText());
        }
    });

    [Fact]
    public void EquationsCompareByContent()
    {
        static Equation Of(Op op, DType dtype)
        {
            var builder = new ProgramBuilder();
            builder.Add(op, builder.AddInput(new(dtype, [2])));
            return builder.Build().Equations[0];
        }

        Assert.Equal(Of(new Neg(), DType.Float32), Of(new Neg(), DType.Float32));
        Assert.Equal(Of(new Neg(), DType.Float32).GetHashCode(), Of(new Neg(), DType.Float32).GetHashCode());
        Assert.NotEqual(Of(new Neg(), DType.Float32), Of(new Neg(), DType.Float64));
        Assert.NotEqual(Of(new Neg(), DType.Float32), Of(new Sign(), DType.Float32));
        Assert.False(Of(new Neg(), DType.Float32).Equals(null));
    }

    [Fact]
    public void LiteralOperandsCompareByBits()
    {
        Assert.NotEqual(Operand.Of(Scalar.Of(0.0)), Operand.Of(Scalar.Of(-0.0)));
        Assert.NotEqual(Operand.Of(Scalar.Of(1)), Operand.Of(Scalar.Of(1u)));
        Assert.NotEqual(Operand.Of(0), Operand.Of(Scalar.Of(0)));
        Assert.Equal(Operand.Of(Scalar.Of(float.NaN)), Operand.Of(Scalar.Of(float.NaN)));
        Assert.True(Operand.Of(3) == Operand.Of(3) && Operand.Of(3) != Operand.Of(4));
        Assert.Throws<InvalidOperationException>(() => Operand.Of(3).Literal);
        Assert.Throws<InvalidOperationException>(() => Operand.Of(Scalar.Of(1)).Value);
        Assert.Throws<ArgumentOutOfRangeException>(() => Operand.Of(-1));
    }

    /// <summary>Op and parameters in full, with everything that the short form leaves out.</summary>
    static string Text(Op op) => $"{op.Name}[{string.Join(' ', op.Parameters.Select(p => $"{p.Name}={Text(p.Value)}"))}]";

    static string Text(object? value) => value switch
    {
        Program body => body.ToFullText(),
        ValueArray<Program> bodies => string.Join(", ", bodies.Select(b => b.ToFullText())),
        ValueArray<object?> items => $"({string.Join(", ", items.Select(Text))})",
        string text => $"'{text}'",
        _ => value?.ToString() ?? "None",
    };

    static IEnumerable<(string What, Program Changed)> Changes(Program program, Random random)
    {
        for (var i = 0; i < program.Equations.Length; i++)
        {
            var equation = program.Equations[i];
            for (var k = 0; k < equation.Inputs.Length; k++)
            {
                if (equation.Inputs[k].IsLiteral)
                {
                    yield return ($"a bit of literal {k} of equation {i}", WithOperand(program, equation, k, FlipBit(equation.Inputs[k].Literal, random)));
                    continue;
                }

                var (read, spec) = (equation.Inputs[k].Value, program.SpecOf(equation.Inputs[k]));
                for (var other = 0; other < equation.FirstOutput; other++)
                    if (other != read && program.SpecOf(other) == spec)
                        yield return ($"operand {k} of equation {i}", WithOperand(program, equation, k, Operand.Of(other)));
            }

            if (equation.Op is Add) yield return ($"the op of equation {i}", WithOp(program, equation, new OtherAdd()));
        }

        if (program.Outputs.Length > 0) yield return ("one output less", WithOutputs(program, [.. program.Outputs.SkipLast(1)]));
        yield return ("one output more", WithOutputs(program, [.. program.Outputs, Operand.Of(Scalar.Of(1))]));
        var reversed = program.Outputs.Reverse().ToArray();
        if (!reversed.SequenceEqual(program.Outputs)) yield return ("the order of the outputs", WithOutputs(program, reversed));
    }

    static Operand FlipBit(Scalar literal, Random random)
    {
        var bit = literal.DType == DType.Bool ? 0 : random.Next(8 * literal.DType.Size);
        return Operand.Of(new Scalar(literal.DType, literal.Bits ^ (UInt128.One << bit)));
    }

    static Program WithOperand(Program program, Equation changed, int index, Operand operand) =>
        ProgramRewriter.Rewrite(program, (builder, equation, operands) =>
        {
            var inputs = operands.ToArray();
            if (ReferenceEquals(equation, changed)) inputs[index] = operand; // A copy keeps all numbers.
            return builder.AddAll(equation.Op, inputs);
        });

    static Program WithOp(Program program, Equation changed, Op op) =>
        ProgramRewriter.Rewrite(program, (builder, equation, operands) => builder.AddAll(ReferenceEquals(equation, changed) ? op : equation.Op, operands));

    static Program WithOutputs(Program program, Operand[] outputs)
    {
        var builder = new ProgramBuilder();
        foreach (var input in program.Inputs) builder.AddInput(input);
        foreach (var equation in program.Equations) builder.AddAll(equation.Op, equation.Inputs.AsSpan());
        return builder.Build(outputs);
    }

    /// <summary>An op that accepts what <see cref="Add"/> does and gives what it gives.</summary>
    sealed record OtherAdd : Op
    {
        public override string Name => "other_add";

        public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands) => new Add().Infer(operands);
    }
}
