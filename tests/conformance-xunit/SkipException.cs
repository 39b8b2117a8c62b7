namespace BrainState.Conformance.Xunit;

/// <summary>Ends a test as skipped; xUnit knows it by the first words of the message.</summary>
internal sealed class SkipException(string reason) : Exception("$XunitDynamicSkip$" + reason);
