using BrainState.Ops;

namespace BrainState.Programs.Passes;

/// <summary>
/// Removes equations without effects whose results nobody reads. Inside loops, branches and calls it removes what leads to results that nobody reads, with the operands that only these
/// needed: of a scan unread stacked results, carries that no needed one depends on, unread constants and arrays; likewise of while, cond, call and checkpoint. Inputs and outputs of the program
/// stay as they are, and so do ops whose programs belong together, such as <see cref="CustomVjp"/>.
/// </summary>
public static class DeadCodeElimination
{
    /// <summary>An equivalent program without dead code; the same object if there is none.</summary>
    public static Program Run(Program program) => Analyse(program, All(program.Outputs.Length)).Apply(All(program.Inputs.Length));

    /// <summary>Which inputs of <paramref name="program"/> its outputs or effects depend on.</summary>
    public static bool[] UsedInputs(Program program) => Analyse(program, All(program.Outputs.Length)).UsedInputs;

    /// <summary>What of a program is needed if only some of its outputs are. Goes backwards, because what an equation needs follows from which of its results are needed.</summary>
    private static Needs Analyse(Program program, bool[] outputs)
    {
        var isLive = new bool[program.ValueCount];
        var isKept = new bool[program.Equations.Length];
        var parts = new Dictionary<int, Part>();
        for (var i = 0; i < outputs.Length; i++)
            if (outputs[i])
                Mark(program.Outputs[i]);
        for (var i = isKept.Length - 1; i >= 0; i--)
        {
            var equation = program.Equations[i];
            var results = isLive.AsSpan(equation.FirstOutput, equation.Outputs.Length);
            if (!equation.Op.HasEffects && !results.Contains(true)) continue;
            isKept[i] = true;
            var part = equation.Op is BodyOp ? Prune(equation, results.ToArray()) : null;
            if (part is not null) parts.Add(i, part);
            for (var k = 0; k < equation.Inputs.Length; k++)
                if (part?.Operands[k] != false)
                    Mark(equation.Inputs[k]);
        }
        return new(program, outputs, isKept, parts, isLive[..program.Inputs.Length]);

        void Mark(Operand operand)
        {
            if (!operand.IsLiteral) isLive[operand.Value] = true;
        }
    }

    /// <summary>What is needed of an equation with bodies if some of its results are; null if they belong together.</summary>
    private static Part? Prune(Equation equation, bool[] results)
    {
        switch (equation.Op)
        {
            case Call call:
                var called = Analyse(call.Body, results);
                return new(call.With(called.Apply(called.UsedInputs)), called.UsedInputs, results);
            case Checkpoint checkpoint:
                var recomputed = Analyse(checkpoint.Body, results);
                return new(checkpoint.With(recomputed.Apply(recomputed.UsedInputs)), recomputed.UsedInputs, results);
            case Cond cond:
                var branches = cond.Branches.Select(branch => Analyse(branch, results)).ToArray();
                var used = Any(branches.Select(static b => b.UsedInputs), equation.Inputs.Length - 1);
                var trimmed = branches.Select(b => b.Apply(used)).ToValueArray();
                return new(trimmed == cond.Branches ? cond : new Cond(trimmed), [true, .. used], results);
            case Scan scan: return Prune(scan, results);
            case While loop: return Prune(loop, results);
            default: return null;
        }
    }

    /// <summary>A carry is needed if its result is, or if the next step needs it for anything that is.</summary>
    private static Part Prune(Scan scan, bool[] results)
    {
        var (first, end) = (scan.ConstCount, scan.ConstCount + scan.CarryCount);
        var needed = results;
        Needs body;
        while (true)
        {
            body = Analyse(scan.Body, needed);
            bool[] grown = [.. Or(needed.AsSpan(0, scan.CarryCount), body.UsedInputs.AsSpan()[first..end]), .. needed[scan.CarryCount..]];
            if (grown.AsSpan().SequenceEqual(needed)) break;
            needed = grown;
        }
        bool[] operands = [.. body.UsedInputs[..first], .. needed[..scan.CarryCount], .. body.UsedInputs[end..]];
        var trimmed = body.Apply(operands);
        return new(ReferenceEquals(trimmed, scan.Body) ? scan : scan with
        {
            Body = trimmed,
            ConstCount = Count(operands[..first]),
            CarryCount = Count(operands[first..end]),
        }, operands, needed);
    }

    private static Part Prune(While loop, bool[] results)
    {
        var cond = Analyse(loop.Cond, [true]);
        var needed = Or(results, cond.UsedInputs.AsSpan()[loop.CondConstCount..]);
        Needs body;
        while (true)
        {
            body = Analyse(loop.Body, needed);
            var grown = Or(needed, body.UsedInputs.AsSpan()[loop.BodyConstCount..]);
            if (grown.AsSpan().SequenceEqual(needed)) break;
            needed = grown;
        }
        bool[] condConsts = cond.UsedInputs[..loop.CondConstCount], bodyConsts = body.UsedInputs[..loop.BodyConstCount];
        var (trimmedCond, trimmedBody) = (cond.Apply([.. condConsts, .. needed]), body.Apply([.. bodyConsts, .. needed]));
        var isSame = ReferenceEquals(trimmedCond, loop.Cond) && ReferenceEquals(trimmedBody, loop.Body);
        return new(isSame ? loop : new While(trimmedCond, trimmedBody, Count(condConsts), Count(bodyConsts)), [.. condConsts, .. bodyConsts, .. needed], needed);
    }

    private static Call With(this Call call, Program body) => ReferenceEquals(body, call.Body) ? call : call with { Body = body };

    private static Checkpoint With(this Checkpoint checkpoint, Program body) => ReferenceEquals(body, checkpoint.Body) ? checkpoint : checkpoint with { Body = body };

    private static bool[] All(int count)
    {
        var all = new bool[count];
        Array.Fill(all, true);
        return all;
    }

    private static bool[] Or(ReadOnlySpan<bool> a, ReadOnlySpan<bool> b)
    {
        var or = a.ToArray();
        for (var i = 0; i < or.Length; i++) or[i] |= b[i];
        return or;
    }

    private static bool[] Any(IEnumerable<bool[]> masks, int count) => masks.Aggregate(new bool[count], static (a, b) => Or(a, b));

    private static int Count(bool[] mask) => mask.Count(static m => m);

    /// <summary>What remains of an equation of which parts may go: its op, and which of its operands and results.</summary>
    private sealed record Part(Op Op, bool[] Operands, bool[] Results)
    {
        public bool IsWhole(Equation equation) => ReferenceEquals(Op, equation.Op) && !Operands.Contains(false) && !Results.Contains(false);
    }

    /// <summary>What of a program is needed for some of its outputs: which equations, what of those with bodies, and which inputs.</summary>
    private sealed record Needs(Program Program, bool[] Outputs, bool[] IsKept, Dictionary<int, Part> Parts, bool[] UsedInputs)
    {
        /// <summary>The program of what is needed, with the given inputs, which include the used ones.</summary>
        public Program Apply(bool[] inputs)
        {
            if (!inputs.Contains(false) && !Outputs.Contains(false) && !IsKept.Contains(false) && Parts.All(p => p.Value.IsWhole(Program.Equations[p.Key]))) return Program;

            var builder = new ProgramBuilder(Program);
            using var map = new OperandMap(Program.ValueCount);
            for (var i = 0; i < inputs.Length; i++)
                if (inputs[i])
                    map[i] = builder.AddInput(Program.Inputs[i]);
            for (var i = 0; i < IsKept.Length; i++)
            {
                if (!IsKept[i]) continue;
                var equation = Program.Equations[i];
                builder.Origin = equation.Origin;
                if (!Parts.TryGetValue(i, out var part))
                {
                    map.Set(equation.FirstOutput, builder.AddAgain(Program, equation, map.Of(equation.Inputs)));
                    continue;
                }
                var results = builder.AddAll(part.Op, [.. Chosen(equation.Inputs, part.Operands).Select(map.Of)]);
                var next = 0;
                for (var k = 0; k < part.Results.Length; k++)
                    if (part.Results[k])
                        map[equation.FirstOutput + k] = results[next++];
            }
            return builder.Build([.. Chosen(Program.Outputs, Outputs).Select(map.Of)]);
        }

        private static IEnumerable<Operand> Chosen(IEnumerable<Operand> operands, bool[] mask) => operands.Where((_, i) => mask[i]);
    }
}
