using System.Runtime.CompilerServices;
using BrainState.Backends;
using BrainState.ControlFlow;
using BrainState.Execution;
using BrainState.Ops;
using BrainState.Pytrees;
using BrainState.Tracing;

namespace BrainState;

/// <summary>How <see cref="Transforms.Jit{T1, TResult}(Func{T1, TResult}, JitOptions)"/> compiles a function.</summary>
public sealed record JitOptions
{
    /// <summary>The function's name in programs and messages.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Arguments, counted from 0, whose tensors a call may consume: their memory is reused or freed at once, and touching them afterwards is an
    /// error that names the call. Where another tensor shares the values, they are kept for it, and <see cref="JitFunction.DonationCopies"/> counts that.
    /// </summary>
    public IReadOnlyList<int> DonateArguments { get; init; } = [];

    /// <summary>Tracing more often than this is an error that explains the last retrace.</summary>
    public int MaxTraces { get; init; } = int.MaxValue;
}

/// <summary>What is known about a jitted function: how often and why it was traced.</summary>
public abstract class JitFunction
{
    private static readonly ConditionalWeakTable<Delegate, JitFunction> Functions = [];

    /// <summary>The name in programs and messages.</summary>
    public abstract string Name { get; }

    /// <summary>How often the user's function was traced.</summary>
    public abstract int TraceCount { get; }

    /// <summary>Why the function was last traced: how its key differs from the nearest one before.</summary>
    public abstract string LastTraceReason { get; }

    /// <summary>How often a donated tensor could not be reused, because its values were shared.</summary>
    public abstract int DonationCopies { get; }

    /// <summary>The memory, in bytes, that a call takes as it was last traced; null before its first run, and where the backend does not plan memory.</summary>
    public abstract MemoryUse? Memory { get; }

    /// <summary>Forgets everything compiled; the next call traces again.</summary>
    public abstract void ClearCache();

    /// <summary>What is known about a delegate that Jit returned.</summary>
    /// <exception cref="ArgumentException">The delegate does not come from Jit.</exception>
    public static JitFunction Of(Delegate jitted) => Functions.TryGetValue(jitted, out var function)
        ? function
        : throw new ArgumentException("This delegate was not made by Jit.", nameof(jitted));

    internal static TDelegate Register<TDelegate>(TDelegate jitted, JitFunction function) where TDelegate : Delegate
    {
        Functions.Add(jitted, function);
        return jitted;
    }
}

/// <summary>A jitted function of an argument tuple.</summary>
internal sealed class JitFunction<TArguments, TResult>(Func<TArguments, TResult> function, string name, JitOptions options) : JitFunction
{
    private const int StaticVariantsBeforeWarning = 16;

    [ThreadStatic]
    private static TreeWriter? reusable;

    private readonly Lock tracing = new();
    private volatile JitEntry[] entries = [];
    private int traceCount;
    private int donationCopies;
    private string lastTraceReason = "it was never traced";

    public override string Name => name;

    public override int TraceCount => traceCount;

    public override string LastTraceReason => lastTraceReason;

    public override int DonationCopies => donationCopies;

    public override MemoryUse? Memory => entries.FirstOrDefault()?.Memory;

    public override void ClearCache()
    {
        lock (tracing) entries = [];
    }

    public TResult Call(TArguments arguments)
    {
        if (Environ.IsDebuggingNan) return CallUncached(arguments);
        var writer = reusable ?? new TreeWriter();
        reusable = null; // A nested call on this thread takes another one.
        try
        {
            Tree<TArguments>.Node.Flatten(arguments, writer);
            var entry = Find(writer) ?? TraceAnew(writer);
            var outputs = Trace.Current is null ? entry.Execute(writer.Leaves, name, ref donationCopies) : entry.Inline(writer.Leaves, name);
            return Tree<TResult>.Unflatten(outputs, entry.ResultStructure);
        }
        finally
        {
            writer.Clear();
            reusable = writer;
        }
    }

    /// <summary>Traces the function for this call only, so that its equations know the lines that they come from.</summary>
    private TResult CallUncached(TArguments arguments)
    {
        if (Trace.Current is not null) return function(arguments);
        var writer = new TreeWriter();
        Tree<TArguments>.Node.Flatten(arguments, writer);
        var staged = StagedFunction.Of(function, writer.Leaves.Select(Aval.Of).ToArray(), writer.Structure);
        var outputs = staged.Traced.Apply(staged.Traced.Program, writer.Leaves.ToArray());
        staged.Traced.WriteStates(outputs, staged.Traced.ResultCount);
        staged.Traced.RestoreWeakness(outputs);
        return Tree<TResult>.Unflatten(outputs.AsSpan(0, staged.Traced.ResultCount), staged.ResultStructure);
    }

    private JitEntry? Find(TreeWriter writer)
    {
        foreach (var entry in entries)
            if (entry.Matches(writer))
                return entry;
        return null;
    }

    private JitEntry TraceAnew(TreeWriter writer)
    {
        lock (tracing)
        {
            if (Find(writer) is { } tracedMeanwhile) return tracedMeanwhile;
            var usable = entries.Where(static e => e.IsUsable).ToArray();
            var reason = JitEntry.Explain(usable, writer);
            if (traceCount >= options.MaxTraces)
                throw new InvalidOperationException($"{name} was traced {traceCount} times already, and at most {options.MaxTraces} are allowed. It would be traced again because {reason}.");
            WarnAboutStatics(usable, writer);

            var structure = writer.Structure.ToArray();
            var avals = writer.Leaves.Select(Aval.Of).ToArray();
            object?[] resultStructure = [];
            var traced = Trace.Run(avals, leaves =>
            {
                var result = new TreeWriter();
                Tree<TResult>.Node.Flatten(function(Tree<TArguments>.Unflatten(leaves, structure)), result);
                resultStructure = [.. result.Structure];
                return result.Leaves;
            });
            traceCount++;
            lastTraceReason = reason;
            var entry = new JitEntry(structure, avals, traced, resultStructure, DonatedLeaves(writer));
            entries = [entry, .. entries.Where(static e => e.IsUsable)]; // The function may have called itself for another key.
            return entry;
        }
    }

    private int[] DonatedLeaves(TreeWriter writer) => [.. options.DonateArguments.SelectMany(argument => argument >= 0 && argument < writer.ArgumentStarts.Count
        ? writer.LeavesOf(argument)
        : throw new ArgumentOutOfRangeException(nameof(JitOptions.DonateArguments), $"{name} has no argument {argument} to donate."))];

    private void WarnAboutStatics(JitEntry[] usable, TreeWriter writer)
    {
        if (usable.Length < StaticVariantsBeforeWarning || usable.Length % StaticVariantsBeforeWarning != 0) return;
        if (usable.All(e => e.DiffersOnlyInStatics(writer)))
            System.Diagnostics.Trace.TraceWarning($"{name} was compiled for {usable.Length} values of a static argument. Pass it as a Tensor to compile once.");
    }
}
