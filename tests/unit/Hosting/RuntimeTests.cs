using BrainState.Backends;
using BrainState.Hosting;

namespace BrainState.UnitTests.Hosting;

public sealed class RuntimeTests
{
    [Fact]
    public void ManyThreadsStartTheBackendOnce()
    {
        var factory = new StubFactory();
        using var runtime = StubFactory.Runtime(factory: factory);
        Assert.Equal(0, factory.Creations);

        Parallel.For(0, 64, _ => Assert.Same(runtime.Backend, runtime.Backend));

        Assert.Equal((1, 1), (factory.Probes, factory.Creations));
        Assert.Same(runtime.Backend.Devices[0], runtime.Device);
    }

    [Fact]
    public void ABackendThatCannotStartIsAskedOnce()
    {
        var factory = new StubFactory(_ => throw new BackendException("No."));
        using var runtime = StubFactory.Runtime(factory: factory);

        for (var i = 0; i < 3; i++) Assert.Equal("Backend 'stub' is unavailable: No.", Assert.Throws<BackendException>(() => runtime.Backend).Message);

        Assert.Equal(1, factory.Creations);
    }

    [Fact]
    public void AnUnknownDeviceListsTheDevicesAndStopsTheBackend()
    {
        var factory = new StubFactory();
        using var runtime = StubFactory.Runtime(device: "gpu:7", factory: factory);

        Assert.Equal("Backend 'stub' has no device 'gpu:7'. It has: cpu:0 (stub cpu 0), gpu:0 (stub gpu 0), gpu:1 (stub gpu 1).",
            Assert.Throws<BackendException>(() => runtime.Device).Message);
        Assert.Equal(1, factory.Last!.Disposals);
    }

    [Fact]
    public void CreateValidatesTheChoiceAndTheDevice()
    {
        using var runtime = BrainStateRuntime.Create(b => b.AddBackend("stub", new StubFactory()).UseBackend("stub", "gpu:1").Configure("stub", "Threads", "2"));

        Assert.Equal(("gpu:1", "2"), (runtime.Device.Name, ((StubBackend)runtime.Backend).Settings["threads"]));
        Assert.StartsWith("There is no backend 'stab'. Did you mean 'stub'?",
            Assert.Throws<BackendException>(() => BrainStateRuntime.Create(b => b.AddBackend("stub", new StubFactory()).UseBackend("stab"))).Message);
        Assert.StartsWith("Backend 'stub' has no device '3'.",
            Assert.Throws<BackendException>(() => BrainStateRuntime.Create(b => b.AddBackend("stub", new StubFactory()).UseBackend("stub", "3"))).Message);
    }

    [Fact]
    public void DisposingDisposesTheSlotsInReverseOrderAndThenTheBackendOnce()
    {
        var factory = new StubFactory();
        var runtime = StubFactory.Runtime(factory: factory);
        _ = runtime.Backend;
        List<string> log = [];
        runtime.Slot(_ => new First(() => log.Add($"first, backend disposed {factory.Last!.Disposals}")));
        runtime.Slot(_ => new Second(() => log.Add("second")));
        runtime.Slot(_ => "not disposable");

        runtime.Dispose();
        runtime.Dispose();

        Assert.Equal(["second", "first, backend disposed 0"], log);
        Assert.Equal(1, factory.Last!.Disposals);
        Assert.Throws<ObjectDisposedException>(() => runtime.Backend);
        Assert.Throws<ObjectDisposedException>(() => runtime.Slot(_ => "again"));
        Assert.Throws<ObjectDisposedException>(runtime.Enter);
    }

    [Fact]
    public async Task DisposingAsynchronouslyDisposesTheBackend()
    {
        var factory = new StubFactory();
        var runtime = StubFactory.Runtime(factory: factory);
        _ = runtime.Backend;

        await runtime.DisposeAsync();

        Assert.Equal(1, factory.Last!.Disposals);
    }

    [Fact]
    public void ASlotThatFailsToDisposeStopsNeitherTheOthersNorTheBackend()
    {
        var factory = new StubFactory();
        var runtime = StubFactory.Runtime(factory: factory);
        _ = runtime.Backend;
        var first = false;
        runtime.Slot(_ => new First(() => first = true));
        runtime.Slot(_ => new Second(() => throw new TimeoutException()));

        Assert.Throws<TimeoutException>(runtime.Dispose);

        Assert.True(first);
        Assert.Equal(1, factory.Last!.Disposals);
    }

    [Fact]
    public void ASlotIsMadeOnceAndMayAskForOthers()
    {
        using var runtime = StubFactory.Runtime();
        var made = 0;

        Parallel.For(0, 64, _ => runtime.Slot(r =>
        {
            Interlocked.Increment(ref made);
            return Tuple.Create(r.Slot(_ => "inner"));
        }));

        Assert.Equal(1, made);
        Assert.Equal("inner", runtime.Slot<Tuple<string>>(_ => throw new NotSupportedException()).Item1);
    }

    [Fact]
    public void ARuntimeThatNeverStartedIsDisposedWithoutStarting()
    {
        var factory = new StubFactory();
        StubFactory.Runtime(factory: factory).Dispose();

        Assert.Equal(0, factory.Creations);
    }

    sealed class First(Action dispose) : IDisposable
    {
        public void Dispose() => dispose();
    }

    sealed class Second(Action dispose) : IDisposable
    {
        public void Dispose() => dispose();
    }
}
