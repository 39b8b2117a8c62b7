using BrainState.Pytrees;

namespace BrainState;

/// <content>Creating models whose States have a mapped axis.</content>
public static partial class Transforms
{
    /// <summary>
    /// Runs a constructor for several lanes at once: every State that it creates holds the values of all lanes along a new axis, as for an ensemble of models. Each
    /// lane draws from random keys of its own. To call such a model, map over its States with <see cref="Vmap2{T1, TResult}(Func{T1, TResult}, Vmap2Options)"/>.
    /// </summary>
    /// <param name="create">Makes a module, or anything that holds States. Tensors in it that are not in States cannot be used.</param>
    /// <param name="axisSize">The number of lanes.</param>
    /// <param name="stateOutAxes">Where States get the axis; in front by default.</param>
    /// <exception cref="BatchAxisException">An axis does not fit, or a State around is written with a value that differs between lanes.</exception>
    public static TResult VmapNewStates<TResult>(Func<TResult> create, int axisSize, IReadOnlyList<(int Axis, StateFilter Filter)>? stateOutAxes = null) =>
        Created(default(ValueTuple), _ => create(), create, new() { AxisSize = axisSize, StateOutAxes = stateOutAxes ?? [] });

    /// <summary>Runs a constructor for several lanes at once, with an argument that is mapped over, such as keys or data of each lane.</summary>
    /// <param name="create">Makes a module, or anything that holds States, for one lane.</param>
    /// <param name="argument">A tensor, or a container of tensors.</param>
    /// <param name="options">Which axis of the argument is mapped over, and where States get the axis.</param>
    /// <exception cref="BatchAxisException">An axis does not fit, or a State around is written with a value that differs between lanes.</exception>
    public static TResult VmapNewStates<T1, TResult>(Func<T1, TResult> create, T1 argument, Vmap2Options? options = null) =>
        Created(new ValueTuple<T1>(argument), a => create(a.Item1), create, options ?? new());

    private static TResult Created<TArguments, TResult>(TArguments arguments, Func<TArguments, TResult> create, Delegate original, Vmap2Options options)
    {
        var given = Taken(arguments);
        TResult? created = default;
        new VmapCall($"VmapNewStates of {NameOf(original)}", options).Run(given, leaves =>
        {
            created = create(Tree<TArguments>.Unflatten(leaves, given.Structure));
            return Taken(default(ValueTuple));
        });
        return created!;
    }
}
