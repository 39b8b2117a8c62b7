using BrainState.Interpretation;

namespace BrainState.Conformance;

/// <summary>The same values: −0 differs from 0, and any NaN is as good as another.</summary>
internal static class Exactness
{
    /// <summary>Throws unless the results are the same.</summary>
    public static void Check(IReadOnlyList<HostValue> expected, IReadOnlyList<HostValue> actual)
    {
        if (Difference(expected, actual) is { } difference) throw new ConformanceException(difference);
    }

    /// <summary>Null if the results are the same; otherwise what is wrong.</summary>
    public static string? Difference(IReadOnlyList<HostValue> expected, IReadOnlyList<HostValue> actual)
    {
        if (SpecDifference(expected, actual) is { } other) return other;
        for (var i = 0; i < expected.Count; i++)
            for (var k = 0; k < expected[i].Count; k++)
                if (!IsSame(expected[i][k], actual[i][k]))
                    return $"element {k} of result {i} is {actual[i][k]} instead of {expected[i][k]}";
        return null;
    }

    /// <summary>Throws unless the results have the same dtypes and shapes.</summary>
    public static void CheckSpecs(IReadOnlyList<HostValue> expected, IReadOnlyList<HostValue> actual)
    {
        if (SpecDifference(expected, actual) is { } difference) throw new ConformanceException(difference);
    }

    /// <summary>Whether two scalars are the same.</summary>
    public static bool IsSame(Scalar expected, Scalar actual) =>
        expected == actual
        || (expected.DType.IsFloating && double.IsNaN(expected.ToDouble()) && double.IsNaN(actual.ToDouble()))
        || (expected.DType.Is(DTypeKinds.Complex) && expected.ToComplex().Equals(actual.ToComplex()));

    private static string? SpecDifference(IReadOnlyList<HostValue> expected, IReadOnlyList<HostValue> actual)
    {
        if (actual.Count != expected.Count) return $"{actual.Count} results instead of {expected.Count}";
        for (var i = 0; i < expected.Count; i++)
            if (actual[i].Spec != expected[i].Spec)
                return $"result {i} is {actual[i].Spec} instead of {expected[i].Spec}";
        return null;
    }
}
