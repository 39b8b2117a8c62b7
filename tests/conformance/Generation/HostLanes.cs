using BrainState.Interpretation;


namespace BrainState.Conformance.Generation;

/// <summary>Host values with lanes along the leading axis.</summary>
internal static class HostLanes
{
    public static TensorSpec Stack(TensorSpec lane, int count) => lane.With(lane.Shape.Insert(0, count));

    public static HostValue At(HostValue stacked, int lane)
    {
        var spec = stacked.Spec.With(stacked.Spec.Shape.Without([0]));
        var size = (int)spec.ByteCount;
        return HostValue.Of(spec, stacked.Bytes.Slice(lane * size, size));
    }

    public static HostValue Random(TensorSpec spec, Random random, bool isTame) =>
        HostValue.Generate(spec, _ => isTame ? ScalarGenerator.Tame(random, spec.DType) : ScalarGenerator.Any(random, spec.DType));
}
