using System.Runtime.CompilerServices;
using BrainState.Cpu.Kernels;
using BrainState.Cpu.Lowering;
using BrainState.Cpu.Planning;

namespace BrainState.Cpu.Steps;

/// <summary>A register in a tensor: element i of the loop is at i / Divisor · Size bytes from its start.</summary>
internal struct TensorRegister
{
    public int Register;
    public int Slot;
    public long Offset;
    public long Size;
    public long Divisor;
}

/// <summary>A register with the accumulator of a reduction, one row of columns per segment.</summary>
internal unsafe struct AccumulatorRegister
{
    public int Register;
    public int Slot;
    public long Offset;
    public int Size;
    public byte* Identity;
}

/// <summary>Combines the segments of a reduction, <paramref name="Count"/> elements in all.</summary>
internal readonly record struct Combination(Instruction Instruction, Location Result, Location Segments, long Count);

/// <summary>The instructions of a group and the loop they run in. In native memory.</summary>
internal unsafe struct TileProgram
{
    public LoopShape Loop;

    /// <summary>How many shares the units are dealt out in.</summary>
    public int Parts;

    /// <summary>The number of registers, and of those among them, the first ones, that are buffers in scratch memory.</summary>
    public int RegisterCount, BufferCount;

    public int BufferBytes;

    /// <summary>What is done once per share: scalars are converted and spread.</summary>
    public Instruction* Prologue, PrologueEnd;

    /// <summary>What is done for every tile.</summary>
    public Instruction* Body, BodyEnd;

    public TensorRegister* Tensors, TensorsEnd;

    public AccumulatorRegister* Accumulators, AccumulatorsEnd;
}

/// <summary>
/// Runs a tile program over all elements: for each tile all instructions, so that intermediate values stay in cache. See
/// <see cref="LoopShape"/> for the order.
/// </summary>
internal sealed unsafe class FusedStep(TileProgram* program, int parts, Location scratch, Combination[] combinations) : Step
{
    public override void Run(Frame frame)
    {
        var work = new Work { Program = program, Slots = frame.Slots, Scratch = frame[scratch] };
        if (parts == 1) RunPart(&work, 0);
        else frame.Workers.Run(parts, &RunPart, &work);
        foreach (ref readonly var combination in combinations.AsSpan()) Combine(frame, combination);
    }

    private static void Combine(Frame frame, in Combination combination)
    {
        var registers = stackalloc byte*[2];
        registers[0] = frame[combination.Result];
        registers[1] = frame[combination.Segments];
        var instruction = combination.Instruction;
        instruction.Kernel(registers, &instruction, 0, (nint)combination.Count);
    }

    /// <summary>One share of the units, on one thread.</summary>
    private static void RunPart(void* state, int part)
    {
        var work = (Work*)state;
        var program = work->Program;
        var registers = stackalloc byte*[program->RegisterCount];
        var buffer = work->Scratch + (long)part * program->BufferCount * program->BufferBytes;
        for (var i = 0; i < program->BufferCount; i++, buffer += program->BufferBytes) registers[i] = buffer;
        for (var tensor = program->Tensors; tensor < program->TensorsEnd; tensor++)
            registers[tensor->Register] = work->Slots[tensor->Slot] + tensor->Offset;
        for (var instruction = program->Prologue; instruction < program->PrologueEnd; instruction++)
            instruction->Kernel(registers, instruction, 0, (nint)instruction->Parameter);

        ref readonly var loop = ref program->Loop;
        if (loop.Units == 1 && !loop.IsSegmented)
        {
            for (var instruction = program->Body; instruction < program->BodyEnd; instruction++)
                instruction->Kernel(registers, instruction, 0, (nint)loop.Count);
            return;
        }
        var end = loop.Units * (part + 1) / program->Parts;
        for (var unit = loop.Units * part / program->Parts; unit < end; unit++)
        {
            if (loop.IsSegmented) RunSegment(work, registers, unit);
            else RunTile(work, registers, unit * loop.Tile, Math.Min(loop.Tile, loop.Count - unit * loop.Tile));
        }
    }

    private static void RunTile(Work* work, byte** registers, long start, long count)
    {
        for (var tensor = work->Program->Tensors; tensor < work->Program->TensorsEnd; tensor++)
        {
            if (tensor->Size == 0) continue;
            var position = tensor->Divisor == 1 ? start : start / tensor->Divisor;
            registers[tensor->Register] = work->Slots[tensor->Slot] + tensor->Offset + position * tensor->Size;
        }
        for (var instruction = work->Program->Body; instruction < work->Program->BodyEnd; instruction++) instruction->Kernel(registers, instruction, (nint)start, (nint)count);
    }

    private static void RunSegment(Work* work, byte** registers, long unit)
    {
        ref readonly var loop = ref work->Program->Loop;
        var (rest, chunk) = Math.DivRem(unit, loop.Chunks);
        var (outer, segment) = Math.DivRem(rest, loop.Segments);
        var column = chunk * loop.ChunkColumns;
        var columns = Math.Min(loop.ChunkColumns, loop.Columns - column);
        for (var accumulator = work->Program->Accumulators; accumulator < work->Program->AccumulatorsEnd; accumulator++)
        {
            var size = accumulator->Size;
            var address = work->Slots[accumulator->Slot] + accumulator->Offset + ((outer * loop.Segments + segment) * loop.Columns + column) * size;
            registers[accumulator->Register] = address;
            for (long i = 0; i < columns; i++) Unsafe.CopyBlockUnaligned(address + i * size, accumulator->Identity, (uint)size);
        }

        var end = Math.Min(loop.Rows, (segment + 1) * loop.SegmentRows);
        for (var row = segment * loop.SegmentRows; row < end; row += loop.TileRows)
        {
            var rows = Math.Min(loop.TileRows, end - row);
            RunTile(work, registers, (outer * loop.Rows + row) * loop.Columns + column, rows * columns);
        }
    }

    /// <summary>What the threads share.</summary>
    private struct Work
    {
        public TileProgram* Program;
        public byte** Slots;
        public byte* Scratch;
    }
}
