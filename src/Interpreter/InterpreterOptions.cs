namespace BrainState.Interpretation;

/// <summary>What a run may do beside computing.</summary>
public sealed record InterpreterOptions
{
    /// <summary>Receives the text of each <see cref="Ops.DebugPrint"/>; without it they say nothing. Never called by two replicas at the same time.</summary>
    public Action<string>? Print { get; init; }
}
