using BrainState.Ops;

namespace BrainState.Tracing;

/// <summary>When the result of an op has a dtype that yields to others, as the numbers it was made from do.</summary>
internal static class Weakness
{
    public static bool OfResults(Op op, ReadOnlySpan<Tensor> inputs)
    {
        if (inputs.IsEmpty || op is not (Elementwise or SelectN or Clamp or BroadcastInDim or Reshape or Transpose or Slice or Reduction)) return false;
        if (op is ConvertElementType or Comparison or IsFinite) return false;
        foreach (var input in inputs)
            if (!input.IsWeak && !(op is SelectN && input.DType == DType.Bool))
                return false;
        return true;
    }
}
