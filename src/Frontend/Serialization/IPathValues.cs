namespace BrainState.Serialization;

/// <summary>Values by path whose type is only known at run time.</summary>
interface IPathValues
{
    /// <summary>The type that the values must have.</summary>
    Type ValueType { get; }

    /// <summary>The values in the order of their paths.</summary>
    IReadOnlyList<KeyValuePair<StatePath, object?>> Entries { get; }

    /// <summary>The same paths with other values, given in the order of <see cref="Entries"/>.</summary>
    object WithValues(IReadOnlyList<object?> values);
}
