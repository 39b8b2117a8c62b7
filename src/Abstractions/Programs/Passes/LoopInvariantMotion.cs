using BrainState.Ops;

namespace BrainState.Programs.Passes;

/// <summary>Computes before a scan or while what is the same in each of its steps. Inner loops come first, so that what is invariant in several leaves them all.</summary>
/// <remarks>
/// What has effects stays, and so do barriers, collectives, and ops with bodies, which might not end where the loop would never have run them. What only arranges elements anew, such as a
/// broadcast, moves together with something that computes, but not alone: an engine gets it for nothing where it is read, and would have to store it otherwise.
/// </remarks>
public static class LoopInvariantMotion
{
    /// <summary>An equivalent program whose loops compute nothing twice that does not change.</summary>
    public static Program Run(Program program)
    {
        if (!program.Equations.Any(static e => e.Op.Bodies.Any())) return program;
        return ProgramRewriter.Rewrite(program, static (builder, equation, operands) =>
        {
            switch (equation.Op)
            {
                case Scan scan:
                    {
                        var split = Split(Run(scan.Body), scan.ConstCount, scan.CarryCount);
                        var moved = split.Move(builder, operands[..scan.ConstCount], operands.Slice(scan.ConstCount, scan.CarryCount));
                        return builder.AddAll(
                            scan with { Body = split.Body, ConstCount = scan.ConstCount + moved.Length }, [.. operands[..scan.ConstCount], .. moved, .. operands[scan.ConstCount..]]);
                    }
                case While loop:
                    {
                        var (condEnd, constCount) = (loop.CondConstCount, loop.CondConstCount + loop.BodyConstCount);
                        var split = Split(Run(loop.Body), loop.BodyConstCount, operands.Length - constCount);
                        var moved = split.Move(builder, operands.Slice(condEnd, loop.BodyConstCount), operands[constCount..]);
                        return builder.AddAll(
                            new While(Run(loop.Cond), split.Body, condEnd, loop.BodyConstCount + moved.Length), [.. operands[..constCount], .. moved, .. operands[constCount..]]);
                    }
                case Cond cond: return builder.AddAll(new Cond(cond.Branches.Select(Run).ToValueArray()), operands);
                case Call call: return builder.AddAll(call with { Body = Run(call.Body) }, operands);
                case Checkpoint checkpoint: return builder.AddAll(checkpoint with { Body = Run(checkpoint.Body) }, operands);
                default: return null;
            }
        });
    }

    /// <summary>Divides a body whose inputs are constants, carry, and what changes in every step.</summary>
    private static Halves Split(Program body, int constCount, int carryCount)
    {
        var isInvariant = new bool[body.ValueCount];
        isInvariant.AsSpan(0, constCount).Fill(true);
        for (var i = 0; i < carryCount; i++) isInvariant[constCount + i] = body.Outputs[i] == Operand.Of(constCount + i);

        var moved = new List<Equation>();
        var left = new List<int>();
        foreach (var equation in body.Equations)
        {
            if (!CanMove(equation.Op) || !equation.Inputs.All(o => o.IsLiteral || isInvariant[o.Value])) continue;
            isInvariant.AsSpan(equation.FirstOutput, equation.Outputs.Length).Fill(true);
            moved.Add(equation);
            if (!Arranges(equation.Op)) left.AddRange(Enumerable.Range(equation.FirstOutput, equation.Outputs.Length));
        }
        return left.Count == 0 ? new(body, [], [], constCount) : new(Remaining(body, constCount, left), moved, left, constCount);
    }

    private static bool CanMove(Op op) => op is not (BodyOp or Collective or OptimizationBarrier) && !op.HasEffects;

    private static bool Arranges(Op op) => op is BroadcastInDim or Iota or Reshape or Transpose or Rev or Slice;

    /// <summary>The body with the given values as inputs after the constants, and without what computed them.</summary>
    private static Program Remaining(Program body, int constCount, List<int> given)
    {
        var builder = new ProgramBuilder();
        using var map = new OperandMap(body.ValueCount);
        for (var i = 0; i < constCount; i++) map[i] = builder.AddInput(body.Inputs[i]);
        foreach (var value in given) map[value] = builder.AddInput(body.SpecOf(value));
        for (var i = constCount; i < body.Inputs.Length; i++) map[i] = builder.AddInput(body.Inputs[i]);
        var isGiven = given.ToHashSet();
        foreach (var equation in body.Equations)
        {
            if (equation.Outputs.Length > 0 && isGiven.Contains(equation.FirstOutput)) continue;
            builder.Origin = equation.Origin;
            map.Set(equation.FirstOutput, builder.AddEquation(equation.Op, map.Of(equation.Inputs)));
        }
        return builder.Build(map.Of(body.Outputs).AsSpan());
    }

    /// <summary>A body, the equations that are computed before the loop, and those of their results that become constants of the body.</summary>
    private sealed record Halves(Program Body, List<Equation> Moved, List<int> Given, int ConstCount)
    {
        /// <summary>Computes the moved equations from the loop's operands; returns the new constants.</summary>
        public Operand[] Move(ProgramBuilder builder, ReadOnlySpan<Operand> consts, ReadOnlySpan<Operand> carry)
        {
            var values = new Dictionary<int, Operand>();
            for (var i = 0; i < consts.Length; i++) values[i] = consts[i];
            for (var i = 0; i < carry.Length; i++) values[ConstCount + i] = carry[i];
            var outer = builder.Origin;
            foreach (var equation in Moved)
            {
                builder.Origin = equation.Origin;
                var results = builder.AddAll(equation.Op, [.. equation.Inputs.Select(o => o.IsLiteral ? o : values[o.Value])]);
                for (var i = 0; i < results.Length; i++) values[equation.FirstOutput + i] = results[i];
            }
            builder.Origin = outer;
            return [.. Given.Select(value => values[value])];
        }
    }
}
