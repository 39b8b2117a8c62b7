using BrainState.Nn;

namespace BrainState.UnitTests.Composites;

/// <summary>What the functions of networks say of operands that do not fit.</summary>
public sealed class FunctionErrorTests
{
    private static readonly Tensor Rows = Np.Ones([2, 3]);

    private static void Says<T>(string message, Func<object?> action) where T : Exception => Assert.Equal(message, Assert.Throws<T>(() => action()).Message);

    [Fact]
    public void Layers()
    {
        Says<ArgumentException>(
            "Attention needs query [batch, queries, heads, size], key [batch, keys, kv_heads, size] and value [batch, keys, kv_heads, value size], but they are f32[2,3], f32[2,3] and f32[2,3].",
            static () => Functional.Attention(Rows, Rows, Rows));
        Says<ArgumentException>("The mask must be bools that stretch to (1, 3, 2, 2), but is f32[2,3]. (Parameter 'mask')",
            static () => Functional.Attention(Np.Ones([2, 3, 4]), Np.Ones([2, 3, 4]), Np.Ones([2, 3, 4]), Rows));
        Says<ArgumentException>("LstmCell needs x […, inputs], h and c […, n], a weight [inputs + n, 4n] and a bias [4n], but they are f32[2,3], f32[2,3], f32[2,3], f32[2,3].",
            static () => Functional.LstmCell(Rows, Rows, Rows, Rows));
        Says<ArgumentException>(
            "Conv needs a kernel with spatial axes and two of channels, and an input with as many spatial axes and one of channels, but they are f32[2,3] and f32[2,3].",
            static () => Functional.Conv(Rows, Rows));
        Says<ArgumentException>("MaxPool over 2 spatial axes needs one of channels too, but the input is f32[2,3]. (Parameter 'x')", static () => Functional.MaxPool(Rows, [2, 2]));
        Says<ArgumentException>("A table needs an axis of rows, but is f32[]. (Parameter 'table')", static () => Functional.Embedding(1f, new[] { 0 }));
    }

    [Fact]
    public void LossesAndRegularisation()
    {
        Says<ArgumentException>("Logits f32[2,3] need an integer label for each row, but the labels are f32[2]. (Parameter 'labels')",
            static () => Functional.SoftmaxCrossEntropyWithIntegerLabels(Rows, Np.Ones([2])));
        Says<ArgumentException>("Logits need an axis of classes, but are f32[]. (Parameter 'logits')", static () => Functional.SoftmaxCrossEntropy(1f, 1f));
        Says<ArgumentOutOfRangeException>("f32[2,3] does not have 3 axes to normalise. (Parameter 'axisCount')", static () => Functional.LayerNorm(Rows, axisCount: 3));
        Says<ArgumentException>("LayerNorm needs floats of shape (3,) as scale, but they are f32[2]. (Parameter 'scale')", static () => Functional.LayerNorm(Rows, scale: Np.Ones([2])));
        Says<ArgumentException>("LayerNorm takes real numbers, but was given c64[2,3].", static () => Functional.LayerNorm(Rows.AsType(DType.Complex64)));
        Says<ArgumentOutOfRangeException>("A probability is between 0 and 1, not 1.5. (Parameter 'keep')", static () => Functional.Dropout(Rows, Rng.PrngKey(0), 1.5));
    }
}
