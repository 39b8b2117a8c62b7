using System.Globalization;
using BrainState.Interpretation;
using BrainState.Programs;

namespace BrainState.Conformance;

/// <summary>The inputs of a case are those of all devices, one device after the other.</summary>
internal sealed record ReplicasCheck(string AxisName, int Count) : ProgramCheck
{
    public override int Devices => Count;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"replicas {AxisName} {Count}");

    public override Deviation Verify(ConformanceTarget target, Program program, HostValue[] inputs)
    {
        if (inputs.Length != Count * program.Inputs.Length)
            throw new ConformanceException($"the check is for {Count} devices with {program.Inputs.Length} inputs each, but there are {inputs.Length} inputs");
        HostValue[][] own = [.. Enumerable.Range(0, Count).Select(replica => inputs[(replica * program.Inputs.Length)..((replica + 1) * program.Inputs.Length)])];
        var expected = Interpreter.RunReplicated(program, AxisName, own);
        var actual = target.ExecuteReplicated(program, AxisName, own);
        for (var replica = 0; replica < Count; replica++) Expect.Same($"device {replica} of {Count}", expected[replica], actual[replica]);
        return Deviation.None;
    }
}
