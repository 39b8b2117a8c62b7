using BrainState.Programs;

namespace BrainState.Tracing;

/// <summary>A State that a function touched, and whether it wrote it.</summary>
internal readonly record struct StateUse(State State, bool IsWritten, bool IsWeak);

/// <summary>
/// What tracing a function gave. The program's inputs are captured tensors, then arguments, then the touched States in first-touch order; its
/// outputs are the function's results, then the new values of the written States.
/// </summary>
internal sealed record TracedProgram(
    Program Program, Tensor[] Captures, int ArgumentCount, StateUse[] States, bool[] IsOutputWeak, IReadOnlyDictionary<string, object?> Settings)
{
    /// <summary>The number of results of the function itself.</summary>
    public int ResultCount => IsOutputWeak.Length;

    /// <summary>The position of the first argument among the inputs.</summary>
    public int FirstArgument => Captures.Length;

    /// <summary>The position of the first State among the inputs.</summary>
    public int FirstState => Captures.Length + ArgumentCount;

    /// <summary>The States that the function wrote, in the order of the outputs.</summary>
    public IEnumerable<StateUse> WrittenStates => States.Where(static s => s.IsWritten);

    /// <summary>Everything the program reads, for the given arguments and the present values of its States.</summary>
    public Tensor[] Inputs(ReadOnlySpan<Tensor> arguments)
    {
        var inputs = new Tensor[Program.Inputs.Length];
        Captures.CopyTo(inputs, 0);
        arguments.CopyTo(inputs.AsSpan(FirstArgument));
        for (var i = 0; i < States.Length; i++) inputs[FirstState + i] = States[i].State.Peek();
        return inputs;
    }

    /// <summary>Stores the new values of the written States, which <paramref name="outputs"/> holds from <paramref name="first"/> on.</summary>
    public void WriteStates(ReadOnlySpan<Tensor> outputs, int first)
    {
        foreach (var use in States)
            if (use.IsWritten)
                use.State.Commit(outputs[first++]);
    }
}
