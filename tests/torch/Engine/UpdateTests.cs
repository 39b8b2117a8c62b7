using BrainState.Backends;
using BrainState.Hosting;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Torch;
using static BrainState.Transforms;

namespace BrainState.TorchTests.Engine;

/// <summary>Results that are written over arguments which the run gives up.</summary>
public sealed class UpdateTests : IDisposable
{
    private readonly BrainStateRuntime runtime = BrainStateRuntime.Create(static b => b.AddPluginPath(Programs.Plugins).UseBackend("torch"));

    /// <summary>How many of two States, of 4,000 bytes each, a step writes over an old one.</summary>
    public static TheoryData<string, int> Steps => new()
    {
        { "sgd", 2 },
        { "momentum", 2 },
        { "measured after", 2 },
        { "read again by a product", 0 },
        { "product", 0 },
        { "swap", 0 },
        { "reversed", 1 },
    };

    [LibTorchTheory]
    [MemberData(nameof(Steps))]
    public void UpdatesComeLastAndInPlace(string name, int expected)
    {
        using var scope = runtime.Enter();
        var x = Np.Arange(1000).AsType(DType.Float32).Reshape([20, 50]) * 0.001;
        ParamState a = State(x), b = State(x + 1);
        Func<Tensor> function = name switch
        {
            "sgd" => () => { var y = Np.Dot(a.Value.T, b.Value); var s = Np.Sum(y); a.Value -= 0.1 * a.Value * s; b.Value -= 0.1 * b.Value / s; return s; },
            "momentum" => () => { b.Value = b.Value * 0.9 + a.Value * 0.1; a.Value -= b.Value * 0.01; return b.Value[0]; },
            "measured after" => () => { a.Value += 1; b.Value *= 2; return Np.Max(x, axis: 1) + Np.ArgMax(x); },
            "read again by a product" => () => { var old = (a.Value, b.Value); a.Value += 1; b.Value += 1; return Np.Dot(a.Value, b.Value.T) + Np.Sum(old.Item1 * old.Item2); },
            "product" => () => { var y = a.Value; a.Value = Np.Dot(y, Np.Dot(y.T, y)); return a.Value; },
            "swap" => () => { (a.Value, b.Value) = (b.Value, a.Value); return a.Value; },
            "reversed" => () => { a.Value = Np.Flip(a.Value) + a.Value; return a.Value; },
            _ => throw new ArgumentException(name),
        };
        // The same without a program, and so never in place.
        var eager = (State(x), State(x + 1));
        var step = Jit(function);
        float[] Values() => [.. a.Value.ToArray<float>(), .. b.Value.ToArray<float>()];
        for (var i = 0; i < 3; i++) step();
        var jitted = Values();
        Assert.Equal(expected * 4000, JitFunction.Of(step).Memory?.Aliased ?? 0);
        (a.Value, b.Value) = (eager.Item1.Value, eager.Item2.Value);
        for (var i = 0; i < 3; i++) function();
        Assert.All(jitted.Zip(Values()), static pair => Assert.Equal(pair.Second, pair.First, 1e-5f * Math.Abs(pair.Second) + 1e-6f));
    }

    [LibTorchFact]
    public void TheDeviceTellsWhatIsInUse()
    {
        using var scope = runtime.Enter();
        using var large = Np.Zeros([1 << 20]) + 1;
        var memory = runtime.Memory!.Value;
        Assert.True(memory.InUse >= 4 << 20 && memory.Reserved >= memory.InUse, memory.ToString());
    }

    /// <summary>What the backend computed itself it writes over, if it is not told to keep it; memory of the host it never does.</summary>
    [LibTorchTheory]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    [InlineData(false, false, false)]
    public void AResultLiesWhereItsArgumentWas(bool isComputed, bool isKept, bool isExpected)
    {
        var (backend, device) = (runtime.Backend, runtime.Device);
        var builder = new ProgramBuilder();
        var x = builder.AddInput(new TensorSpec(DType.Float32, [1000]));
        using var executable = backend.Compile(builder.Build(builder.Add(new Add(), x, x)), new() { Devices = [device], SupersededInputs = [0] });
        var memory = HostMemory.Allocate(4000);
        memory.Span.Clear();
        IBuffer[] arguments = [backend.FromHost(memory, new(DType.Float32, [1000]), device)], results = new IBuffer[1];
        memory.Release();
        if (isComputed)
        {
            executable.Execute(arguments, results, default);
            arguments[0].Dispose();
            arguments[0] = results[0];
        }
        executable.Execute(arguments, results, new() { KeepInputs = isKept ? [0] : [] });
        Assert.Equal(isExpected, HandleOf(arguments[0]) == HandleOf(results[0]));
        arguments[0].Dispose();
        var bytes = new byte[4000];
        results[0].CopyTo(bytes);
        Assert.All(bytes, static b => Assert.Equal(0, b));
        results[0].Dispose();
    }

    public void Dispose() => runtime.Dispose();

    /// <summary>The plugin has a load context of its own, so that its types are others than those here.</summary>
    private static nint HandleOf(IBuffer buffer) => (nint)buffer.GetType().GetProperty(nameof(TorchBuffer.Handle))!.GetValue(buffer)!;

    private static ParamState State(Tensor value)
    {
        using var own = value * 1;
        return new(own);
    }
}
