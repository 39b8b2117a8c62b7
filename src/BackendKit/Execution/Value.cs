using BrainState.Backends;

namespace BrainState.BackendKit.Execution;

/// <summary>An array on a device.</summary>
internal abstract class Value(TensorSpec spec, IDevice device) : Counted
{
    public TensorSpec Spec => spec;

    public IDevice Device => device;

    /// <summary>Adds an owner, on behalf of one that there is.</summary>
    public Value Share() => TryAddOwner() ? this : throw new ObjectDisposedException($"{Spec} on {Device.Name}");

    /// <summary>Waits for the contents and copies them.</summary>
    public abstract void CopyTo(Span<byte> destination);

    /// <summary>Completes when the contents are computed.</summary>
    public abstract ValueTask WhenReady(CancellationToken cancellation);

    /// <summary>The same contents as a new value on another device.</summary>
    public abstract Value To(IDevice target);

    /// <summary>Lets go all values that are there.</summary>
    public static void ReleaseAll(ReadOnlySpan<Value?> values)
    {
        foreach (var value in values) value?.Release();
    }
}
