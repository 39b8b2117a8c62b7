using System.Runtime.InteropServices;
using BrainState.Cpu.Kernels;
using BrainState.Cpu.Lowering;
using BrainState.Cpu.Steps;

namespace BrainState.Cpu.Planning;

/// <summary>
/// Turns a group into a tile program: an instruction per node, plus those that bring operands into registers. A register is a buffer of one
/// tile, reused after its value's last reader, or a place in a tensor.
/// </summary>
/// <remarks>One compiler makes all groups of a plan, one after the other.</remarks>
internal sealed unsafe class GroupCompiler(PlanData data, int absoluteSlot, int threads)
{
    /// <summary>The target size of a register: a handful of them stay in the first-level cache.</summary>
    private const int RegisterBytes = 8192;

    /// <summary>So many instructions on elements are worth waking other threads.</summary>
    private const long ParallelWork = 1 << 18;

    private readonly List<Instruction> prologue = [];
    private readonly List<Instruction> body = [];
    private readonly List<TensorRegister> tensors = [];
    private readonly List<AccumulatorRegister> accumulators = [];
    private readonly List<Combination> combinations = [];

    private readonly Stack<int> free = [];
    private readonly HashSet<int> buffers = [];
    private Group group = null!; // Set by Begin.
    private LoopShape loop;
    private int registerBytes;
    private int registerCount;

    private void Begin(Group next)
    {
        (group, registerCount) = (next, 0);
        prologue.Clear();
        body.Clear();
        tensors.Clear();
        accumulators.Clear();
        combinations.Clear();
        free.Clear();
        buffers.Clear();

        var widest = 1;
        foreach (var node in group.Nodes)
        {
            widest = Math.Max(widest, LaneSize(node.Output));
            foreach (var input in node.Inputs)
            {
                widest = Math.Max(widest, LaneSize(input));
                UseOf(RegisterKey(input)).Readers++;
            }
        }
        loop = LoopShape.Of(group.Count, Math.Clamp(RegisterBytes / widest, Group.SmallestTile, 4096), group.Reduction);
        registerBytes = checked((int)((loop.Tile * widest + 63) / 64 * 64));
    }

    /// <summary>The step of a group; <paramref name="place"/> gives it scratch memory.</summary>
    public FusedStep Compile(Group next, Func<long, Location> place)
    {
        Begin(next);
        foreach (var node in group.Nodes)
        {
            if (node is ReduceNode reduce) Emit(reduce, place);
            else Emit((PointwiseNode)node);
        }

        var isParallel = threads > 1 && loop.Units > 1 && loop.Count * body.Count >= ParallelWork;
        var parts = isParallel ? (int)Math.Min(loop.Units, 2 * threads) : 1;
        var scratch = buffers.Count == 0 ? default : place((long)parts * buffers.Count * registerBytes);
        var numbers = BuffersFirst();
        foreach (ref var tensor in CollectionsMarshal.AsSpan(tensors)) tensor.Register = numbers[tensor.Register];
        foreach (ref var accumulator in CollectionsMarshal.AsSpan(accumulators)) accumulator.Register = numbers[accumulator.Register];
        var program = new TileProgram
        {
            Loop = loop,
            Parts = parts,
            RegisterCount = registerCount,
            BufferCount = buffers.Count,
            BufferBytes = registerBytes,
            Prologue = Renumbered(prologue, numbers),
            Body = Renumbered(body, numbers),
            Tensors = data.Copy<TensorRegister>(CollectionsMarshal.AsSpan(tensors)),
            Accumulators = data.Copy<AccumulatorRegister>(CollectionsMarshal.AsSpan(accumulators)),
        };
        program.PrologueEnd = program.Prologue + prologue.Count;
        program.BodyEnd = program.Body + body.Count;
        program.TensorsEnd = program.Tensors + tensors.Count;
        program.AccumulatorsEnd = program.Accumulators + accumulators.Count;
        return new FusedStep(data.Copy<TileProgram>([program]), parts, scratch, [.. combinations]);
    }

    /// <summary>New register numbers, buffers before places in tensors, so that buffers are consecutive in scratch memory.</summary>
    private int[] BuffersFirst()
    {
        var numbers = new int[Math.Max(1, registerCount)];
        var (buffer, tensor) = (0, buffers.Count);
        for (var i = 0; i < registerCount; i++) numbers[i] = buffers.Contains(i) ? buffer++ : tensor++;
        return numbers;
    }

    private Instruction* Renumbered(List<Instruction> instructions, int[] numbers)
    {
        foreach (ref var instruction in CollectionsMarshal.AsSpan(instructions))
        {
            instruction.Result = numbers[instruction.Result];
            instruction.A = numbers[instruction.A];
            instruction.B = numbers[instruction.B];
            instruction.C = numbers[instruction.C];
        }
        return data.Copy<Instruction>(CollectionsMarshal.AsSpan(instructions));
    }

    private void Emit(PointwiseNode node)
    {
        var kernel = node.Kernel;
        var (a, b, c) = (0, 0, 0);
        var inputs = node.Inputs;
        if (IsScalar(inputs[0]) && node.LeftScalar is not null && (inputs.Length == 1 || !IsScalar(inputs[1])))
        {
            kernel = node.LeftScalar;
            a = Scalar(inputs[0]);
            if (inputs.Length > 1) b = Dense(inputs[1]);
        }
        else
        {
            a = Dense(inputs[0]);
            if (inputs.Length > 1)
            {
                var isScalar = IsScalar(inputs[1]) && node.RightScalar is not null;
                if (isScalar) kernel = node.RightScalar;
                b = isScalar ? Scalar(inputs[1]) : Dense(inputs[1]);
            }
            if (inputs.Length > 2) c = Dense(inputs[2]);
        }

        var result = ResultRegister(node);
        body.Add(new() { Kernel = kernel, Result = result, A = a, B = b, C = c, Parameter = node.Parameter });
        if (node.Rounds && RoundKernel(node.Output.DType) is var round && round is not null) body.Add(new() { Kernel = round, Result = result, A = result });
        if (node.Output.IsStored && IsHalf(node.Output.DType))
        {
            var store = node.Output.DType == DType.Float16 ? HalfKernels.StoreFloat16 : HalfKernels.StoreBFloat16;
            body.Add(new() { Kernel = store, Result = Tensor(node.Output.Location, node.Output.DType.Size), A = result });
        }
        Release(node);
        if (UseOf(node.Output).Readers == 0) FreeBuffer(result);
    }

    /// <summary>A register for the result: memory if it is stored as it is, else the buffer of an operand that is not read any more, else a new one.</summary>
    private int ResultRegister(PointwiseNode node)
    {
        var output = node.Output;
        if (output.IsStored && !IsHalf(output.DType)) return UseOf(output).Register = Tensor(output.Location, output.DType.Size);
        foreach (var input in node.Inputs)
        {
            var key = RegisterKey(input);
            // Kernels may work in place only if elements have the same size; the buffer changes hands, so it is not freed.
            ref var use = ref UseOf(key);
            if (!buffers.Contains(use.Register) || use.Readers != ReadsOf(key, node.Inputs) || LaneSize(input) != LaneSize(output)) continue;
            UseOf(output).Register = use.Register;
            use.Register = -1;
            return UseOf(output).Register;
        }
        return UseOf(output).Register = NewBuffer();
    }

    private void Emit(ReduceNode node, Func<long, Location> place)
    {
        var (output, shape) = (node.Output, node.Shape);
        if (!output.IsStored)
        {
            Release(node);
            return;
        }
        var source = Dense(node.Inputs[0]);
        var size = output.DType.Size;
        if (!loop.IsSegmented)
        {
            var result = Tensor(output.Location, size, divisor: shape.Rows);
            body.Add(ReduceInstruction(node, result, source, shape.Rows, shape.Columns));
            Release(node);
            return;
        }

        // Accumulate over the tiles of a segment; the result itself is the accumulator if there is only one.
        var target = loop.Segments == 1 ? output.Location : place(shape.Outer * loop.Segments * shape.Columns * size);
        var accumulator = registerCount++;
        accumulators.Add(new() { Register = accumulator, Slot = target.Slot, Offset = target.Offset, Size = size, Identity = data.Copy(node.Identity) });
        var partial = source;
        if (loop.Chunks == 1)
        {
            partial = NewBuffer();
            body.Add(ReduceInstruction(node, partial, source, shape.Columns == 1 ? loop.Tile : loop.TileRows, shape.Columns));
        }
        body.Add(new() { Kernel = node.Forms.Accumulate, Result = accumulator, A = partial, Parameter = loop.Chunks == 1 ? shape.Columns : 0 });
        if (partial != source) FreeBuffer(partial);
        Release(node);
        if (loop.Segments > 1)
            combinations.Add(new(ReduceInstruction(node, 0, 1, loop.Segments, shape.Columns), output.Location, target, shape.Outer * loop.Segments * shape.Columns));
    }

    private Instruction ReduceInstruction(ReduceNode node, int result, int source, long rows, long columns)
    {
        if (columns == 1) return new() { Kernel = node.Forms.Rows, Result = result, A = source, Parameter = rows, Data = data.Copy(node.Identity) };
        var extent = data.Allocate<ReduceExtent>(1);
        *extent = new() { Rows = (nint)rows, Columns = (nint)columns };
        return new() { Kernel = node.Forms.Columns, Result = result, A = source, Data = extent };
    }

    /// <summary>Whether the operand is one element for all positions.</summary>
    private bool IsScalar(Value value) => group.Count > 1 && (value.Count == 1 || value.View is { IsSingle: true });

    /// <summary>A register holding the one element of a scalar operand.</summary>
    private int Scalar(Value value)
    {
        ref var known = ref UseOf(value).Scalar;
        if (known >= 0) return known;
        if (value.View is { Source.Constant: not null } view && view.Source.DType == value.DType) return known = Scalar(view.Source);
        if (value.Constant is { } constant)
        {
            var lane = ByDType.Lane(value.DType);
            var address = (nint)data.Copy(lane == value.DType ? constant : BrainState.Scalar.Of(lane, constant.ToDouble()));
            return known = Tensor(new(absoluteSlot, address), 0);
        }
        var raw = Tensor(PlanBuilder.LocationOf(value, data, absoluteSlot), 0);
        if (!IsHalf(value.DType)) return known = raw;
        var converted = NewConstantBuffer();
        prologue.Add(new() { Kernel = LoadKernel(value.DType), Result = converted, A = raw, Parameter = 1 });
        return known = converted;
    }

    /// <summary>A register holding one element per position of the tile.</summary>
    private int Dense(Value value)
    {
        if (IsScalar(value)) return Splat(value);
        ref var known = ref UseOf(RegisterKey(value)).Register;
        if (known >= 0) return known;
        if (value.Constant is not null) return Scalar(value);
        return known = value.Counting is { } counting ? Count(value, counting)
            : value.View is { IsDense: false, IsSingle: false } view ? Read(value, view)
            : Load(value.DType, Tensor(PlanBuilder.LocationOf(value, data, absoluteSlot), value.DType.Size));
    }

    private int Splat(Value value)
    {
        ref var known = ref UseOf(value).Splat;
        if (known >= 0) return known;
        var scalar = Scalar(value);
        var register = NewConstantBuffer();
        prologue.Add(new() { Kernel = ByDType.Splat(LaneSize(value)), Result = register, A = scalar, Parameter = loop.Tile });
        return known = register;
    }

    private int Count(Value value, Counting counting)
    {
        var extent = data.Allocate<IotaExtent>(1);
        *extent = new() { Size = counting.Size, Inner = counting.Inner };
        var register = NewBuffer();
        body.Add(new() { Kernel = ByDType.Iota(ByDType.Lane(value.DType)), Result = register, Data = extent });
        if (RoundKernel(value.DType) is var round && round is not null) body.Add(new() { Kernel = round, Result = register, A = register });
        return register;
    }

    private int Read(Value value, View view)
    {
        var layout = data.Allocate<ViewLayout>(1);
        var (sizes, strides) = Merge(view);
        *layout = new() { Rank = sizes.Length, Sizes = data.Copy<long>(sizes), Strides = data.Copy<long>(strides) };
        var register = NewBuffer();
        body.Add(new()
        {
            Kernel = ByDType.View(value.DType.Size),
            Result = register,
            A = Tensor(PlanBuilder.LocationOf(value, data, absoluteSlot), 0),
            Data = layout,
        });
        return Load(value.DType, register);
    }

    /// <summary>The axes of a view without those of size 1, neighbours merged where one continues the other.</summary>
    private static (long[] Sizes, long[] Strides) Merge(View view)
    {
        var (sizes, strides) = (new List<long>(), new List<long>());
        for (var axis = 0; axis < view.Sizes.Length; axis++)
        {
            var (size, stride) = (view.Sizes[axis], view.Strides[axis]);
            if (size == 1) continue;
            if (sizes.Count > 0 && strides[^1] == size * stride) (sizes[^1], strides[^1]) = (sizes[^1] * size, stride);
            else
            {
                sizes.Add(size);
                strides.Add(stride);
            }
        }
        return ([.. sizes], [.. strides]);
    }

    /// <summary>The register itself, or float32 lanes converted from it.</summary>
    private int Load(DType dtype, int raw)
    {
        if (!IsHalf(dtype)) return raw;
        var register = NewBuffer();
        body.Add(new() { Kernel = LoadKernel(dtype), Result = register, A = raw });
        FreeBuffer(raw);
        return register;
    }

    /// <summary>A register in a tensor: it advances by <paramref name="size"/> bytes for every <paramref name="divisor"/> elements.</summary>
    private int Tensor(Location location, long size, long divisor = 1)
    {
        tensors.Add(new() { Register = registerCount, Slot = location.Slot, Offset = location.Offset, Size = size, Divisor = divisor });
        return registerCount++;
    }

    private int NewBuffer() => free.TryPop(out var register) ? register : NewConstantBuffer();

    /// <summary>A buffer that nothing else uses, before or after, because the prologue fills it once.</summary>
    private int NewConstantBuffer()
    {
        buffers.Add(registerCount);
        return registerCount++;
    }

    private void FreeBuffer(int register)
    {
        if (buffers.Contains(register)) free.Push(register);
    }

    /// <summary>Counts the node's reads as done and frees the buffers of what nobody reads any more.</summary>
    private void Release(TileNode node)
    {
        foreach (var input in node.Inputs)
        {
            ref var use = ref UseOf(RegisterKey(input));
            if (--use.Readers > 0 || use.Register < 0) continue;
            FreeBuffer(use.Register);
            use.Register = -1;
        }
    }

    /// <summary>What this group knows of a value.</summary>
    private ref GroupUse UseOf(Value value)
    {
        if (value.Use.Group != group.Index) value.Use = new(group.Index);
        return ref value.Use;
    }

    private static int ReadsOf(Value key, Value[] inputs)
    {
        var count = 0;
        foreach (var input in inputs)
            if (RegisterKey(input) == key)
                count++;
        return count;
    }

    private static Value RegisterKey(Value value) => value.IsSameRegister ? value.Root : value;

    private static int LaneSize(Value value) => ByDType.Lane(value.DType).Size;

    private static bool IsHalf(DType dtype) => dtype is DType.Float16 or DType.BFloat16;

    private static TileKernel LoadKernel(DType dtype) => dtype == DType.Float16 ? HalfKernels.LoadFloat16 : HalfKernels.LoadBFloat16;

    private static TileKernel RoundKernel(DType dtype) => dtype switch
    {
        DType.Float16 => HalfKernels.RoundToFloat16,
        DType.BFloat16 => HalfKernels.RoundToBFloat16,
        _ => null,
    };
}
