using BrainState.Cpu.Threading;

namespace BrainState.Cpu.MatMul;

/// <summary>A way to compute one product, chosen when it is prepared.</summary>
internal unsafe interface IDotAlgorithm
{
    /// <summary>Bytes of scratch that a run needs, aligned to a cache line.</summary>
    long ScratchBytes { get; }

    /// <summary>Whether the operands have changed places: left is then the second one of the product.</summary>
    bool Swapped { get; }

    /// <summary>Bytes of the whole right operand in the order in which it is read, aligned to a cache line; 0 if it is read where it lies.</summary>
    long PackedBytes { get; }

    /// <summary>Brings the right operand into that order, for any number of runs.</summary>
    void Pack(byte* right, byte* packed);

    /// <summary>
    /// Computes the product of <paramref name="left"/> and <paramref name="right"/>, the operands in their places; <paramref name="packed"/> is what was made of the right one, or null.
    /// </summary>
    void Run(byte* left, byte* right, byte* packed, byte* result, byte* scratch, WorkerPool pool);
}
