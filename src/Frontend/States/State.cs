using BrainState.Tracing;

namespace BrainState;

/// <summary>
/// A mutable cell holding one tensor: the only thing that a transformed function may change. Reads and writes of <see cref="Value"/> inside a
/// transform become inputs and outputs of its program.
/// </summary>
/// <remarks>
/// Equality is identity. Outside of transforms a State may be used from several threads; the last write wins. A jitted call writes over the memory of a State that it replaces, unless somebody
/// holds a handle to the old value; whoever reads the State during the call waits for its end, and finds the old value if it failed. A call with prints or checks overwrites nothing.
/// </remarks>
public abstract class State
{
    /// <summary>Guards every State's buffer for the moment it is exchanged, so that a call commits all its writes or none.</summary>
    internal static readonly object Commits = new();

    /// <summary>How many threads wait for lent values to come back.</summary>
    private static int waiting;

    private HashSet<string>? tags;
    private StateHooks? hooks;
    private Tensor stored;

    /// <summary>A State with an initial value.</summary>
    /// <param name="value">The first value; it may have any shape and dtype.</param>
    /// <param name="name">A name for messages.</param>
    /// <param name="tags">Labels that filters select by.</param>
    protected State(Tensor value, string? name = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(value);
        Name = name;
        if (tags is not null) this.tags = [.. tags];
        BirthTrace = Trace.Current;
        BirthTrace?.Born.Add(this);
        if (value.TracedBy is { IsActive: false }) throw TracedValueException.Leaked(value);
        stored = value.Share();
        StateHooks.Global.Initialized(this, value);
    }

    /// <summary>The name given at construction, for messages.</summary>
    public string? Name { get; }

    /// <summary>Labels that filters select by.</summary>
    public IReadOnlySet<string> Tags => tags ??= [];

    /// <summary>Adds a label.</summary>
    public void AddTag(string tag) => (tags ??= []).Add(tag);

    /// <summary>The hooks of this State.</summary>
    public StateHooks Hooks => hooks ??= new();

    /// <summary>Whether the value was assigned since construction.</summary>
    public bool HasBeenWritten { get; private set; }

    /// <summary>
    /// The tensor the State holds. Reading gives a handle of its own, which stays valid when the State changes; inside a transform it gives the
    /// value at this point of the function.
    /// </summary>
    /// <exception cref="TracedValueException">
    /// On reading: the State was created inside a transform that has ended. On writing: the tensor belongs to a transform that has ended, or is
    /// stored outside of it.
    /// </exception>
    /// <exception cref="HookCancelledException">A write hook cancelled the assignment.</exception>
    public Tensor Value
    {
        get
        {
            var value = Trace.Current is null ? ReadStored() : Peek();
            if (hooks is not null || !StateHooks.Global.IsEmpty) StateHooks.Reading(this, value);
            return value;
        }
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            if (hooks is null && StateHooks.Global.IsEmpty)
            {
                Commit(value);
                return;
            }
            var old = Peek();
            value = StateHooks.Writing(this, old, value);
            Commit(value);
            StateHooks.Written(this, old, value);
        }
    }

    /// <summary>Dtype and shape of the present value.</summary>
    public TensorSpec Spec => Trace.Current is null ? stored.Spec : Peek().Spec;

    /// <summary>The trace during which the State was created, or null.</summary>
    internal Trace? BirthTrace { get; private set; }

    /// <summary>What the State holds outside of the traces that touched it.</summary>
    internal Tensor Stored
    {
        get => stored;
        set => stored = value;
    }

    /// <summary>The value at this point, without hooks.</summary>
    internal Tensor Peek() => Trace.Current is { } trace ? trace.ReadState(this) : ReadStored();

    /// <summary>Stores a value without hooks; inside a trace this is recorded, and happens when the program runs.</summary>
    internal void Commit(Tensor value)
    {
        if (Trace.Current is { } trace)
        {
            trace.WriteState(this, value);
            return;
        }
        if (value.IsTraced)
            throw value.TracedBy!.IsActive ? TracedValueException.StoredOutside(ToDisplayName(), value) : TracedValueException.Leaked(value);
        Exchange(value.Share());
        MarkWritten();
    }

    /// <summary>Replaces the stored handle by one that this State owns, and frees the old one at once.</summary>
    internal void Exchange(Tensor owned)
    {
        Tensor old;
        lock (Commits)
        {
            old = stored;
            stored = owned;
            TellOfReturn();
        }
        old.Dispose();
    }

    internal void MarkWritten() => HasBeenWritten = true;

    /// <summary>
    /// If a running call may be overwriting the value, waits until some call has ended, and returns true. To be asked in the lock, which others get meanwhile: a snapshot of several
    /// States asks them all anew until none says true.
    /// </summary>
    internal bool WaitedForReturn()
    {
        if (!stored.IsLent) return false;
        waiting++;
        Monitor.Wait(Commits);
        waiting--;
        return true;
    }

    /// <summary>Tells those who wait, in the lock, that values have come back.</summary>
    internal static void TellOfReturn()
    {
        if (waiting > 0) Monitor.PulseAll(Commits);
    }

    /// <summary>Brings a State that was created inside a trace out of it, with a value of what is around.</summary>
    internal void LeaveTrace(Tensor value)
    {
        BirthTrace = Trace.Current;
        BirthTrace?.Born.Add(this);
        stored = value.Share();
    }

    /// <summary>Kind and name, for messages.</summary>
    internal string ToDisplayName() => Name is null ? GetType().Name : $"{GetType().Name} '{Name}'";

    /// <summary>As BrainState prints a State: its kind and the spec of its value.</summary>
    public override string ToString()
    {
        var spec = stored.Spec;
        return $"{GetType().Name}(\n  value=ShapedArray({spec.DType.Name}[{string.Join(",", spec.Shape)}])\n)";
    }

    /// <summary>Another State of the same kind, name and tags, with the same value and without hooks.</summary>
    public State Copy() => CopyWith(Peek());

    internal State CopyWith(Tensor value)
    {
        var copy = (State)MemberwiseClone();
        copy.hooks = null;
        copy.tags = tags is null ? null : [.. tags];
        copy.BirthTrace = Trace.Current;
        copy.BirthTrace?.Born.Add(copy);
        copy.HasBeenWritten = false;
        copy.stored = value.Share();
        StateHooks.Global.Initialized(copy, value);
        return copy;
    }

    /// <summary>What this State is besides its value; holds nothing but a number.</summary>
    internal State WithoutValue()
    {
        var copy = (State)MemberwiseClone();
        copy.hooks = null;
        copy.tags = tags is null ? null : [.. tags];
        copy.BirthTrace = null;
        copy.stored = 0;
        return copy;
    }

    private Tensor ReadStored()
    {
        // Sharing takes a reference; under the lock the buffer cannot be exchanged and freed in between.
        lock (Commits)
        {
            while (WaitedForReturn()) { }
            if (!stored.IsTraced) return stored.Share();
        }
        throw TracedValueException.BornInTrace(ToDisplayName());
    }
}
