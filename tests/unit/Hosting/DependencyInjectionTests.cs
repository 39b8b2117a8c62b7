using BrainState.Backends;
using BrainState.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BrainState.UnitTests.Hosting;

public sealed class DependencyInjectionTests
{
    readonly StubFactory factory = new();
    readonly RuntimeSelector selector = new(() => StubFactory.Runtime("cpu"));

    void Stub(BrainStateBuilder b) => b.AddBackend("stub", factory).UseBackend("stub");

    sealed class Distillation([FromKeyedServices("teacher")] BrainStateRuntime teacher, [FromKeyedServices("student")] BrainStateRuntime student, BrainStateRuntime common)
    {
        public BrainStateRuntime[] All => [teacher, student, common];
    }

    [Fact]
    public void ARuntimeIsResolvedConfiguredByASectionAndDisposedWithTheContainer()
    {
        var section = new ConfigurationBuilder()
            .AddInMemoryCollection([new("BrainState:Backend", "stub"), new("BrainState:Device", "gpu:1"), new("BrainState:Backends:stub:Threads", "3")]).Build().GetSection("BrainState");
        BrainStateRuntime runtime;
        using (var services = new ServiceCollection().AddBrainState(section).AddBrainState(b => b.AddBackend("stub", factory)).BuildServiceProvider())
        {
            runtime = services.GetRequiredService<BrainStateRuntime>();
            Assert.Same(runtime, services.GetRequiredService<BrainStateRuntime>());
            Assert.Equal(0, factory.Creations);
            Assert.Equal(("gpu:1", "3"), (runtime.Device.Name, ((StubBackend)runtime.Backend).Settings["Threads"]));
        }

        Assert.Equal(1, factory.Last!.Disposals);
        Assert.Throws<ObjectDisposedException>(() => runtime.Backend);
    }

    [Fact]
    public void SeveralRuntimesAreToldApartByKey()
    {
        using var services = new ServiceCollection()
            .AddBrainState(Stub)
            .AddKeyedBrainState("teacher", b => b.AddBackend("stub", factory).UseBackend("stub", "gpu:0"))
            .AddKeyedBrainState("student", b => b.AddBackend("stub", factory).UseBackend("stub", "gpu:1"))
            .AddSingleton<Distillation>().BuildServiceProvider();

        var all = services.GetRequiredService<Distillation>().All;

        Assert.Equal(["gpu:0", "gpu:1", "cpu:0"], all.Select(r => r.Device.Name));
        Assert.Equal(["runtime 'teacher' (backend 'stub', device 'gpu:0')", "runtime 'student' (backend 'stub', device 'gpu:1')", "runtime (backend 'stub', first device)"],
            all.Select(r => r.ToString()));
        Assert.Equal(3, all.Select(r => r.Backend).Distinct().Count());
    }

    [Fact]
    public void WithoutAHostOptionsAreValidatedWhenTheRuntimeIsResolved()
    {
        using var services = new ServiceCollection().AddBrainState(b => b.AddBackend("stub", factory).UseBackend("stab")).BuildServiceProvider();

        Assert.StartsWith("There is no backend 'stab'. Did you mean 'stub'?", Assert.Throws<OptionsValidationException>(services.GetRequiredService<BrainStateRuntime>).Message);
    }

    IHost Host(Action<IServiceCollection> register)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton(selector);
        register(builder.Services);
        return builder.Build();
    }

    [Fact]
    public async Task StartingTheHostSetsTheProcessDefaultBeforeAnyServiceStarts()
    {
        BrainStateRuntime? seen = null;
        using var host = Host(services =>
        {
            services.AddHostedService(_ => new Service(() => seen = selector.Current));
            services.AddBrainState(Stub).AddKeyedBrainState("teacher", Stub);
        });

        await host.StartAsync();

        Assert.Same(host.Services.GetRequiredService<BrainStateRuntime>(), seen);
        Assert.Equal(0, factory.Creations);
    }

    [Fact]
    public async Task ASecondHostIsRefusedUntilTheFirstIsDisposed()
    {
        var first = Host(services => services.AddBrainState(Stub));
        await first.StartAsync();
        using var second = Host(services => services.AddBrainState(Stub));

        Assert.StartsWith("The process default is runtime (backend 'stub', first device) and cannot become",
            (await Assert.ThrowsAsync<InvalidOperationException>(() => second.StartAsync())).Message);
        first.Dispose();
        using var third = Host(services => services.AddBrainState(Stub));
        await third.StartAsync();
    }

    [Fact]
    public async Task WrongOptionsStopTheHost()
    {
        using var unknown = Host(services => services.AddKeyedBrainState("teacher", b => b.AddBackend("stub", factory).UseBackend("stab")));
        Assert.StartsWith("There is no backend 'stab'.", (await Assert.ThrowsAsync<OptionsValidationException>(() => unknown.StartAsync())).Message);

        using var device = Host(services => services.AddBrainState(b => b.AddBackend("stub", factory).UseBackend("stub", "tpu:0")));
        Assert.StartsWith("Backend 'stub' has no device 'tpu:0'. It has: cpu:0", (await Assert.ThrowsAsync<BackendException>(() => device.StartAsync())).Message);
        selector.SetDefault(StubFactory.Runtime());
    }

    sealed class Service(Action start) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            start();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
