using System.Runtime.InteropServices;
using BrainState.Backends;
using BrainState.Cpu.Lowering;
using BrainState.Cpu.Memory;
using BrainState.Cpu.Steps;
using BrainState.Cpu.Threading;

namespace BrainState.Cpu.Planning;

/// <summary>
/// The memory of one running plan: the addresses of its inputs, outputs and arena, and the frames of the plans nested in it. Frames are
/// kept and reused, so that a warm run allocates nothing.
/// </summary>
internal sealed unsafe class Frame : IDisposable
{
    private readonly byte** slots;
    private readonly MemoryBlock? arena;
    private readonly MemoryPool pool;
    private readonly Frame[] children;
    private readonly Plan plan;

    /// <summary>A frame for <paramref name="plan"/> and all plans nested in it.</summary>
    public Frame(Plan plan, MemoryPool pool, WorkerPool workers, RunContext context)
    {
        this.plan = plan;
        this.pool = pool;
        Workers = workers;
        Context = context;
        slots = (byte**)NativeMemory.AllocZeroed((nuint)(plan.AbsoluteSlot + 1), (nuint)sizeof(byte*));
        children = new Frame[plan.ChildCount];
        if (plan.ArenaBytes > 0)
        {
            arena = pool.Rent(plan.ArenaBytes);
            slots[plan.ArenaSlot] = arena.Address;
        }
        foreach (var step in plan.Steps)
            for (var i = 0; i < step.Nested.Length; i++)
                children[step.FirstChild + i] = new Frame(step.Nested[i], pool, workers, context);
    }

    /// <summary>The net below a forgotten <see cref="Dispose"/>.</summary>
    ~Frame() => Release();

    /// <summary>The threads that steps may use.</summary>
    public WorkerPool Workers { get; }

    /// <summary>What this frame shares with those nested in it.</summary>
    public RunContext Context { get; }

    /// <summary>The base addresses.</summary>
    public byte** Slots => slots;

    /// <summary>The address of an input, output or anything else.</summary>
    public byte* this[Location location] => slots[location.Slot] + location.Offset;

    /// <summary>The frame of the <paramref name="index"/>-th plan nested in <paramref name="step"/>.</summary>
    public Frame Child(Step step, int index) => children[step.FirstChild + index];

    /// <summary>Says where an input is.</summary>
    public void SetInput(int index, byte* address) => slots[index] = address;

    /// <summary>Says where an output goes.</summary>
    public void SetOutput(int index, byte* address) => slots[plan.OutputSlot + index] = address;

    /// <summary>Where an input is.</summary>
    public byte* Input(int index) => slots[index];

    /// <summary>Where an output goes.</summary>
    public byte* Output(int index) => slots[plan.OutputSlot + index];

    /// <summary>Runs the plan.</summary>
    public void Run() => plan.Run(this);

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        foreach (var child in children) child.Dispose();
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        if (arena is not null) pool.Return(arena);
        NativeMemory.Free(slots);
    }
}
