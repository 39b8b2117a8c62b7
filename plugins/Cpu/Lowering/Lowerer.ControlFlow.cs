using BrainState.Cpu.Planning;
using BrainState.Cpu.Steps;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Cpu.Lowering;

/// <summary>
/// Control flow: steps that run nested plans. A loop gives each carry that the body changes one buffer besides its result and writes to
/// them in turn; one that the body only updates stays in its result; a carry that the body hands on unchanged is no carry at all.
/// </summary>
internal sealed partial class Lowerer
{
    private Value[] LowerCond(Cond cond, Operands operands)
    {
        if (cond.Branches.Count == 1) return Inline(cond.Branches[0], operands.Values.AsSpan(1));
        var branches = new Plan[cond.Branches.Count];
        for (var i = 0; i < branches.Length; i++) branches[i] = PlanBuilder.Build(cond.Branches[i], target);
        var outputs = Results(cond.Branches[0].OutputSpecs);
        AppendAll(new StepNode(InMemory(operands.Values), outputs, 0, memory => new CondStep(branches, memory)) { HasEffects = cond.HasEffects });
        return outputs;
    }

    private Value[] LowerWhile(While loop, Operands operands)
    {
        var constCount = loop.CondConstCount + loop.BodyConstCount;
        var carry = new Carry(loop.Body, loop.BodyConstCount, operands.Values.Length - constCount);
        var condition = PlanBuilder.Build(loop.Cond, target);
        var body = PlanBuilder.Build(loop.Body, target, carry.IsInvariant);
        carry.Arrange(body);
        var outputs = CarryResults(carry, operands.Values.AsSpan(constCount));
        AppendAll(new StepNode(InMemory(operands.Values), carry.Changing(outputs), carry.BufferBytes + 64,
            memory => new WhileStep(condition, body, loop.CondConstCount, loop.BodyConstCount, carry, memory)) { HasEffects = loop.HasEffects });
        return outputs;
    }

    private Value[] LowerScan(Scan scan, Operands operands)
    {
        var carry = new Carry(scan.Body, scan.ConstCount, scan.CarryCount);
        var initial = operands.Values.AsSpan(scan.ConstCount, scan.CarryCount);
        var stacked = new Value[scan.Body.OutputSpecs.Length - scan.CarryCount];
        for (var i = 0; i < stacked.Length; i++)
        {
            var spec = scan.Body.OutputSpecs[scan.CarryCount + i];
            stacked[i] = new Value(spec.DType, spec.ElementCount * scan.Length);
        }
        if (scan.Length == 0) return [.. initial, .. stacked];

        var skip = new bool[scan.Body.OutputSpecs.Length];
        carry.IsInvariant.CopyTo(skip, 0);
        var body = PlanBuilder.Build(scan.Body, target, skip, scan.Length > 1 ? scan.ConstCount : 0);
        carry.Arrange(body);
        var carried = CarryResults(carry, initial);
        var operandSlices = Array.ConvertAll(operands.Values[(scan.ConstCount + scan.CarryCount)..], value => value.ByteCount / scan.Length);
        var resultSlices = Array.ConvertAll(stacked, value => value.ByteCount / scan.Length);
        Value[] computed = [.. carry.Changing(carried), .. stacked];
        AppendAll(new StepNode(InMemory(operands.Values), computed, carry.BufferBytes + body.Packings.Sum(static packing => packing.Plan.PackedBytes),
            memory => new ScanStep(body, scan.ConstCount, scan.Length, scan.Reverse, carry, operandSlices, resultSlices, memory)) { HasEffects = scan.HasEffects });
        return [.. carried, .. stacked];
    }

    private static Value[] Results(ReadOnlySpan<TensorSpec> specs)
    {
        var results = new Value[specs.Length];
        for (var i = 0; i < results.Length; i++) results[i] = new Value(specs[i].DType, specs[i].ElementCount);
        return results;
    }

    private static Value[] Results(System.Collections.Immutable.ImmutableArray<TensorSpec> specs) => Results(specs.AsSpan());

    private static Value[] CarryResults(Carry carry, ReadOnlySpan<Value> initial)
    {
        var results = initial.ToArray();
        for (var i = 0; i < results.Length; i++)
            if (!carry.IsInvariant[i])
                results[i] = new Value(initial[i].DType, initial[i].Count);
        return results;
    }
}

/// <summary>The carry of a loop: which parts of it the body changes, and where their second buffers are.</summary>
internal sealed class Carry
{
    private const int Alignment = 64;

    private readonly int firstInput;

    /// <summary>The carry of a body whose carry inputs start at <paramref name="firstInput"/> and whose first outputs are the carry.</summary>
    public Carry(Program body, int firstInput, int count)
    {
        this.firstInput = firstInput;
        (IsInvariant, IsInPlace) = (new bool[count], new bool[count]);
        ByteCounts = new long[count];
        Offsets = new long[count];
        for (var i = 0; i < count; i++)
        {
            IsInvariant[i] = body.Outputs[i] is { IsLiteral: false } output && output.Value == firstInput + i;
            ByteCounts[i] = body.OutputSpecs[i].ByteCount;
        }
    }

    /// <summary>Decides which parts stay where they are, and where the second buffers of the others are.</summary>
    public void Arrange(Plan body)
    {
        for (var i = 0; i < Count; i++)
        {
            IsInPlace[i] = !IsInvariant[i] && body.ReplacedInputs[i] == firstInput + i;
            Offsets[i] = BufferBytes;
            if (!IsInvariant[i] && !IsInPlace[i]) BufferBytes += (ByteCounts[i] + Alignment - 1) / Alignment * Alignment;
        }
    }

    public int Count => IsInvariant.Length;

    /// <summary>Whether the body returns this part as it got it.</summary>
    public bool[] IsInvariant { get; }

    /// <summary>Whether the body may write this part to where it reads it.</summary>
    public bool[] IsInPlace { get; }

    /// <summary>The size of each part.</summary>
    public long[] ByteCounts { get; }

    /// <summary>Where the second buffer of each changing part starts in the scratch memory.</summary>
    public long[] Offsets { get; }

    /// <summary>The size of all second buffers.</summary>
    public long BufferBytes { get; private set; }

    /// <summary>The items that belong to changing parts.</summary>
    public T[] Changing<T>(ReadOnlySpan<T> items)
    {
        var changing = new List<T>(items.Length);
        for (var i = 0; i < items.Length; i++)
            if (!IsInvariant[i])
                changing.Add(items[i]);
        return [.. changing];
    }

    /// <summary>The items that belong to changing parts.</summary>
    public T[] Changing<T>(T[] items) => Changing<T>(items.AsSpan());
}
