using BrainState.Differentiation;
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

    /// <summary>
    /// Applies a program derived from this one: to captures, the given arguments, the present values of the States, and what the derived program
    /// takes in addition.
    /// </summary>
    public Tensor[] Apply(Program derived, ReadOnlySpan<Tensor> arguments, params ReadOnlySpan<Tensor> more) =>
        Apply(inputs => ProgramFunction.Apply(derived, inputs), arguments, more);

    /// <summary>Hands captures, the given arguments, the present values of the States, and more to what runs the program.</summary>
    public Tensor[] Apply(Func<Tensor[], Tensor[]> run, ReadOnlySpan<Tensor> arguments, params ReadOnlySpan<Tensor> more)
    {
        var inputs = new Tensor[Program.Inputs.Length + more.Length];
        Captures.CopyTo(inputs, 0);
        arguments.CopyTo(inputs.AsSpan(FirstArgument));
        more.CopyTo(inputs.AsSpan(Program.Inputs.Length));
        lock (State.Commits)
        {
            for (var i = 0; i < States.Length; i++)
                if (States[i].State.WaitedForReturn())
                    i = -1;
            for (var i = 0; i < States.Length; i++) inputs[FirstState + i] = States[i].State.Peek();
        }
        try
        {
            return run(inputs);
        }
        finally
        {
            foreach (var value in inputs.AsSpan(FirstState, States.Length)) value?.Dispose(); // Handles of our own.
        }
    }

    /// <summary>Makes those of the function's results weak that were weak in the trace; programs do not know of it.</summary>
    public void RestoreWeakness(Span<Tensor> results)
    {
        for (var i = 0; i < ResultCount; i++)
            if (IsOutputWeak[i])
                results[i] = results[i].Share(isWeak: true);
    }

    /// <summary>Stores the new values of the written States, which <paramref name="outputs"/> holds from <paramref name="first"/> on, all together.</summary>
    public void WriteStates(ReadOnlySpan<Tensor> outputs, int first)
    {
        lock (State.Commits)
        {
            foreach (var use in States)
            {
                if (!use.IsWritten) continue;
                using var value = use.IsWeak ? outputs[first].Share(isWeak: true) : outputs[first];
                first++;
                use.State.Commit(value);
            }
        }
    }
}
