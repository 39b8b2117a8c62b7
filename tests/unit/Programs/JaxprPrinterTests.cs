using BrainState.Ops;
using BrainState.Programs;
using BrainState.Programs.Text;
using BrainState.Conformance.Generation;

namespace BrainState.UnitTests.Programs;

/// <summary>The short form is what JAX prints.</summary>
public sealed class JaxprPrinterTests
{
    static readonly TensorSpec Scalar32 = new(DType.Float32, []);

    [Fact]
    public void TheTutorialsJaxpr()
    {
        var builder = new ProgramBuilder();
        var x = builder.AddInput(new(DType.Float32, [1]));
        var weight = builder.AddInput(new(DType.Float32, [1, 1]));
        var bias = builder.AddInput(new(DType.Float32, [1]));
        var product = builder.Add(new DotGeneral([0], [0], [], [], DType.Float32), x, weight);
        var program = builder.Build(builder.Add(new Add(), product, bias), weight, bias);

        Assert.Equal("""
            { lambda ; a:f32[1] b:f32[1,1] c:f32[1]. let
                d:f32[1] = dot_general[
                  dimension_numbers=(([0], [0]), ([], []))
                  preferred_element_type=float32
                ] a b
                e:f32[1] = add d c
              in (e, b, c) }
            """.ReplaceLineEndings("\n"), program.ToString());
    }

    [Fact]
    public void ASmallProgramIsOneLine()
    {
        var builder = new ProgramBuilder();
        var x = builder.AddInput(new(DType.Float32, [2]));
        var y = builder.AddInput(new(DType.Float32, [2]));
        var sum = builder.Add(new Add(), x, y);

        Assert.Equal("{ lambda ; a:f32[2] b:f32[2]. let c:f32[2] = add a b in (c,) }", builder.Build(sum).ToString());
        Assert.Equal("{ lambda ; . let  in () }", new ProgramBuilder().Build().ToString());
    }

    [Fact]
    public void ConstantsStandBeforeTheSemicolon()
    {
        var builder = new ProgramBuilder();
        var (table, x) = (builder.AddInput(new(DType.Int32, [3])), builder.AddInput(Scalar32));

        Assert.Equal("{ lambda a:i32[3]; b:f32[]. let  in (b, a) }", JaxprPrinter.Print(builder.Build(x, table), constantCount: 1));
    }

    [Fact]
    public void SeveralEquationsAreOneLineEach()
    {
        var builder = new ProgramBuilder();
        var x = builder.AddInput(new(DType.Float32, [2, 3]));
        var sum = builder.Add(new ReduceSum([0, 1]), builder.Add(new Exp(), builder.Add(new Neg(), x)));

        Assert.Equal("""
            { lambda ; a:f32[2,3]. let
                b:f32[2,3] = neg a
                c:f32[2,3] = exp b
                d:f32[] = reduce_sum[axes=(0, 1)] c
              in (d,) }
            """.ReplaceLineEndings("\n"), builder.Build(sum).ToString());
    }

    [Fact]
    public void LiteralsStandWhereTheyAreRead()
    {
        var builder = new ProgramBuilder();
        var x = builder.AddInput(Scalar32);
        var sum = builder.Add(new Add(), builder.Add(new Mul(), x, Operand.Of(Scalar.Of(2f))), Operand.Of(Scalar.Of(float.NegativeInfinity)));

        Assert.Equal("""
            { lambda ; a:f32[]. let
                b:f32[] = mul a 2.0:f32[]
                c:f32[] = add b -inf:f32[]
              in (c, True:bool[], 1:i32[], (0.0-1.5j):c64[]) }
            """.ReplaceLineEndings("\n"), builder.Build(
                sum, Operand.Of(Scalar.Of(true)), Operand.Of(Scalar.Of(1)), Operand.Of(Scalar.Of(DType.Complex64, new System.Numerics.Complex(0, -1.5)))).ToString());
    }

    [Fact]
    public void BodiesContinueTheLetters()
    {
        var builder = new ProgramBuilder();
        var index = builder.AddInput(new(DType.Int32, []));
        var x = builder.AddInput(Scalar32);
        var branch = builder.Add(new Cond([Unary(new Neg()), Unary(new Exp())]), index, x);
        var called = builder.Add(new Call(Unary(new Sin()), "f"), branch);

        Assert.Equal("""
            { lambda ; a:i32[] b:f32[]. let
                c:f32[] = cond[
                  branches=(
                    { lambda ; d:f32[]. let e:f32[] = neg d in (e,) },
                    { lambda ; f:f32[]. let g:f32[] = exp f in (g,) }
                  )
                ] a b
                h:f32[] = call[
                  body={ lambda ; i:f32[]. let j:f32[] = sin i in (j,) }
                  name=f
                ] c
              in (h,) }
            """.ReplaceLineEndings("\n"), builder.Build(called).ToString());
    }

    [Fact]
    public void AbsentParametersAreLeftOut()
    {
        var composite = new Composite("relu", [new("axis", 0L)], Unary(new Neg()), null, null);

        Assert.Equal("""
            composite[
              attributes=((axis, 0),)
              body={ lambda ; a:f32[]. let b:f32[] = neg a in (b,) }
              name=relu
            ]
            """.ReplaceLineEndings("\n"), composite.ToString());
        Assert.Equal("integer_pow[y=-2]", new IntegerPow(-2).ToString());
        Assert.Equal("add", new Add().ToString());
        Assert.Equal("pad[padding_config=((0, 1, 0),)]", new Pad([new(0, 1, 0)]).ToString());
        Assert.Equal("convert_element_type[new_dtype=bfloat16]", new ConvertElementType(DType.BFloat16).ToString());
    }

    /// <summary>JAX counts in base 26 with a for 0: after z comes ba, after zz baa.</summary>
    [Fact]
    public void AfterZComeTwoLetters()
    {
        var builder = new ProgramBuilder();
        var inputs = Enumerable.Range(0, 26 * 26 + 2).Select(_ => builder.AddInput(Scalar32)).ToArray();
        var text = builder.Build(inputs[25], inputs[26], inputs[27], inputs[51], inputs[52], inputs[675], inputs[676], inputs[677]).ToString();

        Assert.EndsWith("in (z, ba, bb, bz, ca, zz, baa, bab) }", text);
    }

    [Fact]
    public void EveryProgramPrintsAndNoLineIsBrokenWithoutNeed() => Property.CheckPrograms(1000, (program, _) =>
    {
        var text = program.ToString();

        Assert.StartsWith("{ lambda ;", text);
        Assert.EndsWith(" }", text);
        Assert.Equal(text.Contains('\n'), string.Join(' ', text.Split('\n').Select(line => line.Trim())).Length > 80 || text.Contains("let\n"));
    });

    static Program Unary(Op op)
    {
        var builder = new ProgramBuilder();
        return builder.Build(builder.Add(op, builder.AddInput(Scalar32)));
    }
}
