using System.Collections.Concurrent;
using BrainState.Programs;
using BrainState.Tracing;

namespace BrainState.Differentiation;

/// <summary>What a transform made of programs, remembered by the content of the original and the parameters of the transform.</summary>
internal sealed class ProgramCache<TParameters, TResult> where TParameters : notnull
{
    private const int MaximumEntries = 1024;
    private readonly ConcurrentDictionary<(Program, TParameters), TResult> entries = new();

    public TResult GetOrAdd(Program program, TParameters parameters, Func<Program, TParameters, TResult> derive)
    {
        // Equal programs may come from different lines, which matters to one who looks for a fault.
        if (Environ.IsDebuggingNan) return derive(program, parameters);
        if (entries.TryGetValue((program, parameters), out var found)) return found;
        if (entries.Count >= MaximumEntries) entries.Clear();
        using var everywhere = Origins.Forget();
        return entries.GetOrAdd((program, parameters), derive(program, parameters));
    }
}
