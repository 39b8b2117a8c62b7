// The ways to choose a backend: by configuration, by code, and several at once.
//   dotnet run --project examples/ChooseBackend -- --BrainState:Backend=cpu

using BrainState;
using BrainState.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

var configuration = new ConfigurationBuilder().AddCommandLine(args).Build();

var services = new ServiceCollection();
services.AddBrainState(configuration.GetSection("BrainState"));
Use("by configuration", services.BuildServiceProvider().GetRequiredService<BrainStateRuntime>());

services = new ServiceCollection();
services.AddBrainState(b => b.UseBackend("cpu", device: "cpu:0").Configure("cpu", "Threads", "2"));
Use("by code", services.BuildServiceProvider().GetRequiredService<BrainStateRuntime>());

services = new ServiceCollection();
services.AddBrainState(b => b.UseBackend("cpu"));
services.AddKeyedBrainState("teacher", b => b.UseBackend("cpu"));
Use("keyed", services.BuildServiceProvider().GetRequiredKeyedService<BrainStateRuntime>("teacher"));

static void Use(string how, BrainStateRuntime runtime)
{
    using (runtime.Enter())
    {
        var sum = Np.Sum(Np.Arange(10) * 2);
        Console.WriteLine($"{how}: {sum} on {sum.Device}");
    }
}
