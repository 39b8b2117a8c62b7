using BrainState.Batching;
using BrainState.Programs;
using BrainState.Pytrees;
using BrainState.Tracing;

namespace BrainState;

/// <summary>
/// One call of a mapped function: traces it for a single lane, finds out what differs between lanes by batching its program, checks that against the axes that
/// the user gave, and runs the batched program.
/// </summary>
internal class VmapCall(string name, VmapOptions options)
{
    private readonly List<(string What, int Size)> sizes = options.AxisSize is { } size ? [(nameof(VmapOptions.AxisSize), size)] : [];
    private readonly Dictionary<State, AxisSlot> stateSlots = new(ReferenceEqualityComparer.Instance);

    private IReadOnlyList<(int Axis, StateFilter Filter)> StateInAxes => (options as Vmap2Options)?.StateInAxes ?? [];

    private IReadOnlyList<(int Axis, StateFilter Filter)> StateOutAxes => (options as Vmap2Options)?.StateOutAxes ?? [];

    private int Size => sizes.Count > 0 ? sizes[0].Size : throw BatchAxisException.NoSize(name);

    /// <summary>Runs a function that returns its result taken apart, and gives the tensors of the result in all lanes.</summary>
    public Tensor[] Run(TreeWriter arguments, Func<Tensor[], TreeWriter> function)
    {
        var slots = arguments.Leaves.Select((leaf, i) => InSlot(
            BatchAxes.At(options.InAxes, arguments.LeafPaths![i], nameof(VmapOptions.InAxes), () => ArgumentName(arguments.LeafPaths[i])),
            leaf.Spec, () => ArgumentName(arguments.LeafPaths![i]), $"Set {nameof(VmapOptions.InAxes)} to null for what all lanes share.")).ToArray();
        RequireOneSize();

        TreeWriter? result = null;
        State[] born = [];
        var axisName = options.AxisName ?? NamedAxes.NextName;
        using var around = NamedAxes.Enter(axisName);
        using var known = sizes.Count > 0 ? NamedAxes.EnterSize(options.AxisName, sizes[0].Size * Processes) : null;
        var traced = Trace.Run(arguments.Leaves.Select((leaf, i) => new Aval(slots[i].Lane(leaf.Spec), leaf.IsWeak)).ToArray(), leaves =>
        {
            result = function(leaves);
            born = [.. Trace.Current!.Born];
            return [.. result.Leaves, .. born.Select(static s => s.Peek())];
        }, view: View);
        var axis = new BatchAxis(Size * Processes, axisName);

        AxisSlot[] inputs = [.. traced.Captures.Select(static _ => AxisSlot.Shared), .. slots, .. traced.States.Select(use => stateSlots[use.State])];
        var batched = BatchMode.Batch(traced.Program, inputs.Select(static s => s.IsMapped).ToValueArray(), axis);
        var outputs = OutSlots(traced, batched, result!, born);
        var border = new LaneBorder(inputs.ToValueArray(), outputs.ToValueArray(), axis);

        var results = Run(traced, border, arguments.Leaves.ToArray());
        traced.WriteStates(results, traced.ResultCount);
        traced.RestoreWeakness(results);
        for (var i = 0; i < born.Length; i++) born[i].LeaveTrace(results[result!.Leaves.Count + i]);
        return results[..result!.Leaves.Count];
    }

    /// <summary>How many processes have as many lanes each. Those of the others are there to a lane, but nowhere here.</summary>
    protected virtual int Processes => 1;

    /// <summary>Runs the program of one lane in all lanes; takes and gives values as they are outside.</summary>
    protected virtual Tensor[] Run(TracedProgram traced, LaneBorder border, Tensor[] arguments) =>
        traced.Apply(border.Around(traced.Program), arguments);

    /// <summary>Says that there are so many lanes, because of <paramref name="what"/>.</summary>
    protected void AddSize(string what, int size) => sizes.Add((what, size));

    /// <summary>A State as one lane sees it.</summary>
    private Aval View(State state, Aval outside)
    {
        if (!stateSlots.TryGetValue(state, out var slot))
        {
            slot = state is RandomState && outside.Spec.Rank == 1
                ? AxisSlot.Key
                : InSlot(AxisOf(StateInAxes, state), outside.Spec, state.ToDisplayName, $"Let no filter of {nameof(Vmap2Options.StateInAxes)} take it.");
            RequireOneSize();
            stateSlots.Add(state, slot);
        }
        return outside with { Spec = slot.Lane(outside.Spec) };
    }

    private AxisSlot InSlot(int? axis, TensorSpec spec, Func<string> describe, string remedy)
    {
        if (axis is not { } mapped) return AxisSlot.Shared;
        if (mapped < -spec.Rank || mapped >= spec.Rank) throw BatchAxisException.NoSuchAxis(name, mapped, describe(), spec, remedy);
        var position = mapped < 0 ? mapped + spec.Rank : mapped;
        AddSize(describe(), spec.Shape[position]);
        return AxisSlot.Along(position);
    }

    private void RequireOneSize()
    {
        if (sizes.Exists(s => s.Size != sizes[0].Size)) throw BatchAxisException.Sizes(name, sizes);
    }

    private List<AxisSlot> OutSlots(TracedProgram traced, BatchedProgram batched, TreeWriter result, State[] born)
    {
        var slots = new List<AxisSlot>();
        TensorSpec Spec() => traced.Program.OutputSpecs[slots.Count];
        foreach (var path in result.LeafPaths!)
        {
            string Describe() => ResultName(path);
            var axis = BatchAxes.At(options.OutAxes, path, nameof(VmapOptions.OutAxes), Describe);
            if (axis is null && batched.IsOutputBatched[slots.Count]) throw BatchAxisException.Varies(name, Describe());
            slots.Add(OutSlot(axis, Spec(), Describe));
        }
        foreach (var state in born) slots.Add(OutSlot(AxisOf(StateOutAxes, state) ?? 0, Spec(), state.ToDisplayName));
        for (var i = 0; i < traced.States.Length; i++)
        {
            var (state, isWritten, _) = traced.States[i];
            if (!isWritten) continue;
            var slot = stateSlots[state];
            if (slot == AxisSlot.Shared)
            {
                var axis = AxisOf(StateOutAxes, state);
                if (axis is null && batched.IsOutputBatched[slots.Count]) throw BatchAxisException.StateVaries(name, state.ToDisplayName());
                slots.Add(OutSlot(axis, Spec(), state.ToDisplayName));
            }
            else
            {
                slots.Add(slot == AxisSlot.Key ? AxisSlot.NextKeyOf(traced.FirstState + i) : OutSlot(slot.Position, Spec(), state.ToDisplayName));
            }
        }
        return slots;
    }

    private AxisSlot OutSlot(int? axis, TensorSpec lane, Func<string> describe)
    {
        if (axis is not { } mapped) return AxisSlot.Shared;
        return mapped >= -lane.Rank - 1 && mapped <= lane.Rank
            ? AxisSlot.Along(mapped < 0 ? mapped + lane.Rank + 1 : mapped)
            : throw BatchAxisException.NoSuchAxis(name, mapped, describe(), lane, $"It has {lane.Rank} axes in each lane and {lane.Rank + 1} altogether.");
    }

    private static int? AxisOf(IReadOnlyList<(int Axis, StateFilter Filter)> axes, State state)
    {
        foreach (var (axis, filter) in axes)
            if (filter.Matches(default, state))
                return axis;
        return null;
    }

    private static string ArgumentName(TreeStep[] path) => $"argument {path[0].Index}{Inside(path.AsSpan(1))}";

    private static string ResultName(TreeStep[] path) => $"the result{Inside(path)}";

    private static string Inside(ReadOnlySpan<TreeStep> path) => string.Concat(path.ToArray().Select(static step => $"[{step.Index}]"));
}
