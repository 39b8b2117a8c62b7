namespace BrainState;

/// <summary>How <see cref="Transforms.Vmap{T1, TResult}(Func{T1, TResult}, VmapOptions)"/> maps a function over an axis.</summary>
public record VmapOptions
{
    /// <summary>The axis of the arguments to map over: one for all, or an entry per argument; null for what all lanes share.</summary>
    public BatchAxes? InAxes { get; init; } = 0;

    /// <summary>Where the results get the mapped axis: one place for all, or an entry per part of the result; null for what is the same in all lanes.</summary>
    public BatchAxes? OutAxes { get; init; } = 0;

    /// <summary>The number of lanes; needed only where nothing is mapped.</summary>
    public int? AxisSize { get; init; }

    /// <summary>A name for the axis, by which collectives inside the function mean it.</summary>
    public string? AxisName { get; init; }
}

/// <summary>How <see cref="Transforms.Vmap2{T1, TResult}(Func{T1, TResult}, Vmap2Options)"/> maps a function over an axis of arguments and States.</summary>
/// <remarks>
/// Filters are asked when the function first touches a State, without a path; the first that takes it decides. A <see cref="RandomState"/> that holds one key
/// needs no axis: each lane draws from a key of its own.
/// </remarks>
public record Vmap2Options : VmapOptions
{
    /// <summary>The axis of States to map over. Each lane reads its slice, and what it writes goes back to the same place.</summary>
    public IReadOnlyList<(int Axis, StateFilter Filter)> StateInAxes { get; init; } = [];

    /// <summary>Where States that are not mapped get the axis when they are written. States that the function creates get it in front by default.</summary>
    public IReadOnlyList<(int Axis, StateFilter Filter)> StateOutAxes { get; init; } = [];
}
