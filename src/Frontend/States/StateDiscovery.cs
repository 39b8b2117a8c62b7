using BrainState.Nn;

namespace BrainState;

/// <summary>Finds the States and modules of a module, depth first in the order of paths. What several paths reach is found once, under the first.</summary>
internal static class StateDiscovery
{
    public static IEnumerable<KeyValuePair<StatePath, State>> States(Module root) =>
        Walk(root).Where(static found => found.Value is State).Select(static found => KeyValuePair.Create(found.Key, (State)found.Value));

    public static IEnumerable<KeyValuePair<StatePath, Module>> Modules(Module root) =>
        Walk(root).Where(static found => found.Value is Module).Select(static found => KeyValuePair.Create(found.Key, (Module)found.Value));

    private static List<KeyValuePair<StatePath, object>> Walk(Module root)
    {
        var found = new List<KeyValuePair<StatePath, object>>();
        var visited = new HashSet<object>(ReferenceEqualityComparer.Instance);
        Visit(default, root);
        return found;

        void Visit(StatePath path, object? value)
        {
            switch (value)
            {
                case State:
                    if (visited.Add(value)) found.Add(new(path, value));
                    break;
                case Module module:
                    if (!visited.Add(module)) break;
                    found.Add(new(path, module));
                    foreach (var member in ModuleMembers.Of(module.GetType()))
                        Visit(path.Append(member.Name), member.Get(module));
                    break;
                case not null when ModuleMembers.IsGraphValue(value):
                    if (!visited.Add(value)) break;
                    foreach (var (part, item) in ModuleMembers.ItemsOf(value)) Visit(path.Append(part), item);
                    break;
            }
        }
    }
}
