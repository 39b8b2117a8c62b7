namespace BrainState.Arrays;

/// <summary>What is the same for elements of all kinds: most of it only looks at an array in another way.</summary>
internal static class Shaping
{
    public static Kernel? Find(Op op) => op switch
    {
        BroadcastInDim broadcast => (x, _) => [x[0].Broadcast(broadcast.Shape, [.. broadcast.BroadcastDimensions])],
        Reshape reshape => (x, _) => [x[0].Reshape(reshape.NewSizes)],
        Transpose transpose => (x, _) => [x[0].Transpose(transpose.Permutation)],
        Rev rev => (x, _) => [x[0].Reverse(rev.Dimensions)],
        Slice slice => (x, results) => [x[0].Slice(slice.StartIndices, results[0].Shape, slice.Strides)],
        DynamicSlice => static (x, results) => [x[0].Slice(Indexing.Starts(x[0].Shape, results[0].Shape, x[1..]), results[0].Shape)],
        Iota iota => (_, results) => Along(results[0], iota.Dimension),
        ConvertElementType => static (x, results) => [x[0].Convert(results[0])],
        BitcastConvertType => static (x, results) => [Reread(x[0], results[0])],
        _ => null,
    };

    private static NdArray[] Along(TensorSpec result, int dimension) =>
        [NdArray.Of(result.With((Shape)(int[])[result.Shape[dimension]]), i => Scalar.Of(result.DType, (long)i)).Broadcast(result.Shape, dimension)];

    private static NdArray Reread(NdArray x, TensorSpec result)
    {
        var bytes = new byte[x.Spec.ByteCount];
        x.CopyTo(bytes);
        return NdArray.Read(result, bytes);
    }
}
