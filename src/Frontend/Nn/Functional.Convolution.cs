using BrainState.Execution;
using BrainState.Nn.Composites;

namespace BrainState.Nn;

/// <content>Convolutions. Spatial axes and then channels come last; what is before them is the batch.</content>
public static partial class Functional
{
    /// <summary>A convolution as networks define it: the kernel is not reversed.</summary>
    /// <param name="x">The input, <c>[…batch, …spatial, channels]</c>.</param>
    /// <param name="kernel">The kernel, <c>[…spatial, channels / groups, outputs]</c>; its rank says how many spatial axes there are.</param>
    /// <param name="strides">The distance of neighbouring windows, for each axis or one for all; 1 unless given.</param>
    /// <param name="padding">The padding; <see cref="Padding.Same"/> unless given.</param>
    /// <param name="dilation">The distance of neighbouring elements of the kernel, for each axis or one for all; 1 unless given.</param>
    /// <param name="groups">The number of groups of channels that are convolved separately.</param>
    /// <exception cref="ArgumentException">The shapes do not fit each other.</exception>
    public static Tensor Conv(Tensor x, Tensor kernel, ValueArray<int>? strides = null, Padding? padding = null, ValueArray<int>? dilation = null, int groups = 1)
    {
        (x, kernel, var spatial) = Convolved(nameof(Conv), x, kernel);
        var (steps, spread) = (PerAxis(strides, spatial, nameof(strides)), PerAxis(dilation, spatial, nameof(dilation)));
        var edges = (padding ?? Padding.Same).For(Spatial(x.Shape, spatial), Extents(kernel, spread), steps);
        var attributes = new ConvolutionAttributes(steps, edges, spread, groups);
        return Batched(nameof(Conv), x, spatial, [kernel], attributes, o => ConvDefinition.Instance.Apply(attributes, o)[0]);
    }

    /// <summary>A transposed convolution: what a convolution does to the gradient of its input, which spreads the input out.</summary>
    /// <param name="x">The input, <c>[…batch, …spatial, channels]</c>.</param>
    /// <param name="kernel">The kernel, <c>[…spatial, outputs, channels / groups]</c>; its rank says how many spatial axes there are.</param>
    /// <param name="strides">The distance of neighbouring inputs in the result, for each axis or one for all; 1 unless given.</param>
    /// <param name="padding">What is cut off at the edges; <see cref="Padding.Same"/> unless given: the result has size · stride elements along an axis.</param>
    /// <param name="dilation">The distance of neighbouring elements of the kernel, for each axis or one for all; 1 unless given.</param>
    /// <param name="groups">The number of groups of channels that are convolved separately.</param>
    /// <exception cref="ArgumentException">The shapes do not fit each other.</exception>
    public static Tensor ConvTranspose(Tensor x, Tensor kernel, ValueArray<int>? strides = null, Padding? padding = null, ValueArray<int>? dilation = null, int groups = 1)
    {
        (x, kernel, var spatial) = Convolved(nameof(ConvTranspose), x, kernel);
        var (steps, spread) = (PerAxis(strides, spatial, nameof(strides)), PerAxis(dilation, spatial, nameof(dilation)));
        var edges = (padding ?? Padding.Same).Transposed(Extents(kernel, spread), steps);
        var attributes = new ConvolutionAttributes(steps, edges, spread, groups);
        return Batched(nameof(ConvTranspose), x, spatial, [kernel], attributes, o => ConvTransposeDefinition.Instance.Apply(attributes, o)[0]);
    }

    private static (Tensor X, Tensor Kernel, int Spatial) Convolved(string function, Tensor x, Tensor kernel)
    {
        if (kernel.Rank < 3 || x.Rank < kernel.Rank - 1)
            throw new ArgumentException($"{function} needs a kernel with spatial axes and two of channels, and an input with as many spatial axes and one of channels, but they are {kernel.Spec} and {x.Spec}.");
        var dtype = Promotion.Of(Floating(x, function), Floating(kernel, function)).DType;
        return (Lax.ConvertElementType(x, dtype), Lax.ConvertElementType(kernel, dtype), kernel.Rank - 2);
    }

    /// <summary>A function of <c>[batch, …spatial, channels]</c>, and of nothing but attributes and operands, for any number of batch axes.</summary>
    private static Tensor Batched<TAttributes>(string function, Tensor x, int spatial, Tensor[] more, TAttributes attributes, Func<Tensor[], Tensor> apply)
    {
        if (x.Rank < spatial + 1) throw new ArgumentException($"{function} over {spatial} spatial axes needs one of channels too, but the input is {x.Spec}.", nameof(x));
        if (x.Rank == spatial + 2) return apply([x, .. more]);
        return Composed.Run(function, attributes, [x, .. more], (_, o) =>
        {
            var batch = o[0].Shape.SkipLast(spatial + 1).ToArray();
            var y = apply([Lax.Reshape(o[0], [batch.Aggregate(1, static (a, b) => a * b), .. o[0].Shape.Skip(batch.Length)]), .. o[1..]]);
            return Lax.Reshape(y, [.. batch, .. y.Shape.Skip(1)]);
        });
    }

    private static ValueArray<int> PerAxis(ValueArray<int>? given, int spatial, string name) => (given ?? [1]) switch
    {
        { Count: 1 } one => Enumerable.Repeat(one[0], spatial).ToValueArray(),
        var all when all.Count == spatial => all,
        var other => throw new ArgumentException($"There are {other.Count} entries for {spatial} spatial axes; give one for each or one for all.", name),
    };

    private static ValueArray<int> Spatial(Shape shape, int spatial) => shape.SkipLast(1).TakeLast(spatial).ToValueArray();

    private static ValueArray<int> Extents(Tensor kernel, ValueArray<int> dilation) => dilation.Select((d, i) => (kernel.Shape[i] - 1) * d + 1).ToValueArray();
}
