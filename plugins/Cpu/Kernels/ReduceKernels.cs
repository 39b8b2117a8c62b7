using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using BrainState.Cpu.Vectors;

namespace BrainState.Cpu.Kernels;

/// <summary>The kernels of one reduction: along rows, along columns, and of two partial results.</summary>
internal readonly unsafe struct ReduceForms(TileKernel rows, TileKernel columns, TileKernel accumulate)
{
    public TileKernel Rows { get; } = rows;

    public TileKernel Columns { get; } = columns;

    /// <summary>Result = op(Result, A), over Parameter elements or, if that is 0, the tile.</summary>
    public TileKernel Accumulate { get; } = accumulate;
}

/// <summary>How many consecutive elements a reduction combines: blocks of <see cref="Rows"/> × <see cref="Columns"/>, combined over the rows.</summary>
internal struct ReduceExtent
{
    public nint Rows, Columns;
}

/// <summary>
/// Reductions of the elements of a tile. Several accumulators hide the latency of the op and keep the rounding error of sums small.
/// </summary>
internal static unsafe class ReduceKernels<TOp, T> where TOp : struct, IBinaryOp<T> where T : unmanaged
{
    public static ReduceForms Forms =>
        Vector512.IsHardwareAccelerated ? FormsOf<Vec512<T>>() : Vector256.IsHardwareAccelerated ? FormsOf<Vec256<T>>() : FormsOf<Vec128<T>>();

    private static ReduceForms FormsOf<V>() where V : unmanaged, IVector<V, T> => new(&Rows<V>, &Columns<V>, &Accumulate<V>);

    /// <summary>A holds rows of Parameter elements (the last may be short); each becomes one element of Result. Data is the identity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<V>(byte** registers, Instruction* instruction, nint start, nint count) where V : unmanaged, IVector<V, T>
    {
        var result = (T*)registers[instruction->Result];
        var x = (T*)registers[instruction->A];
        var length = (nint)instruction->Parameter;
        var identity = V.Splat(*(T*)instruction->Data);
        for (nint row = 0; row < count; row += length) *result++ = Row(x + row, Math.Min(length, count - row), identity);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Row<V>(T* x, nint length, V identity) where V : unmanaged, IVector<V, T>
    {
        if (length == 1) return *x;
        V a = identity, b = identity, c = identity, d = identity;
        nint i = 0;
        for (; i <= length - 4 * V.Count; i += 4 * V.Count)
        {
            a = TOp.Apply(a, V.Load(x + i));
            b = TOp.Apply(b, V.Load(x + i + V.Count));
            c = TOp.Apply(c, V.Load(x + i + 2 * V.Count));
            d = TOp.Apply(d, V.Load(x + i + 3 * V.Count));
        }
        for (; i <= length - V.Count; i += V.Count) a = TOp.Apply(a, V.Load(x + i));
        if (i < length) b = TOp.Apply(b, V.LoadPartial(x + i, length - i, identity));
        return V.Fold<TOp>(TOp.Apply(TOp.Apply(a, b), TOp.Apply(c, d)));
    }

    /// <summary>A holds blocks of rows (Data: <see cref="ReduceExtent"/>); each block becomes one row of Result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns<V>(byte** registers, Instruction* instruction, nint start, nint count) where V : unmanaged, IVector<V, T>
    {
        var result = (T*)registers[instruction->Result];
        var x = (T*)registers[instruction->A];
        var columns = ((ReduceExtent*)instruction->Data)->Columns;
        var blockRows = ((ReduceExtent*)instruction->Data)->Rows;
        for (nint block = 0; block < count; block += blockRows * columns, result += columns)
        {
            // The last block of a tile may have fewer rows.
            var rows = Math.Min(blockRows, (count - block) / columns);
            nint column = 0;
            for (; column <= columns - V.Count; column += V.Count) Column<V>(x + block + column, rows, columns).Store(result + column);
            if (column < columns) RestOfColumns<V>(x + block + column, rows, columns, columns - column).StorePartial(result + column, columns - column);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Column<V>(T* x, nint rows, nint stride) where V : unmanaged, IVector<V, T>
    {
        var a = V.Load(x);
        if (rows == 1) return a;
        var b = V.Load(x + stride);
        nint row = 2;
        for (; row + 1 < rows; row += 2)
        {
            a = TOp.Apply(a, V.Load(x + row * stride));
            b = TOp.Apply(b, V.Load(x + (row + 1) * stride));
        }
        if (row < rows) a = TOp.Apply(a, V.Load(x + row * stride));
        return TOp.Apply(a, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V RestOfColumns<V>(T* x, nint rows, nint stride, nint width) where V : unmanaged, IVector<V, T>
    {
        var a = V.LoadPartial(x, width, V.One);
        if (rows == 1) return a;
        var b = V.LoadPartial(x + stride, width, V.One);
        nint row = 2;
        for (; row + 1 < rows; row += 2)
        {
            a = TOp.Apply(a, V.LoadPartial(x + row * stride, width, V.One));
            b = TOp.Apply(b, V.LoadPartial(x + (row + 1) * stride, width, V.One));
        }
        if (row < rows) a = TOp.Apply(a, V.LoadPartial(x + row * stride, width, V.One));
        return TOp.Apply(a, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate<V>(byte** registers, Instruction* instruction, nint start, nint count) where V : unmanaged, IVector<V, T>
    {
        if (instruction->Parameter != 0) count = (nint)instruction->Parameter;
        var result = (T*)registers[instruction->Result];
        var x = (T*)registers[instruction->A];
        nint i = 0;
        for (; i <= count - V.Count; i += V.Count) TOp.Apply(V.Load(result + i), V.Load(x + i)).Store(result + i);
        if (i < count)
            TOp.Apply(V.LoadPartial(result + i, count - i, V.One), V.LoadPartial(x + i, count - i, V.One)).StorePartial(result + i, count - i);
    }
}

/// <summary>Reductions of elements that vectors do not have. The forms are those of <see cref="ReduceKernels{TOp, T}"/>.</summary>
internal static unsafe class ScalarReduceKernels<TOp, T> where TOp : struct, IScalarBinaryOp<T> where T : unmanaged
{
    public static ReduceForms Forms => new(&Rows, &Columns, &Accumulate);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows(byte** registers, Instruction* instruction, nint start, nint count)
    {
        var result = (T*)registers[instruction->Result];
        var x = (T*)registers[instruction->A];
        var length = (nint)instruction->Parameter;
        for (nint row = 0; row < count; row += length) *result++ = Column(x + row, Math.Min(length, count - row), 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Columns(byte** registers, Instruction* instruction, nint start, nint count)
    {
        var result = (T*)registers[instruction->Result];
        var x = (T*)registers[instruction->A];
        var (rows, columns) = (((ReduceExtent*)instruction->Data)->Rows, ((ReduceExtent*)instruction->Data)->Columns);
        for (nint block = 0; block < count; block += rows * columns)
            for (nint column = 0; column < columns; column++)
                *result++ = Column(x + block + column, Math.Min(rows, (count - block) / columns), columns);
    }

    private static T Column(T* x, nint rows, nint stride)
    {
        var sum = *x;
        for (nint row = 1; row < rows; row++) sum = TOp.Apply(sum, x[row * stride]);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Accumulate(byte** registers, Instruction* instruction, nint start, nint count)
    {
        if (instruction->Parameter != 0) count = (nint)instruction->Parameter;
        var result = (T*)registers[instruction->Result];
        var x = (T*)registers[instruction->A];
        for (nint i = 0; i < count; i++) result[i] = TOp.Apply(result[i], x[i]);
    }
}
