using BrainState.Programs;

namespace BrainState;

/// <summary>Under <see cref="Environ.DebugNan"/>, an equation made NaN or infinity of finite operands.</summary>
public sealed class NonFiniteException : ArithmeticException
{
    internal NonFiniteException(string message, Equation equation) : base(message) => Equation = equation;

    /// <summary>The equation.</summary>
    public Equation Equation { get; }
}
