using System.Collections.Immutable;
using System.Runtime.InteropServices;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Tracing;

/// <summary>
/// A recording in progress on this thread: ops on tensors become equations of a program. Traces nest; values of an outer trace, concrete
/// tensors and States enter as extra inputs.
/// </summary>
internal sealed class Trace
{
    [ThreadStatic]
    private static Trace? current;

    private readonly ProgramBuilder builder = new();
    private readonly List<Operand> argumentInputs = [];
    private readonly List<Operand> captureInputs = [];
    private readonly List<Tensor> captures = [];
    private readonly Dictionary<Tensor, Operand> captureOf = new(ReferenceEqualityComparer.Instance);
    private readonly List<StateEntry> states = [];
    private readonly Dictionary<State, StateEntry> stateOf = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, object?> settings = [];
    private readonly Trace? parent;

    // The settings around the trace. What is set inside it is none of its inputs.
    private readonly ImmutableDictionary<string, object>? scope = Environ.Scope;

    // A linear trace records only what depends on its own values; everything else is emitted where it can be computed earlier.
    private readonly bool isLinear;

    // How States that were not touched yet look inside this trace, from what they are around it; null if the same.
    private readonly Func<State, Aval, Aval>? view;

    private Trace(Trace? parent, bool isLinear, Func<State, Aval, Aval>? view) => (this.parent, this.isLinear, this.view) = (parent, isLinear, view);

    /// <summary>The innermost trace of this thread, or null outside of transforms.</summary>
    public static Trace? Current => current;

    /// <summary>Whether the delegate of this trace is still running.</summary>
    public bool IsActive { get; private set; } = true;

    /// <summary>The States that were created inside this trace.</summary>
    public List<State> Born { get; } = [];

    /// <summary>Runs <paramref name="body"/> on traced arguments and returns what it computed.</summary>
    /// <param name="arguments">Spec and weakness of each argument.</param>
    /// <param name="body">The function; it may read and write States.</param>
    /// <param name="isLinear">Record only what depends on the arguments; emit the rest into the surrounding trace.</param>
    /// <param name="touchedStatesAreOutputs">Return every touched State, and not only the written ones.</param>
    /// <param name="view">How a State looks inside the trace when it is first touched, from what it is outside; by default the same.</param>
    public static TracedProgram Run(
        ReadOnlySpan<Aval> arguments, Func<Tensor[], IReadOnlyList<Tensor>> body, bool isLinear = false, bool touchedStatesAreOutputs = false,
        Func<State, Aval, Aval>? view = null)
    {
        var trace = new Trace(current, isLinear, view);
        var inputs = new Tensor[arguments.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            var operand = trace.builder.AddInput(arguments[i].Spec);
            trace.argumentInputs.Add(operand);
            inputs[i] = Tensor.FromTrace(trace, operand.Value, arguments[i].Spec, arguments[i].IsWeak);
        }
        current = trace;
        try
        {
            return trace.Finish(body(inputs), touchedStatesAreOutputs);
        }
        finally
        {
            current = trace.parent;
            trace.IsActive = false;
        }
    }

    /// <summary>Records an equation, in the outermost trace that its operands allow.</summary>
    public static Tensor[] Emit(Trace innermost, Op op, ReadOnlySpan<Tensor> inputs) => innermost.Owner(inputs).Emit(op, inputs);

    private Trace Owner(ReadOnlySpan<Tensor> inputs)
    {
        var owner = this;
        while (owner.isLinear && !owner.Owns(inputs)) owner = owner.parent!;
        return owner;
    }

    private bool Owns(ReadOnlySpan<Tensor> inputs)
    {
        foreach (var input in inputs)
            if (input.TracedBy == this)
                return true;
        return false;
    }

    private Tensor[] Emit(Op op, ReadOnlySpan<Tensor> inputs)
    {
        var operands = new Operand[inputs.Length];
        for (var i = 0; i < operands.Length; i++) operands[i] = OperandFor(inputs[i]);
        builder.Origin = Origins.Current;
        var equation = builder.AddEquation(op, ImmutableCollectionsMarshal.AsImmutableArray(operands));
        var isWeak = Weakness.OfResults(op, inputs);
        var outputs = new Tensor[equation.Outputs.Length];
        for (var i = 0; i < outputs.Length; i++)
            outputs[i] = Tensor.FromTrace(this, equation.FirstOutput + i, equation.Outputs[i], isWeak);
        return outputs;
    }

    /// <summary>Records all equations of a program at once; null if it is not for this trace to decide where they belong.</summary>
    public static Tensor[]? TryInline(Program program, ReadOnlySpan<Tensor> inputs) => current!.isLinear ? null : current.Inline(program, inputs);

    private Tensor[] Inline(Program program, ReadOnlySpan<Tensor> inputs)
    {
        var operands = new Operand[inputs.Length];
        for (var i = 0; i < operands.Length; i++) operands[i] = OperandFor(inputs[i]);
        builder.Origin = Origins.Current;
        var results = builder.Inline(program, operands);
        var isWeak = Weakness.OfValues(program, inputs);
        var outputs = new Tensor[results.Length];
        for (var i = 0; i < outputs.Length; i++)
        {
            var output = program.Outputs[i];
            outputs[i] = output.IsLiteral ? Tensor.FromScalar(output.Literal)
                : output.Value < inputs.Length ? inputs[output.Value]
                : Tensor.FromTrace(this, results[i].Value, program.SpecOf(output), isWeak[output.Value]);
        }
        return outputs;
    }

    private Operand OperandFor(Tensor tensor)
    {
        if (tensor.TracedBy == this) return Operand.Of(tensor.TracedValue);
        if (tensor.TryGetLiteral(out var literal)) return Operand.Of(literal);
        if (captureOf.TryGetValue(tensor, out var captured)) return captured;
        if (tensor.TracedBy is { } other && !IsWithin(other)) throw TracedValueException.Leaked(tensor);
        captured = builder.AddInput(tensor.Spec);
        captures.Add(tensor);
        captureInputs.Add(captured);
        captureOf.Add(tensor, captured);
        return captured;
    }

    /// <summary>Whether <paramref name="other"/> is this trace or one around it.</summary>
    public bool IsWithin(Trace other)
    {
        for (var trace = this; trace is not null; trace = trace.parent)
            if (trace == other)
                return true;
        return false;
    }

    /// <summary>The value of a State as this trace sees it; the first touch makes it an input.</summary>
    public Tensor ReadState(State state) => Own(Touch(state)?.Value ?? state.Stored);

    /// <summary>Records a write; the State itself changes when the finished program is run.</summary>
    public void WriteState(State state, Tensor value)
    {
        if (value.TracedBy is { } other && !IsWithin(other)) throw TracedValueException.Leaked(value);
        if (Touch(state) is not { } entry)
        {
            state.Stored = value.Share();
            state.MarkWritten();
            return;
        }
        entry.Value = Own(value);
        entry.IsWritten = true;
    }

    /// <summary>A value of this trace, which lives on when the user disposes the tensor it was or the one returned.</summary>
    private Tensor Own(Tensor value)
    {
        if (value.IsTraced) return value;
        var own = value.Share();
        return own.IsNumber ? own : Tensor.FromTrace(this, OperandFor(own).Value, own.Spec, own.IsWeak);
    }

    /// <summary>Remembers that the program depends on an ambient setting, unless that was set inside the trace.</summary>
    public void RecordSetting(string key, object? value)
    {
        for (var trace = this; trace is not null; trace = trace.parent)
            if (Equals(Environ.In(trace.scope, key), value))
                trace.settings.TryAdd(key, value);
    }

    /// <summary>The entry of a State, or null if it was created inside this trace and is therefore none of its inputs.</summary>
    private StateEntry? Touch(State state)
    {
        if (stateOf.TryGetValue(state, out var entry)) return entry;
        if (state.BirthTrace == this) return null;
        var aval = AvalOf(state, this);
        var input = builder.AddInput(aval.Spec);
        entry = new StateEntry(state, input, Tensor.FromTrace(this, input.Value, aval.Spec, aval.IsWeak));
        states.Add(entry);
        stateOf.Add(state, entry);
        return entry;
    }

    /// <summary>What a State holds at this point, without touching it.</summary>
    public static Aval ViewOf(State state) => AvalOf(state, current);

    /// <summary>Runs <paramref name="action"/> as if no trace were in progress: for what must outlive the trace.</summary>
    public static T Outside<T>(Func<T> action)
    {
        var suspended = current;
        current = null;
        try
        {
            return action();
        }
        finally
        {
            current = suspended;
        }
    }

    /// <summary>What a State holds, seen from <paramref name="trace"/>.</summary>
    private static Aval AvalOf(State state, Trace? trace)
    {
        if (trace is null || state.BirthTrace == trace)
        {
            var stored = state.Stored;
            return stored.TracedBy is { IsActive: false } ? throw TracedValueException.BornInTrace(state.ToDisplayName()) : Aval.Of(stored);
        }
        if (trace.stateOf.TryGetValue(state, out var entry)) return Aval.Of(entry.Value);
        var outside = AvalOf(state, trace.parent);
        return trace.view is { } view ? view(state, outside) : outside;
    }

    private TracedProgram Finish(IReadOnlyList<Tensor> outputs, bool touchedStatesAreOutputs)
    {
        var results = new List<Operand>(outputs.Count + states.Count);
        foreach (var output in outputs) results.Add(OperandFor(output));
        foreach (var entry in states)
            if (entry.IsWritten || touchedStatesAreOutputs)
                results.Add(OperandFor(entry.Value));
        Operand[] order = [.. captureInputs, .. argumentInputs, .. states.Select(static s => s.Input)];
        var program = builder.Build(results.ToArray(), order);
        return new TracedProgram(
            program, [.. captures], argumentInputs.Count, [.. states.Select(static s => new StateUse(s.State, s.IsWritten, s.IsWritten && s.Value.IsWeak))],
            [.. outputs.Select(static o => o.IsWeak)], settings);
    }

    private sealed class StateEntry(State state, Operand input, Tensor value)
    {
        public State State => state;

        public Operand Input => input;

        public Tensor Value { get; set; } = value;

        public bool IsWritten { get; set; }
    }
}

/// <summary>An abstract value: all that a trace knows of a tensor.</summary>
internal readonly record struct Aval(TensorSpec Spec, bool IsWeak)
{
    public static Aval Of(Tensor tensor) => new(tensor.Spec, tensor.IsWeak);
}
