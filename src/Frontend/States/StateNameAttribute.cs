namespace BrainState;

/// <summary>The part of a path that a field or auto-property of a module gives, instead of its name in snake_case.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class StateNameAttribute(string name) : Attribute
{
    /// <summary>The part of the path.</summary>
    public string Name { get; } = name;
}
