namespace BrainState.Conformance;

/// <summary>What can only be said in code: how States, errors, threads and models behave on a backend.</summary>
/// <param name="name">See <see cref="ConformanceCase.Name"/>.</param>
/// <param name="check">Throws what is wrong. It runs with the target's runtime entered.</param>
public sealed class BehaviorCase(string name, Func<ConformanceTarget, Deviation> check) : ConformanceCase(name)
{
    /// <summary>A case that compares nothing rounded.</summary>
    /// <inheritdoc cref="BehaviorCase(string, Func{ConformanceTarget, Deviation})"/>
    public BehaviorCase(string name, Action<ConformanceTarget> check) : this(name, target =>
    {
        check(target);
        return Deviation.None;
    })
    {
    }

    /// <inheritdoc/>
    public override Deviation Run(ConformanceTarget target)
    {
        using (target.Runtime.Enter()) return check(target);
    }
}
