using BrainState.Backends;
using BrainState.Ops;

namespace BrainState.Cpu;

/// <summary>What the backend runs: every op of the contract on every dtype that the op accepts; collectives in programs that are compiled along their axis.</summary>
internal static class OpSupport
{
    public static Support Of(Op op) => op switch
    {
        Elementwise when IsKnown(op) => Support.Yes,
        SelectN or Clamp or BitcastConvertType or BroadcastInDim or Reshape or Transpose or Rev or Slice or Iota or Concatenate or Pad
            or DynamicSlice or DynamicUpdateSlice or Gather or Scattering or Reduction or ArgReduction or Cumulative or WindowReduction or SelectAndGatherAdd
            or SelectAndScatterAdd or DotGeneral or ConvGeneralDilated or RandomBits or Sort or TopK or Fft or MatrixFactorization or TriangularSolve
            or Cond or While or Scan or Call or Checkpoint or CustomJvp or CustomVjp or Composite or OptimizationBarrier or Collective
            or DebugPrint or ErrorIf => Support.Yes,
        Reduce or ReduceWindow => Support.No($"The cpu backend combines elements by sums, products, extremes and bits, but not by a program as '{op.Name}' does."),
        _ => Support.No($"The cpu backend does not know the op '{op.Name}'."),
    };

    /// <summary>Elementwise ops defined elsewhere have no kernel here.</summary>
    private static bool IsKnown(Op op) => op.GetType().Assembly == typeof(Op).Assembly;
}
