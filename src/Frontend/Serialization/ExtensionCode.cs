namespace BrainState.Serialization;

/// <summary>The extension types of flax and braintools checkpoints.</summary>
static class ExtensionCode
{
    /// <summary>An array: the packed list [dims, dtype name, bytes].</summary>
    public const sbyte Array = 1;

    /// <summary>A complex number: the packed list [real, imaginary].</summary>
    public const sbyte Complex = 2;

    /// <summary>A NumPy scalar, packed like an array without dimensions.</summary>
    public const sbyte NumPyScalar = 3;
}
