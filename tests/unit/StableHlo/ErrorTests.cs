using BrainState.StableHlo;

namespace BrainState.UnitTests.StableHlo;

/// <summary>What is malformed, and what cannot be expressed, is said with its place.</summary>
public sealed class ErrorTests
{
    [Theory]
    [InlineData("func.func @main() -> tensor<f32>", "Line 1, column 1: programs cannot express a function without a body (@main).")]
    [InlineData("nonsense", "Line 1, column 1: a module or a function is expected, but 'nonsense' was found.")]
    [InlineData("module {\n  func.func @f() {", "Line 2, column 19: an operation is expected, but the end of the text was found.")]
    [InlineData("func.func @main() { func.return }\nfunc.func @main() { func.return }", "Line 2, column 1: the function @main is defined twice.")]
    [InlineData("func.func @main(%a: tensor<2x!f32>) { func.return }", "Line 1, column 30: the type alias '!f32' is not defined.")]
    [InlineData("func.func @main(%a: float) { func.return }", "Line 1, column 21: 'float' is not a type.")]
    [InlineData("func.func @main(%a: tensor<?xf32>) { func.return }", "Line 1, column 17: programs cannot express sizes that are not known in advance (tensor<?xf32>).")]
    [InlineData("func.func @main(%a: tensor<2xi4>) { func.return }", "Line 1, column 17: programs cannot express elements of type i4.")]
    [InlineData("func.func @main(%a: !stablehlo.token) { func.return }", "Line 1, column 17: programs cannot express values of type !stablehlo.token.")]
    [InlineData("func.func @main(%a: tensor<*xf32>) { func.return }", "Line 1, column 17: programs cannot express values of type tensor<*xf32>.")]
    [InlineData("func.func @main() attributes {a = \"x { func.return }", "Line 1, column 35: the quoted text does not end.")]
    [InlineData("func.func @main() attributes {a = 1, a = 2} { func.return }", "Line 1, column 38: the attribute 'a' is given twice.")]
    [InlineData("#a = 1 : i32\n#a = 2 : i32", "Line 2, column 1: '#a' is defined twice.")]
    [InlineData("func.func @main() attributes {a = #absent} { func.return }", "Line 1, column 35: the attribute alias '#absent' is not defined.")]
    [InlineData("func.func @main() { $ }", "Line 1, column 21: '$' (U+0024) has no meaning here.")]
    public void AroundOperations(string text, string message) => Assert.Equal(message, Message(text));

    [Theory]
    [InlineData("%0 = stablehlo.add %x, %x : tensor<2xf32>",
        "Line 2, column 6: an operation in generic form, such as \"stablehlo.add\"(…); print the module with --mlir-print-op-generic is expected, but 'stablehlo.add' was found.")]
    [InlineData("%0 = \"stablehlo.add\"(%x, %y) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>", "Line 2, column 26: %y is read before it is defined.")]
    [InlineData("%x = \"stablehlo.abs\"(%x) : (tensor<2xf32>) -> tensor<2xf32>", "Line 2, column 1: %x is defined twice.")]
    [InlineData("%0 = \"stablehlo.abs\"(%x) : (tensor<2xf32>) -> tensor<3xf32>", "Line 2, column 1: result 0 of stablehlo.abs is declared as tensor<3xf32>, but is f32[2].")]
    [InlineData("%0 = \"stablehlo.abs\"(%x) : () -> tensor<2xf32>", "Line 2, column 1: stablehlo.abs has 1 operands, but its type has 0.")]
    [InlineData("%0:2 = \"stablehlo.abs\"(%x) : (tensor<2xf32>) -> tensor<2xf32>", "Line 2, column 1: 2 results of stablehlo.abs are named, but its type has 1.")]
    [InlineData("%0 = \"stablehlo.reshape\"(%x) : (tensor<2xf32>) -> tensor<3xf32>",
        "Line 2, column 1: stablehlo.reshape does not fit its operands: reshape (C1): f32[2] has 2 elements, but shape (3,) needs 3.")]
    [InlineData("%0 = \"stablehlo.transpose\"(%x) : (tensor<2xf32>) -> tensor<2xf32>", "Line 2, column 1: stablehlo.transpose lacks the attribute 'permutation'.")]
    [InlineData("%0 = \"stablehlo.transpose\"(%x) {permutation = array<i64: a>} : (tensor<2xf32>) -> tensor<2xf32>", "Line 2, column 58: 'a' is not an attribute.")]
    [InlineData("%0 = \"stablehlo.transpose\"(%x) {permutation = 1.5 : f32} : (tensor<2xf32>) -> tensor<2xf32>", "Line 2, column 47: 'permutation' of stablehlo.transpose must be integers.")]
    [InlineData("%0 = \"stablehlo.invented\"(%x) : (tensor<2xf32>) -> tensor<2xf32>", "Line 2, column 1: programs cannot express the operation stablehlo.invented.")]
    [InlineData("%0 = \"stablehlo.custom_call\"(%x) {call_target_name = \"f\"} : (tensor<2xf32>) -> tensor<2xf32>", "Line 2, column 1: programs cannot express the custom call of \"f\".")]
    [InlineData("%0 = \"stablehlo.popcnt\"(%x) : (tensor<2xf32>) -> tensor<2xf32>", "Line 2, column 1: programs cannot express stablehlo.popcnt of float32.")]
    [InlineData("%0 = func.call @g(%x) : (tensor<2xf32>) -> tensor<2xf32>", "Line 2, column 6: the function @g is not defined.")]
    [InlineData("%0 = func.call @main(%x) : (tensor<2xf32>) -> tensor<2xf32>", "Line 1, column 1: programs cannot express recursion (@main calls itself).")]
    [InlineData("%0 = \"stablehlo.constant\"() {value = dense<[1.0, [2.0]]> : tensor<2xf32>} : () -> tensor<2xf32>", "Line 2, column 50: lists are nested deeper here than before.")]
    [InlineData("%0 = \"stablehlo.constant\"() {value = dense<[[1.0], 2.0]> : tensor<2xf32>} : () -> tensor<2xf32>", "Line 2, column 52: '[' is expected, but '2.0' was found.")]
    [InlineData("%0 = \"stablehlo.constant\"() {value = dense<[[1.0], []]> : tensor<2x1xf32>} : () -> tensor<2x1xf32>",
        "Line 2, column 52: the list has 0 items, but others at its level have 1.")]
    [InlineData("%0 = \"stablehlo.constant\"() {value = dense<[1.0]> : tensor<2xf32>} : () -> tensor<2xf32>", "Line 2, column 38: the elements of tensor<2xf32> have the shape (1).")]
    [InlineData("%0 = \"stablehlo.constant\"() {value = dense<[1, 300]> : tensor<2xi8>} : () -> tensor<2xi8>", "Line 2, column 48: 300 is not a value of int8.")]
    [InlineData("%0 = \"stablehlo.constant\"() {value = dense<-1> : tensor<2xui8>} : () -> tensor<2xui8>", "Line 2, column 44: -1 is not a value of uint8.")]
    [InlineData("%0 = \"stablehlo.constant\"() {value = dense<\"0x00\"> : tensor<2xf32>} : () -> tensor<2xf32>", "Line 2, column 38: the elements of tensor<2xf32> are 8 bytes, not 1.")]
    [InlineData("%0 = \"stablehlo.constant\"() {value = dense<(1.0, 2.0)> : tensor<2xf32>} : () -> tensor<2xf32>", "Line 2, column 38: an element of tensor<2xf32> is no pair.")]
    [InlineData("%0 = \"stablehlo.constant\"() {value = dense_resource<a> : tensor<2xf32>} : () -> tensor<2xf32>", "Line 2, column 38: programs cannot express elements in a resource section.")]
    public void InOperations(string line, string message) =>
        Assert.Equal(message, Message(Modules.Function("(%x: tensor<2xf32>) -> tensor<2xf32>", $"{line}\nfunc.return %0 : tensor<2xf32>")));

    [Theory]
    [InlineData("\"stablehlo.reduce\"(%x, %i)", "%a: tensor<f32>, %b: tensor<f64>", "the region of stablehlo.reduce must take (f32[], f32[]), but takes (f32[], f64[])")]
    [InlineData("\"stablehlo.reduce\"(%x, %i)", "%a: tensor<f32>", "the region of stablehlo.reduce must take (f32[], f32[]), but takes (f32[])")]
    [InlineData("\"stablehlo.reduce\"(%x, %i)", "%a: tensor<2xf32>, %b: tensor<2xf32>", "the region of stablehlo.reduce must take (f32[], f32[]), but takes (f32[2], f32[2])")]
    public void RegionsTakeWhatTheOperationGives(string operation, string arguments, string message)
    {
        var body = $$"""
            %i = "stablehlo.constant"() {value = dense<0.0> : tensor<f32>} : () -> tensor<f32>
            %0 = {{operation}} ({
            ^bb0({{arguments}}):
              %1 = "stablehlo.add"(%a, %a) : (tensor<f32>, tensor<f32>) -> tensor<f32>
              "stablehlo.return"(%1) : (tensor<f32>) -> ()
            }) {dimensions = array<i64: 0>} : (tensor<2xf32>, tensor<f32>) -> tensor<f32>
            func.return %0 : tensor<f32>
            """;
        Assert.Equal($"Line 3, column 34: {message}.", Message(Modules.Function("(%x: tensor<2xf32>) -> tensor<f32>", body)));
    }

    [Fact]
    public void BranchesTakeNothing() => Assert.Equal("Line 2, column 77: the region of stablehlo.if must take (), but takes (f32[2]).", Message(Modules.Function(
        "(%p: tensor<i1>, %x: tensor<2xf32>) -> tensor<2xf32>", """
        %0 = "stablehlo.if"(%p) ({ "stablehlo.return"(%x) : (tensor<2xf32>) -> ()}, {^bb0(%a: tensor<2xf32>): "stablehlo.return"(%a) : (tensor<2xf32>) -> ()}) : (tensor<i1>) -> tensor<2xf32>
        func.return %0 : tensor<2xf32>
        """)));

    [Fact]
    public void WhatIsReturnedMustBeWhatIsDeclared() => Assert.Equal(
        "Line 1, column 1: @main declares the results (f32[3]), but returns (f32[2]).",
        Message(Modules.Function("(%x: tensor<2xf32>) -> tensor<3xf32>", "func.return %x : tensor<2xf32>")));

    /// <summary>Whatever text is damaged, nothing but the two designed exceptions comes out.</summary>
    [Fact]
    public void DamagedTextIsRefusedProperly()
    {
        var texts = SemanticsTests.Texts.ToArray();
        for (var seed = 0; seed < 4000; seed++)
        {
            var random = new Random(seed);
            var text = texts[random.Next(texts.Length)];
            for (var edits = random.Next(1, 4); edits > 0; edits--)
            {
                var (start, length) = (random.Next(text.Length), random.Next(4));
                var donor = random.Next(text.Length - 8);
                text = text[..start] + (random.Next(2) == 0 ? "" : text.Substring(donor, random.Next(8))) + text[Math.Min(text.Length, start + length)..];
            }
            try
            {
                StableHloImporter.Import(text);
            }
            catch (Exception refusal) when (refusal is StableHloFormatException or NotExpressibleException or ArgumentException { ParamName: "function" })
            {
            }
            catch (Exception other)
            {
                Assert.Fail($"seed {seed}: {other}\n{text}");
            }
        }
    }

    private static string Message(string text)
    {
        var failure = Record.Exception(() => StableHloImporter.Import(text));
        Assert.True(failure is StableHloFormatException or NotExpressibleException, $"{failure}");
        return failure.Message;
    }
}
