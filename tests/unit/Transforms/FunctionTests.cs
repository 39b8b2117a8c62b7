using BrainState.StableHlo;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

/// <summary>Programs from elsewhere are functions like any other.</summary>
public sealed class FunctionTests
{
    /// <summary>tanh(x · w) summed, with w a tensor of the module.</summary>
    private const string Module = """
        func.func @main(%x: tensor<2xf64>) -> (tensor<f64>, tensor<2xf64>) {
          %w = "stablehlo.constant"() {value = dense<[0.5, -2.0]> : tensor<2xf64>} : () -> tensor<2xf64>
          %0 = func.call @act(%x, %w) : (tensor<2xf64>, tensor<2xf64>) -> tensor<2xf64>
          %zero = "stablehlo.constant"() {value = dense<0.0> : tensor<f64>} : () -> tensor<f64>
          %1 = "stablehlo.reduce"(%0, %zero) ({
          ^bb0(%a: tensor<f64>, %b: tensor<f64>):
            %2 = "stablehlo.add"(%a, %b) : (tensor<f64>, tensor<f64>) -> tensor<f64>
            "stablehlo.return"(%2) : (tensor<f64>) -> ()
          }) {dimensions = array<i64: 0>} : (tensor<2xf64>, tensor<f64>) -> tensor<f64>
          func.return %1, %0 : tensor<f64>, tensor<2xf64>
        }
        func.func private @act(%x: tensor<2xf64>, %w: tensor<2xf64>) -> tensor<2xf64> {
          %0 = "stablehlo.multiply"(%x, %w) : (tensor<2xf64>, tensor<2xf64>) -> tensor<2xf64>
          %1 = "stablehlo.tanh"(%0) : (tensor<2xf64>) -> tensor<2xf64>
          func.return %1 : tensor<2xf64>
        }
        """;

    private static readonly double[] X = [0.25, 0.75];
    private static readonly double[] Values = [Math.Tanh(0.125), Math.Tanh(-1.5)];
    private static readonly double[] Gradients = [0.5 * (1 - (Values[0] * Values[0])), -2 * (1 - (Values[1] * Values[1]))];

    private static Function Imported()
    {
        var (program, constants) = StableHloImporter.Import(Module);
        return Function.From(program, [.. constants.Select(static c => Tensor.FromBytes(c.Bytes.AsSpan(), c.Spec))]);
    }

    [Fact]
    public void ImportedFunctionsAreCalledCompiledDifferentiatedAndBatched()
    {
        var f = Imported();
        Assert.Equal(new TensorSpec(DType.Float64, [2]), Assert.Single(f.Arguments));
        var x = Tensor.From<double>(X);

        var results = f.Invoke(x);
        Assert.Equal(2, results.Length);
        Near(Values, results[1]);
        Near([Values.Sum()], results[0]);

        Near(Gradients, Grad((Tensor v) => f.Invoke(v)[0]).Invoke(x));
        var jitted = Jit((Tensor v) => f.Invoke(v)[1]);
        Near(Values, jitted(x));
        Near(Values, jitted(x));
        Assert.Equal(1, JitFunction.Of(jitted).TraceCount);
        Near(Gradients, Jit(Grad((Tensor v) => f.Invoke(v)[0]))(x));
        Near([Values.Sum(), 0], Vmap((Tensor v) => f.Invoke(v)[0])(Tensor.From<double>([.. X, 0, 0], [2, 2])));
    }

    [Fact]
    public void ConstantsAndArgumentsMustBeThoseOfTheProgram()
    {
        var (program, _) = StableHloImporter.Import(Module);
        var f = Imported();
        Assert.Equal("The program takes 2 inputs, but 3 constants were given. (Parameter 'constants')",
            Assert.Throws<ArgumentException>(() => Function.From(program, 1.0, 2.0, 3.0)).Message);
        Assert.Equal("Constant 0 must be f64[2], but is f32[1]. (Parameter 'constants')",
            Assert.Throws<ArgumentException>(() => Function.From(program, Tensor.From<float>([1f]))).Message);
        Assert.Equal("The function takes 1 arguments, but 0 were given. (Parameter 'arguments')", Assert.Throws<ArgumentException>(() => f.Invoke()).Message);
        Assert.Equal("Argument 0 must be f64[2], but is f32[2]. (Parameter 'arguments')",
            Assert.Throws<ArgumentException>(() => f.Invoke(Tensor.From<float>([1f, 2f]))).Message);
        Assert.Equal("f64[2] has 16 bytes, but 8 were given. (Parameter 'bytes')",
            Assert.Throws<ArgumentException>(() => Tensor.FromBytes(new byte[8], new(DType.Float64, [2]))).Message);
    }

    [Fact]
    public void NumbersTakeTheDTypeOfTheProgram()
    {
        var twice = Function.From(BrainState.Programs.Program.Parse("program(%0:f16[]) { %1:f16[] = add %0 %0 return %1 }"));
        Assert.Equal((Half)5, twice.Invoke(2.5)[0].ToArray<Half>().Single());
        Assert.Equal(DType.Float16, Jit((Tensor x) => twice.Invoke(2.5)[0])(0).DType);
    }

    private static void Near(double[] expected, Tensor actual)
    {
        var values = actual.ToArray<double>();
        Assert.Equal(expected.Length, values.Length);
        for (var i = 0; i < values.Length; i++) Assert.Equal(expected[i], values[i], 1e-13);
    }
}
