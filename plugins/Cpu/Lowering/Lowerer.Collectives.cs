using BrainState.Backends;
using BrainState.Cpu.Steps;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Cpu.Lowering;

/// <summary>
/// Collectives. A step copies what a replica needs from the operands of all and stacks it; the rest is a reduction or a transposition of the stack, which every
/// replica does for itself and in the same order, so that results are the same on all and do not depend on who came first.
/// </summary>
internal sealed partial class Lowerer
{
    private Value LowerCollective(Collective op, Operands operands, TensorSpec output)
    {
        if (op.AxisName != target.AxisName)
            throw new BackendException($"{op.Name} combines values along the axis '{op.AxisName}', but the program is compiled along "
                + $"{(target.AxisName is { } name ? $"'{name}'" : "none; name it in CompileOptions.AxisName")}.");
        if (op is AxisIndex) return AddStep([], output, static memory => new AxisIndexStep(memory));
        var (x, spec) = (operands.Values[0], operands.Specs[0]);
        RequireParticipants(op);
        if (output.ElementCount == 0) return new(output.DType, 0);
        return op switch
        {
            PSum => Reduced(new ReduceSum([0]), Stacked(op, x, spec, Exchange.Gather), StackOf(spec)),
            PMax => Reduced(new ReduceMax([0]), Stacked(op, x, spec, Exchange.Gather), StackOf(spec)),
            PMin => Reduced(new ReduceMin([0]), Stacked(op, x, spec, Exchange.Gather), StackOf(spec)),
            PPermute permute => AddStep([x], output, memory => new PermuteStep(permute, spec, memory)),
            AllGather gather => Moved(Stacked(op, x, spec, Exchange.Gather), StackOf(spec), 0, gather.Dimension),
            ReduceScatter scatter => Reduced(new ReduceSum([0]),
                Stacked(op, Moved(x, spec, scatter.Dimension, 0), spec, Exchange.Scatter), StackOf(output)),
            AllToAll all => Moved(
                Stacked(op, Moved(x, spec, all.SplitAxis, 0), spec, Exchange.Scatter), StackOf(spec.With(spec.Shape.Without([all.SplitAxis]))), 0, all.ConcatAxis),
            _ => throw new BackendException($"The cpu backend does not know the collective '{op.Name}'; ask Supports before compiling."),
        };
    }

    private void RequireParticipants(Collective op)
    {
        var size = op switch
        {
            AllGather gather => gather.AxisSize,
            ReduceScatter scatter => scatter.AxisSize,
            AllToAll all => all.AxisSize,
            _ => target.AxisSize,
        };
        var last = op is PPermute permute ? permute.Permutation.Aggregate(0, static (last, pair) => Math.Max(last, Math.Max(pair.Source, pair.Destination))) : 0;
        if (size != target.AxisSize || last >= target.AxisSize)
            throw new BackendException($"{op} does not fit the axis '{op.AxisName}', which has {target.AxisSize} replicas.");
    }

    /// <summary>What a replica copies from the operands of all, in one step.</summary>
    private Value Stacked(Collective op, Value x, TensorSpec spec, Exchange exchange)
    {
        var count = exchange == Exchange.Gather ? target.AxisSize * spec.ElementCount : spec.ElementCount;
        var stack = new Value(spec.DType, count);
        return Append(new StepNode(InMemory([x]), [stack], 0, memory => new ExchangeStep(op, spec, exchange, memory)));
    }

    private TensorSpec StackOf(TensorSpec part) => part.With(part.Shape.Insert(0, target.AxisSize));

    private Value Reduced(Op reduction, Value x, TensorSpec spec)
    {
        var builder = new ProgramBuilder();
        return Inline(builder.Build(builder.Add(reduction, builder.AddInput(spec))), [x])[0];
    }

    /// <summary>The tensor with one axis at another place.</summary>
    private Value Moved(Value x, TensorSpec spec, int from, int to)
    {
        var axes = Enumerable.Range(0, spec.Rank).Where(axis => axis != from).ToList();
        axes.Insert(to, from);
        return Permute(x, spec, axes.ToArray());
    }
}
