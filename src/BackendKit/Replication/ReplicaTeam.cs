using BrainState.Backends;
using BrainState.BackendKit.Execution;

namespace BrainState.BackendKit.Replication;

/// <summary>Runs the replicas of an execution, each in a thread of its own, since they wait for each other; the first in the caller's.</summary>
internal static class ReplicaTeam
{
    /// <summary>The outputs of all replicas in their order. If one fails, the others stop, there are no outputs, and its failure is thrown.</summary>
    public static Value[] Run(int count, ExecuteOptions options, Func<Replica, ExecuteOptions, Value[]> run)
    {
        var cancellation = options.Cancellation;
        options = options with { Effects = OneAtATime(options.Effects) };
        var meetings = new Meetings(count);
        var outputs = new Value[count][];
        void RunOne(int index)
        {
            try
            {
                outputs[index] = run(new(meetings, index), options);
            }
            catch (Exception failure)
            {
                if (failure is not StoppedException) meetings.Fail(failure);
            }
            meetings.End(index);
        }

        using (cancellation.UnsafeRegister(_ => meetings.Fail(new OperationCanceledException(cancellation)), null))
        {
            Thread[] threads = [.. Enumerable.Range(1, count - 1).Select(index => new Thread(() => RunOne(index)) { IsBackground = true })];
            foreach (var thread in threads) thread.Start();
            RunOne(0);
            foreach (var thread in threads) thread.Join();
        }
        if (meetings.Failure is not { } failed) return [.. outputs.SelectMany(static some => some)];
        foreach (var some in outputs) Value.ReleaseAll(some);
        failed.Throw();
        return [];
    }

    /// <summary>The handler for several replicas, whose effects happen at the same time.</summary>
    private static EffectHandler? OneAtATime(EffectHandler? handler)
    {
        if (handler is null) return null;
        var gate = new Lock();
        return (op, operands) =>
        {
            lock (gate) handler(op, operands);
        };
    }
}
