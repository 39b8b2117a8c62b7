using BrainState.Cpu.Lowering;

namespace BrainState.Cpu.Planning;

/// <summary>Values in the memory of others, which nobody reads any more.</summary>
internal static class Replacement
{
    /// <summary>The operand whose memory the value may take over, because the step that computes it updates it and is the last to read it; null if there is none.</summary>
    public static Value? Of(Value value) => value.Producer is StepNode { Replaceable: { } operand } && operand.LastRead == value.Item ? operand : null;

    /// <summary>
    /// For each output of a program the input that it may be written over, of those that a run gives up, or −1. A run that fails leaves its inputs as they were, so that only
    /// what comes after the item <paramref name="lastStop"/>, where it may still end, counts.
    /// </summary>
    public static int[] OfInputs(Value?[] outputs, Schedule schedule, ValueArray<int> given, int lastStop)
    {
        var replaced = new int[outputs.Length];
        Array.Fill(replaced, -1);
        HashSet<int> free = [.. given];
        for (var i = 0; i < outputs.Length && free.Count > 0; i++)
        {
            if (outputs[i] is not { ByteCount: > 0 } output || output.Item <= lastStop) continue;
            var old = Of(output) is { } operand ? operand
                : schedule.Items[output.Item] is Group group ? OperandOf(group, output, free)
                : null;
            if (old is null || !free.Remove(old.Input)) continue;
            replaced[i] = old.Input;
        }
        return replaced;
    }

    /// <summary>
    /// An input that the group reads element by element, for the last time, and never after it has computed the same element of <paramref name="output"/>; null if there is none.
    /// Its own operands first: of several States each then replaces itself.
    /// </summary>
    private static Value? OperandOf(Group group, Value output, HashSet<int> free)
    {
        var producer = group.Nodes.FindIndex(node => node.Output == output);
        if (group.Nodes[producer] is not PointwiseNode) return null;
        for (var i = producer; i >= 0; i--)
            foreach (var operand in group.Nodes[i].Inputs)
                if (operand.View is null && free.Contains(operand.Input) && operand.LastRead == group.Index && operand.Count == output.Count
                    && operand.DType.Size == output.DType.Size && !IsReadAfter(group, operand, producer) && !IsViewed(group, operand))
                    return operand;
        return null;
    }

    private static bool IsReadAfter(Group group, Value operand, int position)
    {
        for (var i = position + 1; i < group.Nodes.Count; i++)
            if (group.Nodes[i].Inputs.Contains(operand))
                return true;
        return false;
    }

    /// <summary>Whether the group reads elements of the operand in another order, too.</summary>
    private static bool IsViewed(Group group, Value operand)
    {
        foreach (var node in group.Nodes)
            foreach (var input in node.Inputs)
                if (input.View?.Source == operand)
                    return true;
        return false;
    }
}
