using BrainState.Execution;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Tracing;
using static BrainState.Differentiation.DerivativeRules;

namespace BrainState.Differentiation;

/// <summary>Derivatives of cond take the same branch. Its branches return residuals in shared slots, one set for all branches, because all must have the same results.</summary>
internal static class CondRules
{
    public static void Define()
    {
        Jvps.Define<Cond>((op, primals, tangents) => Jvp((Cond)op, primals, tangents));
        Linearizations.Define<Cond>((op, primals, tangents) => Linearize((Cond)op, primals, tangents));
        Transposes.Define<Cond>((op, ct, operands) => Transpose((Cond)op, ct, operands));
    }

    private static (Tensor[] Outputs, Tensor?[] Tangents) Jvp(Cond cond, Tensor[] primals, Tensor?[] tangents)
    {
        var active = Moving(tangents.AsSpan(1));
        var moving = Union(cond, required => branch => ForwardMode.Jvp(branch, active, required).Moving);
        var branches = cond.Branches.Select(branch => ForwardMode.Jvp(branch, active, moving).Program).ToValueArray();
        var results = Eager.Bind(new Cond(branches), [.. primals, .. tangents.OfType<Tensor>()]);
        return (results[..moving.Count], Spread(results.AsSpan(moving.Count), moving));
    }

    private static (Tensor[] Outputs, Tensor?[] Tangents) Linearize(Cond cond, Tensor[] primals, Tensor?[] tangents)
    {
        var active = Moving(tangents.AsSpan(1));
        var moving = Union(cond, required => branch => ReverseMode.Stage(branch, active, required).Moving);
        var staged = cond.Branches.Select(branch => ReverseMode.Stage(branch, active, moving)).ToArray();
        var (operands, outputCount) = (primals[1..], moving.Count);

        // A residual that is an operand is taken from there; the others get a slot of their spec, which other branches use too.
        var slots = new List<TensorSpec>();
        var slotOf = Array.ConvertAll(staged, branch =>
        {
            var taken = new HashSet<int>();
            return Enumerable.Range(outputCount, branch.ResidualCount).Select(output => OperandOf(branch.Forward, output) >= 0 ? -1 : Slot(branch.Forward.OutputSpecs[output], taken)).ToArray();
        });
        int Slot(TensorSpec spec, HashSet<int> taken)
        {
            var slot = Enumerable.Range(0, slots.Count).FirstOrDefault(i => slots[i] == spec && !taken.Contains(i), slots.Count);
            if (slot == slots.Count) slots.Add(spec);
            taken.Add(slot);
            return slot;
        }

        var inputs = operands.Select(static o => new Aval(o.Spec, false)).ToArray();
        var forward = staged.Select((branch, b) => Trace.Run(inputs, given =>
        {
            var results = ProgramFunction.Apply(branch.Forward, given);
            var kept = new Tensor?[slots.Count];
            for (var r = 0; r < branch.ResidualCount; r++)
                if (slotOf[b][r] >= 0)
                    kept[slotOf[b][r]] = results[outputCount + r];
            return [.. results.AsSpan(0, outputCount), .. kept.Select((k, i) => k ?? Zeros(slots[i]))];
        }).Program).ToValueArray();
        var outputs = Eager.Bind(new Cond(forward), primals);

        // The linear branches take the slots, then all operands, then the tangents.
        Aval[] linearInputs =
        [
            .. slots.Select(static s => new Aval(s, false)), .. inputs, .. tangents.OfType<Tensor>().Select(static t => new Aval(t.Spec, false)),
        ];
        var linear = staged.Select((branch, b) => Trace.Run(linearInputs, given => ProgramFunction.Apply(branch.Linear,
        [
            .. slotOf[b].Select((slot, r) => slot >= 0 ? given[slot] : given[slots.Count + OperandOf(branch.Forward, outputCount + r)]),
            .. given.AsSpan(slots.Count + operands.Length),
        ])).Program).ToValueArray();
        var moved = Eager.Bind(new Cond(linear), [primals[0], .. outputs.AsSpan(outputCount), .. operands, .. tangents.OfType<Tensor>()]);
        return (outputs[..outputCount], Spread(moved, moving));
    }

    private static Tensor?[] Transpose(Cond cond, Tensor?[] ct, LinearOperand[] operands)
    {
        var inputs = operands[1..];
        var known = inputs.Select(static o => o.Known).OfType<Tensor>().ToArray();
        Aval[] avals = [.. known.Concat(ct.OfType<Tensor>()).Select(static t => new Aval(t.Spec, false))];
        var isGiven = Moving(ct);
        var isMoving = new bool[inputs.Length];
        Program Pulled(Program branch, bool[]? required) => Trace.Run(avals, given =>
        {
            var values = Spread(given, [.. inputs.Select(static o => !o.IsLinear)]);
            var pulled = ReverseMode.Transpose(branch, values, Spread(given.AsSpan(known.Length), isGiven));
            if (required is not null) return [.. Enumerable.Range(0, inputs.Length).Where(i => required[i]).Select(i => pulled[i] ?? Zeros(inputs[i].Spec))];
            for (var i = 0; i < inputs.Length; i++) isMoving[i] |= inputs[i].IsLinear && pulled[i] is not null;
            return [];
        }).Program;

        // Once to see which operands get a cotangent in any branch, and once more to return these from every branch.
        foreach (var branch in cond.Branches) Pulled(branch, null);
        var branches = cond.Branches.Select(branch => Pulled(branch, isMoving)).ToValueArray();
        return [null, .. Spread(Eager.Bind(new Cond(branches), [operands[0].Known!, .. known, .. ct.OfType<Tensor>()]), isMoving)];
    }

    /// <summary>Which outputs have a tangent in any branch.</summary>
    private static ValueArray<bool> Union(Cond cond, Func<ValueArray<bool>, Func<Program, ValueArray<bool>>> movingOutputs)
    {
        var moving = new bool[cond.Branches[0].Outputs.Length];
        foreach (var branch in cond.Branches.Select(movingOutputs(moving.ToValueArray())))
            for (var i = 0; i < moving.Length; i++)
                moving[i] |= branch[i];
        return moving.ToValueArray();
    }

    /// <summary>The operand that an output simply returns, or −1.</summary>
    private static int OperandOf(Program program, int output) =>
        program.Outputs[output] is { IsLiteral: false } value && value.Value < program.Inputs.Length ? value.Value : -1;
}
