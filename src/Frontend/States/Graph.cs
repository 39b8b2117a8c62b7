using BrainState.Nn;

namespace BrainState;

/// <summary>Takes modules apart into structure and States and puts them together again.</summary>
public static class Graph
{
    /// <summary>Snapshots of the States of a module, nested like the module.</summary>
    public static NestedDict<TreefyState> TreefyStates(Module module, StateFilter? filter = null) =>
        module.States(filter ?? StateFilter.Everything).Map(static s => new TreefyState(s)).ToNested();

    /// <summary>Stores the values of snapshots in the States of <paramref name="module"/> that have the same paths.</summary>
    /// <exception cref="ArgumentException">A path leads to no State; nothing is changed then.</exception>
    public static void UpdateStates(Module module, params NestedDict<TreefyState>[] states)
    {
        var targets = module.States();
        var updates = states.SelectMany(static s => s.ToFlat()).ToArray();
        foreach (var (path, _) in updates)
            if (!targets.ContainsKey(path))
                throw new ArgumentException($"{module.GetType().Name} has no State at {path}; it has {string.Join(", ", targets.Keys)}.", nameof(states));
        foreach (var (path, snapshot) in updates) targets[path].Value = snapshot.Value;
    }

    /// <summary>The structure of a module, and snapshots of its States divided among filters; without filters all are together.</summary>
    /// <exception cref="ArgumentException">A State is taken by no filter.</exception>
    public static (GraphDef Definition, NestedDict<TreefyState>[] States) TreefySplit(Module module, params StateFilter[] filters)
    {
        if (filters.Length == 0) filters = [StateFilter.Everything];
        var all = module.States();
        var parts = module.States(filters);
        var left = all.Keys.Where(path => !parts.Any(part => part.ContainsKey(path))).ToArray();
        if (left.Length > 0)
            throw new ArgumentException($"No filter takes {string.Join(", ", left)}. Add StateFilter.Everything as the last filter.", nameof(filters));
        return (GraphDef.Of(module), [.. parts.Select(static part => part.Map(static s => new TreefyState(s)).ToNested())]);
    }

    /// <summary>A new module with the given structure and the values of snapshots. What was shared is shared again.</summary>
    /// <exception cref="ArgumentException">A State of the structure has no snapshot.</exception>
    public static Module TreefyMerge(GraphDef definition, params NestedDict<TreefyState>[] states) =>
        definition.Build(new(states.SelectMany(static s => s.ToFlat())));

    /// <summary>A copy of a module with States of its own that hold the same values.</summary>
    public static TModule Clone<TModule>(TModule module) where TModule : Module
    {
        var (definition, states) = TreefySplit(module);
        return (TModule)TreefyMerge(definition, states);
    }
}
