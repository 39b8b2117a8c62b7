using BrainState.Ops;

namespace BrainState.Interpretation.Evaluation;

/// <summary>One of several runs of a program, side by side along a named axis.</summary>
internal sealed record Replica(Rendezvous Axis, int Index)
{
    /// <summary>The values that all replicas bring to a collective, in their order.</summary>
    public HostValue[] Exchange(Collective op, HostValue value, CancellationToken cancellation) => Axis.Exchange(Index, op, value, cancellation);
}

/// <summary>Where the replicas of a program, each in a thread of its own, meet for collectives.</summary>
internal sealed class Rendezvous(string name, int count)
{
    private readonly Lock gate = new();
    private readonly HashSet<int> left = [];
    private Meeting meeting = new(count);

    public string Name => name;

    public int Count => count;

    /// <summary>Waits until every replica has brought a value to the same collective; returns all values.</summary>
    /// <exception cref="ReplicaMismatchException">Another replica has ended, or is at another collective.</exception>
    public HostValue[] Exchange(int index, Collective op, HostValue value, CancellationToken cancellation)
    {
        Meeting here;
        lock (gate)
        {
            here = meeting;
            here.Bring(index, op, value);
            if (left.Count > 0) here.Fail(Abandoned(op));
            else if (here.IsComplete) meeting = new(count);
        }
        return here.Wait(cancellation);
    }

    /// <summary>The replica comes to no further collective; whoever waits for it fails.</summary>
    public void Leave(int index)
    {
        lock (gate)
        {
            left.Add(index);
            if (meeting.Op is { } op) meeting.Fail(Abandoned(op));
        }
    }

    private ReplicaMismatchException Abandoned(Collective op) =>
        new($"{op.Name} waits for all {count} replicas of axis '{name}', but {string.Join(", ", left.Order())} ended without it.");

    /// <summary>One collective that all take part in.</summary>
    private sealed class Meeting(int count)
    {
        private readonly HostValue[] values = new HostValue[count];
        private readonly TaskCompletionSource<HostValue[]> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TensorSpec? spec;
        private int arrived;

        public Collective? Op { get; private set; }

        public bool IsComplete => arrived == values.Length;

        public void Bring(int index, Collective op, HostValue value)
        {
            Op ??= op;
            spec ??= value.Spec;
            if (!op.Equals(Op) || value.Spec != spec)
                Fail(new($"Replicas must come to the same collectives in the same order, but one is at {Op} of {spec} and one at {op} of {value.Spec}."));
            values[index] = value;
            arrived++;
            if (IsComplete) outcome.TrySetResult(values);
        }

        public void Fail(ReplicaMismatchException failure) => outcome.TrySetException(failure);

        public HostValue[] Wait(CancellationToken cancellation) => outcome.Task.WaitAsync(cancellation).GetAwaiter().GetResult();
    }
}

/// <summary>A replica waited in vain for the others.</summary>
internal sealed class ReplicaMismatchException(string message) : InvalidOperationException(message);
