using System.Runtime.ExceptionServices;
using BrainState.BackendKit.Execution;
using BrainState.Ops;

namespace BrainState.BackendKit.Replication;

/// <summary>Where the replicas of one execution meet for collectives. A failure of one ends the wait of all.</summary>
internal sealed class Meetings(int count)
{
    private readonly object gate = new();
    private readonly bool[] ended = new bool[count];
    private Meeting? meeting;
    private volatile ExceptionDispatchInfo? failure;

    /// <summary>Why the execution failed, or null; the first failure counts.</summary>
    public ExceptionDispatchInfo? Failure => failure;

    /// <summary>Brings a value to a collective and waits until all have done so; returns the values of all in their order, each with another owner.</summary>
    /// <exception cref="StoppedException">The execution failed.</exception>
    /// <exception cref="InvalidOperationException">Another replica is at another collective, or has ended.</exception>
    public Value[] Exchange(int index, Collective op, Value value)
    {
        lock (gate)
        {
            ThrowIfStopped();
            if (Array.IndexOf(ended, true) >= 0) throw Abandoned(op);
            var here = meeting ??= new(op, value.Spec, new Value[count]);
            if (!op.Equals(here.Op) || value.Spec != here.Spec)
                throw new InvalidOperationException(
                    $"Replicas must come to the same collectives in the same order, but one is at {here.Op} of {here.Spec} and one at {op} of {value.Spec}.");
            here.Values[index] = value;
            if (++here.Arrived == count)
            {
                // Everybody else waits and so still owns what it brought.
                foreach (var brought in here.Values)
                    for (var i = 0; i < count; i++)
                        brought.Share();
                meeting = null;
                Monitor.PulseAll(gate);
            }
            while (here.Arrived < count)
            {
                ThrowIfStopped();
                Monitor.Wait(gate);
            }
            return [.. here.Values];
        }
    }

    /// <summary>Notes that a replica comes to no further collective.</summary>
    public void End(int index)
    {
        lock (gate)
        {
            ended[index] = true;
            if (meeting is not null) Fail(Abandoned(meeting.Op));
        }
    }

    /// <summary>Ends the execution; of several failures the first counts.</summary>
    public void Fail(Exception cause)
    {
        lock (gate)
        {
            failure ??= ExceptionDispatchInfo.Capture(cause);
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Throws if the execution has failed.</summary>
    public void ThrowIfStopped()
    {
        if (failure is not null) throw new StoppedException();
    }

    private InvalidOperationException Abandoned(Collective op) => new(
        $"{op.Name} waits for all {count} replicas along the axis '{op.AxisName}', but {string.Join(", ", Enumerable.Range(0, count).Where(i => ended[i]))} ended without it. "
        + "A collective must not depend on a condition that differs between them.");

    /// <summary>One collective that all take part in.</summary>
    private sealed record Meeting(Collective Op, TensorSpec Spec, Value[] Values)
    {
        public int Arrived { get; set; }
    }
}

/// <summary>A replica stops because another one failed.</summary>
internal sealed class StoppedException : Exception;
