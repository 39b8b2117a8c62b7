using System.Collections;
using System.Collections.Immutable;
using System.Reflection;

namespace BrainState.Serialization;

/// <summary>Reads and rebuilds dictionaries whose types are only known at run time.</summary>
abstract class DictionaryAccess
{
    /// <summary>The type that values must have.</summary>
    public abstract Type ValueType { get; }

    /// <summary>The access to a dictionary, or null if <paramref name="value"/> is none.</summary>
    public static DictionaryAccess? For(object value)
    {
        var generic = value.GetType().GetInterfaces().FirstOrDefault(
            i => i.IsGenericType && (i.GetGenericTypeDefinition() == typeof(IDictionary<,>) || i.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>)));
        if (generic is not null)
            return (DictionaryAccess)Activator.CreateInstance(typeof(DictionaryAccess<,>).MakeGenericType(generic.GetGenericArguments()))!;
        return value is IDictionary ? new DictionaryAccess<object, object?>() : null;
    }

    /// <summary>The keys and values in the order of the dictionary.</summary>
    public abstract List<(object Key, object? Value)> Entries(object dictionary);

    /// <summary>A dictionary of the same type, keys and comparer with other values, given in the order of <see cref="Entries"/>.</summary>
    /// <param name="dictionary">The dictionary to follow.</param>
    /// <param name="values">The other values.</param>
    /// <param name="slot">The type it must fit where its own type cannot be built.</param>
    /// <exception cref="NotSupportedException">No dictionary that fits can be built.</exception>
    public abstract object Build(object dictionary, IReadOnlyList<object?> values, Type slot);
}

/// <inheritdoc/>
sealed class DictionaryAccess<TKey, TValue> : DictionaryAccess where TKey : notnull
{
    public override Type ValueType => typeof(TValue);

    public override List<(object Key, object? Value)> Entries(object dictionary) => dictionary is IEnumerable<KeyValuePair<TKey, TValue>> pairs
        ? [.. pairs.Select(static p => ((object)p.Key, (object?)p.Value))]
        : [.. ((IDictionary)dictionary).Cast<DictionaryEntry>().Select(static e => (e.Key, e.Value))];

    public override object Build(object dictionary, IReadOnlyList<object?> values, Type slot)
    {
        var entries = Entries(dictionary).Zip(values, static (e, value) => KeyValuePair.Create((TKey)e.Key, (TValue)value!));
        if (dictionary is IImmutableDictionary<TKey, TValue> immutable)
            return immutable.SetItems(entries);

        switch (NewLike(dictionary))
        {
            case IDictionary<TKey, TValue> { IsReadOnly: false } generic:
                foreach (var entry in entries)
                    generic.Add(entry);
                return generic;
            case IDictionary { IsReadOnly: false } plain:
                foreach (var (key, value) in entries)
                    plain.Add(key, value);
                return plain;
        }

        return slot.IsAssignableFrom(typeof(OrderedDictionary<TKey, TValue>))
            ? new OrderedDictionary<TKey, TValue>(entries)
            : throw new NotSupportedException($"A {dictionary.GetType()} cannot be built; load into a Dictionary instead.");
    }

    /// <summary>An empty dictionary of the same type with the same comparer, or null if it has no such constructor.</summary>
    static object? NewLike(object dictionary)
    {
        var type = dictionary.GetType();
        var comparer = type.GetProperty("Comparer", BindingFlags.Instance | BindingFlags.Public)?.GetValue(dictionary);
        try
        {
            return Activator.CreateInstance(type, comparer is null ? [] : [comparer]);
        }
        catch (MissingMethodException)
        {
            return null;
        }
    }
}
