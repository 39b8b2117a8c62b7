namespace BrainState;

/// <summary>What <see cref="Ops.Checkpoint"/> keeps from the forward pass for the backward pass.</summary>
public enum CheckpointPolicy
{
    /// <summary>Only the operands; everything else is computed again.</summary>
    NothingSaveable,
    /// <summary>Results of matrix products and convolutions; the rest is computed again.</summary>
    DotsSaveable,
    /// <summary>Everything, as without a checkpoint.</summary>
    EverythingSaveable,
}
