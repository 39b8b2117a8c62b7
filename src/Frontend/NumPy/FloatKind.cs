namespace BrainState.NumPy;

/// <summary>
/// The binary format whose neighbours decide how many digits a printed number needs. Values reach the printer widened to
/// <see cref="float"/> or <see cref="double"/>; 0.1 is <c>0.1</c> in each format, though each stores another number.
/// </summary>
public enum FloatKind
{
    /// <summary>IEEE 754 binary16.</summary>
    Float16,

    /// <summary>The upper half of a binary32, printed like the other formats: shortest digits, aligned columns.</summary>
    BFloat16,

    /// <summary>
    /// The upper half of a binary32, printed as JAX arrays print it: NumPy has no such format, so every element is the text of
    /// the <c>ml_dtypes</c> scalar, six significant digits (C's <c>%.6g</c>), not aligned: <c>[1 0.333984 -2.5]</c>.
    /// </summary>
    BFloat16Jax,

    /// <summary>IEEE 754 binary32.</summary>
    Float32,

    /// <summary>IEEE 754 binary64.</summary>
    Float64,
}
