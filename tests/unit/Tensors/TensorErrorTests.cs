using BrainState.Hosting;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Tensors;

/// <summary>What tensor functions say of operands that they cannot take.</summary>
public sealed class TensorErrorTests
{
    private static readonly Tensor Vector = new[] { 1f, 2 };
    private static readonly Tensor Table = Np.Ones([2, 3]);

    private static void Says<T>(string message, Func<object?> action) where T : Exception => Assert.Equal(message, Assert.Throws<T>(() => action()).Message);

    [Fact]
    public void Shapes()
    {
        Says<ArgumentException>("A tensor of shape (2, 3) with 6 elements cannot be reshaped to (-1, 4). (Parameter 'shape')", static () => Table.Reshape(-1, 4));
        Says<ArgumentException>("There is nothing to stack. (Parameter 'tensors')", static () => Np.Stack([]));
        Says<ArgumentOutOfRangeException>("The step must not be 0. (Parameter 'step')", static () => Np.Arange(0, 1, 0));
        Says<ArgumentException>("Convolve takes two vectors that are not empty, but the operands are f32[2] and f32[2,3].", static () => Np.Convolve(Vector, Table));
        Says<ArgumentException>("Axis 0 of f32[2,3] cannot be cut into 4 equal parts, one for each participant.",
            static () => Vmap(static (Tensor x) => Lax.PSumScatter(x, "i", tiled: true), new() { AxisName = "i" })(Np.Ones([4, 2, 3])));
    }

    [Fact]
    public void Positions()
    {
        Says<ArgumentException>("TakeAlongAxis needs positions with as many axes as f32[2,3], but they are i32[2].", static () => Np.TakeAlongAxis(Table, new[] { 0, 1 }, 0));
        Says<ArgumentException>("Positions must be integers, but are f32[2,3].", static () => Np.TakeAlongAxis(Table, Table, 0));
        Says<IndexOutOfRangeException>("Axis 0 of f32[0] is empty, so that there is nothing at 2 positions.", static () => Np.Take(Np.Zeros([0]), new[] { 0, 1 }, 0));
    }

    [Fact]
    public void MatricesAndNorms()
    {
        Says<ArgumentException>("Matrices are needed, but a tensor is f32[2].", static () => Np.Linalg.Inv(Vector));
        Says<ArgumentException>("Square matrices are needed, but a tensor is f32[2,3].", static () => Np.Linalg.Inv(Table));
        Says<ArgumentException>("Matrices f32[2,2] and right-hand sides f32[3,1] do not fit: axis 0 must have the size 2.", static () => Np.Linalg.Solve(Np.Ones([2, 2]), Np.Ones([3, 1])));
        Says<ArgumentException>("A norm with p = 1 is that of vectors or matrices, so that it needs one or two axes, not 3. (Parameter 'axis')", static () => Np.Linalg.Norm(Np.Ones([1, 2, 3]), 1));
        Says<ArgumentException>("Matrices have no norm with p = 3; p can be ±1, ±2, ±∞ or null. (Parameter 'p')", static () => Np.Linalg.Norm(Table, 3));
    }

    [Fact]
    public void FourierTransforms()
    {
        Says<ArgumentException>("A Fourier transform takes 1 to 3 axes, not 4. (Parameter 'axis')", static () => Np.FftN(Np.Ones([1, 1, 1, 1])));
        Says<ArgumentException>("There must be one length for each of 2 axes, but there are 1. (Parameter 'lengths')", static () => Np.FftN(Table, [4]));
        Says<ArgumentException>("RFft takes real numbers, but the tensor is c64[2]; use Fft.", static () => Np.RFft(Vector.AsType(DType.Complex64)));
    }

    [Fact]
    public void ElementsAndDevices()
    {
        Says<NotSupportedException>(".NET has no element type for complex64.", static () => Vector.AsType(DType.Complex64).ToMultidimensionalArray());
        using var runtime = BrainStateRuntime.Create(static b => b.UseBackend("cpu"));
        var computed = Vector + 1;
        using (runtime.Enter())
        {
            Says<InvalidOperationException>("A tensor f32[2] is on cpu:cpu:0, but the computation runs on cpu:cpu:0 of another runtime. Move it with .To().", () => computed + 1);
            Assert.Equal([3f, 4], (computed.To() + 1).ToArray<float>());
        }
    }
}
