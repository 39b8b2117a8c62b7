using System.Collections;
using System.Collections.Immutable;

namespace BrainState.Serialization;

/// <summary>Rebuilds lists whose types are only known at run time.</summary>
abstract class ListAccess
{
    /// <summary>The type that items must have.</summary>
    public abstract Type ItemType { get; }

    /// <summary>The access to an array or list.</summary>
    public static ListAccess For(object list)
    {
        var type = list.GetType();
        var item = type.GetElementType() ?? type.GetInterfaces().FirstOrDefault(
            i => i.IsGenericType && (i.GetGenericTypeDefinition() == typeof(IList<>) || i.GetGenericTypeDefinition() == typeof(IReadOnlyList<>)))
            ?.GetGenericArguments()[0];
        return (ListAccess)Activator.CreateInstance(typeof(ListAccess<>).MakeGenericType(item ?? typeof(object)))!;
    }

    /// <summary>A list of the same type with other items.</summary>
    /// <param name="list">The list to follow.</param>
    /// <param name="items">The other items.</param>
    /// <param name="slot">The type it must fit where its own type cannot be built.</param>
    /// <exception cref="NotSupportedException">No list that fits can be built.</exception>
    public abstract object Build(object list, IReadOnlyList<object?> items, Type slot);
}

/// <inheritdoc/>
sealed class ListAccess<T> : ListAccess
{
    public override Type ItemType => typeof(T);

    public override object Build(object list, IReadOnlyList<object?> items, Type slot)
    {
        T[] array = [.. items.Select(static item => (T)item!)];
        switch (list)
        {
            case Array:
                return array;
            case IImmutableList<T> immutable:
                return immutable.Clear().AddRange(array);
        }

        switch (list.GetType() is { IsValueType: false } type && type.GetConstructor(Type.EmptyTypes) is { } constructor ? constructor.Invoke([]) : null)
        {
            case IList<T> { IsReadOnly: false } generic:
                foreach (var item in array)
                    generic.Add(item);
                return generic;
            case IList { IsReadOnly: false, IsFixedSize: false } plain:
                foreach (var item in array)
                    plain.Add(item);
                return plain;
        }

        return slot.IsAssignableFrom(typeof(T[]))
            ? array
            : throw new NotSupportedException($"A {list.GetType()} cannot be built; load into an array or a List instead.");
    }
}
