using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Execution;

/// <summary>How much of the effects of one loop is recorded.</summary>
/// <param name="Steps">So many steps at most.</param>
/// <param name="Bytes">And not more steps than need so much memory, but at least one.</param>
internal readonly record struct EffectLimits(int Steps, long Bytes)
{
    public static readonly EffectLimits Default = new(4096, 4 << 20);

    public int CapacityFor(long stepBytes) => (int)Math.Clamp(Bytes / Math.Max(1, stepBytes), 1, Steps);
}

/// <summary>A program whose effects became outputs, after its own, and how to read them.</summary>
internal sealed record RecordingProgram(Program Program, EffectRecord Record);

/// <summary>
/// Effects for backends that cannot call anybody while a program runs: what is printed, and which errors happened, is returned in addition and reported after the run. Nothing stops at an error
/// then; its results are not used.
/// </summary>
internal sealed class EffectLowering
{
    private readonly EffectLimits limits;
    private readonly ProgramBuilder builder = new();
    private readonly List<EffectSite> sites = [];
    private readonly List<Operand> record = [];

    /// <summary>Whether an error happened; null if none can.</summary>
    private Operand? fails;

    private EffectLowering(EffectLimits limits) => this.limits = limits;

    /// <summary>An equivalent program without effects.</summary>
    public static RecordingProgram Run(Program program, EffectLimits limits)
    {
        var lowered = Lower(program, limits);
        return new(lowered.WithoutFails(), lowered.Record);
    }

    /// <summary>A program that returns the outputs of the original, the record of its effects, and if errors can happen whether one did.</summary>
    private sealed record Lowered(Program Program, int ResultCount, EffectRecord Record, bool CanFail)
    {
        public ReadOnlySpan<TensorSpec> RecordSpecs => Program.OutputSpecs.AsSpan().Slice(ResultCount, Record.Width);

        public long RecordBytes
        {
            get
            {
                long bytes = 0;
                foreach (var spec in RecordSpecs) bytes += spec.ByteCount;
                return bytes;
            }
        }

        public Program WithoutFails()
        {
            if (!CanFail) return Program;
            var copy = new ProgramBuilder();
            return copy.Build(copy.Inline(Program, [.. Program.Inputs.Select(copy.AddInput)])[..^1]);
        }
    }

    private static Lowered Lower(Program program, EffectLimits limits)
    {
        var lowering = new EffectLowering(limits);
        var builder = lowering.builder;
        var map = new Operand[program.ValueCount];
        for (var i = 0; i < program.Inputs.Length; i++) map[i] = builder.AddInput(program.Inputs[i]);
        foreach (var equation in program.Equations)
        {
            builder.Origin = equation.Origin;
            lowering.Add(equation.Op, [.. equation.Inputs.Select(Mapped)]).CopyTo(map, equation.FirstOutput);
        }
        Operand[] results = [.. program.Outputs.Select(Mapped), .. lowering.record];
        return new(
            builder.Build(lowering.fails is { } fails ? [.. results, fails] : results), program.Outputs.Length, new(lowering.sites.ToValueArray()), lowering.fails is not null);

        Operand Mapped(Operand operand) => operand.IsLiteral ? operand : map[operand.Value];
    }

    private Operand[] Add(Op op, Operand[] operands)
    {
        if (!op.HasEffects) return builder.AddAll(op, operands);
        switch (op)
        {
            case DebugPrint { Channel: ProgressBar.Channel }:
                return []; // After the run nobody waits for it.
            case DebugPrint or ErrorIf:
                Record(new EffectSite.Single(op, operands.Length), operands, op is ErrorIf ? operands[0] : null);
                return [];
            case Cond cond: return Add(cond, operands);
            case Scan scan: return Add(scan, operands);
            case While loop: return Add(loop, operands);
            case Call call: return Inline(call.Body, operands);
            case Checkpoint checkpoint: return Inline(checkpoint.Body, operands);
            case CustomJvp custom: return Inline(custom.Body, operands);
            case CustomVjp custom: return Inline(custom.Body, operands);
            case Composite composite: return Inline(composite.Body, operands);
            default: return builder.AddAll(op, operands); // The legalizer says that nobody runs it.
        }
    }

    private void Record(EffectSite site, ReadOnlySpan<Operand> values, Operand? hasFailed)
    {
        sites.Add(site);
        record.AddRange(values);
        if (hasFailed is { } failed) fails = fails is { } others ? builder.Add(new Or(), others, failed) : failed;
    }

    /// <summary>Runs the equations of a program here.</summary>
    private Operand[] Inline(Program program, Operand[] operands)
    {
        var lowered = Lower(program, limits);
        var (results, values, hasFailed) = Split(lowered, builder.Inline(lowered.Program, operands));
        sites.AddRange(lowered.Record.Sites);
        record.AddRange(values);
        if (hasFailed is { } failed) fails = fails is { } others ? builder.Add(new Or(), others, failed) : failed;
        return results;
    }

    private static (Operand[] Results, Operand[] Record, Operand? Fails) Split(Lowered lowered, Operand[] all) =>
        (all[..lowered.ResultCount], all[lowered.ResultCount..(lowered.ResultCount + lowered.Record.Width)], lowered.CanFail ? all[^1] : null);

    private Operand[] Add(Cond cond, Operand[] operands)
    {
        var branches = cond.Branches.Select(branch => Lower(branch, limits)).ToArray();
        var canFail = branches.Any(static b => b.CanFail);
        var count = cond.Branches[0].Outputs.Length;
        var results = builder.AddAll(new Cond(branches.Select(Extended).ToValueArray()), operands);
        Record(
            new EffectSite.Choice(branches.Select(static b => b.Record).ToValueArray()), [operands[0], .. results[count..(canFail ? ^1 : ^0)]], canFail ? results[^1] : null);
        return results[..count];

        // All branches return the records of all, in order; those of others are zeros.
        Program Extended(Lowered branch)
        {
            var copy = new ProgramBuilder();
            var (own, values, hasFailed) = Split(branch, copy.Inline(branch.Program, [.. branch.Program.Inputs.Select(copy.AddInput)]));
            var outputs = own.ToList();
            foreach (var other in branches)
            {
                if (ReferenceEquals(other, branch)) outputs.AddRange(values);
                else foreach (var spec in other.RecordSpecs) outputs.Add(Zeros(copy, spec));
            }
            if (canFail) outputs.Add(hasFailed ?? Operand.Of(Scalar.Of(false)));
            return copy.Build([.. outputs]);
        }
    }

    private Operand[] Add(Scan scan, Operand[] operands)
    {
        var body = Lower(scan.Body, limits);
        var carryEnd = scan.ConstCount + scan.CarryCount;
        if (limits.CapacityFor(body.RecordBytes) >= scan.Length)
        {
            var (results, values, hasFailed) = Split(body, builder.AddAll(scan with { Body = body.Program }, operands));
            Record(new EffectSite.Stacked(body.Record, scan.Length, scan.Reverse), values, hasFailed is { } failed ? builder.Add(new ReduceOr([0]), failed) : null);
            return results;
        }

        var recorder = new LoopRecorder(body.Record, body.RecordSpecs.ToArray(), body.CanFail, limits.CapacityFor(body.RecordBytes));
        var step = new ProgramBuilder();
        var given = body.Program.Inputs.AsSpan()[..carryEnd].ToArray().Select(step.AddInput).ToArray();
        var carried = recorder.Carry.Select(step.AddInput).ToArray();
        var slices = body.Program.Inputs.Skip(carryEnd).Select(step.AddInput).ToArray();
        var (outputs, recorded, failedNow) = Split(body, step.Inline(body.Program, [.. given, .. slices]));
        var extended = step.Build([.. outputs[..scan.CarryCount], .. recorder.Step(step, carried, recorded, failedNow), .. outputs[scan.CarryCount..]]);

        var width = recorder.Carry.Length;
        var all = builder.AddAll(
            scan with { Body = extended, CarryCount = scan.CarryCount + width }, [.. operands[..carryEnd], .. recorder.Start(builder), .. operands[carryEnd..]]);
        Record(recorder.Site, all.AsSpan(scan.CarryCount, width)[1..], body.CanFail ? all[scan.CarryCount] : null);
        return [.. all[..scan.CarryCount], .. all[(scan.CarryCount + width)..]];
    }

    private Operand[] Add(While loop, Operand[] operands)
    {
        if (loop.Cond.HasEffects) return Add(TestingAtTheEnd(loop, operands, out var start), start)[..^1];

        var body = Lower(loop.Body, limits);
        var constCount = loop.CondConstCount + loop.BodyConstCount;
        var carryCount = operands.Length - constCount;
        var recorder = new LoopRecorder(body.Record, body.RecordSpecs.ToArray(), body.CanFail, limits.CapacityFor(body.RecordBytes));
        var step = new ProgramBuilder();
        var given = body.Program.Inputs.Select(step.AddInput).ToArray();
        var carried = recorder.Carry.Select(step.AddInput).ToArray();
        var (outputs, recorded, failedNow) = Split(body, step.Inline(body.Program, given));
        var extended = step.Build([.. outputs, .. recorder.Step(step, carried, recorded, failedNow)]);

        var test = new ProgramBuilder();
        var tested = loop.Cond.Inputs.Select(test.AddInput).ToArray();
        foreach (var spec in recorder.Carry) test.AddInput(spec);
        var condition = test.Build(test.Inline(loop.Cond, tested));

        var all = builder.AddAll(loop with { Cond = condition, Body = extended }, [.. operands, .. recorder.Start(builder)]);
        Record(recorder.Site, all.AsSpan(carryCount + 1), body.CanFail ? all[carryCount] : null);
        return all[..carryCount];
    }

    /// <summary>
    /// A loop whose condition has effects as one whose condition has none: it is tested before the loop and at the end of each step, and whether to go on is the last carry.
    /// </summary>
    private While TestingAtTheEnd(While loop, Operand[] operands, out Operand[] start)
    {
        var constCount = loop.CondConstCount + loop.BodyConstCount;
        var goesOn = Inline(loop.Cond, [.. operands[..loop.CondConstCount], .. operands[constCount..]])[0];
        start = [.. operands, goesOn];

        var step = new ProgramBuilder();
        var condConsts = loop.Cond.Inputs.Take(loop.CondConstCount).Select(step.AddInput).ToArray();
        var given = loop.Body.Inputs.Select(step.AddInput).ToArray();
        step.AddInput(new(DType.Bool, Shape.Scalar));
        var carry = step.Inline(loop.Body, given);
        var body = step.Build([.. carry, .. step.Inline(loop.Cond, [.. condConsts, .. carry])]);

        var test = new ProgramBuilder();
        foreach (var operand in operands[constCount..]) test.AddInput(builder.SpecOf(operand));
        return new While(test.Build(test.AddInput(new(DType.Bool, Shape.Scalar))), body, 0, constCount);
    }

    internal static Operand Zeros(ProgramBuilder builder, TensorSpec spec)
    {
        var zero = Operand.Of(new Scalar(spec.DType, 0));
        return spec.Rank == 0 ? zero : builder.Add(new BroadcastInDim(spec.Shape, []), zero);
    }
}
