namespace BrainState.Conformance.Xunit;

/// <summary>Ends a <see cref="ConformanceTheoryAttribute">conformance theory</see> as skipped; the message is the reason.</summary>
internal sealed class SkipException(string reason) : Exception(reason);
