using System.Runtime.CompilerServices;
using BrainState.Cpu.Lowering;
using BrainState.Cpu.Planning;

namespace BrainState.Cpu.Steps;

/// <summary>An algorithm on one matrix: where its operands, results and scratch memory are.</summary>
internal unsafe delegate void MatrixAlgorithm(byte** operands, byte** results, byte* scratch);

/// <summary>Runs an algorithm on each matrix of a batch.</summary>
internal sealed unsafe class MatrixStep(MatrixAlgorithm algorithm, long count, long[] operandBytes, long[] resultBytes, long scratchBytes, StepMemory memory) : Step
{
    private const int MaxParts = 16;

    private readonly Location[] inputs = memory.Inputs;
    private readonly Location[] outputs = memory.Outputs;
    private readonly Location scratch = memory.Scratch;

    /// <summary>The number of shares, each of which needs its own scratch memory.</summary>
    public static int Parts(long count) => (int)Math.Min(count, MaxParts);

    public override void Run(Frame frame)
    {
        // The work stays on this stack until all parts are done, so its address may be passed around although it refers to objects.
        var work = new Work { Step = this, Frame = frame };
        frame.Workers.Run(Parts(count), &RunPart, Unsafe.AsPointer(ref work));
    }

    private static void RunPart(void* state, int part)
    {
        ref var work = ref Unsafe.AsRef<Work>(state);
        work.Step.RunPart(work.Frame, part);
    }

    private void RunPart(Frame frame, int part)
    {
        var operands = stackalloc byte*[inputs.Length];
        var results = stackalloc byte*[outputs.Length];
        var parts = Parts(count);
        var end = count * (part + 1) / parts;
        for (var matrix = count * part / parts; matrix < end; matrix++)
        {
            for (var i = 0; i < inputs.Length; i++) operands[i] = frame[inputs[i]] + matrix * operandBytes[i];
            for (var i = 0; i < outputs.Length; i++) results[i] = frame[outputs[i]] + matrix * resultBytes[i];
            algorithm(operands, results, frame[scratch] + part * scratchBytes);
        }
    }

    private struct Work
    {
        public MatrixStep Step;
        public Frame Frame;
    }
}
