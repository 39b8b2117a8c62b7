using System.Diagnostics;
using BrainState.Programs;

namespace BrainState.Tracing;

/// <summary>What is known, on this thread, of where the next equations come from.</summary>
internal static class Origins
{
    [ThreadStatic]
    private static Origin? scoped;

    [ThreadStatic]
    private static Origin? derived;

    /// <summary>
    /// The origin of the next equation: that of the equation from which a transform makes it; else the user's code, with the stack while somebody looks for a fault; null if there is
    /// nothing to say.
    /// </summary>
    public static Origin? Current => derived ?? (Environ.IsDebuggingNan ? new(Scope, new StackTrace(fNeedFileInfo: false)) : scoped);

    /// <summary>The names of the scopes around, outermost first.</summary>
    public static string Scope => scoped?.Scope ?? "";

    /// <summary>Enters a scope until the result is disposed.</summary>
    public static IDisposable Enter(string name)
    {
        var scope = new ScopeEnd(scoped);
        scoped = new(Scope.Length == 0 ? name : $"{Scope}/{name}");
        return scope;
    }

    /// <summary>Lets a transform say of which equation it is working.</summary>
    public static Deriving Derive() => new(scoped, derived);

    /// <summary>Forgets the surroundings until the result is disposed: for programs that others will use too.</summary>
    public static Deriving Forget()
    {
        var forgotten = Derive();
        (scoped, derived) = (null, null);
        return forgotten;
    }

    /// <summary>Restores at its end what was known at its begin.</summary>
    public readonly ref struct Deriving(Origin? outerScoped, Origin? outerDerived)
    {
        /// <summary>What follows is made from an equation of this origin.</summary>
        public void From(Origin? origin) => derived = origin ?? outerDerived;

        public void Dispose() => (scoped, derived) = (outerScoped, outerDerived);
    }

    private sealed class ScopeEnd(Origin? outer) : IDisposable
    {
        public void Dispose() => scoped = outer;
    }
}
