using System.Numerics;
using BrainState.Backends;
using BrainState.Execution;
using BrainState.Hosting;
using BrainState.Tracing;

namespace BrainState;

/// <summary>
/// An immutable n-dimensional array of one dtype. Outside of transforms it holds values on a device; inside a function that a transform
/// traces it stands for values that will be computed, and reading it is an error.
/// </summary>
/// <remarks>
/// A tensor need not be disposed: intermediates of a jitted step never become tensors, and forgotten ones are freed by the garbage
/// collector. <see cref="Dispose"/> returns the memory at once.
/// </remarks>
public sealed partial class Tensor : IDisposable
{
    // Where the values are: SharedBuffer (on a device), HostMemory (not yet on a device), HostNumber (one number),
    // Trace (to be computed; `value` is its number there), Donation (given to a call), or null when disposed.
    private object? source;
    private readonly int value;
    private SharedBuffer? placed;

    private Tensor(TensorSpec spec, bool isWeak, object source, int value = -1)
    {
        Spec = spec;
        IsWeak = isWeak;
        this.source = source;
        this.value = value;
        if (source is Trace or HostNumber) GC.SuppressFinalize(this);
    }

    /// <summary>Returns the memory of a tensor that was not disposed.</summary>
    ~Tensor() => Free();

    /// <summary>Dtype and shape.</summary>
    public TensorSpec Spec { get; }

    /// <summary>The element type.</summary>
    public DType DType => Spec.DType;

    /// <summary>The sizes of the axes.</summary>
    public Shape Shape => Spec.Shape;

    /// <summary>The number of axes.</summary>
    public int Rank => Spec.Rank;

    /// <summary>The number of elements.</summary>
    public long Size => Spec.ElementCount;

    /// <summary>Whether the dtype yields to that of other operands, as that of a C# number does.</summary>
    public bool IsWeak { get; }

    /// <summary>The device that holds the values, such as <c>cpu:cpu:0</c> (backend and device), or null while they are still on the host or being traced.</summary>
    public string? Device => (source as SharedBuffer ?? placed)?.Engine.ToString();

    /// <summary>Whether this tensor stands for a value inside a transform and cannot be read.</summary>
    public bool IsTraced => source is Trace;

    internal Trace? TracedBy => source as Trace;

    /// <summary>Whether a running call may overwrite the values, see <see cref="SharedBuffer.IsLent"/>.</summary>
    internal bool IsLent => (source as SharedBuffer ?? placed) is { IsLent: true };

    /// <summary>Whether this is a number on the host, from C# or from a program's literal.</summary>
    internal bool IsNumber => source is HostNumber;

    internal int TracedValue => value;

    /// <summary>A number on the host, from C# or from a program's literal: it converts to any dtype from its exact value.</summary>
    internal sealed record HostNumber(object Number)
    {
        public Scalar As(DType dtype) => Number switch
        {
            double real => Scalar.Of(dtype, real),
            long integer => Scalar.Of(dtype, integer),
            Scalar exact when exact.DType == dtype => exact,
            Scalar other => other.DType.IsInteger ? Scalar.Of(dtype, other.ToInt64()) : Scalar.Of(dtype, other.ToComplex()),
            bool truth => dtype == DType.Bool ? Scalar.Of(truth) : Scalar.Of(dtype, truth ? 1L : 0L),
            _ => Scalar.Of(dtype, (Complex)Number),
        };
    }

    internal static Tensor FromNumber(object number, DType dtype, bool isWeak) => new(new(dtype, Shape.Scalar), isWeak, new HostNumber(number));

    /// <summary>A scalar of exactly this value and dtype.</summary>
    internal static Tensor FromScalar(Scalar scalar) => new(new(scalar.DType, Shape.Scalar), false, new HostNumber(scalar));

    internal static Tensor FromTrace(Trace trace, int value, TensorSpec spec, bool isWeak) => new(spec, isWeak, trace, value);

    /// <summary>Takes over the caller's reference.</summary>
    internal static Tensor FromBuffer(SharedBuffer buffer, bool isWeak = false) => new(buffer.Buffer.Spec, isWeak, buffer);

    /// <summary>Takes over the caller's reference.</summary>
    internal static Tensor FromHost(HostMemory memory, TensorSpec spec) => new(spec, false, memory);

    /// <summary>The value as a literal of this tensor's dtype, if it is a C# number.</summary>
    internal bool TryGetLiteral(out Scalar literal)
    {
        literal = source is HostNumber number ? number.As(DType) : default;
        return source is HostNumber;
    }

    /// <summary>The same value with another dtype and weakness, if it is a C# number; otherwise null.</summary>
    internal Tensor? WithLiteralDType(DType dtype, bool isWeak) => source is HostNumber number ? FromNumber(number.Number, dtype, isWeak) : null;

    /// <summary>Another handle to the same values.</summary>
    internal Tensor Share(bool? isWeak = null) => source switch
    {
        SharedBuffer buffer => new(Spec, isWeak ?? IsWeak, buffer.AddReference()),
        HostMemory memory => new(Spec, isWeak ?? IsWeak, memory.AddReference()),
        null or Donation => throw Disposed(),
        _ => new(Spec, isWeak ?? IsWeak, source, value),
    };

    /// <summary>The values on the device of <paramref name="engine"/>, with a reference that the caller releases.</summary>
    /// <exception cref="InvalidOperationException">The tensor is on another device, or stands for a traced value.</exception>
    internal SharedBuffer Acquire(Engine engine)
    {
        if (source is not SharedBuffer buffer) return AcquirePlaced(engine);
        if (buffer.Engine != engine) throw OnAnotherDevice(buffer, engine);
        buffer.AddReference();
        GC.KeepAlive(this); // Until there was another reference.
        return buffer;
    }

    /// <summary>The values in memory of the host, with a reference that the caller releases; copied from the device of <paramref name="engine"/> unless they are there.</summary>
    /// <exception cref="InvalidOperationException">The tensor is on another device, or stands for a traced value.</exception>
    internal HostMemory AcquireOnHost(Engine engine)
    {
        if (source is HostMemory present) return present.AddReference();
        if (source is SharedBuffer buffer && buffer.Engine != engine) throw OnAnotherDevice(buffer, engine);
        var memory = HostMemory.Allocate(Spec.ByteCount);
        try
        {
            CopyBytesTo(memory.Span);
        }
        catch
        {
            memory.Release();
            throw;
        }
        return memory;
    }

    private InvalidOperationException OnAnotherDevice(SharedBuffer buffer, Engine engine) =>
        new($"A tensor {Spec} is on {buffer.Engine}, but the computation runs on {engine}{(buffer.Engine.ToString() == engine.ToString() ? " of another runtime" : "")}. Move it with .{nameof(To)}().");

    /// <summary>A host value is uploaded on first use and stays on the device that used it last.</summary>
    private SharedBuffer AcquirePlaced(Engine engine)
    {
        lock (source ?? throw Disposed())
        {
            if (placed?.Engine != engine)
            {
                var uploaded = Place(engine);
                placed?.Release();
                placed = uploaded;
            }
            return placed.AddReference();
        }
    }

    /// <summary>
    /// Exchanges the values for others of the same spec and weakness, and gives the old ones back with their reference; null if that does not fit.
    /// Only for the handle that a State owns and that nobody else sees: a tensor is immutable for everybody else.
    /// </summary>
    internal SharedBuffer? Exchange(SharedBuffer values, bool isWeak)
    {
        if (source is not SharedBuffer old || isWeak != IsWeak || values.Buffer.Spec != Spec) return null;
        source = values;
        return old;
    }

    private SharedBuffer Place(Engine engine)
    {
        switch (source)
        {
            case HostMemory memory:
                return engine.Upload(memory, Spec);
            case HostNumber number:
                GC.ReRegisterForFinalize(this); // From now on there is something to free.
                return engine.UploadScalar(number.As(DType));
            case Trace:
                throw Unreadable();
            default:
                throw Disposed();
        }
    }

    /// <summary>This tensor on the device of a runtime, or of the current one. Values that are there already, or still on the host, are shared.</summary>
    public Tensor To(BrainStateRuntime? runtime = null)
    {
        var engine = Engine.Of(runtime ?? BrainStateRuntime.Current);
        if (source is not SharedBuffer buffer || buffer.Engine == engine) return Lax.Unchanged(this);
        var memory = HostMemory.Allocate(Spec.ByteCount);
        try
        {
            CopyBytesTo(memory.Span);
            return FromBuffer(engine.Upload(memory, Spec), IsWeak);
        }
        finally
        {
            memory.Release();
        }
    }

    /// <summary>
    /// Returns the memory now instead of when the garbage collector finds the tensor. The tensor cannot be used afterwards. Inside a transform
    /// there is nothing to return, and nothing happens.
    /// </summary>
    public void Dispose()
    {
        if (source is Trace) return;
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives the tensor up to a call, which may have overwritten its memory.</summary>
    internal void Donate(string call)
    {
        Free(new Donation(call));
        GC.SuppressFinalize(this);
    }

    private void Free(Donation? donation = null)
    {
        var held = Interlocked.Exchange(ref source, donation);
        (held as SharedBuffer)?.Release();
        (held as HostMemory)?.Release();
        Interlocked.Exchange(ref placed, null)?.Release();
    }

    private TracedValueException Unreadable() => TracedBy!.IsActive ? TracedValueException.Read(this) : TracedValueException.Leaked(this);

    private ObjectDisposedException Disposed() => new(nameof(Tensor), source is Donation donation
        ? $"A tensor {Spec} was donated to {donation.Call}, which may have overwritten it. Use what the call returned, or do not donate the argument."
        : $"A tensor {Spec} was disposed and cannot be used any more.");

    /// <summary>The end of a tensor whose memory a call took.</summary>
    private sealed record Donation(string Call);
}
