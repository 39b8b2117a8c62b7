using BrainState.StableHlo.Import.Ops;

namespace BrainState.StableHlo.Import;

/// <summary>Adds the equations that an operation stands for, and gives its results.</summary>
internal delegate Value[] Rule(OpSite site);

/// <summary>One rule for each operation, by name. Every family of operations adds its rules.</summary>
internal sealed class OpTable
{
    private static readonly OpTable Table = Families();
    private readonly Dictionary<string, Rule> rules = [];
    private readonly HashSet<string> elementwise = [];

    /// <summary>The rule for an operation.</summary>
    /// <exception cref="NotExpressibleException">There is none.</exception>
    public static Rule Rule(OpSite site)
    {
        if (!Table.rules.TryGetValue(site.Name, out var rule)) throw site.Cannot($"the operation {site.Name}");
        return site.Scope.IsElementwise && !Table.elementwise.Contains(site.Name) ? throw site.Cannot($"{site.Name} in the region of a map") : rule;
    }

    /// <summary>Adds the rule of an operation with any number of results.</summary>
    public void AddValues(string name, Rule rule) => rules.Add(name, rule);

    /// <summary>Adds the rule of an operation whose results are tensors.</summary>
    public void AddMany(string name, Func<OpSite, Programs.Operand[]> rule) => rules.Add(name, site => [.. rule(site).Select(Value.Of)]);

    /// <summary>Adds the rule of an operation with one result.</summary>
    public void Add(string name, Func<OpSite, Programs.Operand> rule) => rules.Add(name, site => [Value.Of(rule(site))]);

    /// <summary>Adds the rule of an operation that does the same to each element, so that it may stand in the region of a map.</summary>
    public void AddElementwise(string name, Func<OpSite, Programs.Operand> rule)
    {
        Add(name, rule);
        elementwise.Add(name);
    }

    /// <summary>Adds operations that are known and for which programs have no op.</summary>
    public void Refuse(string reason, params ReadOnlySpan<string> names)
    {
        foreach (var name in names) rules.Add(name, site => throw site.Cannot($"{reason} ({site.Name})"));
    }

    private static OpTable Families()
    {
        var table = new OpTable();
        ConstantRules.AddTo(table);
        ElementwiseRules.AddTo(table);
        ComparisonRules.AddTo(table);
        ConversionRules.AddTo(table);
        ShapingRules.AddTo(table);
        SlicingRules.AddTo(table);
        IndexingRules.AddTo(table);
        ReductionRules.AddTo(table);
        WindowRules.AddTo(table);
        ProductRules.AddTo(table);
        SortRules.AddTo(table);
        LinearAlgebraRules.AddTo(table);
        ControlFlowRules.AddTo(table);
        FunctionRules.AddTo(table);
        Refusals.AddTo(table);
        return table;
    }
}
