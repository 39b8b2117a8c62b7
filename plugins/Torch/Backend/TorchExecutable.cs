using System.Buffers;
using System.Runtime.CompilerServices;
using BrainState.Backends;
using BrainState.Programs;
using BrainState.Torch.Interop;

namespace BrainState.Torch;

/// <summary>A program that libtorch's side has planned. A run is one native call, and allocates no more than its results; some it writes over arguments that it is given.</summary>
internal sealed unsafe class TorchExecutable : IExecutable
{
    /// <summary>So many handles are passed on the stack.</summary>
    private const int MaxOnStack = 128;

    private readonly nint handle;
    private readonly TensorSpec[] inputs;
    private readonly TensorSpec[] outputs;
    private readonly int[] replaced;
    private Holders holders = new();

    /// <summary>An executable that owns <paramref name="handle"/>.</summary>
    public TorchExecutable(Program program, TorchDevice device, nint handle)
    {
        (Device, this.handle) = (device, handle);
        (inputs, outputs) = ([.. program.Inputs], [.. program.OutputSpecs]);
        replaced = new int[outputs.Length];
        fixed (int* first = replaced) Shim.bs_replaced(handle, first);
        Memory = new(inputs.Sum(static spec => spec.ByteCount), outputs.Sum(static spec => spec.ByteCount), Shim.bs_temporary_bytes(handle),
            outputs.Where((_, i) => replaced[i] >= 0).Sum(static spec => spec.ByteCount));
    }

    /// <summary>Nobody has to dispose an executable that he merely forgets.</summary>
    ~TorchExecutable() => Shim.bs_unload(handle);

    public TorchDevice Device { get; }

    /// <summary>What one execution takes.</summary>
    public MemoryUse Memory { get; }

    /// <summary>Whether it runs as a graph, in a few words.</summary>
    public string GraphState => Shim.Text(Shim.bs_graph_state(handle));

    public void Execute(ReadOnlySpan<IBuffer> arguments, Span<IBuffer> results, in ExecuteOptions options)
    {
        if (arguments.Length != inputs.Length || results.Length != outputs.Length)
            throw new ArgumentException(
                $"The program takes {inputs.Length} arguments and returns {outputs.Length} results, but {arguments.Length} and {results.Length} were given.");
        ObjectDisposedException.ThrowIf(!holders.TryHold(), this);
        var count = inputs.Length + outputs.Length;
        var rented = count > MaxOnStack ? ArrayPool<nint>.Shared.Rent(count) : null;
        Span<nint> handles = rented is null ? stackalloc nint[count] : rented.AsSpan(0, count);
        var held = 0;
        try
        {
            for (; held < arguments.Length; held++) handles[held] = Hold(arguments[held], held).Handle;
            for (var i = 0; i < outputs.Length; i++) handles[inputs.Length + i] = Replaced(i, arguments, options) is { } old ? old.Handle : 0;
            Run(handles, options.Cancellation);
            for (var i = 0; i < results.Length; i++)
                results[i] = Replaced(i, arguments, options) is { } old ? new(outputs[i], old) : new TorchBuffer(outputs[i], Device, handles[inputs.Length + i], isOwnMemory: true);
        }
        finally
        {
            for (var i = 0; i < held; i++) ((TorchBuffer)arguments[i]).LetGo();
            if (rented is not null) ArrayPool<nint>.Shared.Return(rented);
            if (holders.LetGo()) Free();
        }
    }

    /// <summary>The argument that the output is written over this time, or null.</summary>
    private TorchBuffer? Replaced(int output, ReadOnlySpan<IBuffer> arguments, in ExecuteOptions options)
    {
        var input = replaced[output];
        return input >= 0 && arguments[input] is TorchBuffer { IsWritable: true } old && !options.KeepInputs.Contains(input) ? old : null;
    }

    public void Dispose()
    {
        if (holders.Dispose()) Free();
    }

    private void Run(Span<nint> handles, CancellationToken cancellation)
    {
        fixed (nint* first = handles)
        {
            var canceled = 0;
            if (!cancellation.CanBeCanceled)
            {
                Shim.Check(Shim.bs_run(handle, first, first + inputs.Length, null), Device.ToString());
                return;
            }
            // The registration ends, and its callback with it, before the flag does.
            using (cancellation.UnsafeRegister(static flag => Volatile.Write(ref Unsafe.AsRef<int>((void*)(nint)flag!), 1), (nint)(&canceled)))
                Shim.Check(Shim.bs_run(handle, first, first + inputs.Length, &canceled), Device.ToString(), cancellation);
        }
    }

    private TorchBuffer Hold(IBuffer argument, int index)
    {
        if (argument is not TorchBuffer buffer || buffer.TorchDevice != Device)
            throw new ArgumentException($"Argument {index} is on {argument.Device.Name}, but this program runs on {Device}.");
        if (buffer.Spec.DType != inputs[index].DType || buffer.Spec.Shape != inputs[index].Shape)
            throw new ArgumentException($"Argument {index} is {buffer.Spec}, but the program takes {inputs[index]}.");
        return buffer.TryHold() ? buffer : throw new ObjectDisposedException(null, $"Argument {index} ({buffer}) was disposed.");
    }

    private void Free()
    {
        Shim.bs_unload(handle);
        GC.SuppressFinalize(this);
    }
}
