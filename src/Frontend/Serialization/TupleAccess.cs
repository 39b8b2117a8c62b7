namespace BrainState.Serialization;

/// <summary>Rebuilds tuples whose types are only known at run time; those of more than seven items nest the rest in the eighth.</summary>
static class TupleAccess
{
    const int Direct = 7;

    /// <summary>The types that the items must have.</summary>
    public static IEnumerable<Type> ItemTypes(Type tuple)
    {
        var types = tuple.GetGenericArguments();
        return types.Length <= Direct ? types : types.Take(Direct).Concat(ItemTypes(types[Direct]));
    }

    /// <summary>A tuple of the given type with other items.</summary>
    public static object Build(Type tuple, IReadOnlyList<object?> items)
    {
        var types = tuple.GetGenericArguments();
        object?[] arguments = types.Length <= Direct
            ? [.. items]
            : [.. items.Take(Direct), Build(types[Direct], [.. items.Skip(Direct)])];
        return Activator.CreateInstance(tuple, arguments)!;
    }
}
