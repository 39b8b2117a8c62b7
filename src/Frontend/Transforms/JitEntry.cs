using System.Buffers;
using BrainState.Backends;
using BrainState.Execution;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Programs.Passes;
using BrainState.Pytrees;
using BrainState.Tracing;

namespace BrainState;

/// <summary>
/// One compiled variant of a jitted function: the program for one key. The key is the structure, static values and specs of the arguments, and
/// as guards what the trace touched besides: specs of States and values of ambient settings.
/// </summary>
internal sealed class JitEntry
{
    private readonly object?[] structure;
    private readonly Aval[] arguments;
    private readonly Program program;
    private readonly Tensor[] captures;
    private readonly StateGuard[] states;
    private readonly KeyValuePair<string, object?>[] settings;
    private readonly bool[] isResultWeak;
    private readonly Trace[] capturesOf;
    private readonly int[] usedInputs;
    private readonly int[] donatedLeaves;
    private readonly GivenInputs given;
    private readonly Program prunedProgram;
    private CompiledProgram? compiled;

    /// <summary>A touched State, held weakly: a jitted function must not keep models alive.</summary>
    private sealed record StateGuard(WeakReference<State> Reference, Aval Aval, bool IsWritten, bool IsWrittenWeak)
    {
        public State? Target => Reference.TryGetTarget(out var state) ? state : null;
    }

    public JitEntry(object?[] structure, Aval[] arguments, TracedProgram traced, object?[] resultStructure, int[] donatedLeaves)
    {
        this.structure = structure;
        this.arguments = arguments;
        ResultStructure = resultStructure;
        captures = traced.Captures;
        capturesOf = [.. captures.Select(static c => c.TracedBy).OfType<Trace>().Distinct()];
        isResultWeak = traced.IsOutputWeak;
        settings = [.. traced.Settings];
        states = [.. traced.States.Select((use, i) => new StateGuard(new(use.State), Trace.ViewOf(use.State), use.IsWritten, use.IsWeak))];
        program = DeadCodeElimination.Run(CommonSubexpressionElimination.Run(traced.Program));

        // Inputs that nothing depends on are not passed.
        var used = DeadCodeElimination.UsedInputs(program);
        usedInputs = [.. Enumerable.Range(0, used.Length).Where(i => used[i])];
        this.donatedLeaves = donatedLeaves;
        // A run that an error may end leaves everything as it was, so it overwrites nothing.
        var firstState = captures.Length + arguments.Length;
        given = program.HasEffects ? default : new(
            donatedLeaves.Select(leaf => Array.IndexOf(usedInputs, captures.Length + leaf)).Where(static i => i >= 0).ToValueArray(),
            Enumerable.Range(0, usedInputs.Length).Where(i => usedInputs[i] >= firstState && states[usedInputs[i] - firstState].IsWritten).ToValueArray());
        prunedProgram = usedInputs.Length == used.Length ? program : Prune(program, usedInputs);
    }

    public object?[] ResultStructure { get; }

    /// <summary>What a run takes; null if there was none, or the backend does not tell.</summary>
    public MemoryUse? Memory => compiled?.Memory;

    /// <summary>Whether the entry can ever match again: its States live, and so do the traces that it captured values of.</summary>
    public bool IsUsable => HasLiveCaptures && states.All(static s => s.Target is not null);

    private bool HasLiveCaptures
    {
        get
        {
            foreach (var trace in capturesOf)
                if (!trace.IsActive)
                    return false;
            return true;
        }
    }

    public bool Matches(TreeWriter writer)
    {
        if (arguments.Length != writer.Leaves.Count || structure.Length != writer.Structure.Count || !HasLiveCaptures) return false;
        for (var i = 0; i < arguments.Length; i++)
            if (Aval.Of(writer.Leaves[i]) != arguments[i])
                return false;
        for (var i = 0; i < structure.Length; i++)
            if (!AreSame(structure[i], writer.Structure[i]))
                return false;
        foreach (var guard in states)
            if (guard.Target is not { } state || Trace.ViewOf(state) != guard.Aval)
                return false;
        foreach (var (key, value) in settings)
            if (!Equals(Environ.Current(key), value))
                return false;
        return true;
    }

    /// <summary>Runs the compiled program and stores the new values of the written States, all together.</summary>
    public Tensor[] Execute(List<Tensor> leaves, string name, ref int donationCopies)
    {
        var engine = Engine.Current;
        var executable = compiled is { } ready && ready.Engine == engine ? ready : compiled = engine.Compile(prunedProgram, given);

        var resultCount = prunedProgram.Outputs.Length;
        var buffers = ArrayPool<SharedBuffer>.Shared.Rent(usedInputs.Length + resultCount);
        var (held, lent) = (0, 0);
        try
        {
            lock (State.Commits)
            {
                WaitForLentStates();
                for (; held < usedInputs.Length; held++) buffers[held] = Input(usedInputs[held], leaves).Acquire(engine);
                foreach (var input in given.Superseded)
                {
                    if (buffers[input].References > 2) continue; // Somebody beside the State and this call holds it.
                    buffers[input].IsLent = true;
                    lent++;
                }
            }
            var results = buffers.AsSpan(usedInputs.Length, resultCount);
            var kept = lent == given.Superseded.Count && given.Donated.Count == 0 ? default : KeptInputs(buffers, ref donationCopies);
            executable.Execute(buffers.AsSpan(0, usedInputs.Length), results, kept);
            foreach (var leaf in donatedLeaves) leaves[leaf].Donate(name);
            var outputs = new Tensor[isResultWeak.Length];
            for (var i = 0; i < outputs.Length; i++) outputs[i] = Tensor.FromBuffer(results[i], isResultWeak[i]);
            if (resultCount > outputs.Length) CommitStates(results[outputs.Length..], buffers, ref lent);
            return outputs;
        }
        finally
        {
            if (lent > 0)
            {
                lock (State.Commits) TakeBack(buffers, ref lent);
            }
            for (var i = 0; i < held; i++) buffers[i].Release();
            buffers.AsSpan(0, usedInputs.Length + resultCount).Clear();
            ArrayPool<SharedBuffer>.Shared.Return(buffers);
        }
    }

    /// <summary>Records a call of the program in the trace in progress.</summary>
    public Tensor[] Inline(List<Tensor> leaves, string name)
    {
        // What this key depends on, the trace in progress depends on too, also where no value of it is used.
        foreach (var (key, value) in settings) Trace.Current!.RecordSetting(key, value);
        foreach (var guard in states) guard.Target!.Peek();
        var inputs = usedInputs.Select(i => i < captures.Length + leaves.Count
            ? Input(i, leaves)
            : states[i - captures.Length - leaves.Count].Target!.Peek()).ToArray();
        var results = Eager.Bind(new Call(prunedProgram, name), inputs);
        var next = isResultWeak.Length;
        foreach (var guard in states)
            if (guard.IsWritten)
                guard.Target!.Commit(results[next].Share(guard.IsWrittenWeak));
        for (var i = 0; i < isResultWeak.Length; i++)
            if (isResultWeak[i])
                results[i] = results[i].Share(isWeak: true);
        return results[..isResultWeak.Length];
    }

    /// <summary>Why none of <paramref name="entries"/> serves a call: the difference to the most similar key.</summary>
    public static string Explain(JitEntry[] entries, TreeWriter writer)
    {
        if (entries.Length == 0) return "it was never traced before, or what it had touched is gone";
        return entries.Select(e => e.Differences(writer).ToArray()).MinBy(static d => d.Length) is { Length: > 0 } differences
            ? string.Join("; ", differences)
            : "its earlier traces captured values of a transform that has ended";
    }

    public bool DiffersOnlyInStatics(TreeWriter writer) =>
        arguments.Length == writer.Leaves.Count && arguments.SequenceEqual(writer.Leaves.Select(Aval.Of)) && structure.Length == writer.Structure.Count;

    private IEnumerable<string> Differences(TreeWriter writer)
    {
        if (structure.Length != writer.Structure.Count || arguments.Length != writer.Leaves.Count)
        {
            yield return "the arguments have another structure";
            yield break;
        }
        for (var i = 0; i < structure.Length; i++)
            if (!AreSame(structure[i], writer.Structure[i]))
                yield return $"a static argument is {writer.Structure[i] ?? "null"}, where it was {structure[i] ?? "null"}";
        for (var i = 0; i < arguments.Length; i++)
            if (Aval.Of(writer.Leaves[i]) is var aval && aval != arguments[i])
                yield return $"tensor {i} of the arguments is {Describe(aval)}, where it was {Describe(arguments[i])}";
        foreach (var guard in states)
            if (guard.Target is { } state && Trace.ViewOf(state) is var aval && aval != guard.Aval)
                yield return $"{state.ToDisplayName()} holds {Describe(aval)}, where it held {Describe(guard.Aval)}";
        foreach (var (key, value) in settings)
            if (Environ.Current(key) is var present && !Equals(present, value))
                yield return $"the setting '{key}' is {present ?? "not set"}, where it was {value ?? "not set"}";
    }

    /// <summary>Whether two tokens are interchangeable; unlike Equals, it tells −0 from 0.</summary>
    private static bool AreSame(object? a, object? b) => ReferenceEquals(a, b) || (Equals(a, b) && (a, b) switch
    {
        (double x, double y) => double.IsNegative(x) == double.IsNegative(y),
        (float x, float y) => float.IsNegative(x) == float.IsNegative(y),
        _ => true,
    });

    private static string Describe(Aval aval) => aval.IsWeak ? $"weak {aval.Spec}" : aval.Spec.ToString();

    private Tensor Input(int index, List<Tensor> leaves)
    {
        if (index < captures.Length) return captures[index];
        index -= captures.Length;
        if (index < leaves.Count) return leaves[index];
        var state = states[index - leaves.Count].Target ?? throw new InvalidOperationException("A State that the function used was collected during the call.");
        return state.Stored.IsTraced ? throw TracedValueException.BornInTrace(state.ToDisplayName()) : state.Stored;
    }

    /// <summary>The inputs that somebody beside the argument, or the State, and this call holds.</summary>
    private ValueArray<int> KeptInputs(SharedBuffer[] buffers, ref int donationCopies)
    {
        List<int> kept = [.. given.Donated.Where(input => buffers[input].References > 2)];
        if (kept.Count > 0) Interlocked.Add(ref donationCopies, kept.Count);
        kept.AddRange(given.Superseded.Where(input => !buffers[input].IsLent));
        return kept.ToValueArray();
    }

    /// <summary>Waits, in the lock, until no running call may be overwriting a State of this one.</summary>
    private void WaitForLentStates()
    {
        for (var i = 0; i < states.Length; i++)
            if (states[i].Target is { } state && state.WaitedForReturn())
                i = -1;
    }

    /// <summary>Ends the loan, in the lock, of the States' values that were lent to the call.</summary>
    private void TakeBack(SharedBuffer[] buffers, ref int lent)
    {
        foreach (var input in given.Superseded) buffers[input].IsLent = false;
        lent = 0;
        State.TellOfReturn();
    }

    private void CommitStates(Span<SharedBuffer> values, SharedBuffer[] buffers, ref int lent)
    {
        // Each State's handle gets the new buffer, and `values` the old one, to be released after the lock. No tensor is made for it.
        List<Tensor>? outgrown = null;
        lock (State.Commits)
        {
            if (lent > 0) TakeBack(buffers, ref lent);
            var next = 0;
            foreach (var guard in states)
            {
                if (!guard.IsWritten) continue;
                ref var value = ref values[next++];
                if (guard.Target is not { } state) continue;
                state.MarkWritten();
                if (state.Stored.Exchange(value, guard.IsWrittenWeak) is { } old)
                {
                    value = old;
                    continue;
                }
                (outgrown ??= []).Add(state.Stored); // On the host, or of another spec.
                state.Stored = Tensor.FromBuffer(value.AddReference(), guard.IsWrittenWeak);
            }
        }
        foreach (var old in values) old.Release();
        foreach (var tensor in outgrown ?? []) tensor.Dispose();
    }

    private static Program Prune(Program program, int[] usedInputs)
    {
        var builder = new ProgramBuilder();
        var arguments = new Operand[program.Inputs.Length];
        foreach (var input in usedInputs) arguments[input] = builder.AddInput(program.Inputs[input]);
        return builder.Build(builder.Inline(program, arguments));
    }
}
