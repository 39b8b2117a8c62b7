using BrainState.Cpu.Kernels;
using BrainState.Cpu.Planning;
using BrainState.Cpu.Steps;

namespace BrainState.Cpu.Lowering;

/// <summary>Something that computes values.</summary>
internal abstract class Node(Value[] inputs, Value[] outputs)
{
    public Value[] Inputs { get; } = inputs;

    public Value[] Outputs { get; } = outputs;

    /// <summary>Whether it must run, even if nobody reads what it computes.</summary>
    public bool HasEffects { get; init; }

    /// <summary>Whether it has effects, or an output depends on it.</summary>
    public bool IsNeeded { get; set; }
}

/// <summary>A node that runs tile by tile over <see cref="Count"/> elements and can share its loop with others over as many.</summary>
internal abstract class TileNode(long count, Value[] inputs, Value output) : Node(inputs, [output])
{
    public long Count { get; } = count;

    public Value Output => Outputs[0];
}

/// <summary>One result element from the operand elements at the same position; operands of one element count at any position.</summary>
internal sealed unsafe class PointwiseNode(TileKernel kernel, Value[] inputs, Value output) : TileNode(output.Count, inputs, output)
{
    public TileKernel Kernel { get; } = kernel;

    /// <summary>The kernel for a second operand of one element, or null.</summary>
    public TileKernel RightScalar { get; init; }

    /// <summary>The kernel for a first operand of one element, or null.</summary>
    public TileKernel LeftScalar { get; init; }

    /// <summary>The kernel's constant.</summary>
    public long Parameter { get; init; }

    /// <summary>Whether the float32 that the kernel computes must still be rounded to the dtype of the output.</summary>
    public bool Rounds { get; init; }
}

/// <summary>Combines the middle axis of operands seen as [Outer, Rows, Columns].</summary>
internal sealed class ReduceNode(ReduceForms forms, Scalar identity, ReduceShape shape, Value input, Value output)
    : TileNode(shape.Outer * shape.Rows * shape.Columns, [input], output)
{
    public ReduceForms Forms { get; } = forms;

    /// <summary>What an empty reduction gives, in the lane dtype.</summary>
    public Scalar Identity { get; } = identity;

    public ReduceShape Shape { get; } = shape;
}

/// <summary>The extents of a reduction of the middle of three axes.</summary>
internal readonly record struct ReduceShape(long Outer, long Rows, long Columns);

/// <summary>A node with a step of its own, which reads and writes whole tensors in memory.</summary>
internal sealed class StepNode(Value[] inputs, Value[] outputs, long scratchBytes, StepFactory factory) : Node(inputs, outputs)
{
    public long ScratchBytes { get; } = scratchBytes;

    public StepFactory Factory { get; } = factory;

    /// <summary>Whether the result may be in the memory of the first operand, most of which it is.</summary>
    public bool UpdatesFirst { get; init; }

    /// <summary>The operand that the result may replace if nobody reads it any more; null if there is none.</summary>
    public Value? Replaceable
    {
        get
        {
            if (!UpdatesFirst || Inputs[0].View is not null || Inputs[0].Constant is not null) return null;
            for (var i = 1; i < Inputs.Length; i++)
                if (Inputs[i].Root == Inputs[0])
                    return null;
            return Inputs[0];
        }
    }
}

/// <summary>Computes nothing: no node after it runs with one before it. Else what is to be computed again later would be computed, and kept, right away.</summary>
internal sealed class FenceNode : Node
{
    public FenceNode() : base([], []) => HasEffects = true;
}

/// <summary>Makes the step of a node once it is known where everything is.</summary>
internal delegate Step StepFactory(StepMemory memory);

/// <summary>Where the operands, results and scratch memory of a step are.</summary>
internal readonly record struct StepMemory(Location[] Inputs, Location[] Outputs, Location Scratch, PlanData Data);
