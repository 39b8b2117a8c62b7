using BrainState.Cpu.Lowering;
using BrainState.Cpu.Steps;

namespace BrainState.Cpu.Planning;

/// <summary>
/// What a program became: steps in order, and the memory they need. Immutable; runs in a <see cref="Frame"/>, of which there may be several
/// at the same time.
/// </summary>
internal sealed class Plan
{
    public Plan(int inputCount, int outputCount, long arenaBytes, Step[] steps, PlanData data)
    {
        (InputCount, OutputCount, ArenaBytes, Steps, Data) = (inputCount, outputCount, arenaBytes, steps, data);
        foreach (var step in steps)
        {
            step.FirstChild = ChildCount;
            ChildCount += step.Nested.Length;
        }
    }

    public int InputCount { get; }

    public int OutputCount { get; }

    /// <summary>The size of all intermediate values that are alive at the same time, and scratch memory.</summary>
    public long ArenaBytes { get; }

    /// <summary>The size of that and of what the nested plans need, which are there all the time.</summary>
    public long FrameBytes => ArenaBytes + Steps.SelectMany(static step => step.Nested).Sum(static nested => nested.FrameBytes);

    public Step[] Steps { get; }

    /// <summary>The number of plans nested in all steps.</summary>
    public int ChildCount { get; }

    /// <summary>For each output the input whose memory it may be written to while the plan runs, or −1: of a program, if a run gives it up; of a body, if the loop around it may lose it.</summary>
    public required int[] ReplacedInputs { get; init; }

    /// <summary>What is to be packed before many runs with the same first inputs; its results are the last inputs.</summary>
    public required Packing[] Packings { get; init; }

    /// <summary>Keeps alive what the steps point to.</summary>
    public PlanData Data { get; }

    /// <summary>The slot of the first output; inputs come before.</summary>
    public int OutputSlot => InputCount;

    /// <summary>The slot of the arena.</summary>
    public int ArenaSlot => InputCount + OutputCount;

    /// <summary>The slot of absolute addresses: a location there is its own address.</summary>
    public int AbsoluteSlot => ArenaSlot + 1;

    /// <summary>Runs all steps; the frame's inputs and outputs are set.</summary>
    public void Run(Frame frame)
    {
        foreach (var step in Steps) step.Run(frame);
    }
}
