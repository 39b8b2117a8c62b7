using BrainState.Ops;

namespace BrainState.Cpu.Steps;

/// <summary>
/// The windows of a gather or scatter: where in the operand each starts, where in the other tensor (a gather's result, a scatter's updates),
/// and how both are gone through.
/// </summary>
internal sealed unsafe class IndexedWindows
{
    private readonly DType indexDType;
    private readonly bool dropsOutside;

    // For each component of an index vector: the last start on its axis and the stride of that axis.
    private readonly long[] limits, strides;

    // For each batch axis: its size, the elements between neighbours in the other tensor, and in the operand if they run along.
    private readonly Batch[] batches;

    /// <summary>The windows of sizes <paramref name="window"/>, one per axis of the operand, for which <paramref name="windowAxes"/> of the other tensor stand.</summary>
    public IndexedWindows(
        TensorSpec operand, TensorSpec indices, Shape other, IndexMode mode, ReadOnlySpan<int> window, ValueArray<int> windowAxes, ValueArray<int> absent,
        ValueArray<int> indexed, ValueArray<int> operandBatching, ValueArray<int> indexBatching)
    {
        var (operandStrides, otherStrides) = (operand.Shape.RowMajorStrides(), other.RowMajorStrides());
        (indexDType, dropsOutside) = (indices.DType, mode == IndexMode.FillOrDrop);
        (limits, strides) = (new long[indexed.Count], new long[indexed.Count]);
        for (var i = 0; i < limits.Length; i++) (limits[i], strides[i]) = (operand.Shape[indexed[i]] - window[indexed[i]], operandStrides[indexed[i]]);

        batches = new Batch[indices.Rank - 1];
        for (int axis = 0, i = 0; axis < other.Rank; axis++)
            if (!windowAxes.Contains(axis))
            {
                var pair = indexBatching.IndexOf(i);
                batches[i++] = new(other[axis], otherStrides[axis], pair < 0 ? 0 : operandStrides[operandBatching[pair]]);
            }

        Count = 1;
        foreach (var batch in batches) Count *= batch.Size;
        var axes = new List<Axis>();
        for (int axis = 0, i = 0; axis < operand.Rank; axis++)
        {
            if (absent.Contains(axis) || operandBatching.Contains(axis)) continue;
            var next = new Axis(window[axis], operandStrides[axis], otherStrides[windowAxes[i++]]);
            if (next.Size == 1) continue;
            if (axes.Count > 0 && axes[^1].Operand == next.Size * next.Operand && axes[^1].Other == next.Size * next.Other)
                axes[^1] = next with { Size = next.Size * axes[^1].Size };
            else axes.Add(next);
        }
        if (axes.Count == 0) axes.Add(new(1, 1, 1));
        Axes = [.. axes];
        foreach (var axis in Axes) WindowCount *= axis.Size;
    }

    /// <summary>The number of windows.</summary>
    public long Count { get; }

    /// <summary>The elements of a window.</summary>
    public long WindowCount { get; } = 1;

    /// <summary>The axes of a window, outermost first, neighbours merged: at least one.</summary>
    public Axis[] Axes { get; }

    /// <summary>Where the window of a number starts in operand and other tensor, in elements; false if it lies outside and is dropped.</summary>
    public bool TryLocate(byte* indices, long number, out long operand, out long other)
    {
        (operand, other) = (0, 0);
        var rest = number;
        for (var i = batches.Length - 1; i >= 0; i--)
        {
            (rest, var position) = Math.DivRem(rest, batches[i].Size);
            operand += position * batches[i].Operand;
            other += position * batches[i].Other;
        }
        var vector = indices + number * limits.Length * indexDType.Size;
        var isInside = true;
        for (var i = 0; i < limits.Length; i++)
        {
            var start = Integers.Read(indexDType, vector + i * indexDType.Size);
            isInside &= limits[i] >= 0 && (!dropsOutside || (start >= 0 && start <= limits[i]));
            operand += Math.Clamp(start, 0, Math.Max(0, limits[i])) * strides[i];
        }
        return isInside;
    }

    private readonly record struct Batch(long Size, long Other, long Operand);

    /// <summary>An axis of a window and the elements between neighbours in operand and other tensor.</summary>
    internal readonly record struct Axis(long Size, long Operand, long Other);
}
