using System.Collections;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace BrainState.Serialization;

/// <summary>Sees dictionaries, lists and tuples uniformly as maps with string keys.</summary>
static class TreeNode
{
    /// <summary>The children of a container in its own order, or null if the value is none.</summary>
    /// <exception cref="ArgumentException">Two keys have the same text.</exception>
    public static List<KeyValuePair<string, object?>>? Children(object value) => value switch
    {
        string or byte[] => null,
        _ when DictionaryAccess.For(value) is { } dictionary => Unique(dictionary.Entries(value)),
        Array { Rank: > 1 } => null,
        IList list => Numbered(list.Count, i => list[i]),
        IReadOnlyList<object?> list => Numbered(list.Count, i => list[i]),
        ITuple tuple => Numbered(tuple.Length, i => tuple[i]),
        _ => null,
    };

    static List<KeyValuePair<string, object?>> Numbered(int count, Func<int, object?> item)
    {
        var children = new List<KeyValuePair<string, object?>>(count);
        for (var i = 0; i < count; i++)
            children.Add(new(i.ToString(CultureInfo.InvariantCulture), item(i)));
        return children;
    }

    static List<KeyValuePair<string, object?>> Unique(List<(object Key, object? Value)> entries)
    {
        RequireUnique(entries.Select(static e => (Text(e.Key), e.Key)));
        return entries.ConvertAll(static e => KeyValuePair.Create(Text(e.Key), e.Value));
    }

    /// <summary>Refuses keys of the same text.</summary>
    /// <exception cref="ArgumentException">There are some; the message lists them.</exception>
    public static void RequireUnique(IEnumerable<(string Text, object Key)> keys)
    {
        var collisions = keys.GroupBy(static k => k.Text, static k => k.Key).Where(static group => group.Skip(1).Any()).ToList();
        if (collisions.Count > 0)
            throw new ArgumentException(
                "Dict keys do not have a unique string representation. Collisions: {"
                + string.Join(", ", collisions.Select(static g => $"'{g.Key}': [{string.Join(", ", g.Select(Quote))}]")) + "}");
    }

    static string Text(object key) => Convert.ToString(key, CultureInfo.InvariantCulture) ?? "";

    static string Quote(object key) => key is string text ? $"'{text}'" : Text(key);
}
