using BrainState.Ops;

namespace BrainState.Interpretation.Evaluation;

/// <summary>The meaning of an op: the values of its results.</summary>
internal delegate HostValue[] Rule<in TOp>(TOp op, Step step) where TOp : Op;

/// <summary>One rule for each type of op. Every family of ops adds its rules.</summary>
internal sealed class RuleTable
{
    private readonly Dictionary<Type, Rule<Op>> rules = [];

    public IReadOnlyCollection<Type> Ops => rules.Keys;

    public Rule<Op> this[Op op] => rules.TryGetValue(op.GetType(), out var rule)
        ? rule
        : throw new NotSupportedException($"The interpreter has no rule for {op.Name} ({op.GetType()}).");

    /// <summary>Adds the rule of an op with any number of results.</summary>
    public void AddMany<TOp>(Rule<TOp> rule) where TOp : Op => rules.Add(typeof(TOp), (op, step) => rule((TOp)op, step));

    /// <summary>Adds the rule of an op with one result.</summary>
    public void Add<TOp>(Func<TOp, Step, HostValue> rule) where TOp : Op => AddMany<TOp>((op, step) => [rule(op, step)]);
}
