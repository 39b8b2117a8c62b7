using BrainState.Interpretation;
using BrainState.Programs;

namespace BrainState.Conformance;

/// <summary>How far a result may be from the expected one: |actual − expected| ≤ Absolute + Relative · |expected|. Zero for both is bitwise equality of values.</summary>
public readonly record struct Tolerance(double Absolute, double Relative)
{
    /// <summary>The same value; NaN matches NaN, and −0 differs from 0.</summary>
    public static Tolerance Exact => default;

    /// <summary>A few units in the last place of a float32.</summary>
    public static Tolerance Float32 => new(1e-7, 1e-6);

    /// <summary>Whether <paramref name="actual"/> is close enough to <paramref name="expected"/>.</summary>
    public bool Accepts(Scalar actual, Scalar expected)
    {
        if (actual == expected) return true;
        if (this == Exact) return false;
        var (a, e) = (actual.ToComplex(), expected.ToComplex());
        if (double.IsNaN(e.Real)) return double.IsNaN(a.Real);
        if (!double.IsFinite(e.Magnitude)) return a == e;
        return (a - e).Magnitude <= Absolute + Relative * e.Magnitude;
    }
}

/// <summary>A program with inputs and the outputs that every backend must give.</summary>
public sealed record ConformanceCase(string Name, Program Program, IReadOnlyList<HostValue> Inputs, IReadOnlyList<HostValue> Expected, Tolerance Tolerance)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
