using BrainState.Interpretation;
using BrainState.Programs;
using BrainState.StableHlo;

namespace BrainState.UnitTests.StableHlo;

/// <summary>Everything around the operations: modules, functions, aliases, locations, types, and elements in all their forms.</summary>
public sealed class SyntaxTests
{
    /// <summary>As <c>jax.jit(f).lower(x).compiler_ir()</c> prints with <c>print_generic_op_form</c> and debug information.</summary>
    private const string Generic = """
        #loc1 = loc("x")
        "builtin.module"() <{sym_name = "jit_f"}> ({
          "func.func"() <{arg_attrs = [{}], function_type = (tensor<2xf32>) -> tensor<2xf32>, res_attrs = [{jax.result_info = ""}], sym_name = "main", sym_visibility = "public"}> ({
          ^bb0(%arg0: tensor<2xf32> loc("x")):
            %0 = "stablehlo.constant"() <{value = dense<2.000000e+00> : tensor<f32>}> : () -> tensor<f32> loc(#loc)
            %1 = "stablehlo.broadcast_in_dim"(%0) <{broadcast_dimensions = array<i64>}> : (tensor<f32>) -> tensor<2xf32> loc(#loc2)
            %2 = "func.call"(%arg0) <{callee = @twice}> : (tensor<2xf32>) -> tensor<2xf32> loc(#loc2)
            %3 = "stablehlo.multiply"(%2, %1) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32> loc(#loc2)
            "func.return"(%3) : (tensor<2xf32>) -> () loc(#loc)
          }) : () -> () loc(#loc)
          "func.func"() <{function_type = (tensor<2xf32>) -> tensor<2xf32>, sym_name = "twice", sym_visibility = "private"}> ({
          ^bb0(%arg0: tensor<2xf32> loc(unknown)):
            %0 = "stablehlo.add"(%arg0, %arg0) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32> loc(#loc)
            "func.return"(%0) : (tensor<2xf32>) -> () loc(#loc)
          }) : () -> () loc(#loc)
        }) {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32} : () -> () loc(#loc)
        #loc = loc(unknown)
        #loc2 = loc("jit(f)/jit(main)/mul"("f.py":3:0 to :9))
        """;

    private const string Custom = """
        // The same in the custom form of modules and functions.
        #map = affine_map<(d0, d1) -> (d1, d0)>
        !vector = tensor<2xf32>
        #two = dense<2.0> : tensor<2xf32>
        module @jit_f attributes {mhlo.num_partitions = 1 : i32, mhlo.num_replicas = 1 : i32, "quoted name" = #map} {
          func.func public @main(%arg0: !vector {mhlo.sharding = "{replicated}", tf.aliasing_output = 0 : i32} loc("x")) -> (tensor<2xf32> {jax.result_info = ""}) attributes {flag} {
            %cst = "stablehlo.constant"() {value = #two} : () -> tensor<2xf32>  // trailing
            %0 = call @twice(%arg0) : (tensor<2xf32>) -> tensor<2xf32>
            %1 = "stablehlo.multiply"(%0, %cst) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
            return %1 : tensor<2xf32> loc("f.py":1:2)
          } loc("f.py":1:2)
          func.func private @twice(%arg0: tensor<2xf32>) -> tensor<2xf32> {
            %0 = "stablehlo.add"(%arg0, %arg0) : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
            func.return %0 : tensor<2xf32>
          }
          func.func private @declared(tensor<f32>) -> tensor<f32>
        }
        {-#
          external_resources: { mlir_reproducer: { verify_each: true } }
        #-}
        """;

    [Theory]
    [InlineData(Generic)]
    [InlineData(Custom)]
    public void BothFormsMeanTheSame(string text)
    {
        Assert.Equal(Program.Parse("""
            program(%0:f32[2]) {
              %1:f32[2] = broadcast_in_dim[broadcast_dimensions=() shape=(2,)] 2.0:f32[]
              %2:f32[2] = call[body=program(%0:f32[2]) { %1:f32[2] = add %0 %0 return %1 } name='twice'] %0
              %3:f32[2] = mul %2 %1
              return %3
            }
            """), StableHloImporter.Import(text).Program);
        Assert.Equal([4f, -8f], Modules.Run(text, HostValue.Of([2], 1f, -2f))[0].ToArray<float>());
    }

    [Fact]
    public void FunctionsAreImportedByName()
    {
        var module = StableHloImporter.Parse(Custom);
        Assert.Equal(["declared", "main", "twice"], module.Functions);
        Assert.Equal(new TensorSpec(DType.Float32, [2]), Assert.Single(module.Import("twice").Arguments));
        Assert.Equal("The module has no function @absent; its functions are @declared, @main, @twice. (Parameter 'function')",
            Assert.Throws<ArgumentException>(() => module.Import("absent")).Message);
        Assert.Equal("a function without a body (@declared)", Assert.Throws<NotExpressibleException>(() => module.Import("declared")).Reason);
    }

    [Theory]
    [InlineData("dense<[[1, -2], [3, 0x7F]]> : tensor<2x2xi8>", "01FE037F")]
    [InlineData("dense<255> : tensor<2xui8>", "FFFF")]
    [InlineData("dense<\"0x0100FEFF\"> : tensor<2xi16>", "0100FEFF")]
    [InlineData("dense<\"0x0100\"> : tensor<3xi16>", "010001000100")]
    [InlineData("dense<[true, false, true]> : tensor<3xi1>", "010001")]
    [InlineData("dense<true> : tensor<2xi1>", "0101")]
    [InlineData("dense<[1, 0]> : tensor<2xi1>", "0100")]
    [InlineData("dense<\"0xFF\"> : tensor<9xi1>", "010101010101010101")]
    [InlineData("dense<\"0x0501\"> : tensor<9xi1>", "010001000000000001")]
    [InlineData("dense<[1.5, 0xFC00, -0.0]> : tensor<3xf16>", "003E00FC0080")]
    [InlineData("dense<[0x7FC0, 1.0]> : tensor<2xbf16>", "C07F803F")]
    [InlineData("dense<[1.0e-1, 0x7F800000]> : tensor<2xf32>", "CDCCCC3D0000807F")]
    [InlineData("dense<-2.5> : tensor<1x1xf64>", "00000000000004C0")]
    [InlineData("dense<[(1.0, -1.0), (0x7F800000, 0.0)]> : tensor<2xcomplex<f32>>", "0000803F000080BF0000807F00000000")]
    [InlineData("dense<(1.0, 2.0)> : tensor<2xcomplex<f32>>", "0000803F000000400000803F00000040")]
    [InlineData("dense<18446744073709551615> : tensor<ui64>", "FFFFFFFFFFFFFFFF")]
    [InlineData("dense<-9223372036854775808> : tensor<1xi64>", "0000000000000080")]
    [InlineData("dense<> : tensor<2x0xf32>", "")]
    [InlineData("dense<[[], []]> : tensor<2x0xf32>", "")]
    public void ElementsAreReadInEveryForm(string elements, string expected)
    {
        var type = elements[(elements.LastIndexOf(" : ", StringComparison.Ordinal) + 3)..];
        var value = Modules.Run(Modules.Function($"() -> {type}", $"%0 = \"stablehlo.constant\"() {{value = {elements}}} : () -> {type}\nfunc.return %0 : {type}"))[0];
        Assert.Equal(expected, Convert.ToHexString(value.Bytes));
    }

    [Fact]
    public void TensorsOfTheModuleAreTheFirstInputsAndOthersAreNot()
    {
        var (program, constants) = StableHloImporter.Import(Modules.Function("(%x: tensor<2xf32>) -> (tensor<2xf32>, tensor<2xf32>, tensor<f32>)", """
            %0 = "stablehlo.constant"() {value = dense<[1.0, 2.0]> : tensor<2xf32>} : () -> tensor<2xf32>
            %1 = "stablehlo.constant"() {value = dense<3.0> : tensor<2xf32>} : () -> tensor<2xf32>
            %2 = "stablehlo.constant"() {value = dense<4.0> : tensor<f32>} : () -> tensor<f32>
            func.return %0, %1, %2 : tensor<2xf32>, tensor<2xf32>, tensor<f32>
            """));
        Assert.Equal(Program.Parse("program(%0:f32[2], %1:f32[2]) { %2:f32[2] = broadcast_in_dim[broadcast_dimensions=() shape=(2,)] 3.0:f32[] return %0, %2, 4.0:f32[] }"), program);
        var constant = Assert.Single(constants);
        Assert.Equal((new TensorSpec(DType.Float32, [2]), "0000803F00000040"), (constant.Spec, Convert.ToHexString(constant.Bytes.AsSpan())));
    }
}
