namespace BrainState.Nn;

/// <summary>
/// The functions of neural networks on tensors: activations, losses, normalisation, convolution, attention. The axes of channels come last. Those that
/// engines may have kernels for are composites: one equation of a program, with a derivative of its own.
/// </summary>
public static partial class Functional
{
    /// <summary>x, in the default floating dtype if it is none.</summary>
    private static Tensor Inexact(Tensor x) => x.DType.IsDifferentiable ? x : x.AsType(Environ.DefaultFloat);

    /// <summary>Real floats, or integers as the default ones.</summary>
    /// <exception cref="ArgumentException">They are complex.</exception>
    private static Tensor Floating(Tensor x, string function)
    {
        x = Inexact(x);
        return x.DType.IsFloating ? x : throw new ArgumentException($"{function} takes real numbers, but was given {x.Spec}.");
    }
}
