using BrainState.Cpu.Planning;

namespace BrainState.Cpu.Steps;

/// <summary>Something a plan does. Immutable: what changes is in the frame.</summary>
internal abstract class Step
{
    /// <summary>The plans that the step runs.</summary>
    public virtual Plan[] Nested => [];

    /// <summary>Whether a run may end here: loops are cancelled between their steps, and what sees an effect may throw.</summary>
    public virtual bool CanStop => Nested.Length > 0;

    /// <summary>The number of the first of them among those of all steps of the plan, which sets it.</summary>
    public int FirstChild { get; set; }

    /// <summary>Does it.</summary>
    public abstract void Run(Frame frame);
}
