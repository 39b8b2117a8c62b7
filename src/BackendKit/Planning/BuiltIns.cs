using BrainState.Backends;
using BrainState.BackendKit.Execution;
using BrainState.BackendKit.Replication;
using BrainState.Ops;

namespace BrainState.BackendKit.Planning;

/// <summary>The ops that the kit runs where there is no kernel, and the kernels that it needs for them.</summary>
internal static class BuiltIns
{
    public static bool Contain(Op op) => op is Scan or While or Cond or Call or Checkpoint or CustomJvp or CustomVjp or Composite
        or OptimizationBarrier or StopGradient or DebugPrint or ErrorIf
        or AxisIndex or PSum or PMax or PMin or PPermute or AllGather or ReduceScatter or AllToAll;

    public static Support Supports(IKernels kernels, Op op, TensorSpec[] inputs, IDevice device)
    {
        foreach (var (needed, specs) in KernelsOf(op, inputs, kernels.Devices.Count))
            if (kernels.Supports(needed, specs, device) is { IsSupported: false, Reason: var reason })
                return Support.No($"{op.Name} needs the kernel {needed.Name} on ({string.Join(", ", specs)}): {reason}");
        return Support.Yes;
    }

    /// <summary>The number of replicas that a collective is for, if it says so.</summary>
    public static int? SizeOf(Collective op) => op switch
    {
        AllGather gather => gather.AxisSize,
        ReduceScatter scatter => scatter.AxisSize,
        AllToAll toAll => toAll.AxisSize,
        _ => null,
    };

    private static IEnumerable<(Op Op, TensorSpec[] Inputs)> KernelsOf(Op op, TensorSpec[] inputs, int replicas)
    {
        switch (op)
        {
            case Scan { Length: > 0 } scan:
                foreach (var stacked in inputs.Skip(scan.ConstCount + scan.CarryCount))
                {
                    yield return (Rows.At(stacked.Shape, 0, 0), [stacked]);
                    yield return (new Reshape(stacked.Shape.Without([0])), [stacked.With(stacked.Shape.With(0, 1))]);
                }
                foreach (var result in scan.Body.OutputSpecs.Skip(scan.CarryCount))
                {
                    var row = result.With(result.Shape.Insert(0, 1));
                    yield return (new Reshape(row.Shape), [result]);
                    if (scan.Length > 1) yield return (new Concatenate(0), [.. Enumerable.Repeat(row, scan.Length)]);
                }
                break;
            case Collective collective and not AxisIndex:
                // Replicas differ in what they need only where some get nothing.
                for (var index = 0; index < (collective is PPermute ? replicas : 1); index++)
                {
                    var program = CollectivePrograms.Of(collective, inputs[0], SizeOf(collective) ?? replicas, index)!;
                    foreach (var equation in program.Equations) yield return (equation.Op, [.. equation.Inputs.Select(program.SpecOf)]);
                }
                break;
        }
    }
}
