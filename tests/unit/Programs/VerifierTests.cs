using BrainState.Ops;
using BrainState.Programs;
using BrainState.Conformance.Generation;

namespace BrainState.UnitTests.Programs;

/// <summary>The verifier accepts what builders make and names what is wrong with the rest.</summary>
public sealed class VerifierTests
{
    [Fact]
    public void GeneratedProgramsAreSound() => Property.CheckPrograms(3000, (program, _) =>
    {
        ProgramVerifier.Verify(program);
        ProgramVerifier.Verify(Program.Parse(program.ToFullText()));
    });

    [Fact]
    public void AResultThatIsNotTheInferredOneIsNamed()
    {
        var op = new Fickle();
        var program = Using(op);
        ProgramVerifier.Verify(program);
        op.Result = new(DType.Float32, [3]);

        Assert.Equal("Equation 1 (fickle) declares f32[2], but its op infers f32[3].", Failure(program).Message);
    }

    [Fact]
    public void AViolatedConstraintIsNamedByItsLabel()
    {
        var op = new Fickle();
        var program = Using(op);
        op.Result = null;

        var failure = Failure(program);
        Assert.Equal("Equation 1: fickle (C7): it is in a bad mood about 1 operands.", failure.Message);
        Assert.Equal("C7", Assert.IsType<OpConstraintException>(failure.InnerException).Label);
    }

    [Fact]
    public void BodiesAreVerifiedToo()
    {
        var op = new Fickle();
        var builder = new ProgramBuilder();
        builder.Add(new Call(Using(op), "f"), builder.AddInput(new(DType.Float32, [2])));
        var program = builder.Build();
        ProgramVerifier.Verify(program);
        op.Result = new(DType.Float64, [2]);

        Assert.StartsWith("Equation 1 (fickle)", Failure(program).Message);
    }

    [Theory]
    [InlineData("%2:f32[2] = add %0 %1", "%2:f32[2] = add %0 %3")]
    [InlineData("%2:f32[2] = add %0 %1", "%2:f32[2] = add %0 %2")]
    [InlineData("%2:f32[2] = add %0 %1", "%2:f32[] = add %0 %1")]
    [InlineData("%2:f32[2] = add %0 %1", "%2:f64[2] = add %0 %1")]
    [InlineData("%2:f32[2] = add %0 %1", "%2:f32[2] = add %0")]
    [InlineData("%2:f32[2] = add %0 %1", "%2:f32[2] = and %0 %1")]
    [InlineData("axes=(0,)", "axes=(1,)")]
    [InlineData("axes=(0,)", "axes=(0, 0)")]
    [InlineData("return %3", "return %4")]
    public void DamagedTextDoesNotBecomeAProgram(string sound, string damaged)
    {
        const string Text = "program(%0:f32[2], %1:f32[2]) {\n  %2:f32[2] = add %0 %1\n  %3:f32[] = reduce_sum[axes=(0,)] %2\n  return %3\n}";
        Assert.Equal(Text, Program.Parse(Text).ToFullText());

        Assert.Throws<ProgramFormatException>(() => Program.Parse(Text.Replace(sound, damaged)));
    }

    static Program Using(Op op)
    {
        var builder = new ProgramBuilder();
        var x = builder.Add(new Neg(), builder.AddInput(new(DType.Float32, [2])));
        return builder.Build(builder.Add(op, x));
    }

    static ProgramFormatException Failure(Program program) => Assert.Throws<ProgramFormatException>(() => ProgramVerifier.Verify(program));
}
