using BrainState.Hosting;

namespace BrainState.UnitTests.Hosting;

/// <summary>Which runtime is current. On selectors of their own, because the one of the process can be set once.</summary>
public sealed class RuntimeSelectorTests
{
    readonly BrainStateRuntime embedded = StubFactory.Runtime("cpu"), teacher = StubFactory.Runtime("torch", "teacher", "cuda:0"), student = StubFactory.Runtime("xla");
    readonly RuntimeSelector selector;

    public RuntimeSelectorTests() => selector = new(() => embedded);

    [Fact]
    public void TheDefaultIsWhatWasSetElseTheEmbeddedOne()
    {
        selector.SetDefault(teacher);
        selector.SetDefault(teacher);

        Assert.Same(teacher, selector.Current);
        Assert.Same(embedded, new RuntimeSelector(() => embedded).Current);
    }

    [Fact]
    public void ASecondDefaultIsRefusedAndBothAreNamed()
    {
        selector.SetDefault(teacher);

        Assert.Equal("The process default is runtime 'teacher' (backend 'torch', device 'cuda:0') and cannot become runtime (backend 'xla', first device) as well. "
            + "Keep one default, register the other with AddKeyedBrainState, and use it with 'using (runtime.Enter())'.",
            Assert.Throws<InvalidOperationException>(() => selector.SetDefault(student)).Message);
        Assert.Same(teacher, selector.Current);
    }

    [Fact]
    public void ADefaultAfterTheFirstUseIsRefusedAndTheUserIsNamed()
    {
        Assert.Same(embedded, selector.Current);

        var message = Assert.Throws<InvalidOperationException>(() => selector.SetDefault(student)).Message;

        Assert.Matches(@"^The process default cannot become runtime \(backend 'xla', first device\), because BrainState\.UnitTests\.Hosting\.RuntimeSelectorTests\."
            + $@"{nameof(ADefaultAfterTheFirstUseIsRefusedAndTheUserIsNamed)}( \(RuntimeSelectorTests\.cs:\d+\))? used BrainState before a default was set and thereby fixed it to "
            + @"runtime \(backend 'cpu', first device\)\. Start the host, or call BrainStateRuntime\.SetDefault, before the first tensor is made "
            + @"\(static fields count\); or use 'using \(runtime\.Enter\(\)\)'\.$", message);
    }

    [Fact]
    public void ADisposedDefaultMayBeReplaced()
    {
        selector.SetDefault(teacher);
        teacher.Dispose();

        selector.SetDefault(student);

        Assert.Same(student, selector.Current);
        Assert.Throws<ObjectDisposedException>(() => selector.SetDefault(teacher));
    }

    [Fact]
    public void EnteringOverridesAndNests()
    {
        selector.SetDefault(embedded);
        using (selector.Enter(teacher))
        {
            Assert.Same(teacher, selector.Current);
            using (selector.Enter(student)) Assert.Same(student, selector.Current);
            Assert.Same(teacher, selector.Current);
        }

        Assert.Same(embedded, selector.Current);
    }

    [Fact]
    public void EnteringDoesNotFixTheDefault()
    {
        using (selector.Enter(teacher)) _ = selector.Current;

        selector.SetDefault(student);

        Assert.Same(student, selector.Current);
    }

    [Fact]
    public async Task AnEnteredRuntimeFlowsIntoTasksAndAcrossAwaits()
    {
        selector.SetDefault(embedded);
        using var release = new SemaphoreSlim(0);
        Task<BrainStateRuntime> late;
        using (selector.Enter(teacher))
        {
            await Task.Yield();
            Assert.Same(teacher, selector.Current);
            Assert.Same(teacher, await Task.Run(() => selector.Current));
            late = Task.Run(async () =>
            {
                await release.WaitAsync();
                return selector.Current;
            });
            await Task.Run(async () =>
            {
                using (selector.Enter(student)) await Task.Yield();
            });
            Assert.Same(teacher, selector.Current);
        }

        release.Release();
        Assert.Same(teacher, await late);
        Assert.Same(embedded, selector.Current);
    }

    [Fact]
    public async Task ConcurrentFlowsDoNotSeeEachOther()
    {
        selector.SetDefault(embedded);
        async Task Use(BrainStateRuntime runtime)
        {
            using (selector.Enter(runtime))
            {
                for (var i = 0; i < 50; i++)
                {
                    await Task.Yield();
                    Assert.Same(runtime, selector.Current);
                }
            }
        }

        await Task.WhenAll(Use(teacher), Use(student), Use(teacher), Use(student));
        Assert.Same(embedded, selector.Current);
    }

    [Fact]
    public void ScopesEndInReverseOrder()
    {
        var outer = selector.Enter(teacher);
        var inner = selector.Enter(student);

        Assert.Equal("Scopes of BrainStateRuntime.Enter() end in the reverse order and in the async flow in which they began. Write 'using (runtime.Enter()) { … }'.",
            Assert.Throws<InvalidOperationException>(outer.Dispose).Message);
        inner.Dispose();
        inner.Dispose();
        outer.Dispose();
        Assert.Same(embedded, selector.Current);
    }

    [Fact]
    public void ManyThreadsFixOneEmbeddedDefault()
    {
        var made = 0;
        var concurrent = new RuntimeSelector(() =>
        {
            Interlocked.Increment(ref made);
            return StubFactory.Runtime();
        });

        Parallel.For(0, 64, _ => Assert.NotNull(concurrent.Current));

        Assert.Equal(1, made);
    }

    [Fact]
    public void ReadingTheCurrentRuntimeAllocatesNothing()
    {
        selector.SetDefault(embedded);
        using var scope = selector.Enter(teacher);
        _ = selector.Current;

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) _ = selector.Current;

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
