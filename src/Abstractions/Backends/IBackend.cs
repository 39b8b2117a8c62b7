using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Backends;

/// <summary>
/// An engine that runs programs. This is all a backend must be; everything else (shapes, derivatives, batching, random numbers, state)
/// is the frontend's. Members may be called from several threads.
/// </summary>
public interface IBackend : IDisposable, IAsyncDisposable
{
    /// <summary>Name, engine and versions.</summary>
    BackendInfo Info { get; }

    /// <summary>The devices, at least one; the first is the default.</summary>
    IReadOnlyList<IDevice> Devices { get; }

    /// <summary>Whether <paramref name="op"/> runs natively on operands of these specs. An op type that the backend does not know is a no.</summary>
    /// <remarks>A yes to a collective holds for programs that are compiled along its axis, see <see cref="CompileOptions.AxisName"/>.</remarks>
    Support Supports(Op op, ReadOnlySpan<TensorSpec> inputs, IDevice device);

    /// <summary>A buffer with the given contents, dense and row-major; bool is one byte, 0 or 1.</summary>
    /// <param name="data">Contents. The backend may keep the memory and then takes a reference; it never writes to it.</param>
    /// <param name="spec">The spec, whose byte count is the length of <paramref name="data"/>.</param>
    /// <param name="device">One of <see cref="Devices"/>.</param>
    /// <exception cref="DeviceOutOfMemoryException">The device has not enough memory.</exception>
    IBuffer FromHost(HostMemory data, TensorSpec spec, IDevice device);

    /// <summary>Prepares a program for execution.</summary>
    /// <remarks>
    /// The frontend legalises first: every equation is one that <see cref="Supports"/> said yes to or one whose op has bodies, every collective is along
    /// <see cref="CompileOptions.AxisName"/>, and no output is an input, a literal or the same value as another output.
    /// </remarks>
    /// <exception cref="BackendException">A collective is along another axis, or for another number of participants than there are devices.</exception>
    IExecutable Compile(Program program, CompileOptions options);

    /// <summary>An optional feature, such as native composites or memory statistics, or null if the backend does not offer it.</summary>
    object? GetService(Type feature) => feature.IsInstanceOfType(this) ? this : null;
}

/// <summary>Name, engine and versions of a backend.</summary>
public sealed record BackendInfo(string Name, string Engine, string EngineVersion)
{
    /// <summary>The contract the backend implements.</summary>
    public Version ContractVersion { get; init; } = Contract.Version;

    /// <summary>How to get more devices than the backend offers, as a sentence for messages; null if there is no way.</summary>
    public string? MoreDevices { get; init; }
}

/// <summary>A device of a backend.</summary>
public interface IDevice
{
    /// <summary>The kind, such as <c>cpu</c> or <c>cuda</c>.</summary>
    string Kind { get; }

    /// <summary>The number among the devices of its kind, from 0.</summary>
    int Index { get; }

    /// <summary>One line about it: model, cores, memory.</summary>
    string Description { get; }

    /// <summary>Kind and number, such as <c>cpu:0</c>: the name by which configuration selects it.</summary>
    string Name => $"{Kind}:{Index}";
}

/// <summary>A yes, or a no with a reason.</summary>
public readonly record struct Support
{
    private Support(string? reason) => Reason = reason;

    /// <summary>Whether the answer is yes.</summary>
    public bool IsSupported => Reason is null;

    /// <summary>Why not, or null for a yes.</summary>
    public string? Reason { get; }

    /// <summary>Yes.</summary>
    public static Support Yes => default;

    /// <summary>No, because of <paramref name="reason"/>.</summary>
    public static Support No(string reason) => new(reason);
}

/// <summary>How exactly matrix products and convolutions are computed.</summary>
public enum Precision
{
    /// <summary>In the dtype of the operands; no TF32 or bfloat16 shortcuts.</summary>
    Highest,
    /// <summary>As the engine does by default, which may round operands of products.</summary>
    Default,
}

/// <summary>How to compile a program.</summary>
public sealed record CompileOptions
{
    /// <summary>
    /// The devices of one execution, in replica order; at least one, and distinct. All run the same program at the same time, each on arguments of its own.
    /// </summary>
    public required ValueArray<IDevice> Devices { get; init; }

    /// <summary>
    /// The name of the axis along which the devices are participants of the program's collectives; null if it has none. One device is an axis of size 1. Those of other processes
    /// take part as well, see <see cref="IProcessGroup"/>.
    /// </summary>
    public string? AxisName { get; init; }

    /// <summary>Inputs whose buffers the executable may overwrite, dispose or return the memory of as results; whether the run succeeds or not, the caller only disposes them afterwards.</summary>
    public ValueArray<int> DonatedInputs { get; init; }

    /// <summary>
    /// Inputs that the results supersede, as the new value of a State does the old one: donated by a run that succeeds, and as they were after one that fails. So they may be
    /// overwritten only once nothing can fail any more. None of them is in <see cref="DonatedInputs"/>.
    /// </summary>
    public ValueArray<int> SupersededInputs { get; init; }

    /// <summary>The precision of products.</summary>
    public Precision Precision { get; init; } = Precision.Highest;

    /// <summary>Permits reassociation and approximations that change results beyond rounding.</summary>
    public bool FastMath { get; init; }
}

/// <summary>A program that is ready to run. May be executed by several threads at the same time.</summary>
public interface IExecutable : IDisposable
{
    /// <summary>Runs the program once.</summary>
    /// <param name="arguments">One buffer per input, replica-major: all inputs of replica 0, then those of replica 1, ….</param>
    /// <param name="results">Receives one buffer per output, replica-major, of exactly the declared spec; the caller owns them.</param>
    /// <param name="options">Per-call options.</param>
    /// <remarks>
    /// May return before the results are computed; <see cref="IBuffer.WhenReady"/> then waits, and reports failures. When a replica fails, the others stop, there are
    /// no results, and its failure is the one reported.
    /// </remarks>
    /// <exception cref="InvalidOperationException">Replicas took different paths and came to different collectives, or some to one that others never reach.</exception>
    void Execute(ReadOnlySpan<IBuffer> arguments, Span<IBuffer> results, in ExecuteOptions options);
}

/// <summary>Options of one execution.</summary>
public readonly record struct ExecuteOptions
{
    /// <summary>Inputs that must not be overwritten this time although they are donated or superseded.</summary>
    public ValueArray<int> KeepInputs { get; init; }

    /// <summary>Honoured between the steps of long loops.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Receives the program's effects; without it prints say nothing, and an error that happens is an <see cref="ErrorIfException"/>.</summary>
    public EffectHandler? Effects { get; init; }
}

/// <summary>
/// Receives the effects of a program that a backend runs natively: every <see cref="DebugPrint"/>, and each <see cref="ErrorIf"/> whose condition is true.
/// </summary>
/// <param name="op">The op.</param>
/// <param name="operands">All its operands: their specs, and their elements dense, row-major and little-endian. The memory belongs to the handler.</param>
/// <remarks>
/// A backend calls it in program order, one call at a time, before <see cref="IExecutable.Execute"/> returns. If it throws, the run ends there, without results and
/// with that exception; after an error it always throws.
/// </remarks>
public delegate void EffectHandler(Op op, IReadOnlyList<(TensorSpec Spec, ReadOnlyMemory<byte> Bytes)> operands);

/// <summary>A tensor on a device, dense and row-major.</summary>
/// <remarks>
/// Its owner disposes it once. That may happen on the finalizer thread, when the buffer and what it holds are already garbage, too: Dispose must
/// then still work, and nothing that it gives back may free itself in a finalizer of its own.
/// </remarks>
public interface IBuffer : IDisposable
{
    /// <summary>The dtype and shape of the contents.</summary>
    TensorSpec Spec { get; }

    /// <summary>Where it is.</summary>
    IDevice Device { get; }

    /// <summary>Completes when the contents are computed, or fails as the computation did.</summary>
    ValueTask WhenReady(CancellationToken cancellation = default);

    /// <summary>Waits for the contents and copies them to <paramref name="destination"/>, whose length is the spec's byte count.</summary>
    void CopyTo(Span<byte> destination);
}
