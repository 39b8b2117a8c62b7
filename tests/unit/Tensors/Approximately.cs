using Xunit.Sdk;

namespace BrainState.UnitTests.Tensors;

/// <summary>Comparing numbers that were computed in different orders.</summary>
internal static class Approximately
{
    /// <summary>The elements as doubles, whatever the dtype.</summary>
    public static double[] Doubles(this Tensor tensor)
    {
        var bytes = new byte[tensor.Spec.ByteCount];
        tensor.CopyBytesTo(bytes);
        var size = tensor.DType.Size;
        return [.. Enumerable.Range(0, (int)tensor.Size).Select(i => Scalar.Read(tensor.DType, bytes.AsSpan(i * size)).ToDouble())];
    }

    /// <summary>Fails unless |actual − expected| ≤ tolerance · (1 + |expected|) everywhere.</summary>
    public static void Equal(IReadOnlyList<double> expected, IReadOnlyList<double> actual, double tolerance, string? what = null)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            var (e, a) = (expected[i], actual[i]);
            if (e.Equals(a) || e == a || Math.Abs(a - e) <= tolerance * (1 + Math.Abs(e))) continue;
            throw new XunitException($"{(what is null ? "" : what + ": ")}element {i} is {a:R}, but should be {e:R} (tolerance {tolerance}).");
        }
    }

    public static void Same(Tensor expected, Tensor actual, double tolerance, string? what = null)
    {
        Assert.Equal(expected.Spec, actual.Spec);
        Equal(expected.Doubles(), actual.Doubles(), expected.DType.IsFloating ? tolerance : 0, what);
    }

    public static void Equal(double expected, Tensor actual, double tolerance, string? what = null) => Equal([expected], actual.Doubles(), tolerance, what);
}
