using BrainState.Backends;
using BrainState.BackendKit;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.BackendKit;

/// <summary>The interpreter as kernels that may be replaced, over arrays that are counted.</summary>
internal sealed class CountedBackend(Func<Op, HostValue[], HostValue?[]?>? replacement = null, int devices = 1)
    : KernelBackend<CountedArray>(new("counted", "interpreter", "1"), VirtualDevice.Create("counted", devices, "counts"))
{
    private int live, peak, doubleFrees;

    /// <summary>The number of arrays that are not freed.</summary>
    public int Live => live;

    /// <summary>The largest number of arrays at one time since <see cref="Reset"/>.</summary>
    public int Peak => peak;

    public int DoubleFrees => doubleFrees;

    /// <summary>Ops without a kernel, by name.</summary>
    public HashSet<string> Missing { get; } = [];

    public void Reset() => peak = live;

    /// <summary>Runs a program on one device, or along the axis <c>i</c> if there are several.</summary>
    public HostValue[] Execute(Program program, HostValue[] inputs, ExecuteOptions options = default)
    {
        using var executable = this.Compile(program);
        return Execute(executable, program, inputs, options);
    }

    public IExecutable Compile(Program program) => Compile(program, new() { Devices = Devices.ToValueArray(), AxisName = Devices.Count > 1 ? "i" : null });

    /// <summary>Inputs are replica-major.</summary>
    public HostValue[] Execute(IExecutable executable, Program program, HostValue[] inputs, ExecuteOptions options = default)
    {
        IBuffer[] arguments = [.. inputs.Select((value, i) => ToBuffer(value, Devices[i / program.Inputs.Length]))];
        var results = new IBuffer[program.Outputs.Length * Devices.Count];
        try
        {
            executable.Execute(arguments, results, options);
            return Array.ConvertAll(results, ToHost);
        }
        finally
        {
            foreach (var buffer in arguments.Concat(results)) buffer?.Dispose();
        }
    }

    public IBuffer ToBuffer(HostValue value, IDevice? device = null)
    {
        var memory = HostMemory.Allocate(value.Spec.ByteCount);
        value.Bytes.CopyTo(memory.Span);
        var buffer = FromHost(memory, value.Spec, device ?? Devices[0]);
        memory.Release();
        return buffer;
    }

    public static HostValue ToHost(IBuffer buffer)
    {
        var bytes = new byte[buffer.Spec.ByteCount];
        buffer.CopyTo(bytes);
        return HostValue.Of(buffer.Spec, bytes);
    }

    protected override Support HasKernel(Op op, ReadOnlySpan<TensorSpec> inputs, IDevice device) =>
        !Missing.Contains(op.Name) && !IsBuiltIn(op) ? Support.Yes : Support.No("It is not counted.");

    protected override CountedArray[] Run(Op op, ReadOnlySpan<CountedArray> inputs, ReadOnlySpan<TensorSpec> outputs, IDevice device)
    {
        HostValue[] operands = [.. inputs.ToArray().Select(x => x.IsFreed ? throw new ObjectDisposedException("an operand") : x.Value)];
        var results = replacement?.Invoke(op, operands) ?? Interpreter.Evaluate(op, operands);
        return [.. results.Select(value => value is null ? null! : Count(value))];
    }

    protected override CountedArray Upload(HostMemory data, TensorSpec spec, IDevice device) => Count(HostValue.Of(spec, data.Span));

    protected override void Download(CountedArray array, Span<byte> destination) => array.Value.Bytes.CopyTo(destination);

    protected override TensorSpec SpecOf(CountedArray array) => array.Value.Spec;

    protected override void Free(CountedArray array)
    {
        if (array.IsFreed) Interlocked.Increment(ref doubleFrees);
        array.IsFreed = true;
        Interlocked.Decrement(ref live);
    }

    private CountedArray Count(HostValue value)
    {
        var now = Interlocked.Increment(ref live);
        int most;
        while ((most = Volatile.Read(ref peak)) < now) Interlocked.CompareExchange(ref peak, now, most);
        return new(value);
    }
}

internal sealed class CountedArray(HostValue value)
{
    public HostValue Value => value;

    public volatile bool IsFreed;
}
