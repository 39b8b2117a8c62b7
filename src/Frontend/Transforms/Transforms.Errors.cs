using BrainState.Execution;
using BrainState.Ops;
using BrainState.Tracing;

namespace BrainState;

/// <content>Errors that depend on values.</content>
public static partial class Transforms
{
    /// <summary>Makes the call that runs this fail if any element of the condition is true; every State is then as it was before the call.</summary>
    /// <param name="condition">Bools of any shape.</param>
    /// <param name="message">What the exception says, such as <c>$"negative variance {variance}"</c>; tensors are written with their values.</param>
    /// <remarks>Of several conditions the first that holds, in the order of the program, is reported; under Vmap that of the first lane for which it holds.</remarks>
    /// <exception cref="ArgumentException">The condition is not of dtype bool.</exception>
    /// <exception cref="JitErrorException">The condition holds. Inside a transform it is the transformed function that throws.</exception>
    public static void JitErrorIf(Tensor condition, DebugMessage message)
    {
        var fails = Any(condition, nameof(JitErrorIf));
        var place = Origins.Scope.Length > 0 ? DebugMessage.Escape($" (in {Origins.Scope})") : "";
        Eager.Bind(new ErrorIf(message.Format + place), [fails, .. message.Operands]);
    }

    /// <summary>Whether any element of a condition is true.</summary>
    private static Tensor Any(Tensor condition, string transform)
    {
        ArgumentNullException.ThrowIfNull(condition);
        if (condition.DType != DType.Bool)
            throw new ArgumentException($"The condition of {transform} must be of dtype bool, but is {condition.Spec}. Compare, as in Np.Less(x, 0).", nameof(condition));
        return condition.Rank == 0 ? condition : Np.Any(condition);
    }
}
