using BrainState.Ops;
using BrainState.Programs;
using BrainState.Conformance.Generation;

namespace BrainState.UnitTests.Programs;

/// <summary>The full form is exact: what is printed reads back to an equal program.</summary>
public sealed class FullTextTests
{
    [Fact]
    public void PrintedProgramsReadBackEqual() => Property.CheckPrograms(4000, (program, _) => RoundTrip(program));

    [Fact]
    public void EveryOpReadsBackEqual() => Property.Check(20 * OpGenerators.Names.Count, seed =>
        RoundTrip(new ProgramGenerator(seed) { MaxEquations = 2, Axis = ("an axis", 2) }.NextWith(OpGenerators.Names[seed % OpGenerators.Names.Count])));

    [Fact]
    public void EveryLiteralReadsBackBitForBit() => Property.Check(2000, seed =>
    {
        var random = new Random(seed);
        var literals = DType.All.Select(d => Operand.Of(ScalarGenerator.Any(random, d))).ToArray();
        RoundTrip(new ProgramBuilder().Build(literals));
    });

    [Fact]
    public void EveryFloat16AndBFloat16ReadsBackBitForBit()
    {
        foreach (var dtype in (DType[])[DType.Float16, DType.BFloat16])
            RoundTrip(new ProgramBuilder().Build([.. Enumerable.Range(0, 1 << 16).Select(bits => Operand.Of(new Scalar(dtype, (UInt128)bits)))]));
    }

    /// <summary>The shortest digits of this float, read as a double and rounded to a float, give its neighbour.</summary>
    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Complex64)]
    public void DigitsAreRoundedOnce(DType dtype) =>
        RoundTrip(new ProgramBuilder().Build(Operand.Of(Scalar.Of(dtype, 7.038531e-26f)), Operand.Of(Scalar.Of(dtype, -7.038531e-26f))));

    [Fact]
    public void NaNsOfComplexLiteralsKeepTheirBits()
    {
        var random = new Random(0);
        Scalar With(DType dtype, ulong real, ulong imaginary) => new(dtype, real | ((UInt128)imaginary << (4 * dtype.Size)));

        RoundTrip(new ProgramBuilder().Build(
            Operand.Of(With(DType.Complex64, 0x7FC00001, 0x3F800000)),
            Operand.Of(With(DType.Complex64, 0x80000000, 0xFF800001)),
            Operand.Of(With(DType.Complex64, 0x7FC00000, 0xFFC00000)),
            Operand.Of(With(DType.Complex128, 0x7FF8000000000000, 0xFFF0000000000000)),
            Operand.Of(With(DType.Complex128, 0x3FF0000000000000, 0x7FF0000000000001))));
    }

    [Fact]
    public void NamesReadBackWhateverTheyContain()
    {
        foreach (var name in ScalarGenerator.Names)
        {
            var builder = new ProgramBuilder();
            builder.AddAll(new Call(new ProgramBuilder().Build(), name));
            builder.AddAll(new Composite(name, [new(name, name), new("n", OpParameter.Tuple(name, null, 1L))], new ProgramBuilder().Build(), null, null));
            RoundTrip(builder.Build());
        }
    }

    [Fact]
    public void ExactText()
    {
        var body = new ProgramBuilder();
        var (carry, x) = (body.AddInput(new(DType.Float32, [])), body.AddInput(new(DType.Float32, [2])));
        var sum = body.Add(new Add(), carry, body.Add(new ReduceSum([0]), x));
        var step = body.Build(sum, sum);

        var builder = new ProgramBuilder();
        var xs = builder.AddInput(new(DType.Float32, [3, 2]));
        var results = builder.AddAll(new Scan(step, 0, 1, 3, Reverse: false, Unroll: 1), Operand.Of(Scalar.Of(0f)), xs);
        var scaled = builder.Add(new Mul(), results[1], Operand.Of(Scalar.Of(-0.1f)));

        Assert.Equal("""
            program(%0:f32[3,2]) {
              %1:f32[] %2:f32[3] = scan[body=program(%0:f32[], %1:f32[2]) {
                %2:f32[] = reduce_sum[axes=(0,)] %1
                %3:f32[] = add %0 %2
                return %3, %3
              } length=3 num_carry=1 num_consts=0 reverse=False unroll=1] 0.0:f32[] %0
              %3:f32[3] = mul %2 -0.1:f32[]
              return %3, %1, 7:i64[]
            }
            """.ReplaceLineEndings("\n"), builder.Build(scaled, results[0], Operand.Of(Scalar.Of(7L))).ToFullText());
    }

    [Fact]
    public void TheSmallestProgram()
    {
        var empty = new ProgramBuilder().Build();

        Assert.Equal("program() {\n  return\n}", empty.ToFullText());
        RoundTrip(empty);
    }

    [Fact]
    public void SpaceAndNamesOfValuesAreFree()
    {
        var canonical = Program.Parse("program(%0:f32[2], %1:f32[2]) {\n  %2:f32[2] = add %0 %1\n  return %2\n}");

        Assert.Equal(canonical, Program.Parse("  program ( %x : f32[2] ,\r\n\t%y:float32[2] , ){%sum:f32[2]=add %x %y return %sum}\n"));
    }

    static void RoundTrip(Program program)
    {
        var text = program.ToFullText();
        var parsed = Program.Parse(text);

        Assert.Equal(text, parsed.ToFullText());
        Assert.True(program.Equals(parsed), text);
        Assert.Equal(program.GetHashCode(), parsed.GetHashCode());
        Assert.Equal(program.ToString(), parsed.ToString());
    }

    [Fact]
    public void Attributes_of_composites_keep_their_real_numbers()
    {
        var builder = new ProgramBuilder();
        var body = builder.Build(builder.AddInput(new(DType.Float32, [2])));
        var outer = new ProgramBuilder();
        var composite = new BrainState.Ops.Composite("layer_norm", [new("axis", -1L), new("epsilon", 1e-6), new("scale", 2.0)], body, null, null);
        var program = outer.Build(outer.Add(composite, outer.AddInput(new(DType.Float32, [2]))));
        Assert.Contains("attributes=((axis, -1), (epsilon, 1e-06), (scale, 2.0))", program.ToFullText());
        Assert.Equal(program, BrainState.Programs.Program.Parse(program.ToFullText()));
    }
}
