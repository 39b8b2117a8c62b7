using BrainState.Backends;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.Cpu;

/// <summary>Kernels read nothing beyond their operands, whatever is left after whole vectors.</summary>
public sealed class BoundsTests
{
    public static TheoryData<DType> Types => [.. Samples.All];

    /// <summary>What follows the operand cannot be read: the process would end.</summary>
    [Theory, MemberData(nameof(Types))]
    public void ConversionsStayInTheirOperand(DType from)
    {
        if (!OperatingSystem.IsLinux()) return;
        foreach (var to in Samples.All)
            foreach (var count in (int[])[1, 3, 7, 8, 13, 31, 65])
            {
                var builder = new ProgramBuilder();
                TensorSpec spec = new(from, [count]);
                if (from != to) Run(builder.Build(builder.Add(new ConvertElementType(to), builder.AddInput(spec))));
            }
    }

    private static void Run(Program program)
    {
        using var executable = Tensor.Compile(program);
        var argument = Samples.Modest(program.Inputs[0], 1);
        var memory = GuardedMemory.Allocate(argument.Spec.ByteCount);
        argument.ToBytes().CopyTo(memory.Span);
        using var buffer = Backends.Cpu.FromHost(memory, argument.Spec, Backends.Cpu.Devices[0]);
        memory.Release();
        var results = new IBuffer[1];
        executable.Execute([buffer], results, default);
        Reference.Evaluate(program, argument)[0].AssertClose(Tensor.FromBuffer(results[0]), $"{program}");
        results[0].Dispose();
    }
}
