// Which backends an application finds next to itself, which of them work here, and what would make the others work:
//   dotnet run --project examples/Backends

using BrainState.Hosting;

var catalog = new BackendCatalog(new BrainStateOptions());
Console.Write(catalog.Report());
