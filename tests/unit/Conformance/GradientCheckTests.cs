using BrainState.Conformance;
using BrainState.Conformance.Gradients;
using BrainState.Interpretation;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Conformance;

/// <summary>The check finds what is wrong with a derivative, in the modes that a program has.</summary>
public sealed class GradientCheckTests
{
    private static readonly TensorSpec Scalar = new(DType.Float64, []);

    private static Func<Tensor, Tensor> Cube(double factor) =>
        CustomVjp((Tensor x) => x * x * x, x => (x * x * x, x), (x, ct) => ct * x * x * factor);

    private static Func<Tensor, Tensor> CubeForwards(double factor) =>
        CustomJvp((Tensor x) => x * x * x, (x, t) => (x * x * x, t * x * x * factor));

    [Fact]
    public void WrongDerivativesAreFound()
    {
        Check(Cube(3));
        Check(CubeForwards(3));
        Assert.StartsWith("vjp and differences disagree", Assert.Throws<ConformanceException>(() => Check(Cube(2.999))).Message);
        Assert.StartsWith("jvp and differences disagree", Assert.Throws<ConformanceException>(() => Check(CubeForwards(2.999))).Message);
        Check(x => WhileLoop(c => c < 20, c => c * x, x));
    }

    [Fact]
    public void ConstantsAreNotMoved()
    {
        // By the first input, the derivative would be wrong.
        var (program, _) = Traced.Of(x => [CubeForwards(2)(x[0]) * x[1]], [Scalar, Scalar]);
        HostValue[] inputs = [HostValue.Of<double>([], 2), HostValue.Of<double>([], 3)];
        ProgramCheck.Gradient(1e-6, last: 1).Verify(Backends.OnCpu, program, inputs);
        Assert.Throws<ConformanceException>(() => ProgramCheck.Gradient(1e-6).Verify(Backends.OnCpu, program, inputs));
    }

    [Fact]
    public void AStepOverAnEdgeIsShortened()
    {
        foreach (var side in (double[])[1, -1]) Check(x => Np.Abs(x - (2 + side * 1.5e-6)) * x, second: false);
    }

    [Fact]
    public void NothingToDifferentiateIsAnError() =>
        Assert.StartsWith("there is no argument", Assert.Throws<ConformanceException>(() => Check(x => Lax.ConvertElementType(x, DType.Int32))).Message);

    private static void Check(Func<Tensor, Tensor> f, bool second = true)
    {
        var (program, captures) = Traced.Of(x => [f(x[0])], [Scalar]);
        ProgramCheck.Gradient(1e-6, second, last: 1).Verify(Backends.OnCpu, program, [.. captures, HostValue.Of<double>([], 2)]);
    }
}
