using BrainState.Backends;
using BrainState.Ops;

namespace BrainState.Cpu;

/// <summary>What the backend runs: every op of the contract on every dtype that the op accepts.</summary>
internal static class OpSupport
{
    public static Support Of(Op op) => op switch
    {
        Elementwise when IsKnown(op) => Support.Yes,
        SelectN or Clamp or BitcastConvertType or BroadcastInDim or Reshape or Transpose or Rev or Slice or Iota or Concatenate or Pad
            or DynamicSlice or DynamicUpdateSlice or Reduction or ArgReduction or DotGeneral or RandomBits or Sort
            or Cond or While or Scan or Call or Checkpoint or CustomJvp or CustomVjp or Composite or OptimizationBarrier => Support.Yes,
        _ => Support.No($"The cpu backend does not know the op '{op.Name}'."),
    };

    /// <summary>Elementwise ops defined elsewhere have no kernel here.</summary>
    private static bool IsKnown(Op op) => op.GetType().Assembly == typeof(Op).Assembly;
}
