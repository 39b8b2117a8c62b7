namespace BrainState.BackendKit.Replication;

/// <summary>The place of a run among those of all devices of an execution.</summary>
internal sealed record Replica(Meetings Meetings, int Index);
