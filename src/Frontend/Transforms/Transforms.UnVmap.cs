using BrainState.Tracing;

namespace BrainState;

/// <summary>What <see cref="Transforms.UnVmap"/> asks of all elements.</summary>
public enum LaneReduction
{
    /// <summary>Whether any is true.</summary>
    Any,

    /// <summary>Whether all are true.</summary>
    All,

    /// <summary>The largest.</summary>
    Max,
}

/// <content>Looking out of a mapped function.</content>
public static partial class Transforms
{
    /// <summary>
    /// One scalar for all lanes of all mapped functions around, reduced over the elements of the tensor in each of them: a condition that is no longer batched, so that <see cref="Cond{TResult}"/>
    /// by it runs one branch only. Outside of mapped functions it is the reduction alone.
    /// </summary>
    /// <param name="x">Bools, or numbers of which 0 is false; real numbers for <see cref="LaneReduction.Max"/>.</param>
    /// <param name="reduction">How elements and lanes are reduced.</param>
    /// <returns>A scalar: a bool, or for <see cref="LaneReduction.Max"/> of the dtype of <paramref name="x"/>, and then without a derivative.</returns>
    /// <remarks>All lanes must come here, so it does not belong into a branch that is chosen lane by lane.</remarks>
    public static Tensor UnVmap(Tensor x, LaneReduction reduction = LaneReduction.Any)
    {
        ArgumentNullException.ThrowIfNull(x);
        var own = reduction switch
        {
            LaneReduction.Any => Np.Any(x),
            LaneReduction.All => Np.All(x),
            LaneReduction.Max => Np.Max(Lax.StopGradient(x)),
            _ => throw new ArgumentOutOfRangeException(nameof(reduction), $"UnVmap asks for {string.Join(", ", Enum.GetNames<LaneReduction>())}, not {(int)reduction}."),
        };
        foreach (var axis in NamedAxes.Around) own = reduction == LaneReduction.All ? Lax.PMin(own, axis) : Lax.PMax(own, axis);
        return own;
    }
}
