using BrainState.Backends;
using BrainState.Hosting;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Hosting;

/// <summary>A backend with one fault of each kind: what its users see, and that others see nothing of it.</summary>
public sealed class FaultyBackendTests : IDisposable
{
    private readonly PluginBox box = PluginBox.With("Faulty");
    private readonly BrainStateRuntime runtime;

    public FaultyBackendTests() => runtime = new(box.Options(static b => b.UseBackend("faulty")
        .Configure("faulty", "WrongResult", "tanh").Configure("faulty", "WrongDType", "floor").Configure("faulty", "Exception", "sort").Configure("faulty", "LateFailure", "cumsum")));

    [Fact]
    public void AnExceptionInAKernelNamesTheOp()
    {
        using var scope = runtime.Enter();
        var error = Assert.Throws<BackendException>(() => Np.Sort(Np.Array(new[] { 3f, 1f })));
        Assert.StartsWith("The kernel of sort[", error.Message);
        Assert.EndsWith("on (f32[2]) of the backend 'faulty' failed: the kernel crashed", error.Message);
        Assert.IsType<InvalidOperationException>(error.InnerException);
        AssertOthersWork();
    }

    [Fact]
    public void AWrongDTypeNamesTheOp()
    {
        using var scope = runtime.Enter();
        var error = Assert.Throws<BackendException>(() => Np.Floor(Np.Array(new[] { 1.5f })));
        Assert.Equal("The kernel of floor on (f32[1]) returned (f64[1]) instead of (f32[1]). This is a bug of the backend 'faulty'.", error.Message);
        AssertOthersWork();
    }

    /// <summary>It is known when the result is read, also after further computations.</summary>
    [Fact]
    public void ALateFailureIsReportedWhereTheResultIsRead()
    {
        using var scope = runtime.Enter();
        var sums = Jit((Tensor x) => Np.CumSum(x) * 2)(Np.Array(new[] { 1f, 2f }));
        Assert.Equal("The device reported error 719 while it computed.", Assert.Throws<BackendException>(() => sums.ToArray<float>()).Message);
        AssertOthersWork();
    }

    /// <summary>Only who compares finds a wrong number.</summary>
    [Fact]
    public void AWrongResultIsSilent()
    {
        using var scope = runtime.Enter();
        Assert.Equal([0f, 0.01f], Np.Tanh(Np.Array(new[] { 0f, 0f })).ToArray<float>());
        AssertOthersWork();
    }

    public void Dispose()
    {
        runtime.Dispose();
        box.Dispose();
    }

    /// <summary>The faulty backend still runs the other ops, and <c>cpu</c> all of them.</summary>
    private static void AssertOthersWork()
    {
        Assert.Equal([2f, 3f], (Np.Array(new[] { 1f, 2f }) + 1).ToArray<float>());
        using var scope = Cpu.Value.Enter();
        Assert.Equal([1f, 3f], Np.Sort(Np.Floor(Np.Array(new[] { 3.5f, 1f }))).ToArray<float>());
        Assert.Equal([1f, 3f], Np.CumSum(Np.Array(new[] { 1f, 2f })).ToArray<float>());
        Assert.Equal([0f, 0f], Np.Tanh(Np.Array(new[] { 0f, 0f })).ToArray<float>());
    }

    private static readonly Lazy<BrainStateRuntime> Cpu = new(static () => BrainStateRuntime.Create(static b => b.UseBackend("cpu")));
}
