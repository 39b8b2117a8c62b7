using BrainState.Backends;
using BrainState.BackendKit.Planning;
using BrainState.BackendKit.Replication;
using BrainState.Programs;

namespace BrainState.BackendKit.Execution;

/// <summary>A plan with its literals on its devices.</summary>
internal sealed class KernelExecutable : IExecutable
{
    private readonly IKernels kernels;
    private readonly Program program;
    private readonly CompileOptions options;
    private readonly Plan plan;
    private readonly Literals literals;
    private int disposed;

    public KernelExecutable(IKernels kernels, Program program, CompileOptions options)
    {
        (this.kernels, this.program, this.options) = (kernels, program, options);
        var planner = new Planner(kernels, options.Devices, options.AxisName);
        plan = planner.Plan(program);
        literals = new(kernels, planner.Literals, options.Devices);
    }

    /// <summary>The net below executables that are only forgotten.</summary>
    ~KernelExecutable() => Dispose();

    public void Execute(ReadOnlySpan<IBuffer> arguments, Span<IBuffer> results, in ExecuteOptions executeOptions)
    {
        var (inputCount, outputCount, count) = (program.Inputs.Length, program.Outputs.Length, options.Devices.Count);
        if (arguments.Length != inputCount * count || results.Length != outputCount * count)
            throw new ArgumentException(
                $"On {count} device(s) the program takes {inputCount * count} arguments and returns {outputCount * count} results, but {arguments.Length} and {results.Length} were given.");
        ObjectDisposedException.ThrowIf(disposed != 0 || !literals.TryAddOwner(), this);
        var inputs = new Value?[arguments.Length];
        try
        {
            for (var i = 0; i < inputs.Length; i++) inputs[i] = Input(arguments[i], i % inputCount, i / inputCount);
            foreach (var donated in options.DonatedInputs)
                if (!executeOptions.KeepInputs.Contains(donated))
                    for (var replica = 0; replica < count; replica++)
                        arguments[(replica * inputCount) + donated].Dispose();
            var outputs = Run(inputs, executeOptions);
            for (var i = 0; i < outputs.Length; i++) results[i] = new KernelBuffer(outputs[i]);
        }
        finally
        {
            Value.ReleaseAll(inputs);
            literals.Release();
            GC.KeepAlive(this);
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        literals?.Release(); // There are none if it could not be compiled.
        GC.SuppressFinalize(this);
    }

    /// <summary>The outputs of all replicas. What has become of an input is null afterwards.</summary>
    private Value[] Run(Value?[] inputs, ExecuteOptions executeOptions)
    {
        if (options.Devices.Count == 1 && options.AxisName is null) return plan.Execute(new(kernels, options.Devices[0], literals.On(0), null, executeOptions), inputs);
        return ReplicaTeam.Run(options.Devices.Count, executeOptions, (replica, own) =>
        {
            var mine = inputs.AsSpan(replica.Index * program.Inputs.Length, program.Inputs.Length);
            var taken = mine.ToArray();
            mine.Clear();
            try
            {
                return plan.Execute(new(kernels, options.Devices[replica.Index], literals.On(replica.Index), replica, own), taken);
            }
            finally
            {
                Value.ReleaseAll(taken);
            }
        });
    }

    private Value Input(IBuffer argument, int index, int replica)
    {
        if (argument is not KernelBuffer buffer || !buffer.Device.Equals(options.Devices[replica]))
            throw new ArgumentException($"Argument {index} is on {argument.Device.Name}, but this program runs on {options.Devices[replica].Name}.");
        if (buffer.Spec != program.Inputs[index]) throw new ArgumentException($"Argument {index} is {buffer.Spec}, but the program takes {program.Inputs[index]}.");
        try
        {
            return buffer.Share();
        }
        catch (ObjectDisposedException)
        {
            throw new ObjectDisposedException(null, $"Argument {index} ({buffer}) was disposed or donated.");
        }
    }
}
