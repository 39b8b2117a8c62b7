using BrainState.Backends;
using BrainState.Cpu.Memory;
using BrainState.Cpu.Planning;
using BrainState.Cpu.Replication;
using BrainState.Programs;

namespace BrainState.Cpu;

/// <summary>
/// A plan with its devices. Every execution takes a frame of its own; frames are kept, so that a warm execution allocates no more than its results; some it writes over arguments that it is given.
/// </summary>
internal sealed unsafe class CpuExecutable : IExecutable
{
    private const int MaxIdleFrames = 16;

    private readonly Plan plan;
    private readonly CpuDevice[] devices;
    private readonly bool hasAxis;
    private readonly TensorSpec[] inputs;
    private readonly TensorSpec[] outputs;
    private readonly long[] outputBytes;
    private readonly Execution?[] idle;
    private volatile bool disposed;

    public CpuExecutable(CpuBackend backend, Program program, Plan plan, bool hasAxis, CpuDevice[] devices)
    {
        (Backend, this.plan, this.hasAxis, this.devices) = (backend, plan, hasAxis, devices);
        (inputs, outputs) = ([.. program.Inputs], [.. program.OutputSpecs]);
        idle = new Execution?[Math.Max(MaxIdleFrames, devices.Length)];
        outputBytes = Array.ConvertAll(outputs, static spec => spec.ByteCount);
    }

    public CpuBackend Backend { get; }

    /// <summary>What one execution takes on one device.</summary>
    public MemoryUse Memory => new(inputs.Sum(static spec => spec.ByteCount), outputBytes.Sum(), plan.FrameBytes, outputBytes.Where((_, i) => plan.ReplacedInputs[i] >= 0).Sum());

    public void Execute(ReadOnlySpan<IBuffer> arguments, Span<IBuffer> results, in ExecuteOptions options)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (arguments.Length != inputs.Length * devices.Length || results.Length != outputs.Length * devices.Length)
            throw new ArgumentException(
                $"On {devices.Length} device(s) the program takes {inputs.Length * devices.Length} arguments and returns {outputs.Length * devices.Length} " +
                $"results, but {arguments.Length} and {results.Length} were given.");
        if (devices.Length == 1 && !hasAxis) Execute(0, null, arguments, results, options);
        else ExecuteTogether(arguments.ToArray(), results, options);
    }

    /// <summary>Runs all replicas at the same time. If one fails, the others stop, and there are no results.</summary>
    private void ExecuteTogether(IBuffer[] arguments, Span<IBuffer> results, ExecuteOptions options)
    {
        var cancellation = options.Cancellation;
        options = options with { Effects = OneAtATime(options.Effects) };
        var meetings = new Meetings(devices.Length);
        var computed = new IBuffer[results.Length];
        using (cancellation.UnsafeRegister(_ => meetings.Fail(new OperationCanceledException(cancellation)), null))
        {
            Backend.Team.Run(devices.Length, replica =>
            {
                try
                {
                    Execute(replica, new(meetings, replica), arguments.AsSpan(replica * inputs.Length, inputs.Length),
                        computed.AsSpan(replica * outputs.Length, outputs.Length), options);
                }
                catch (Exception failure)
                {
                    if (failure is not StoppedException) meetings.Fail(failure);
                }
                meetings.End(replica);
            });
        }
        if (meetings.Failure is { } failed)
        {
            foreach (var buffer in computed) buffer?.Dispose();
            failed.Throw();
        }
        computed.CopyTo(results);
    }

    /// <summary>The handler for several replicas, whose effects happen at the same time.</summary>
    private static EffectHandler? OneAtATime(EffectHandler? handler)
    {
        if (handler is null) return null;
        var gate = new Lock();
        return (op, operands) =>
        {
            lock (gate) handler(op, operands);
        };
    }

    private void Execute(int replica, Replica? place, ReadOnlySpan<IBuffer> arguments, Span<IBuffer> results, in ExecuteOptions options)
    {
        var execution = TakeExecution(replica);
        var frame = execution.Frame;
        int held = 0, rented = 0;
        try
        {
            for (; held < arguments.Length; held++) frame.SetInput(held, Hold(arguments[held], held, replica).Address);
            for (; rented < outputs.Length; rented++)
            {
                if (Replaced(rented, arguments, options) is { } old)
                {
                    frame.SetOutput(rented, old.Address);
                    continue;
                }
                var block = devices[replica].Pool.Rent(outputBytes[rented]);
                execution.Blocks[rented] = block;
                frame.SetOutput(rented, block.Address);
            }
            frame.Context.Enter(options, place);
            frame.Run();
            for (var i = 0; i < outputs.Length; i++) results[i] = new CpuBuffer(outputs[i], devices[replica], execution.Blocks[i] ?? Replaced(i, arguments, options)!.TakeBlock());
            rented = 0;
        }
        finally
        {
            for (var i = 0; i < rented; i++)
                if (execution.Blocks[i] is { } block)
                    devices[replica].Pool.Return(block);
            for (var i = 0; i < held; i++) ((CpuBuffer)arguments[i]).LetGo();
            frame.Context.Leave();
            Array.Clear(execution.Blocks);
            PutExecution(execution, replica);
        }
    }

    /// <summary>The argument that the output is written over this time, or null.</summary>
    private CpuBuffer? Replaced(int output, ReadOnlySpan<IBuffer> arguments, in ExecuteOptions options)
    {
        var input = plan.ReplacedInputs[output];
        return input >= 0 && arguments[input] is CpuBuffer { IsWritable: true } old && !options.KeepInputs.Contains(input) ? old : null;
    }

    public void Dispose()
    {
        disposed = true;
        for (var i = 0; i < idle.Length; i++) Interlocked.Exchange(ref idle[i], null)?.Frame.Dispose();
    }

    private CpuBuffer Hold(IBuffer argument, int index, int replica)
    {
        if (argument is not CpuBuffer buffer || buffer.CpuDevice != devices[replica])
            throw new ArgumentException($"Argument {index} is on {argument.Device.Name}, but this program runs on {devices[replica]}.");
        if (buffer.Spec.DType != inputs[index].DType || buffer.Spec.Shape != inputs[index].Shape)
            throw new ArgumentException($"Argument {index} is {buffer.Spec}, but the program takes {inputs[index]}.");
        return buffer.TryHold() ? buffer : throw new ObjectDisposedException(null, $"Argument {index} ({buffer}) was disposed.");
    }

    /// <summary>An idle frame or a new one. Which of several is taken does not matter, so each place is tried on its own.</summary>
    private Execution TakeExecution(int replica)
    {
        // Frames of different replicas hold memory of different devices; with one device, the usual case, all places serve it.
        for (var i = replica; i < idle.Length; i += devices.Length)
            if (Volatile.Read(ref idle[i]) is not null && Interlocked.Exchange(ref idle[i], null) is { } execution)
                return execution;
        return new(new Frame(plan, devices[replica].Pool, Backend.Workers, new()), new MemoryBlock?[outputs.Length]);
    }

    private void PutExecution(Execution execution, int replica)
    {
        for (var i = replica; i < idle.Length && !disposed; i += devices.Length)
            if (Volatile.Read(ref idle[i]) is null && Interlocked.CompareExchange(ref idle[i], execution, null) is null)
                return;
        execution.Frame.Dispose();
    }

    /// <summary>A frame and room for the blocks of its results.</summary>
    private sealed record Execution(Frame Frame, MemoryBlock?[] Blocks);
}
