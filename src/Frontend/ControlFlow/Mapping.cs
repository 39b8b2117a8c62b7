using BrainState.Pytrees;

namespace BrainState.ControlFlow;

/// <summary>A function of one slice, applied to all slices of some arrays: in blocks of many lanes, one block after the other.</summary>
internal static class Mapping
{
    public static TY InBlocks<TX, TY>(string transform, Func<TX, TY> function, TX arrays, int blockSize)
    {
        if (blockSize < 1) throw new ArgumentOutOfRangeException(nameof(blockSize), $"{transform} takes at least 1 slice at a time, not {blockSize}. Leave the batch size away to take one after the other.");
        var length = Looping.LengthOf(transform, arrays, null);
        var mapped = Transforms.Vmap<TX, TY>(function);
        if (length <= blockSize) return mapped(arrays);

        var (count, rest) = (length / blockSize, length % blockSize);
        var whole = Pytree.Map(x => Lax.Reshape(rest == 0 ? x : Looping.Cut(x, 0, count * blockSize), Shape.Create([count, blockSize, .. x.Shape.Dims[1..]])), arrays);
        var results = Pytree.Map(static y => Lax.Reshape(y, Shape.Create([y.Shape[0] * y.Shape[1], .. y.Shape.Dims[2..]])), Transforms.ForLoop(mapped, whole));
        return rest == 0 ? results : Pytree.Map(static (a, b) => Lax.Concatenate([a, b], 0), results, mapped(Pytree.Map(x => Looping.Cut(x, count * blockSize, rest), arrays)));
    }
}
