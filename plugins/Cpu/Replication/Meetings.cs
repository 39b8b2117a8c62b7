using System.Runtime.ExceptionServices;
using BrainState.Ops;

namespace BrainState.Cpu.Replication;

/// <summary>Where the replicas of one execution, each in a thread of its own, meet for collectives. A failure of one ends the wait of all.</summary>
/// <remarks>
/// A meeting has two waits. In the first, everybody shows the memory of an operand. Once all have come, nothing can fail any more, and everybody reads what
/// it needs. The second wait is over when all have read; it does not heed failures, because memory must not be given back while somebody reads it.
/// </remarks>
internal sealed unsafe class Meetings(int count)
{
    private readonly object gate = new();
    private readonly nint[] operands = new nint[count];
    private readonly bool[] ended = new bool[count];
    private Collective? op;
    private TensorSpec spec;
    private int arrived;
    private long turn;
    private volatile ExceptionDispatchInfo? failure;

    /// <summary>The number of replicas.</summary>
    public int Count => count;

    /// <summary>Why the execution failed, or null; the first failure counts.</summary>
    public ExceptionDispatchInfo? Failure => failure;

    /// <summary>Shows the operand of a collective and waits until all have done so. Then their operands can be read until <see cref="Part"/>.</summary>
    /// <exception cref="StoppedException">The execution failed.</exception>
    /// <exception cref="InvalidOperationException">Another replica is at another collective, or has ended.</exception>
    public void Meet(int index, Collective op, TensorSpec spec, byte* operand)
    {
        lock (gate)
        {
            ThrowIfStopped();
            if (Array.IndexOf(ended, true) >= 0) throw Abandoned(op);
            if (arrived == 0) (this.op, this.spec) = (op, spec);
            else if (!op.Equals(this.op) || spec != this.spec)
                throw new InvalidOperationException(
                    $"Replicas must come to the same collectives in the same order, but one is at {this.op} of {this.spec} and one at {op} of {spec}.");
            operands[index] = (nint)operand;
            Await(heedsFailure: true);
        }
    }

    /// <summary>The operand that a replica showed at this meeting.</summary>
    public byte* OperandOf(int index) => (byte*)operands[index];

    /// <summary>Waits until all have read what they need.</summary>
    public void Part()
    {
        lock (gate) Await(heedsFailure: false);
    }

    /// <summary>Notes that a replica comes to no further collective.</summary>
    public void End(int index)
    {
        lock (gate)
        {
            ended[index] = true;
            // Nobody ends within a meeting, so whoever has arrived is in its first wait.
            if (arrived > 0) Fail(Abandoned(op!));
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

    private void Await(bool heedsFailure)
    {
        var mine = turn;
        if (++arrived == count)
        {
            arrived = 0;
            turn++;
            Monitor.PulseAll(gate);
        }
        while (turn == mine)
        {
            if (heedsFailure) ThrowIfStopped();
            Monitor.Wait(gate);
        }
    }

    private InvalidOperationException Abandoned(Collective op) => new(
        $"{op.Name} waits for all {count} replicas along the axis '{op.AxisName}', but {string.Join(", ", Enumerable.Range(0, count).Where(i => ended[i]))} ended without it. "
        + "A collective must not depend on a condition that differs between them.");
}

/// <summary>A replica stops because another one failed.</summary>
internal sealed class StoppedException : Exception;
