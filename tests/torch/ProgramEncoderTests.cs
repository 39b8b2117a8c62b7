using System.Text;
using BrainState.Conformance;
using BrainState.Programs;
using BrainState.Torch.Encoding;

namespace BrainState.TorchTests;

/// <summary>Nothing of a program is lost on its way to the native side.</summary>
public sealed class ProgramEncoderTests
{
    [Fact]
    public void AProgramIsTheseWords()
    {
        var program = Program.Parse("program(%0:f32[2,3]) { %1:f32[2,3] = mul %0 0.5:f32[] %2:f32[3,2] = transpose[permutation=(1, 0)] %1 return %2, %0 }");
        long[] expected =
        [
            0x3154534E49415242,
            3, 11, 2, 2, 3, 11, 2, 2, 3, 11, 2, 3, 2, 1,
            2,
            3, 0x6C756D, 0, 2, 0, -1, 11, 0x3F000000, 0, 1,
            9, 0x736F70736E617274, 0x65, 1, 11, 0x746174756D726570, 0x6E6F69, 4, 2, 1, 1, 1, 0, 1, 1, 1,
            2, 2, 0,
        ];
        Assert.Equal(expected, ProgramEncoder.Encode(program));
    }

    [Fact]
    public void EveryProgramOfTheSuiteIsReadBack()
    {
        var programs = ConformanceSuites.Cases().Where(static item => item.IsQuick).OfType<ProgramCase>().Select(static item => item.Program).Distinct().ToArray();
        Assert.True(programs.Length > 500);
        Assert.All(programs, static program => Assert.Equal(Describe(program), InstructionReader.Read(ProgramEncoder.Encode(program))));
    }

    private static string Describe(Program program)
    {
        var text = new StringBuilder($"values {string.Join(' ', Enumerable.Range(0, program.ValueCount).Select(program.SpecOf))} inputs {program.Inputs.Length}\n");
        foreach (var equation in program.Equations)
        {
            text.Append(equation.Op.Name);
            foreach (var parameter in equation.Op.Parameters) text.Append($" {parameter.Name}={Describe(parameter.Value)}");
            text.Append($" of {Describe(equation.Inputs)} gives {equation.Outputs.Length}\n");
        }
        return text.Append($"return {Describe(program.Outputs)}").ToString();
    }

    private static string Describe(IEnumerable<Operand> operands) =>
        string.Join(' ', operands.Select(static o => o.IsLiteral ? $"{o.Literal.DType}:{o.Literal.Bits:x}" : $"%{o.Value}"));

    private static string Describe(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "1" : "0",
        DType dtype => ((int)dtype).ToString(),
        double real => real.ToString("R"),
        string text => $"'{text}'",
        Program body => $"{{{Describe(body)}}}",
        System.Collections.IEnumerable items => $"({string.Join(", ", items.Cast<object?>().Select(Describe))})",
        _ => value.ToString()!,
    };
}
