using System.Numerics;

namespace BrainState.Interpretation.Numerics;

/// <summary>What linear algebra needs of float64 and complex128 beside arithmetic, so that one algorithm serves both.</summary>
internal static class Field
{
    public static T Conjugate<T>(T x) where T : INumberBase<T> => x is Complex z ? (T)(object)Complex.Conjugate(z) : x;

    public static double RealPart<T>(T x) where T : INumberBase<T> => ToComplex(x).Real;

    public static double Magnitude<T>(T x) where T : INumberBase<T> => Complex.Abs(ToComplex(x));

    /// <summary>A real number as an element of the field.</summary>
    public static T Of<T>(double x) where T : INumberBase<T> => T.CreateChecked(x);

    public static Complex ToComplex<T>(T x) where T : INumberBase<T> => x is Complex z ? z : new(double.CreateChecked(x), 0);
}
