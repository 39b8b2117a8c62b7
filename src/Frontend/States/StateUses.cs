using BrainState.Nn;

namespace BrainState;

/// <summary>Which of the States that a function touches are meant.</summary>
public enum StateUsage
{
    /// <summary>All that it reads or writes.</summary>
    All,

    /// <summary>Those that it only reads.</summary>
    Read,

    /// <summary>Those that it writes.</summary>
    Write,
}

/// <summary>The States that a function touches, in first-touch order.</summary>
public sealed class StateUses
{
    internal StateUses(IEnumerable<Tracing.StateUse> uses)
    {
        All = [.. uses.Select(static u => u.State)];
        Written = [.. uses.Where(static u => u.IsWritten).Select(static u => u.State)];
        Read = [.. uses.Where(static u => !u.IsWritten).Select(static u => u.State)];
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<State> All { get; }

    /// <summary>Those that the function only reads.</summary>
    public IReadOnlyList<State> Read { get; }

    /// <summary>Those that it writes.</summary>
    public IReadOnlyList<State> Written { get; }

    /// <summary>Those of a module, by their paths in it.</summary>
    public FlattedDict<State> In(Module module, StateUsage usage = StateUsage.All)
    {
        ArgumentNullException.ThrowIfNull(module);
        var wanted = (usage switch
        {
            StateUsage.Read => Read,
            StateUsage.Write => Written,
            _ => All,
        }).ToHashSet(ReferenceEqualityComparer.Instance);
        return new(module.States().Where(entry => wanted.Contains(entry.Value)));
    }
}
