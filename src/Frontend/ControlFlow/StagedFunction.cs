using BrainState.Programs;
using BrainState.Pytrees;
using BrainState.Tracing;

namespace BrainState.ControlFlow;

/// <summary>A function that was traced to become the body of an op, and how its result is put together.</summary>
internal sealed record StagedFunction(TracedProgram Traced, object?[] ResultStructure)
{
    /// <summary>The specs of the function's results, without those of States.</summary>
    public Aval[] Results => [.. Traced.IsOutputWeak.Select((isWeak, i) => new Aval(Traced.Program.OutputSpecs[i], isWeak))];

    /// <summary>Traces a function of arguments with the given structure.</summary>
    public static StagedFunction Of<TArguments, TResult>(Func<TArguments, TResult> function, ReadOnlySpan<Aval> arguments, IReadOnlyList<object?> structure)
    {
        var result = new TreeWriter();
        var traced = Trace.Run(arguments, leaves =>
        {
            Tree<TResult>.Node.Flatten(function(Tree<TArguments>.Unflatten(leaves, structure)), result);
            return result.Leaves;
        });
        return new(traced, [.. result.Structure]);
    }
}

/// <summary>
/// What several functions need that are bodies of one op, brought to a common signature. Inputs are the tensors any of them captured, arguments, then the States any of
/// them touched, in first-touch order; outputs are results, then the new values of the States any of them wrote. A function that does not write one returns it as it was.
/// </summary>
internal sealed class CommonSignature
{
    private readonly string transform;

    public CommonSignature(string transform, params ReadOnlySpan<StagedFunction> functions)
    {
        this.transform = transform;
        var captures = new List<Tensor>();
        var states = new List<State>();
        var written = new HashSet<State>(ReferenceEqualityComparer.Instance);
        foreach (var function in functions)
        {
            captures.AddRange(function.Traced.Captures.Where(capture => !captures.Exists(other => ReferenceEquals(other, capture))));
            foreach (var use in function.Traced.States)
            {
                if (!states.Exists(state => ReferenceEquals(state, use.State))) states.Add(use.State);
                if (use.IsWritten) written.Add(use.State);
            }
        }
        Captures = captures;
        ReadStates = [.. states.Where(state => !written.Contains(state))];
        WrittenStates = [.. states.Where(written.Contains)];
    }

    public IReadOnlyList<Tensor> Captures { get; }

    /// <summary>States that are only read.</summary>
    public IReadOnlyList<State> ReadStates { get; }

    /// <summary>States that at least one function writes.</summary>
    public IReadOnlyList<State> WrittenStates { get; }

    /// <summary>Values that stay as they are: captures, then read States.</summary>
    public int ConstCount => Captures.Count + ReadStates.Count;

    /// <summary>The present values of captures and read States.</summary>
    public Tensor[] Consts => [.. Captures, .. ReadStates.Select(static s => s.Peek())];

    /// <summary>The present values of the written States.</summary>
    public Tensor[] WrittenValues => [.. WrittenStates.Select(static s => s.Peek())];

    /// <summary>
    /// The function's program with inputs captures, read States, arguments before <paramref name="lateArguments"/>, written States, late arguments; and outputs
    /// results before <paramref name="lateResults"/>, written States, late results. Results are converted to the dtypes of <paramref name="results"/>.
    /// </summary>
    public Program Align(StagedFunction function, ReadOnlySpan<TensorSpec> results, int lateArguments = int.MaxValue, int lateResults = int.MaxValue)
    {
        var traced = function.Traced;
        var builder = new ProgramBuilder();
        var inputs = new Operand[traced.Program.Inputs.Length];
        foreach (var capture in Captures) Add(Array.FindIndex(traced.Captures, c => ReferenceEquals(c, capture)), capture.Spec);
        foreach (var state in ReadStates) AddState(state);
        lateArguments = Math.Min(lateArguments, traced.ArgumentCount);
        for (var i = 0; i < lateArguments; i++) Add(traced.FirstArgument + i, default);
        var states = WrittenStates.Select(AddState).ToArray();
        for (var i = lateArguments; i < traced.ArgumentCount; i++) Add(traced.FirstArgument + i, default);

        var outputs = builder.Inline(traced.Program, inputs);
        var converted = new List<Operand>();
        for (var i = 0; i < results.Length; i++)
            converted.Add(traced.Program.OutputSpecs[i].DType == results[i].DType ? outputs[i] : builder.Add(new Ops.ConvertElementType(results[i].DType), outputs[i]));
        var after = new List<Operand>();
        for (var i = 0; i < WrittenStates.Count; i++) after.Add(NewValue(WrittenStates[i], states[i]));
        lateResults = Math.Min(lateResults, converted.Count);
        return builder.Build([.. converted[..lateResults], .. after, .. converted[lateResults..]]);

        Operand Add(int input, TensorSpec spec)
        {
            var operand = builder.AddInput(input >= 0 ? traced.Program.Inputs[input] : spec);
            if (input >= 0) inputs[input] = operand;
            return operand;
        }

        Operand AddState(State state)
        {
            var index = Array.FindIndex(traced.States, use => ReferenceEquals(use.State, state));
            return Add(index < 0 ? -1 : traced.FirstState + index, Trace.ViewOf(state).Spec);
        }

        Operand NewValue(State state, Operand before)
        {
            var index = traced.WrittenStates.TakeWhile(use => !ReferenceEquals(use.State, state)).Count();
            if (index == traced.WrittenStates.Count()) return before;
            var (old, spec) = (builder.SpecOf(before), traced.Program.OutputSpecs[traced.ResultCount + index]);
            return spec == old ? outputs[traced.ResultCount + index] : throw new ArgumentException(
                $"{transform} changes {state.ToDisplayName()} from {old} to {spec}. Inside control flow a State must keep its shape and dtype: convert the value with AsType or Reshape, or give the State that spec before.");
        }
    }

    /// <summary>Stores the new values of the written States, all together.</summary>
    public void WriteStates(ReadOnlySpan<Tensor> values)
    {
        lock (State.Commits)
        {
            for (var i = 0; i < values.Length; i++) WrittenStates[i].Commit(values[i]);
        }
    }
}
