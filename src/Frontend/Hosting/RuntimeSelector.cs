using System.Diagnostics;

namespace BrainState.Hosting;

/// <summary>
/// Decides which runtime is current: the innermost entered one of the async flow, else the process default, else the embedded default,
/// which its first use fixes.
/// </summary>
internal sealed class RuntimeSelector(Func<BrainStateRuntime> embedded)
{
    private readonly AsyncLocal<RuntimeScope?> innermost = new();
    private readonly Lock gate = new();
    private bool entered;
    private volatile BrainStateRuntime? processDefault;
    private string? firstUse;

    /// <summary>The one of this process.</summary>
    public static RuntimeSelector Process { get; } = new(() => new(new BrainStateOptions()));

    /// <summary>
    /// The current runtime. On the path of every eager operation, hence: no lock, no allocation, and the async flow is only asked in
    /// processes that use it.
    /// </summary>
    public BrainStateRuntime Current => (entered ? innermost.Value?.Runtime : null) ?? processDefault ?? FixEmbedded();

    /// <summary>Makes <paramref name="runtime"/> current in this async flow until the scope is disposed.</summary>
    public RuntimeScope Enter(BrainStateRuntime runtime)
    {
        ObjectDisposedException.ThrowIf(runtime.IsDisposed, runtime);
        entered = true;
        var scope = new RuntimeScope(this, runtime, innermost.Value);
        innermost.Value = scope;
        return scope;
    }

    /// <summary>Ends <paramref name="scope"/> if it is the innermost of this async flow, and says whether it was.</summary>
    public bool TryLeave(RuntimeScope scope)
    {
        if (innermost.Value != scope) return false;
        innermost.Value = scope.Outer;
        return true;
    }

    /// <summary>Makes <paramref name="runtime"/> the process default, unless there is another that lives.</summary>
    /// <exception cref="InvalidOperationException">There is.</exception>
    public void SetDefault(BrainStateRuntime runtime)
    {
        ObjectDisposedException.ThrowIf(runtime.IsDisposed, runtime);
        lock (gate)
        {
            if (processDefault is { IsDisposed: false } present && present != runtime)
            {
                throw new InvalidOperationException(firstUse is { } user
                    ? $"The process default cannot become {runtime}, because {user} used BrainState before a default was set "
                      + $"and thereby fixed it to {present}. Start the host, or call BrainStateRuntime.SetDefault, "
                      + "before the first tensor is made (static fields count); or use 'using (runtime.Enter())'."
                    : $"The process default is {present} and cannot become {runtime} as well. "
                      + "Keep one default, register the other with AddKeyedBrainState, and use it with 'using (runtime.Enter())'.");
            }

            (processDefault, firstUse) = (runtime, null);
        }
    }

    private BrainStateRuntime FixEmbedded()
    {
        lock (gate)
        {
            if (processDefault is { } present) return present;
            firstUse = Caller();
            return processDefault = embedded();
        }
    }

    /// <summary>The innermost method on the stack that is not BrainState's, with its line if there are symbols.</summary>
    private static string Caller()
    {
        var own = typeof(RuntimeSelector).Assembly;
        var frame = new StackTrace(fNeedFileInfo: true).GetFrames()
            .FirstOrDefault(frame => frame.GetMethod()?.DeclaringType is { } type && type.Assembly != own);
        if (frame?.GetMethod() is not { } method) return "something";
        var place = frame.GetFileName() is { } file ? $" ({Path.GetFileName(file)}:{frame.GetFileLineNumber()})" : "";
        return $"{method.DeclaringType}.{method.Name}{place}";
    }
}

/// <summary>While it is not disposed, its runtime is current in the async flow that entered it. Made by <see cref="BrainStateRuntime.Enter"/>.</summary>
public sealed class RuntimeScope : IDisposable
{
    private readonly RuntimeSelector selector;
    private bool left;

    internal RuntimeScope(RuntimeSelector selector, BrainStateRuntime runtime, RuntimeScope? outer) =>
        (this.selector, Runtime, Outer) = (selector, runtime, outer);

    /// <summary>The runtime that was entered.</summary>
    public BrainStateRuntime Runtime { get; }

    internal RuntimeScope? Outer { get; }

    /// <summary>Makes the runtime current again that was so before.</summary>
    /// <exception cref="InvalidOperationException">The scope is not the innermost one of this async flow.</exception>
    public void Dispose()
    {
        if (selector.TryLeave(this)) left = true;
        else if (!left)
            throw new InvalidOperationException(
                "Scopes of BrainStateRuntime.Enter() end in the reverse order and in the async flow in which they began. "
                + "Write 'using (runtime.Enter()) { … }'.");
    }
}
