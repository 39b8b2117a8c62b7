using BrainState.Backends;
using BrainState.Hosting;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.UnitTests.Tensors;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

/// <summary>Functions mapped over devices mean what the same functions mapped over lanes mean.</summary>
public sealed class PmapTests : IDisposable
{
    private const string Axis = "i";
    private readonly BrainStateRuntime runtime;
    private readonly RuntimeScope scope;

    public PmapTests()
    {
        runtime = BrainStateRuntime.Create(b => b.Configure("cpu", "VirtualDevices", "4"));
        scope = runtime.Enter();
    }

    public void Dispose()
    {
        scope.Dispose();
        runtime.Dispose();
    }

    private static readonly Dictionary<string, Func<Tensor, Tensor>> Functions = new()
    {
        ["psum"] = x => Lax.PSum(x, Axis) * x,
        ["pmean"] = x => x - Lax.PMean(x, Axis),
        ["pmax"] = x => Lax.PMax(x, Axis) - x,
        ["pmin"] = x => Lax.PMin(Np.Sum(x), Axis),
        ["axis_index"] = x => x * Lax.AxisIndex(Axis).AsType(x.DType),
        ["axis_size"] = x => x * Lax.AxisSize(Axis),
        ["ppermute"] = x => Lax.PPermute(x, Axis, [(0, 3), (3, 1)]),
        ["all_gather"] = x => Lax.AllGather(x, Axis, -1),
        ["all_gather, tiled"] = x => Lax.AllGather(x, Axis, 1, tiled: true),
        ["reduce_scatter"] = x => Lax.PSumScatter(x, Axis),
        ["reduce_scatter, tiled"] = x => Lax.PSumScatter(x, Axis, -1, tiled: true),
        ["all_to_all"] = x => Lax.AllToAll(x, Axis, 0, 1),
        ["all_to_all, tiled"] = x => Lax.AllToAll(x, Axis, 1, 0, tiled: true),
        ["in a loop"] = x => Scan((Tensor carry, Tensor row) => (carry + Lax.PSum(row, Axis), carry), x[0], x).Item2,
        ["jitted"] = x => Jit((Tensor y) => Lax.PSum(Np.Exp(y), Axis))(x) * 2,
        ["differentiated"] = x => Grad((Tensor y) => Np.Sum(Lax.PSum(y * y, Axis) * y)).Invoke(x),
        ["with lanes inside"] = x => Vmap((Tensor row) => Lax.PSum(row, Axis) + Lax.PSum(row, "rows"), new() { AxisName = "rows" })(x),
        ["nested"] = x => Pmap((Tensor row) => Lax.PSum(row, Axis) + Lax.PMax(row, "rows"), new() { AxisName = "rows" })(x),
    };

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Theory, MemberData(nameof(Names))]
    public void MeansWhatVmapMeans(string name)
    {
        var (function, x) = (Functions[name], Samples([4, 4, 8]));
        var expected = Vmap(function, new() { AxisName = Axis })(x);
        Approximately.Same(expected, Pmap(function, new() { AxisName = Axis })(x), 1e-5, name);
        Approximately.Same(expected, Jit(Pmap(function, new() { AxisName = Axis }))(x), 1e-5, name);
    }

    [Fact]
    public void ArgumentsAreCutAndResultsPutTogetherAlongAnyAxis()
    {
        var (a, b, c) = (Samples([3, 4, 2]), Samples([4]), Samples([2, 3]));
        (Tensor, (Tensor, Tensor)) Function(Tensor x, Tensor y, Tensor z) => (Np.Transpose(x) * y + z, (Np.Sum(z), z[0]));
        BatchAxes inAxes = [1, 0, null], outAxes = [-1, [0, null]];
        var expected = Vmap<Tensor, Tensor, Tensor, (Tensor, (Tensor, Tensor))>(Function, new() { InAxes = inAxes, OutAxes = outAxes })(a, b, c);
        foreach (var devices in (string[]?[])[null, ["cpu:3", "cpu:1", "cpu:2", "cpu:0"]])
        {
            var actual = Pmap<Tensor, Tensor, Tensor, (Tensor, (Tensor, Tensor))>(Function, new() { InAxes = inAxes, OutAxes = outAxes, Devices = devices })(a, b, c);
            foreach (var (e, got) in new[] { (expected.Item1, actual.Item1), (expected.Item2.Item1, actual.Item2.Item1), (expected.Item2.Item2, actual.Item2.Item2) })
            {
                Approximately.Same(e, got, 0);
                Assert.Equal("cpu:cpu:0", got.Device);
            }
        }
    }

    /// <summary>Also on devices among which that of the runtime is not, for no elements, and for values that are only on the device.</summary>
    [Fact]
    public void ValuesComeFromAndGoToTheDeviceOfTheRuntime()
    {
        var (rows, shared) = (Samples([2, 3]) * 2, Samples([3]) * 3);
        var sums = Pmap((Tensor x) => (x + shared, Lax.PSum(x, "devices")), new() { Devices = ["cpu:1", "cpu:2"], OutAxes = [1, null] })(rows);
        Approximately.Same(Np.Transpose(rows + shared), sums.Item1, 0);
        Approximately.Same(rows[0] + rows[1], sums.Item2, 0);
        Approximately.Same(sums.Item2 * 2, sums.Item2 + sums.Item2, 0);
        Assert.Equal([4, 0, 2], Pmap((Tensor x) => x * 2)(Np.Zeros([4, 0, 2])).Shape.ToArray());
        Assert.Equal([7f, 7, 7], Pmap(() => Np.Array(7f), new() { AxisSize = 3 })().ToArray<float>());
    }

    [Fact]
    public void TooFewDevicesIsAnErrorThatSaysHowToGetMore()
    {
        var error = Assert.Throws<BackendException>(() => Pmap((Tensor x) => x * 2)(Samples([5])));
        Assert.Equal("Pmap of TooFewDevicesIsAnErrorThatSaysHowToGetMore needs 5 devices, one for each lane, but backend 'cpu' has 4: cpu:0, cpu:1, cpu:2, cpu:3. "
            + "Set BrainState:Backends:cpu:VirtualDevices to the number of devices that it shall offer. Vmap runs all lanes on one device.", error.Message);
    }

    [Fact]
    public void DevicesMustFit()
    {
        string Message<T>(params string[] devices) where T : Exception => Assert.Throws<T>(() => Pmap((Tensor x) => x, new() { Devices = devices })(Samples([3]))).Message;
        Assert.Equal("Pmap of DevicesMustFit maps over axes of different sizes: 2 in Devices, 3 in argument 0. Mapped axes must agree; InAxes null is for what all lanes share.",
            Message<BatchAxisException>("cpu:0", "cpu:1"));
        Assert.Equal("Devices of Pmap of DevicesMustFit names a device more than once: cpu:0, cpu:1, 0.", Message<BackendException>("cpu:0", "cpu:1", "0"));
        Assert.Contains("has no device 'cpu:9'", Message<BackendException>("cpu:0", "cpu:9", "cpu:1"), StringComparison.Ordinal);
    }

    [Fact]
    public void AnAxisThatNothingMapsOverIsAnError()
    {
        string Message(Func<Tensor, Tensor> function) => Assert.Throws<InvalidOperationException>(() => function(Samples([2]))).Message;
        const string expected = " is along the axis 'x', but nothing around maps over an axis of that name. Set AxisName of Vmap or Pmap to 'x'.";
        Assert.Equal("psum" + expected, Message(x => Lax.PSum(x, "x")));
        Assert.Equal("psum" + expected, Message(Jit((Tensor x) => Lax.PSum(x, "x"))));
        Assert.Equal("psum" + expected, Message(Pmap((Tensor x) => Lax.PSum(x, "x"), new() { AxisName = "y" })));
        Assert.Equal(
            "No axis named 'x' is mapped here, or its size is not known yet. Set AxisName, and AxisSize if only States are mapped.",
            Message(Vmap((Tensor x) => Lax.AllGather(x, "x"), new() { AxisName = "y" })));
    }

    [Fact]
    public void DevicesThatTakeDifferentPathsToCollectivesAreAnError()
    {
        var state = new ShortTermState(Np.Array(1f));
        var error = Assert.Throws<InvalidOperationException>(() => Pmap((Tensor x) =>
        {
            state.Value = Np.Array(2f);
            return Cond(x > 0, y => Lax.PSum(y, Axis), y => y, x);
        }, new() { AxisName = Axis })(Tensor.From<float>([-1, 1])));
        Assert.Contains("psum waits for all 2 replicas along the axis 'i', but 0 ended without it.", error.Message, StringComparison.Ordinal);
        Assert.Equal(1f, state.Value.ToScalar<float>());
    }

    /// <summary>The function is recorded in every call, as Vmap does, but compiled once.</summary>
    [Fact]
    public void AWarmCallCompilesNothing()
    {
        var counting = new CountingFactory();
        using var own = BrainStateRuntime.Create(b => b.AddBackend("counting", counting).UseBackend("counting"));
        using var entered = own.Enter();
        var (state, random) = (new ParamState(Samples([8])), new RandomState(1));
        var step = Pmap((Tensor x) =>
        {
            var gradient = Grad((Tensor w) => Np.Sum(Np.Square(x * w + random.Normal()))).Invoke(state.Value);
            state.Value -= 0.1 * Lax.PMean(gradient, Axis);
            return Np.Sum(x);
        }, new() { AxisName = Axis });
        var x = Samples([4, 8]);
        step(x);
        step(x);
        var before = counting.Compilations;
        for (var i = 0; i < 3; i++) step(x * 2);
        Assert.InRange(counting.Compilations - before, 0, 1); // x * 2
    }

    /// <summary>The lanes of the other processes are nowhere here, but count.</summary>
    [Fact]
    public void ParticipantsAreTheDevicesOfAllProcesses()
    {
        using var own = BrainStateRuntime.Create(b => b.AddBackend("one of three", new CountingFactory(new Group(1, 3))).UseBackend("one of three"));
        using var entered = own.Enter();
        Assert.Equal([12f, 24f], Pmap((Tensor x) => x * Lax.AxisSize(Axis) * 2, new() { AxisName = Axis })(Tensor.From<float>([1, 2])).ToArray<float>());

        var error = Assert.Throws<BackendException>(() => Jit((Tensor x) => Pmap((Tensor y) => y + 1, new() { AxisName = Axis })(x))(Tensor.From<float>([1, 2])));
        Assert.Contains(" spans 3 processes, so it cannot be part of another transform, which runs on one device. Put the other transform inside.", error.Message, StringComparison.Ordinal);
    }

    private sealed record Group(int Rank, int Size) : IProcessGroup;

    private static Tensor Samples(Shape shape) =>
        Tensor.From<float>([.. Enumerable.Range(0, (int)shape.ElementCount).Select(static i => (float)Math.Sin(i * 1.7) + i % 3)], shape);

    /// <summary>The backend cpu with four devices, as one of several processes if told so; counts what it compiles.</summary>
    private sealed class CountingFactory(IProcessGroup? group = null) : IBackendFactory
    {
        private Counting? backend;

        public int Compilations => backend!.Compilations;

        public Availability Probe(BackendSettings settings) => Availability.Yes;

        public IBackend Create(BackendSettings settings)
        {
            var options = new BrainStateOptions();
            options.Backends["cpu"] = new Dictionary<string, string> { ["VirtualDevices"] = "4" };
            return backend = new(new BackendCatalog(options).Create("cpu"), group);
        }
    }

    private sealed class Counting(IBackend inner, IProcessGroup? group) : IBackend
    {
        public int Compilations { get; private set; }

        public BackendInfo Info => inner.Info;

        public IReadOnlyList<IDevice> Devices => inner.Devices;

        public Support Supports(Op op, ReadOnlySpan<TensorSpec> inputs, IDevice device) => inner.Supports(op, inputs, device);

        public IBuffer FromHost(HostMemory data, TensorSpec spec, IDevice device) => inner.FromHost(data, spec, device);

        public IExecutable Compile(Program program, CompileOptions options)
        {
            Compilations++;
            return inner.Compile(program, options);
        }

        public object? GetService(Type feature) => feature == typeof(IProcessGroup) ? group : inner.GetService(feature);

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
