using BrainState.Conformance.Generation;
using BrainState.Interpretation;
using BrainState.Programs;
using static BrainState.Transforms;

namespace BrainState.Conformance;

/// <summary>The inputs of a case are those of the batched program: batched ones have the lanes in front.</summary>
internal sealed record LanesCheck(int Count, ValueArray<bool> IsBatched) : ProgramCheck
{
    public override string ToString() => $"lanes {Count} {string.Concat(IsBatched.Select(static b => b ? '1' : '0'))}";

    public override Deviation Verify(ConformanceTarget target, Program program, HostValue[] inputs)
    {
        if (IsBatched.Count != program.Inputs.Length) throw new ConformanceException($"the check is for {IsBatched.Count} inputs, but the program takes {program.Inputs.Length}");
        var stacked = Batched(target, program, inputs);
        var deviation = Deviation.None;
        for (var lane = 0; lane < Count; lane++)
        {
            HostValue[] own = [.. inputs.Select((value, i) => IsBatched[i] ? HostLanes.At(value, lane) : value)];
            HostValue[] actual = [.. stacked.Select(value => HostLanes.At(value, lane))];
            try
            {
                deviation = deviation.Or(Verify(target, program, own, actual));
            }
            catch (ConformanceException failure)
            {
                throw new ConformanceException($"lane {lane}: {failure.Message}", failure);
            }
        }
        return deviation;
    }

    private HostValue[] Batched(ConformanceTarget target, Program program, HostValue[] inputs)
    {
        using var scope = target.Runtime.Enter();
        var function = Function.From(program);
        VmapOptions options = new() { InAxes = [[.. IsBatched.Select(static b => b ? (BatchAxes)0 : null)]], AxisSize = Count };
        var results = Vmap((Tensor[] x) => function.Invoke(x), options)([.. inputs.Select(TensorValues.ToTensor)]);
        return [.. results.Select(TensorValues.ToHost)];
    }

    /// <summary>A rule of several ops rounds more often than the op.</summary>
    private static Deviation Verify(ConformanceTarget target, Program program, HostValue[] inputs, HostValue[] actual)
    {
        if (program.Equations is [var only] && program.Outputs.Length == only.Outputs.Length)
            return Closeness.Check(only.Op, Equations.OperandsOf(only, inputs), actual, isNative: Equations.AreExact(program));
        Exactness.Check(target.Execute(program, inputs), actual);
        return Deviation.None;
    }
}
