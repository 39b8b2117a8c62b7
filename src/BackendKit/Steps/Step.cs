using BrainState.BackendKit.Execution;

namespace BrainState.BackendKit.Steps;

/// <summary>Something that a plan does.</summary>
internal abstract class Step
{
    /// <summary>Does it. Operands that a step passes on it sets to null; the plan lets the others go afterwards. The results belong to the plan.</summary>
    public abstract Value[] Execute(Run run, Value?[] operands);

    /// <summary>Passes operands on.</summary>
    protected static void Move(Span<Value?> operands, Span<Value?> destination)
    {
        operands.CopyTo(destination);
        operands.Clear();
    }

    /// <summary>Passes operands on and keeps them as well.</summary>
    protected static void Share(ReadOnlySpan<Value?> operands, Span<Value?> destination)
    {
        for (var i = 0; i < operands.Length; i++) destination[i] = operands[i]!.Share();
    }
}
