using BrainState.Cpu.Lowering;
using BrainState.Cpu.Steps;
using BrainState.Programs;

namespace BrainState.Cpu.Planning;

/// <summary>Makes a plan: lower, schedule, decide where everything is, make the steps.</summary>
internal static class PlanBuilder
{
    /// <summary>
    /// The plan of a program. Outputs that <paramref name="skip"/> names are not computed; the first <paramref name="fixedInputs"/> inputs are the same in many runs.
    /// <paramref name="given"/> are the inputs that a run gives up if it succeeds; a body, for which it is null, may lose any, as the loop around it decides.
    /// </summary>
    public static Plan Build(Program program, Target target, ReadOnlySpan<bool> skip = default, int fixedInputs = 0, ValueArray<int>? given = null)
    {
        var lowered = Lowerer.Lower(program, target, skip, fixedInputs);
        var schedule = Schedule.Of(lowered.Nodes);
        var (inputs, outputs) = (lowered.Inputs.Length, lowered.Outputs.Length);
        var arenaSlot = inputs + outputs;
        var data = new PlanData();
        for (var i = 0; i < inputs; i++) lowered.Inputs[i].Location = new(i, 0);
        for (var i = 0; i < outputs; i++)
        {
            if (lowered.Outputs[i] is not { } output) continue;
            output.IsStored = output.IsOutput = true;
            output.Location = new(inputs + i, 0);
        }

        FindLastReads(schedule);
        var arena = new ArenaLayout();
        var compiler = new GroupCompiler(data, arenaSlot + 1, target.Threads);
        var steps = new List<Step>(schedule.Items.Count);
        foreach (var item in schedule.Items)
        {
            foreach (var value in OutputsOf(item))
                if (value.IsStored && !value.IsOutput)
                    value.Location = Place(value, item);
            steps.Add(item switch
            {
                Group group => compiler.Compile(group, bytes => new(arenaSlot, arena.Place(bytes, item.Index, item.Index))),
                SingleItem single => MakeStep(single.Node, item.Index),
                _ => throw new InvalidOperationException($"Unknown item {item}."),
            });
        }
        var replaced = given is { } ofRun
            ? Replacement.OfInputs(lowered.Outputs, schedule, ofRun, steps.FindLastIndex(static step => step.CanStop))
            : Array.ConvertAll(lowered.Outputs, static output => output is not null && Replacement.Of(output) is { Input: var input } ? input : -1);
        return new(inputs, outputs, arena.Bytes, [.. steps], data) { ReplacedInputs = replaced, Packings = lowered.Packings };

        Location Place(Value value, Item item)
        {
            var last = Math.Max(value.LastRead, item.Index);
            if (Replacement.Of(value) is not { Producer: not null } operand || operand.IsOutput) return new(arenaSlot, arena.Place(value.ByteCount, item.Index, last));
            arena.Extend(operand.Location.Offset, last);
            return operand.Location;
        }

        Step MakeStep(StepNode node, int index)
        {
            var scratch = node.ScratchBytes == 0 ? default : new Location(arenaSlot, arena.Place(node.ScratchBytes, index, index));
            return node.Factory(new(
                Array.ConvertAll(node.Inputs, value => LocationOf(value, data, arenaSlot + 1)),
                Array.ConvertAll(node.Outputs, static value => value.Location), scratch, data));
        }
    }

    /// <summary>Where the bytes of a value are; a view must be dense.</summary>
    public static unsafe Location LocationOf(Value value, PlanData data, int absoluteSlot)
    {
        if (value.Constant is { } constant) return new(absoluteSlot, (nint)data.Copy(constant));
        if (value.View is not { } view) return value.Location;
        var source = LocationOf(view.Source, data, absoluteSlot);
        return source with { Offset = source.Offset + view.ByteOffset };
    }

    private static IEnumerable<Value> OutputsOf(Item item) => item switch
    {
        Group group => group.Nodes.Select(static node => node.Output),
        SingleItem single => single.Node.Outputs,
        _ => [],
    };

    private static void FindLastReads(Schedule schedule)
    {
        foreach (var item in schedule.Items)
        {
            IEnumerable<Node> nodes = item is Group group ? group.Nodes : [((SingleItem)item).Node];
            foreach (var node in nodes)
                foreach (var input in node.Inputs)
                    input.Root.LastRead = item.Index;
        }
    }
}
