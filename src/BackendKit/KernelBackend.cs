using BrainState.Backends;
using BrainState.BackendKit.Execution;
using BrainState.BackendKit.Planning;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.BackendKit;

/// <summary>A backend of kernels, each of which runs one op on arrays of some library.</summary>
/// <typeparam name="TArray">
/// A tensor on a device. Nobody writes to one after it was made, so that the kit shares them freely; each is freed once, when nobody needs it any more.
/// </typeparam>
/// <remarks>
/// <para>
/// The kit compiles programs, frees every value at its last use, and runs loops, branches, calls, composites by their bodies, effects, and collectives between the devices;
/// it honours cancellation and donation, and reports kernels that fail or return something else than the op. What it needs for a loop or a collective it computes with the
/// kernels <c>slice</c>, <c>reshape</c>, <c>concatenate</c>, <c>broadcast_in_dim</c> and <c>reduce_sum</c>, <c>_max</c>, <c>_min</c>.
/// </para>
/// <para>Members may be called from several threads at the same time, for the replicas of one program as well as for independent programs.</para>
/// </remarks>
public abstract class KernelBackend<TArray> : IBackend, IKernels
    where TArray : notnull
{
    private volatile bool disposed;

    /// <summary>A backend with the given devices.</summary>
    /// <exception cref="ArgumentException">There is no device.</exception>
    protected KernelBackend(BackendInfo info, IReadOnlyList<IDevice> devices)
    {
        if (devices.Count == 0) throw new ArgumentException("A backend needs at least one device.", nameof(devices));
        (Info, Devices) = (info, devices);
    }

    /// <inheritdoc/>
    public BackendInfo Info { get; }

    /// <inheritdoc/>
    public IReadOnlyList<IDevice> Devices { get; }

    /// <summary>Whether <see cref="Run"/> has a kernel for the op on operands of these specs. An op type that it does not know is a no.</summary>
    /// <remarks>A yes to an op that the kit could run, such as a composite or a loop, claims it for the kernel.</remarks>
    protected abstract Support HasKernel(Op op, ReadOnlySpan<TensorSpec> inputs, IDevice device);

    /// <summary>Runs an op.</summary>
    /// <param name="op">An op for which <see cref="HasKernel"/> says yes.</param>
    /// <param name="inputs">The operands, which stay as they are.</param>
    /// <param name="outputs">The specs that the results must have.</param>
    /// <param name="device">Where the operands are and the results shall be.</param>
    /// <returns>
    /// New arrays, one for each output. If <typeparamref name="TArray"/> is a class, an operand may be returned as it is. They may still be computed, see <see cref="WhenReady"/>.
    /// </returns>
    protected abstract TArray[] Run(Op op, ReadOnlySpan<TArray> inputs, ReadOnlySpan<TensorSpec> outputs, IDevice device);

    /// <summary>A new array with the given contents, dense, row-major and little-endian.</summary>
    /// <param name="data">Contents. Who keeps the memory takes a reference; it is never written to.</param>
    /// <param name="spec">The spec, whose byte count is the length of <paramref name="data"/>.</param>
    /// <param name="device">Where it shall be.</param>
    /// <exception cref="DeviceOutOfMemoryException">The device has not enough memory.</exception>
    protected abstract TArray Upload(HostMemory data, TensorSpec spec, IDevice device);

    /// <summary>Waits for an array and copies its contents, dense, row-major and little-endian.</summary>
    protected abstract void Download(TArray array, Span<byte> destination);

    /// <summary>The dtype and shape of an array.</summary>
    protected abstract TensorSpec SpecOf(TArray array);

    /// <summary>Frees an array. Called once for each, possibly on the finalizer thread; disposes it by default, if it is disposable.</summary>
    protected virtual void Free(TArray array) => (array as IDisposable)?.Dispose();

    /// <summary>A new array with the same contents on another device; by way of the host by default.</summary>
    protected virtual TArray Transfer(TArray array, IDevice device)
    {
        var spec = SpecOf(array);
        var memory = HostMemory.Allocate(spec.ByteCount);
        try
        {
            Download(array, memory.Span);
            return Upload(memory, spec, device);
        }
        finally
        {
            memory.Release();
        }
    }

    /// <summary>Completes when an array is computed, or fails as its computation did; at once by default.</summary>
    protected virtual ValueTask WhenReady(TArray array, CancellationToken cancellation) => ValueTask.CompletedTask;

    /// <summary>Shuts the engine down. Called once.</summary>
    protected virtual void Close() { }

    /// <summary>Whether the kit runs the op where there is no kernel.</summary>
    protected static bool IsBuiltIn(Op op) => BuiltIns.Contain(op);

    /// <inheritdoc/>
    public Support Supports(Op op, ReadOnlySpan<TensorSpec> inputs, IDevice device)
    {
        var support = HasKernel(op, inputs, device);
        return support.IsSupported || !BuiltIns.Contain(op) ? support : BuiltIns.Supports(this, op, inputs.ToArray(), device);
    }

    /// <inheritdoc/>
    public IBuffer FromHost(HostMemory data, TensorSpec spec, IDevice device)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (data.Length != spec.ByteCount) throw new ArgumentException($"{spec} has {spec.ByteCount} bytes, but the data has {data.Length}.", nameof(data));
        return new KernelBuffer(new ArrayValue(this, Upload(data, spec, Own(device)), spec, device));
    }

    /// <inheritdoc/>
    public IExecutable Compile(Program program, CompileOptions options)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (options.Devices.Count == 0 || options.Devices.Distinct().Count() < options.Devices.Count)
            throw new ArgumentException($"A program needs one or several distinct devices, but was given {options.Devices}.", nameof(options));
        foreach (var device in options.Devices) Own(device);
        return new KernelExecutable(this, program, options);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        Close();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    Support IKernels.Supports(Op op, ReadOnlySpan<TensorSpec> inputs, IDevice device) => HasKernel(op, inputs, device);

    Value IKernels.Upload(HostMemory data, TensorSpec spec, IDevice device) => new ArrayValue(this, Upload(data, spec, device), spec, device);

    Value[] IKernels.Run(Op op, ReadOnlySpan<Value?> inputs, ReadOnlySpan<TensorSpec> outputs, IDevice device)
    {
        var operands = new TArray[inputs.Length];
        for (var i = 0; i < operands.Length; i++) operands[i] = ((ArrayValue)inputs[i]!).Contents;
        var arrays = Call(op, operands, inputs, outputs, device);

        // What is returned as it is, or twice, gets another owner instead of another value.
        var results = new Value?[arrays.Length];
        for (var i = 0; i < results.Length; i++)
            results[i] = arrays[i] is null ? null : SameIn(operands, inputs, arrays[i])?.Share() ?? SameIn(arrays.AsSpan(0, i), results, arrays[i])?.Share() ?? new ArrayValue(this, arrays[i], SpecOf(arrays[i]), device);
        var areRight = results.Length == outputs.Length;
        for (var i = 0; areRight && i < results.Length; i++) areRight = results[i]?.Spec == outputs[i];
        if (areRight) return results!;
        Value.ReleaseAll(results);
        throw new BackendException(
            $"The kernel of {Name(op, inputs)} returned {List(results)} instead of ({string.Join(", ", outputs.ToArray())}). This is a bug of the backend '{Info.Name}'.");
    }

    private static Value? SameIn(ReadOnlySpan<TArray> arrays, ReadOnlySpan<Value?> values, TArray array)
    {
        if (typeof(TArray).IsValueType) return null;
        for (var i = 0; i < arrays.Length; i++)
            if (ReferenceEquals(arrays[i], array))
                return values[i];
        return null;
    }

    private TArray[] Call(Op op, TArray[] operands, ReadOnlySpan<Value?> inputs, ReadOnlySpan<TensorSpec> outputs, IDevice device)
    {
        try
        {
            return Run(op, operands, outputs, device);
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or DeviceOutOfMemoryException))
        {
            throw new BackendException($"The kernel of {Name(op, inputs)} of the backend '{Info.Name}' failed: {failure.Message}", failure);
        }
    }

    private IDevice Own(IDevice device) => Devices.Contains(device)
        ? device
        : throw new ArgumentException($"{device.Name} is not a device of this backend, which has {string.Join(", ", Devices.Select(static d => d.Name))}.", nameof(device));

    private static string Name(Op op, ReadOnlySpan<Value?> inputs) => $"{op} on {List(inputs)}";

    private static string List(ReadOnlySpan<Value?> values) => $"({string.Join(", ", values.ToArray().Select(static v => v?.Spec.ToString() ?? "null"))})";

    private sealed class ArrayValue(KernelBackend<TArray> backend, TArray contents, TensorSpec spec, IDevice device) : Value(spec, device)
    {
        public TArray Contents => contents;

        public override void CopyTo(Span<byte> destination) => backend.Download(contents, destination);

        public override ValueTask WhenReady(CancellationToken cancellation) => backend.WhenReady(contents, cancellation);

        public override Value To(IDevice target) => new ArrayValue(backend, backend.Transfer(contents, target), Spec, target);

        protected override void Free() => backend.Free(contents);
    }
}
