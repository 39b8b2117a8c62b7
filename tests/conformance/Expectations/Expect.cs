using BrainState.Execution;
using BrainState.Interpretation;

namespace BrainState.Conformance;

/// <summary>What must hold, and what to tell the author of a backend where it does not.</summary>
internal static class Expect
{
    public static void That(bool holds, string otherwise)
    {
        if (!holds) throw new ConformanceException(otherwise);
    }

    /// <summary>The exception that an action throws.</summary>
    /// <param name="demand">What must throw, and why: the message begins with it.</param>
    /// <param name="action">The action.</param>
    public static TException Throws<TException>(string demand, Action action) where TException : Exception
    {
        try
        {
            action();
        }
        catch (Exception failure) when (failure is not (ConformanceException or UnsupportedOperationException))
        {
            return failure as TException
                ?? throw new ConformanceException($"{demand}: {typeof(TException).Name} is expected, but it threw {failure.GetType().Name}: {failure.Message}", failure);
        }
        throw new ConformanceException($"{demand}: {typeof(TException).Name} is expected, but nothing was thrown");
    }

    public static void Same(string what, IReadOnlyList<HostValue> expected, IReadOnlyList<HostValue> actual)
    {
        if (Exactness.Difference(expected, actual) is { } difference) throw new ConformanceException($"{what}: {difference}");
    }

    public static void Same(string what, Tensor expected, Tensor actual) => Same(what, [TensorValues.ToHost(expected)], [TensorValues.ToHost(actual)]);

    public static void Bytes(string what, ReadOnlySpan<byte> expected, ReadOnlySpan<byte> actual)
    {
        var common = expected.CommonPrefixLength(actual);
        if (common < Math.Max(expected.Length, actual.Length))
            throw new ConformanceException($"{what}: byte {common} of {actual.Length} differs from the {expected.Length} expected ones");
    }

    public static void Elements<T>(string what, ReadOnlySpan<T> expected, Tensor actual) where T : unmanaged
    {
        var elements = actual.ToArray<T>();
        if (!expected.SequenceEqual(elements)) throw new ConformanceException($"{what}: [{string.Join(", ", elements)}] instead of [{string.Join(", ", expected.ToArray())}]");
    }

    public static void Text(string what, string expected, string actual)
    {
        if (expected != actual) throw new ConformanceException($"{what}: '{actual}' instead of '{expected}'");
    }

    /// <summary>As <see cref="Agreement.Check"/>.</summary>
    public static Deviation Close(string what, Tensor expected, Tensor actual, double tolerance)
    {
        try
        {
            return Agreement.Check([TensorValues.ToHost(expected)], [TensorValues.ToHost(actual)], tolerance);
        }
        catch (ConformanceException failure)
        {
            throw new ConformanceException($"{what}: {failure.Message}", failure);
        }
    }

    public static void Close(string what, double expected, double actual, double tolerance)
    {
        if (!(Math.Abs(actual - expected) <= tolerance)) throw new ConformanceException($"{what} is {actual:G9} instead of {expected:G9} (tolerance {tolerance:G3})");
    }
}
