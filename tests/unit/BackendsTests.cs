using System.Runtime.Loader;
using BrainState.Interpretation;

namespace BrainState.UnitTests;

public sealed class BackendsTests
{
    /// <summary>The proof that backends are pluggable: nothing refers to it, and it brings its own kit and interpreter.</summary>
    [Fact]
    public void TheReferencePluginLivesInAContextOfItsOwn()
    {
        var context = AssemblyLoadContext.GetLoadContext(Backends.Reference.Backend.GetType().Assembly)!;
        Assert.NotSame(AssemblyLoadContext.Default, context);
        Assert.Equal(["BrainState.BackendKit", "BrainState.Interpreter", "BrainState.Reference"], context.Assemblies.Select(static a => a.GetName().Name).Order());
        Assert.NotSame(typeof(Interpreter).Assembly, context.Assemblies.Single(static a => a.GetName().Name == "BrainState.Interpreter"));
    }

    [Fact]
    public void TheCpuPluginIsFoundAndStartedOnce()
    {
        Assert.Equal("cpu", Backends.Cpu.Info.Name);
        Assert.NotEmpty(Backends.Cpu.Devices);
        Assert.Same(Backends.Cpu, Backends.Cpu);
    }
}
