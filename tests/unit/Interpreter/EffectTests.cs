using System.Numerics;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.Interpretation;

/// <summary>What programs say, and how they fail.</summary>
public class EffectTests
{
    [Fact]
    public void PrintsComeInOrderAlsoFromBodies()
    {
        var program = Program.Parse(
            "program(%0:i32[2]) { debug_print[fmt='before {0}'] %0 "
            + "%1:i32[] = scan[body=program(%0:i32[], %1:i32[]) { debug_print[fmt='{1} after {0,3}'] %0 %1 return %1 } length=2 num_carry=1 num_consts=0 reverse=False unroll=1] 0:i32[] %0 "
            + "debug_print[fmt=done] return %1 }");
        var lines = new List<string>();
        Interpreter.Run(program, [HostValue.Of([2], 5, 7)], new() { Print = lines.Add });
        Assert.Equal(["before [5, 7]", "5 after   0", "7 after   5", "done"], lines);
        Interpreter.Run(program, [HostValue.Of([2], 5, 7)]); // Nobody listens.
    }

    [Fact]
    public void ErrorsHaveTheirMessage()
    {
        var program = Program.Parse("program(%0:bool[], %1:f32[]) { error_if[msg='loss is {0:F2}'] %0 %1 return %1 }");
        Assert.Equal([1.5f], Interpreter.Run(program, [HostValue.Of([], false), HostValue.Of([], 1.5f)])[0].ToArray<float>());
        Assert.Equal("loss is 1.50", Assert.Throws<ErrorIfException>(() => Interpreter.Run(program, [HostValue.Of([], true), HostValue.Of([], 1.5f)])).Message);
    }

    [Fact]
    public void TensorsAreNestedBrackets()
    {
        Assert.Equal("[[1.0, 2.5], [-0.0, nan]]", Text("{0}", HostValue.Of([2, 2], 1f, 2.5f, -0f, float.NaN)));
        Assert.Equal("[[1.00, 2.50]]|   True|[]|[[], []]", Text("{0:F2}|{1,7}|{2}|{3}", HostValue.Of([1, 2], 1.0, 2.5), HostValue.Of([], true), HostValue.Of<int>([0]), HostValue.Of<int>([2, 0])));
        Assert.Equal("0.1 0.1 FF 18446744073709551615 -128 <1; 2> (1.0+2.0j) {}", Text("{0:G} {1} {2:X} {3:D} {4:D3} {5:G} {5} {{}}",
            HostValue.Of([], 0.1f), HostValue.Of([], (Half)0.1), HostValue.Of<byte>([], 255), HostValue.Of([], ulong.MaxValue), HostValue.Of<sbyte>([], -128), HostValue.Of([], new Complex(1, 2))));
    }

    [Fact]
    public void LargeTensorsAreShortened()
    {
        Assert.Equal("[0, 1, 2, ..., 1998, 1999, 2000]", Text("{0}", Evaluate.Op(new Iota(DType.Int32, [2001], 0))));
        Assert.Equal("[[0, 1, 2, ..., 297, 298, 299], [0, 1, 2, ..., 297, 298, 299], [0, 1, 2, ..., 297, 298, 299], [0, 1, 2, ..., 297, 298, 299]]", Text("{0}", Evaluate.Op(new Iota(DType.Int32, [4, 300], 1))));
        Assert.DoesNotContain("...", Text("{0}", Evaluate.Op(new Iota(DType.Int32, [10, 100], 1))));
    }

    private static string Text(string format, params HostValue[] operands)
    {
        var texts = new List<string>();
        Interpreter.Run(Evaluate.ProgramOf(new DebugPrint(format), operands.Select(static o => o.Spec)), operands, new() { Print = texts.Add });
        return Assert.Single(texts);
    }
}
