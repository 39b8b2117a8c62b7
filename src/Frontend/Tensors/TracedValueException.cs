namespace BrainState;

/// <summary>A traced tensor was used in a way that only a computed one can be, or after its trace had ended.</summary>
public sealed class TracedValueException : InvalidOperationException
{
    private TracedValueException(string message) : base(message) { }

    internal static TracedValueException Read(Tensor tensor) => new(
        $"The value of a traced tensor {tensor.Spec} cannot be read: inside Jit, Grad and the other transforms a function is recorded, not run. "
        + "To choose by value, use Np.Where or Transforms.Cond; to look at it, use Debug.Print, or return it from the function.");

    internal static TracedValueException Leaked(Tensor tensor) => new(
        $"A traced tensor {tensor.Spec} is used outside the transform that made it. It was probably stored in a field, a captured variable or "
        + "a collection while a function was traced. Return it from the function instead, or keep it in a State.");

    internal static TracedValueException StoredOutside(string state, Tensor tensor) => new(
        $"A traced tensor {tensor.Spec} cannot be stored into {state} outside the transform that made it. Return it from the function and store the result.");

    internal static TracedValueException BornInTrace(string state) => new(
        $"{state} was created while a function was traced, and its value stands for something inside that trace. "
        + "Create States outside of transforms, return the value from the function, or assign a concrete value first.");
}
