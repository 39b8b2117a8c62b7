using System.Text.RegularExpressions;
using BrainState.Programs;
using BrainState.Conformance.Generation;
using Xunit.Sdk;

namespace BrainState.UnitTests.Programs;

/// <summary>Malformed text gives one kind of exception, which says where and what.</summary>
public sealed partial class ParserErrorTests
{
    [Theory]
    [InlineData("", "Line 1, column 1: 'program' is expected.")]
    [InlineData("program(", "Line 1, column 9: '%' is expected.")]
    [InlineData("program() {\n  return\n} x", "Line 3, column 3: nothing may follow the program.")]
    [InlineData("program(%0:f32[2]) {\n  %0:f32[2] = neg %0\n  return }", "Line 2, column 3: %0 is defined twice.")]
    [InlineData("program(%0:f32[-2]) { return }", "Line 1, column 12: 'f32[-2]' is not a spec such as f32[2,3].")]
    [InlineData("program(%0:f32[2,]) { return }", "Line 1, column 12: 'f32[2,]' is not a spec such as f32[2,3].")]
    [InlineData("program(%0:f32[99999999999]) { return }", "Line 1, column 12: 'f32[99999999999]' is not a spec such as f32[2,3].")]
    [InlineData("program(%0:f99[]) { return }",
        "Line 1, column 12: 'f99' is not a dtype; the dtypes are bool, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float16, bfloat16, float32, float64, complex64, complex128.")]
    [InlineData("program() { return %1 }", "Line 1, column 22: %1 is not defined here.")]
    [InlineData("program() {\n  %0:f32[] = nonsense 1.0:f32[]\n return }", "Line 2, column 14: 'nonsense' is not an op.")]
    [InlineData("program(%0:f32[2]) {\n  %1:f32[2] = neg %0 %0\n return }", "Line 2, column 15: neg (C0): it takes 1 operand, but 2 were given.")]
    [InlineData("program(%0:f32[2], %1:f32[3]) {\n  %2:f32[2] = add %0 %1\n return }",
        "Line 2, column 15: add (C1): operand shapes must be equal or scalar, but are f32[2], f32[3].")]
    [InlineData("program(%0:f32[2]) {\n  %1:f32[3] = neg %0\n return }", "Line 2, column 3: %1 is declared as f32[3], but neg gives f32[2].")]
    [InlineData("program(%0:f32[2]) {\n  %1:f32[2] %2:f32[2] = neg %0\n return }", "Line 2, column 3: neg has 1 results, but 2 are declared.")]
    [InlineData("program(%0:f32[2]) { %1:f32[1] = reshape[new_sizes=(1,) new_sizes=(2,)] %0 return }", "Line 1, column 71: parameter 'new_sizes' is given twice.")]
    [InlineData("program(%0:f32[2]) { %1:f32[1] = reshape %0 return }", "Line 1, column 34: reshape lacks the parameter 'new_sizes'.")]
    [InlineData("program(%0:f32[2]) { %1:f32[1] = reshape[new_sizes=(-2,)] %0 return }", "Line 1, column 34: Parameter 'new_sizes' of reshape must be a tuple of non-negative integers.")]
    [InlineData("program(%0:f32[2]) { %1:f32[2] = round[rounding_method='1'] %0 return }",
        "Line 1, column 34: Parameter 'rounding_method' of round must be one of AwayFromZero, ToNearestEven.")]
    [InlineData("program(%0:f32[2]) { %1:f32[2] = integer_pow[y=2147483648] %0 return }", "Line 1, column 34: Parameter 'y' of integer_pow must be an integer.")]
    [InlineData("program() { call[name='\\x'] return }", "Line 1, column 25: a malformed escape.")]
    [InlineData("program() { call[name='abc] return }", "Line 1, column 37: the closing quote is missing.")]
    [InlineData("program() { return 1.5:i32[] }", "Line 1, column 20: '1.5' is not a int32.")]
    [InlineData("program() { return 128:i8[] }", "Line 1, column 20: '128' is not a int8.")]
    [InlineData("program() { return -1:u64[] }", "Line 1, column 20: '-1' is not a uint64.")]
    [InlineData("program() { return nan(0x7f800000):f32[] }", "Line 1, column 20: 'nan(0x7f800000)' is not a float32.")]
    [InlineData("program() { return 1e39:f32[] }", "Line 1, column 20: '1e39' is not a float32.")]
    [InlineData("program() { return 1.0:f32[2] }", "Line 1, column 20: literals are scalars.")]
    [InlineData("program() { return 1.0 }", "Line 1, column 20: an operand is expected.")]
    public void MessagesSayWhereAndWhat(string text, string message) =>
        Assert.Equal(message, Assert.Throws<ProgramFormatException>(() => Program.Parse(text)).Message);

    [Fact]
    public void EveryTruncationIsAnError() => Property.Check(60, seed =>
    {
        var text = new ProgramGenerator(seed) { MaxEquations = 4, MaxDepth = 1 }.Next().ToFullText();
        for (var length = 0; length < text.Length; length++) Assert.False(Parses(text[..length]), text[..length]);
    });

    [Fact]
    public void MutationsAreErrorsOrOtherPrograms() => Property.Check(20_000, seed =>
    {
        var random = new Random(seed);
        var text = Texts.Value[seed % Texts.Value.Length];
        for (var count = random.Next(1, 4); count > 0; count--) text = Mutate(random, text);
        Parses(text);
    });

    [Fact]
    public void DeepNestingIsAnErrorAndNoStackOverflow()
    {
        Assert.False(Parses(string.Concat(Enumerable.Repeat("program() { call[body=", 100_000))));
        Assert.False(Parses("program() { call[name=" + new string('(', 100_000)));
        Assert.False(Parses("program() { call[name=" + string.Concat(Enumerable.Repeat("(1, [", 100_000))));
    }

    static readonly Lazy<string[]> Texts = new(() => [.. Enumerable.Range(0, 3 * OpGenerators.Names.Count)
        .Select(i => new ProgramGenerator(i) { MaxEquations = 3, MaxDepth = 1, Axis = ("i", 2) }.NextWith(OpGenerators.Names[i / 3]).ToFullText())]);

    /// <summary>Whether the text is a program; if not, the error must be of the designed form; if so, it must be a sound one.</summary>
    static bool Parses(string text)
    {
        try
        {
            var program = Program.Parse(text);
            ProgramVerifier.Verify(program);
            Assert.Equal(program, Program.Parse(program.ToFullText()));
            return true;
        }
        catch (ProgramFormatException error)
        {
            Assert.Matches(Form(), error.Message);
            return false;
        }
        catch (Exception error) when (error is not XunitException)
        {
            throw new XunitException($"{error}\n{text}");
        }
    }

    static string Mutate(Random random, string text)
    {
        if (text.Length == 0) return "program";
        var at = random.Next(text.Length);
        var length = Math.Min(random.Next(1, 8), text.Length - at);
        return random.Next(6) switch
        {
            0 => text.Remove(at, length),
            1 => text.Insert(at, Pieces[random.Next(Pieces.Length)]),
            2 => text.Remove(at, 1).Insert(at, Pieces[random.Next(Pieces.Length)]),
            3 => text.Insert(random.Next(text.Length), text.Substring(at, length)),
            4 => Number().Replace(text, _ => Numbers[random.Next(Numbers.Length)], 1, at),
            _ => Word().Replace(text, _ => Words[random.Next(Words.Length)], 1, at),
        };
    }

    static readonly string[] Pieces =
    [
        "%", ":", "[", "]", "(", ")", "{", "}", ",", "=", "'", "\\", " ", "\n", "-", "0", "9", "e", "nan", "inf", "return", "program", "None", "True",
        "\0", "é", "f32[]", "1.0:f32[]", "%0",
    ];

    static readonly string[] Numbers =
        ["0", "1", "-1", "2", "7", "2147483647", "-2147483648", "2147483648", "9223372036854775807", "99999999999999999999", "1.5", "1e400"];

    static readonly string[] Words = [.. OpGenerators.Names, "f32", "bool", "c64", "i32", "float32", "None", "True", "False", "axes", "body", "program"];

    [GeneratedRegex(@"\ALine \d+, column \d+: .+[^.]\.\z", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();

    [GeneratedRegex(@"[a-z_]\w+")]
    private static partial Regex Word();
}
