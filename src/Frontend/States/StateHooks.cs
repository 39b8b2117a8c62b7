namespace BrainState;

/// <summary>
/// Callbacks on reads and writes of States: of one State through <see cref="State.Hooks"/>, or of all through <see cref="Global"/>, which run
/// first. Higher priorities run earlier. Inside a transform hooks run when the function is traced, what they compute is part of the program,
/// and they do not run again when the program's results are stored.
/// </summary>
public sealed class StateHooks
{
    private readonly Lock change = new();
    private Hook[] hooks = [];

    /// <summary>The hooks of every State.</summary>
    public static StateHooks Global { get; } = new();

    /// <summary>Whether there are no hooks.</summary>
    public bool IsEmpty => hooks.Length == 0;

    /// <summary>Calls <paramref name="callback"/> with the State and the value read.</summary>
    public HookHandle OnRead(Action<State, Tensor> callback, int priority = 0) => Add(new(HookKind.Read, callback, priority));

    /// <summary>Lets <paramref name="callback"/> replace the value before it is stored, from the State, the old and the new value. Throwing a
    /// <see cref="HookCancelledException"/> leaves the State as it was.</summary>
    public HookHandle OnWriting(Func<State, Tensor, Tensor, Tensor> callback, int priority = 0) => Add(new(HookKind.Writing, callback, priority));

    /// <summary>Calls <paramref name="callback"/> with the State, the old and the new value after the new one was stored.</summary>
    public HookHandle OnWritten(Action<State, Tensor, Tensor> callback, int priority = 0) => Add(new(HookKind.Written, callback, priority));

    /// <summary>Calls <paramref name="callback"/> with each State that is constructed, and its value. Only global hooks can see this.</summary>
    public HookHandle OnInitialized(Action<State, Tensor> callback, int priority = 0) => Add(new(HookKind.Initialized, callback, priority));

    /// <summary>Removes all hooks.</summary>
    public void Clear()
    {
        lock (change) hooks = [];
    }

    internal void Remove(Hook hook)
    {
        lock (change) hooks = [.. hooks.Where(h => h != hook)];
    }

    internal void Initialized(State state, Tensor value)
    {
        foreach (var hook in hooks)
            if (hook.Runs(HookKind.Initialized))
                ((Action<State, Tensor>)hook.Callback)(state, value);
    }

    internal static void Reading(State state, Tensor value)
    {
        foreach (var hook in Of(state, HookKind.Read)) ((Action<State, Tensor>)hook.Callback)(state, value);
    }

    internal static Tensor Writing(State state, Tensor old, Tensor value)
    {
        foreach (var hook in Of(state, HookKind.Writing)) value = ((Func<State, Tensor, Tensor, Tensor>)hook.Callback)(state, old, value);
        return value;
    }

    internal static void Written(State state, Tensor old, Tensor value)
    {
        foreach (var hook in Of(state, HookKind.Written)) ((Action<State, Tensor, Tensor>)hook.Callback)(state, old, value);
    }

    private static IEnumerable<Hook> Of(State state, HookKind kind) => Global.hooks.Concat(state.Hooks.hooks).Where(h => h.Runs(kind));

    private HookHandle Add(Hook hook)
    {
        lock (change) hooks = [.. hooks.Append(hook).OrderByDescending(static h => h.Priority)];
        return new HookHandle(this, hook);
    }
}

internal enum HookKind
{
    Read,
    Writing,
    Written,
    Initialized,
}

internal sealed class Hook(HookKind kind, Delegate callback, int priority)
{
    public Delegate Callback => callback;

    public int Priority => priority;

    public bool IsEnabled { get; set; } = true;

    public bool Runs(HookKind wanted) => IsEnabled && kind == wanted;
}

/// <summary>A registered hook; disposing it removes it.</summary>
public sealed class HookHandle : IDisposable
{
    private readonly StateHooks owner;
    private readonly Hook hook;

    internal HookHandle(StateHooks owner, Hook hook) => (this.owner, this.hook) = (owner, hook);

    /// <summary>Whether the hook runs.</summary>
    public bool IsEnabled
    {
        get => hook.IsEnabled;
        set => hook.IsEnabled = value;
    }

    /// <summary>Removes the hook.</summary>
    public void Dispose() => owner.Remove(hook);
}

/// <summary>A write hook refused an assignment; the State is as it was.</summary>
public sealed class HookCancelledException(string reason) : InvalidOperationException($"A hook cancelled the assignment: {reason}");
