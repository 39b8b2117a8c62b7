using System.Collections.Concurrent;

namespace BrainState.Hosting;

/// <summary>What others hang on a runtime, one object per type: caches, the default random numbers.</summary>
internal sealed class RuntimeSlots(BrainStateRuntime runtime) : IDisposable
{
    private readonly ConcurrentDictionary<Type, object> values = [];
    private readonly Stack<object> made = [];
    private readonly Lock gate = new();

    /// <summary>The object of type <typeparamref name="T"/>; only one is ever made, and making it may ask for others.</summary>
    public T Get<T>(Func<BrainStateRuntime, T> create) where T : class
    {
        ObjectDisposedException.ThrowIf(runtime.IsDisposed, runtime);
        return values.TryGetValue(typeof(T), out var value) ? (T)value : Make(create);
    }

    /// <summary>Disposes what can be disposed, the latest first. Goes on after a failure and reports the first.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            Exception? first = null;
            while (made.TryPop(out var value))
            {
                try
                {
                    (value as IDisposable)?.Dispose();
                }
                catch (Exception e)
                {
                    first ??= e;
                }
            }

            values.Clear();
            if (first is not null) System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        }
    }

    private T Make<T>(Func<BrainStateRuntime, T> create) where T : class
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(runtime.IsDisposed, runtime);
            if (values.TryGetValue(typeof(T), out var present)) return (T)present;
            var value = create(runtime);
            made.Push(value);
            values[typeof(T)] = value;
            return value;
        }
    }
}
