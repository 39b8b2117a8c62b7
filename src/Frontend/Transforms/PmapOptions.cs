namespace BrainState;

/// <summary>How <see cref="Transforms.Pmap{T1, TResult}(Func{T1, TResult}, PmapOptions)"/> maps a function over devices. An axis without a name is called <c>devices</c>.</summary>
public sealed record PmapOptions : VmapOptions
{
    /// <summary>The devices, one for each lane, as configuration names them (<c>cpu:0</c>); by default the first ones of the backend.</summary>
    public IReadOnlyList<string>? Devices { get; init; }
}

/// <summary>
/// How <see cref="Transforms.Pmap2{T1, TResult}(Func{T1, TResult}, Pmap2Options)"/> maps a function over devices, with States that have an axis for them. An axis without
/// a name is called <c>devices</c>.
/// </summary>
public sealed record Pmap2Options : Vmap2Options
{
    /// <inheritdoc cref="PmapOptions.Devices"/>
    public IReadOnlyList<string>? Devices { get; init; }
}
