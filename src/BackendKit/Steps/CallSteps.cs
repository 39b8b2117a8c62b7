using System.Buffers.Binary;
using BrainState.BackendKit.Execution;
using BrainState.BackendKit.Planning;

namespace BrainState.BackendKit.Steps;

/// <summary>Returns the operands as they are.</summary>
internal sealed class IdentityStep : Step
{
    public override Value[] Execute(Run run, Value?[] operands)
    {
        var results = new Value?[operands.Length];
        Move(operands, results);
        return results!;
    }
}

/// <summary>Runs a body.</summary>
internal sealed class CallStep(Plan body) : Step
{
    public override Value[] Execute(Run run, Value?[] operands) => body.Execute(run, operands);
}

/// <summary>Runs the branch that the first operand selects; values outside select the nearest one.</summary>
internal sealed class CondStep(Plan[] branches) : Step
{
    public override Value[] Execute(Run run, Value?[] operands)
    {
        var index = new byte[sizeof(int)];
        operands[0]!.CopyTo(index);
        var inputs = new Value?[operands.Length - 1];
        Move(operands.AsSpan(1), inputs);
        return branches[Math.Clamp(BinaryPrimitives.ReadInt32LittleEndian(index), 0, branches.Length - 1)].Execute(run, inputs);
    }
}
