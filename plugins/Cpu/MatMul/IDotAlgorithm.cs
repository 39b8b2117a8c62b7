using BrainState.Cpu.Threading;

namespace BrainState.Cpu.MatMul;

/// <summary>A way to compute one product, chosen when it is prepared.</summary>
internal unsafe interface IDotAlgorithm
{
    /// <summary>Bytes of scratch that a run needs, aligned to a cache line.</summary>
    long ScratchBytes { get; }

    /// <summary>Computes the product.</summary>
    void Run(byte* left, byte* right, byte* result, byte* scratch, WorkerPool pool);
}
