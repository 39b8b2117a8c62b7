using System.Collections;
using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Text;
using Module = BrainState.Nn.Module;

namespace BrainState;

/// <summary>A field of a module type with its path part and a compiled getter.</summary>
internal sealed record ModuleMember(string Name, FieldInfo Field, Func<object, object?> Get);

/// <summary>
/// The fields of module types that can hold States or modules, in the order of their names. Private and inherited fields count; an
/// auto-property counts once, under its own name. Found once per type.
/// </summary>
internal static class ModuleMembers
{
    private static readonly ConcurrentDictionary<Type, ModuleMember[]> Cache = new();

    public static ModuleMember[] Of(Type type) => Cache.GetOrAdd(type, static type =>
    {
        var members = new List<ModuleMember>();
        for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
            foreach (var field in level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                members.Add(new(NameOf(field), field, Getter(field)));
        return [.. members.OrderBy(static m => m.Name, StringComparer.Ordinal)];
    });

    /// <summary>Whether a value is, or may contain, States or modules.</summary>
    public static bool IsGraphValue(object? value) => value switch
    {
        State or Module => true,
        string => false,
        IDictionary dictionary => dictionary.Values.Cast<object?>().Any(IsGraphValue),
        IList list => list.Cast<object?>().Any(IsGraphValue),
        _ => false,
    };

    /// <summary>The items of a list by position, or of a dictionary by key, in the order of paths.</summary>
    /// <exception cref="NotSupportedException">A key is neither a string nor an int.</exception>
    public static IEnumerable<(object Part, object? Value)> ItemsOf(object container)
    {
        if (container is IDictionary dictionary)
        {
            return Entries(dictionary)
                .Select(static e => (Part: e.Key is string or int ? e.Key : throw new NotSupportedException($"States in a dictionary need string or int keys, not {e.Key}."), e.Value))
                .OrderBy(static e => StatePath.Of(e.Part));
        }
        return ((IList)container).Cast<object?>().Select(static (value, i) => ((object)i, value));
    }

    /// <summary>The entries; as a plain sequence, a generic dictionary gives pairs of its own types instead.</summary>
    private static IEnumerable<DictionaryEntry> Entries(IDictionary dictionary)
    {
        foreach (DictionaryEntry entry in dictionary) yield return entry;
    }

    private static string NameOf(FieldInfo field)
    {
        if (field.GetCustomAttribute<StateNameAttribute>() is { } named) return named.Name;
        if (!field.Name.StartsWith('<')) return SnakeCase(field.Name.TrimStart('_'));
        var property = field.Name[1..field.Name.IndexOf('>')];
        var declared = field.DeclaringType!.GetProperty(property, BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
        return declared?.GetCustomAttribute<StateNameAttribute>()?.Name ?? SnakeCase(property);
    }

    /// <summary><c>RunningMean</c> becomes <c>running_mean</c>, <c>W2Bias</c> <c>w2_bias</c>, <c>RNNCell</c> <c>rnn_cell</c>.</summary>
    internal static string SnakeCase(string name)
    {
        var snake = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var startsWord = i > 0 && char.IsUpper(name[i]) && name[i - 1] != '_'
                && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
            if (startsWord) snake.Append('_');
            snake.Append(char.ToLowerInvariant(name[i]));
        }
        return snake.ToString();
    }

    private static Func<object, object?> Getter(FieldInfo field)
    {
        var instance = Expression.Parameter(typeof(object));
        var value = Expression.Field(Expression.Convert(instance, field.DeclaringType!), field);
        return Expression.Lambda<Func<object, object?>>(Expression.Convert(value, typeof(object)), instance).Compile();
    }
}
