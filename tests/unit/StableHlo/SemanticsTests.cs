using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.StableHlo;

namespace BrainState.UnitTests.StableHlo;

/// <summary>What the external cases leave out: regions that read from outside, initial values that change something, orders of several keys, and axes in unusual places.</summary>
public sealed class SemanticsTests
{
    private const string Loop = """
        func.func @main(%n: tensor<i32>, %step: tensor<i32>) -> (tensor<i32>, tensor<i32>) {
          %0 = "stablehlo.constant"() {value = dense<0> : tensor<i32>} : () -> tensor<i32>
          %weights = "stablehlo.constant"() {value = dense<[1, 10, 100]> : tensor<3xi32>} : () -> tensor<3xi32>
          %1:2 = "stablehlo.while"(%0, %0) ({
          ^bb0(%i: tensor<i32>, %sum: tensor<i32>):
            %2 = "stablehlo.compare"(%i, %n) {comparison_direction = #stablehlo<comparison_direction LT>} : (tensor<i32>, tensor<i32>) -> tensor<i1>
            "stablehlo.return"(%2) : (tensor<i1>) -> ()
          }, {
          ^bb0(%i: tensor<i32>, %sum: tensor<i32>):
            %3 = "stablehlo.dynamic_slice"(%weights, %i) {slice_sizes = array<i64: 1>} : (tensor<3xi32>, tensor<i32>) -> tensor<1xi32>
            %4 = "stablehlo.reshape"(%3) : (tensor<1xi32>) -> tensor<i32>
            %5 = "stablehlo.constant"() {value = dense<[5, 7]> : tensor<2xi32>} : () -> tensor<2xi32>
            %6 = "stablehlo.slice"(%5) {start_indices = array<i64: 1>, limit_indices = array<i64: 2>, strides = array<i64: 1>} : (tensor<2xi32>) -> tensor<1xi32>
            %7 = "stablehlo.reshape"(%6) : (tensor<1xi32>) -> tensor<i32>
            %8 = "stablehlo.multiply"(%4, %7) : (tensor<i32>, tensor<i32>) -> tensor<i32>
            %9 = "stablehlo.add"(%sum, %8) : (tensor<i32>, tensor<i32>) -> tensor<i32>
            %10 = "stablehlo.add"(%i, %step) : (tensor<i32>, tensor<i32>) -> tensor<i32>
            "stablehlo.return"(%10, %9) : (tensor<i32>, tensor<i32>) -> ()
          }) : (tensor<i32>, tensor<i32>) -> (tensor<i32>, tensor<i32>)
          func.return %1#0, %1#1 : tensor<i32>, tensor<i32>
        }
        """;

    private const string Branches = """
        func.func @main(%i: tensor<i32>, %x: tensor<2xf32>) -> tensor<2xf32> {
          %0 = "stablehlo.case"(%i) ({
            %a = "stablehlo.negate"(%x) : (tensor<2xf32>) -> tensor<2xf32>
            "stablehlo.return"(%a) : (tensor<2xf32>) -> ()
          }, {
            %b = "stablehlo.constant"() {value = dense<[7.0, 8.0]> : tensor<2xf32>} : () -> tensor<2xf32>
            "stablehlo.return"(%b) : (tensor<2xf32>) -> ()
          }, {
            %zero = "stablehlo.constant"() {value = dense<0> : tensor<i32>} : () -> tensor<i32>
            %is = "stablehlo.compare"(%i, %zero) {comparison_direction = #stablehlo<comparison_direction LT>} : (tensor<i32>, tensor<i32>) -> tensor<i1>
            %c = "stablehlo.if"(%is) ({
              "stablehlo.return"(%x) : (tensor<2xf32>) -> ()
            }, {
              %d = "stablehlo.add"(%x, %x) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
              "stablehlo.return"(%d) : (tensor<2xf32>) -> ()
            }) : (tensor<i1>) -> tensor<2xf32>
            "stablehlo.return"(%c) : (tensor<2xf32>) -> ()
          }) : (tensor<i32>) -> tensor<2xf32>
          func.return %0 : tensor<2xf32>
        }
        """;

    private const string Tuples = """
        func.func @main(%t: tuple<tensor<f32>, tuple<tensor<i32>>>) -> tuple<tensor<i32>, tensor<f32>> {
          %0 = func.call @swap(%t) : (tuple<tensor<f32>, tuple<tensor<i32>>>) -> tuple<tensor<i32>, tensor<f32>>
          func.return %0 : tuple<tensor<i32>, tensor<f32>>
        }
        func.func private @swap(%t: tuple<tensor<f32>, tuple<tensor<i32>>>) -> tuple<tensor<i32>, tensor<f32>> {
          %0 = "stablehlo.get_tuple_element"(%t) {index = 0 : i32} : (tuple<tensor<f32>, tuple<tensor<i32>>>) -> tensor<f32>
          %1 = "stablehlo.get_tuple_element"(%t) {index = 1 : i32} : (tuple<tensor<f32>, tuple<tensor<i32>>>) -> tuple<tensor<i32>>
          %2 = "stablehlo.get_tuple_element"(%1) {index = 0 : i32} : (tuple<tensor<i32>>) -> tensor<i32>
          %3 = "stablehlo.tuple"(%2, %0) : (tensor<i32>, tensor<f32>) -> tuple<tensor<i32>, tensor<f32>>
          func.return %3 : tuple<tensor<i32>, tensor<f32>>
        }
        """;

    private const string TwoKeys = """
        func.func @main(%v: tensor<5xi32>, %a: tensor<5xf32>, %b: tensor<5xi32>) -> (tensor<5xi32>, tensor<5xf32>, tensor<5xi32>) {
          %0:3 = "stablehlo.sort"(%v, %a, %b) ({
          ^bb0(%v0: tensor<i32>, %v1: tensor<i32>, %a0: tensor<f32>, %a1: tensor<f32>, %b0: tensor<i32>, %b1: tensor<i32>):
            %1 = "stablehlo.compare"(%b0, %b1) {comparison_direction = #stablehlo<comparison_direction LT>} : (tensor<i32>, tensor<i32>) -> tensor<i1>
            %2 = "stablehlo.compare"(%b0, %b1) {comparison_direction = #stablehlo<comparison_direction EQ>} : (tensor<i32>, tensor<i32>) -> tensor<i1>
            %3 = "stablehlo.compare"(%a0, %a1) {comparison_direction = #stablehlo<comparison_direction LT>, compare_type = #stablehlo<comparison_type TOTALORDER>} : (tensor<f32>, tensor<f32>) -> tensor<i1>
            %4 = "stablehlo.and"(%2, %3) : (tensor<i1>, tensor<i1>) -> tensor<i1>
            %5 = "stablehlo.or"(%1, %4) : (tensor<i1>, tensor<i1>) -> tensor<i1>
            "stablehlo.return"(%5) : (tensor<i1>) -> ()
          }) {dimension = 0 : i64, is_stable = true} : (tensor<5xi32>, tensor<5xf32>, tensor<5xi32>) -> (tensor<5xi32>, tensor<5xf32>, tensor<5xi32>)
          func.return %0#0, %0#1, %0#2 : tensor<5xi32>, tensor<5xf32>, tensor<5xi32>
        }
        """;

    /// <summary><see cref="float.NaN"/> has its sign bit set.</summary>
    private static readonly float PositiveNaN = BitConverter.UInt32BitsToSingle(0x7FC00000);

    /// <summary>The texts of these tests, for others to damage.</summary>
    public static IEnumerable<string> Texts => [Loop, Branches, Tuples, TwoKeys];

    [Fact]
    public void LoopsReadTensorsFromOutside() => Assert.Equal([4, 707], Scalars(Modules.Run(Loop, HostValue.Of([], 3), HostValue.Of([], 2))));

    [Theory]
    [InlineData(0, -1f, -2f)]
    [InlineData(1, 7f, 8f)]
    [InlineData(2, 2f, 4f)]
    [InlineData(3, 2f, 4f)]
    [InlineData(-1, 1f, 2f)]
    public void AnIndexThatIsNoBranchSelectsTheLast(int index, params float[] expected) =>
        Assert.Equal(expected, Modules.Run(Branches, HostValue.Of([], index), HostValue.Of([2], 1f, 2f))[0].ToArray<float>());

    [Fact]
    public void TuplesAreTakenApart()
    {
        var results = Modules.Run(Tuples, HostValue.Of([], 2.5f), HostValue.Of([], 3));
        Assert.Equal([3], results[0].ToArray<int>());
        Assert.Equal([2.5f], results[1].ToArray<float>());
    }

    [Fact]
    public void SortsByLaterOperandsFirst()
    {
        var results = Modules.Run(TwoKeys, HostValue.Of([5], 0, 1, 2, 3, 4), HostValue.Of([5], 0f, -0f, PositiveNaN, -1f, float.NegativeInfinity), HostValue.Of([5], 1, 1, 0, 1, 0));
        Assert.Equal([4, 2, 3, 1, 0], results[0].ToArray<int>());
        Assert.Equal([float.NegativeInfinity, float.NaN, -1, -0f, 0], results[1].ToArray<float>());
        Assert.Equal([0, 0, 1, 1, 1], results[2].ToArray<int>());
    }

    [Fact]
    public void DescendingSortsKeepTheOrderOfEquals()
    {
        var text = TwoKeys.Replace("comparison_direction LT", "comparison_direction GT");
        var results = Modules.Run(text, HostValue.Of([5], 0, 1, 2, 3, 4), HostValue.Of([5], 1f, 2f, 1f, 2f, 1f), HostValue.Of([5], 0, 0, 0, 0, 0));
        Assert.Equal([1, 3, 0, 2, 4], results[0].ToArray<int>());
    }

    [Theory]
    [InlineData("add", 5, 5 + 1 + 2 + 3)]
    [InlineData("multiply", 5, 30)]
    [InlineData("maximum", 2, 3)]
    [InlineData("maximum", 9, 9)]
    [InlineData("minimum", -2, -2)]
    [InlineData("and", 1, 0)]
    [InlineData("or", 8, 11)]
    [InlineData("xor", 8, 8)]
    public void InitialValuesTakePart(string op, int initial, int expected) => Assert.Equal([expected], Modules.Run(Modules.Function("(%x: tensor<3xi32>) -> tensor<i32>", $$"""
        %i = "stablehlo.constant"() {value = dense<{{initial}}> : tensor<i32>} : () -> tensor<i32>
        %0 = "stablehlo.reduce"(%x, %i) ({
        ^bb0(%a: tensor<i32>, %b: tensor<i32>):
          %1 = "stablehlo.{{op}}"(%b, %a) : (tensor<i32>, tensor<i32>) -> tensor<i32>
          "stablehlo.return"(%1) : (tensor<i32>) -> ()
        }) {dimensions = array<i64: 0>} : (tensor<3xi32>, tensor<i32>) -> tensor<i32>
        func.return %0 : tensor<i32>
        """), HostValue.Of([3], 1, 2, 3))[0].ToArray<int>());

    /// <summary>Windows 0..2 over [p, 1, ., 2, ., 3] with p and the gaps being the initial value.</summary>
    [Theory]
    [InlineData("add", 10, 10 + 10 + 1 + 10, 10 + 2 + 10 + 3)]
    [InlineData("maximum", 2, 2, 3)]
    [InlineData("multiply", 1, 1, 6)]
    public void PaddingOfWindowsIsTheInitialValue(string op, int initial, params int[] expected) => Assert.Equal(expected, Modules.Run(Modules.Function("(%x: tensor<3xi32>) -> tensor<2xi32>", $$"""
        %i = "stablehlo.constant"() {value = dense<{{initial}}> : tensor<i32>} : () -> tensor<i32>
        %0 = "stablehlo.reduce_window"(%x, %i) ({
        ^bb0(%a: tensor<i32>, %b: tensor<i32>):
          %1 = "stablehlo.{{op}}"(%a, %b) : (tensor<i32>, tensor<i32>) -> tensor<i32>
          "stablehlo.return"(%1) : (tensor<i32>) -> ()
        }) {window_dimensions = array<i64: 3>, window_strides = array<i64: 3>, base_dilations = array<i64: 2>, padding = dense<[[1, 0]]> : tensor<1x2xi64>} : (tensor<3xi32>, tensor<i32>) -> tensor<2xi32>
        func.return %0 : tensor<2xi32>
        """), HostValue.Of([3], 1, 2, 3))[0].ToArray<int>());

    /// <summary>Index vectors along the first axis, as numbers of their own, and as usual give the same.</summary>
    [Theory]
    [InlineData("tensor<1x2xi32>", 0)]
    [InlineData("tensor<2x1xi32>", 1)]
    [InlineData("tensor<2xi32>", 1)]
    public void IndexVectorsMayBeAnywhere(string type, int axis)
    {
        var indices = HostValue.Of([.. type[7..^5].Split('x').Select(int.Parse)], 2, 0);
        Assert.Equal([5, 6, 1, 2], Modules.Run(Modules.Function($"(%x: tensor<3x2xi32>, %i: {type}) -> tensor<2x2xi32>", $$"""
            %0 = "stablehlo.gather"(%x, %i) {dimension_numbers = #stablehlo.gather<offset_dims = [1], collapsed_slice_dims = [0], start_index_map = [0], index_vector_dim = {{axis}}>, slice_sizes = array<i64: 1, 2>} : (tensor<3x2xi32>, {{type}}) -> tensor<2x2xi32>
            func.return %0 : tensor<2x2xi32>
            """), HostValue.Of([3, 2], 1, 2, 3, 4, 5, 6), indices)[0].ToArray<int>());
    }

    [Fact]
    public void ScattersIgnoreWindowsOutside() => Assert.Equal([1, 2, 33], Modules.Run(Modules.Function("(%x: tensor<3xi32>, %i: tensor<2xi32>, %u: tensor<2xi32>) -> tensor<3xi32>", """
        %0 = "stablehlo.scatter"(%x, %i, %u) ({
        ^bb0(%a: tensor<i32>, %b: tensor<i32>):
          %1 = "stablehlo.add"(%a, %b) : (tensor<i32>, tensor<i32>) -> tensor<i32>
          "stablehlo.return"(%1) : (tensor<i32>) -> ()
        }) {scatter_dimension_numbers = #stablehlo.scatter<inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>} : (tensor<3xi32>, tensor<2xi32>, tensor<2xi32>) -> tensor<3xi32>
        func.return %0 : tensor<3xi32>
        """), HostValue.Of([3], 1, 2, 3), HostValue.Of([2], 3, 2), HostValue.Of([2], 10, 30))[0].ToArray<int>());

    [Fact]
    public void RegionsOfMapsAreWrittenForScalars() => Assert.Equal([7f, 16f], Modules.Run(Modules.Function("(%x: tensor<2xf32>, %y: tensor<f32>) -> tensor<2xf32>", """
        %0 = "stablehlo.map"(%x) ({
        ^bb0(%a: tensor<f32>):
          %1 = "stablehlo.constant"() {value = dense<3.0> : tensor<f32>} : () -> tensor<f32>
          %2 = "stablehlo.multiply"(%a, %1) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          %3 = "stablehlo.add"(%2, %y) : (tensor<f32>, tensor<f32>) -> tensor<f32>
          "stablehlo.return"(%3) : (tensor<f32>) -> ()
        }) {dimensions = array<i64: 0>} : (tensor<2xf32>) -> tensor<2xf32>
        func.return %0 : tensor<2xf32>
        """), HostValue.Of([2], 2f, 5f), HostValue.Of([], 1f))[0].ToArray<float>());

    [Fact]
    public void PowersOfIntegers()
    {
        int[] x = [2, -3, 7, 1, -1, -1, 2, 0, 0, int.MinValue], y = [10, 3, 0, -5, -5, -4, -1, 0, -1, 1];
        int[] expected = [1024, -27, 1, 1, -1, 1, 0, 1, 0, int.MinValue];
        Assert.Equal(expected, Modules.Run(Modules.Function("(%x: tensor<10xi32>, %y: tensor<10xi32>) -> tensor<10xi32>", """
            %0 = "stablehlo.power"(%x, %y) : (tensor<10xi32>, tensor<10xi32>) -> tensor<10xi32>
            func.return %0 : tensor<10xi32>
            """), HostValue.Of<int>([10], x), HostValue.Of<int>([10], y))[0].ToArray<int>());
    }

    [Fact]
    public void TheTotalOrderTellsZerosAndNaNsApart()
    {
        float[] ordered = [-PositiveNaN, float.NegativeInfinity, -1, -0f, 0, 1, float.PositiveInfinity, PositiveNaN];
        for (var i = 0; i < ordered.Length; i++)
        {
            var results = Modules.Run(Modules.Function("(%x: tensor<8xf32>, %y: tensor<f32>) -> tensor<8xi1>", """
                %0 = "stablehlo.broadcast_in_dim"(%y) {broadcast_dimensions = array<i64>} : (tensor<f32>) -> tensor<8xf32>
                %1 = "stablehlo.compare"(%x, %0) {comparison_direction = #stablehlo<comparison_direction LT>, compare_type = #stablehlo<comparison_type TOTALORDER>} : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xi1>
                func.return %1 : tensor<8xi1>
                """), HostValue.Of<float>([8], ordered), HostValue.Of([], ordered[i]));
            Assert.Equal(Enumerable.Range(0, 8).Select(k => k < i), results[0].ToArray<bool>());
        }
    }

    [Fact]
    public void BroadcastDimensionsMayDecrease() => Assert.Equal([1, 3, 2, 4], Modules.Run(Modules.Function("(%x: tensor<2x2xi32>) -> tensor<2x2xi32>", """
        %0 = "stablehlo.broadcast_in_dim"(%x) {broadcast_dimensions = array<i64: 1, 0>} : (tensor<2x2xi32>) -> tensor<2x2xi32>
        func.return %0 : tensor<2x2xi32>
        """), HostValue.Of([2, 2], 1, 2, 3, 4))[0].ToArray<int>());

    [Fact]
    public void KernelsMayBeReversed() => Assert.Equal([12f, 23f], Modules.Run(Modules.Function("(%x: tensor<1x1x3xf32>, %k: tensor<1x1x2xf32>) -> tensor<1x1x2xf32>", """
        %0 = "stablehlo.convolution"(%x, %k) {dimension_numbers = #stablehlo.conv<[b, f, 0]x[o, i, 0]->[b, f, 0]>, window_reversal = array<i1: true>, feature_group_count = 1 : i64, batch_group_count = 1 : i64} : (tensor<1x1x3xf32>, tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
        func.return %0 : tensor<1x1x2xf32>
        """), HostValue.Of([1, 1, 3], 1f, 2f, 3f), HostValue.Of([1, 1, 2], 1f, 10f))[0].ToArray<float>());

    [Theory]
    [InlineData("[b, f, 0]x[o, i, 0]->[b, f, 0]")]
    [InlineData("""
        raw
        input_batch_dimension = 0, input_feature_dimension = 1, input_spatial_dimensions = [2],
        kernel_output_feature_dimension = 0, kernel_input_feature_dimension = 1, kernel_spatial_dimensions = [2],
        output_batch_dimension = 0, output_feature_dimension = 1, output_spatial_dimensions = [2],
        """)]
    public void DimensionsOfConvolutionsAreListsOrFields(string numbers) => Assert.Equal([21f, 32f], Modules.Run(Modules.Function("(%x: tensor<1x1x3xf32>, %k: tensor<1x1x2xf32>) -> tensor<1x1x2xf32>", $$"""
        %0 = "stablehlo.convolution"(%x, %k) {dimension_numbers = #stablehlo.conv<{{numbers}}>, feature_group_count = 1 : i64, batch_group_count = 1 : i64} : (tensor<1x1x3xf32>, tensor<1x1x2xf32>) -> tensor<1x1x2xf32>
        func.return %0 : tensor<1x1x2xf32>
        """), HostValue.Of([1, 1, 3], 1f, 2f, 3f), HostValue.Of([1, 1, 2], 1f, 10f))[0].ToArray<float>());

    [Fact]
    public void ReductionsAddUpInTheDTypeOfTheResult() => Assert.Equal([300], Modules.Run(Modules.Function("(%x: tensor<2xi8>) -> tensor<i32>", """
        %i = "stablehlo.constant"() {value = dense<100> : tensor<i8>} : () -> tensor<i8>
        %0 = "stablehlo.reduce"(%x, %i) ({
        ^bb0(%a: tensor<i32>, %b: tensor<i32>):
          %1 = "stablehlo.add"(%a, %b) : (tensor<i32>, tensor<i32>) -> tensor<i32>
          "stablehlo.return"(%1) : (tensor<i32>) -> ()
        }) {dimensions = array<i64: 0>} : (tensor<2xi8>, tensor<i8>) -> tensor<i32>
        func.return %0 : tensor<i32>
        """), HostValue.Of<sbyte>([2], 100, 100))[0].ToArray<int>());

    [Theory]
    [InlineData("true", "[[4.0, 99.0], [2.0, 5.0]]", 2f, 0f, 1f, 2f)]
    [InlineData("false", "[[4.0, 2.0], [99.0, 5.0]]", 2f, 1f, 0f, 2f)]
    public void CholeskyReadsOneTriangle(string lower, string matrix, params float[] expected) => Assert.Equal(expected, Modules.Run(Modules.Function("() -> tensor<2x2xf32>", $$"""
        %0 = "stablehlo.constant"() {value = dense<{{matrix}}> : tensor<2x2xf32>} : () -> tensor<2x2xf32>
        %1 = "stablehlo.cholesky"(%0) {lower = {{lower}}} : (tensor<2x2xf32>) -> tensor<2x2xf32>
        func.return %1 : tensor<2x2xf32>
        """))[0].ToArray<float>());

    [Fact]
    public void CompositesKeepTheirNameAttributesAndBody()
    {
        var (program, constants) = StableHloImporter.Import("""
            func.func @main(%x: tensor<2xf32>) -> tensor<2xf32> {
              %0 = "stablehlo.composite"(%x) {name = "my.scale", decomposition = @scale, composite_attributes = {by = [1, 2.5, "a"], flag, n = 3 : i64}} : (tensor<2xf32>) -> tensor<2xf32>
              func.return %0 : tensor<2xf32>
            }
            func.func private @scale(%x: tensor<2xf32>) -> tensor<2xf32> {
              %0 = "stablehlo.constant"() {value = dense<[2.0, 3.0]> : tensor<2xf32>} : () -> tensor<2xf32>
              %1 = "stablehlo.multiply"(%x, %0) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
              func.return %1 : tensor<2xf32>
            }
            """);
        var composite = Assert.IsType<Composite>(Assert.Single(program.Equations).Op);
        Assert.Equal("my.scale", composite.Function);
        Assert.Equal([new("by", OpParameter.Tuple(1L, 2.5, "a")), new("flag", true), new("n", 3L)], composite.Attributes);
        Assert.Single(constants);
    }

    private static int[] Scalars(HostValue[] values) => [.. values.Select(static value => value.ToArray<int>().Single())];
}
