using BrainState.Backends;

namespace BrainState.BackendKit.Execution;

/// <summary>A value in the hands of the frontend. Runs that read it share it, so that it may be disposed meanwhile.</summary>
internal sealed class KernelBuffer(Value value) : IBuffer
{
    private Value? value = value;

    public TensorSpec Spec { get; } = value.Spec;

    public IDevice Device { get; } = value.Device;

    public async ValueTask WhenReady(CancellationToken cancellation = default)
    {
        var held = Share();
        try
        {
            await held.WhenReady(cancellation).ConfigureAwait(false);
        }
        finally
        {
            held.Release();
        }
    }

    public void CopyTo(Span<byte> destination)
    {
        if (destination.Length != Spec.ByteCount)
            throw new ArgumentException($"{Spec} has {Spec.ByteCount} bytes, but the destination has {destination.Length}.", nameof(destination));
        var held = Share();
        try
        {
            held.CopyTo(destination);
        }
        finally
        {
            held.Release();
        }
    }

    /// <summary>The value with another owner.</summary>
    /// <exception cref="ObjectDisposedException">The buffer was disposed or donated.</exception>
    public Value Share() => Volatile.Read(ref value) is { } held && held.TryAddOwner() ? held : throw new ObjectDisposedException(ToString(), $"{this} was disposed or donated.");

    public void Dispose() => Interlocked.Exchange(ref value, null)?.Release();

    public override string ToString() => $"{Spec} on {Device.Name}";
}
