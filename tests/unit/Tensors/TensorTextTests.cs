using static BrainState.Transforms;

namespace BrainState.UnitTests.Tensors;

public sealed class TensorTextTests
{
    [Fact]
    public void TensorsPrintAsNumPyPrintsThem()
    {
        Assert.Equal("1.5", Np.Array(1.5).ToString());
        Assert.Equal("[1.  2.5]", ((Tensor)new[] { 1f, 2.5f }).ToString());
        Assert.Equal("[[1 2]\n [3 4]]", (Np.Arange(4) + 1).Reshape(2, 2).ToString());
        Assert.Equal("[ True False]", Tensor.From<bool>([true, false]).ToString());
        Assert.Equal("[]", Np.Zeros([0]).ToString());
        Assert.Equal("[-128  127]", Tensor.From<sbyte>([-128, 127]).ToString());
        Assert.Equal("[18446744073709551615]", Tensor.From<ulong>([ulong.MaxValue]).ToString());
        Assert.Equal("[nan inf]", Tensor.From<double>([double.NaN, double.PositiveInfinity]).ToString());
        Assert.Equal("[1.5 2. ]", ((Tensor)new[] { 1.5f, 2f }).AsType(DType.Float16).ToString());
        Assert.Equal("[0.+1.j]", Tensor.From<System.Numerics.Complex>([System.Numerics.Complex.ImaginaryOne]).ToString());
    }

    [Fact]
    public void TracedAndDisposedTensorsPrintTheirSpec()
    {
        var text = "";
        Jit((Tensor x) =>
        {
            text = x.ToString();
            return x;
        })(Np.Zeros([2]));
        Assert.Equal("Traced<f32[2]>", text);
        var disposed = Np.Zeros([2]);
        disposed.Dispose();
        Assert.Equal("Disposed<f32[2]>", disposed.ToString());
    }
}
