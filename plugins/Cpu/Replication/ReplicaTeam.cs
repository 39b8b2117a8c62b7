using System.Runtime.InteropServices;
using BrainState.Cpu.Threading;

namespace BrainState.Cpu.Replication;

/// <summary>The threads on which the replicas of an execution run side by side, kept for the next one.</summary>
/// <remarks>
/// Replicas wait for each other, so all of one execution must run at the same time: executions take turns. The loops within a replica share the threads of
/// the backend's other pool, which whoever finds it taken does without; so no replica ever waits for a thread.
/// </remarks>
internal sealed unsafe class ReplicaTeam(int degree) : IDisposable
{
    private readonly Lock turns = new();
    private WorkerPool? threads;
    private bool disposed;

    /// <summary>Runs <paramref name="replica"/> for each number below <paramref name="count"/>, all at the same time. It must not throw.</summary>
    public void Run(int count, Action<int> replica)
    {
        lock (turns)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            threads ??= new(degree);
            var handle = GCHandle.Alloc(replica);
            threads.Run(count, &RunOne, (void*)GCHandle.ToIntPtr(handle));
            handle.Free();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (turns)
        {
            disposed = true;
            threads?.Dispose();
        }
    }

    private static void RunOne(void* state, int index) => ((Action<int>)GCHandle.FromIntPtr((nint)state).Target!)(index);
}
