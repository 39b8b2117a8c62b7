using Acme.Fast.Conformance;
using BrainState.Conformance;

return ConformanceRunner.Run(args, BackendTests.KnownGaps);
