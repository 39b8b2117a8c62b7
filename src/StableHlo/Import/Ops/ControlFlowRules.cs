using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.StableHlo.Import.Ops;

/// <summary>Loops and branches. What their regions read from outside becomes operands.</summary>
internal static class ControlFlowRules
{
    public static void AddTo(OpTable table)
    {
        table.AddMany("stablehlo.while", While);
        table.AddMany("stablehlo.if", site => Branch(site, site.Add(new ConvertElementType(DType.Int32), site.X), [1, 0]));
        table.AddMany("stablehlo.case", Case);
        table.AddMany("stablehlo.optimization_barrier", site => site.AddAll(new OptimizationBarrier(), site.Operands));
    }

    private static Operand[] While(OpSite site)
    {
        var (condition, body) = (site.Body(0), site.Body(1));
        return site.AddAll(new While(condition.Program, body.Program, condition.Captured.Count, body.Captured.Count),
            [.. condition.Captured, .. body.Captured, .. site.Operands]);
    }

    /// <summary>An index that is no branch selects the last one, whereas the op takes the nearest.</summary>
    private static Operand[] Case(OpSite site)
    {
        var last = OpSite.Literal(DType.Int32, site.Regions.Count - 1);
        var isNegative = site.Add(new Lt(), site.X, OpSite.Literal(DType.Int32, 0));
        return Branch(site, site.Add(new SelectN(), isNegative, site.X, last), [.. Enumerable.Range(0, site.Regions.Count)]);
    }

    /// <summary>All branches take what any of them reads.</summary>
    private static Operand[] Branch(OpSite site, Operand index, int[] regions)
    {
        if (site.Regions.Count != regions.Length) throw site.Error($"{site.Name} has {site.Regions.Count} regions");
        foreach (var region in site.Regions) site.RequireArguments(region, []);
        Body[] branches = [.. regions.Select(region => site.Body(region))];
        Operand[] operands = [.. branches.SelectMany(static branch => branch.Captured).Distinct()];
        var programs = branches.Select(branch =>
        {
            var builder = new ProgramBuilder();
            Operand[] inputs = [.. operands.Select(operand => builder.AddInput(site.SpecOf(operand)))];
            var results = builder.Inline(branch.Program, [.. branch.Captured.Select(captured => inputs[Array.IndexOf(operands, captured)])]);
            return builder.Build(results);
        }).ToValueArray();
        return site.AddAll(new Cond(programs), [index, .. operands]);
    }
}
