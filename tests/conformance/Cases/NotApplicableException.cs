namespace BrainState.Conformance;

/// <summary>A case cannot be put to the backend at all; it counts as excluded, for this reason.</summary>
internal sealed class NotApplicableException(string reason) : Exception(reason);
