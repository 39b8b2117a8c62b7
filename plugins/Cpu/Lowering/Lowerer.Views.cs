using BrainState.Cpu.Kernels;
using BrainState.Ops;

namespace BrainState.Cpu.Lowering;

/// <summary>Ops that only say where elements are: they become views, which cost nothing until read and then usually within a fused loop.</summary>
internal sealed partial class Lowerer
{
    /// <summary>Tensors up to this size stay in cache, so reading them in transposed order is no worse than transposing them.</summary>
    private const long TransposeInCacheBytes = 32 * 1024;

    private Value LowerBroadcast(BroadcastInDim op, Operands operands)
    {
        var (x, shape) = (operands.Values[0], operands.Specs[0].Shape);
        var layout = LayoutOf(x, shape);
        var strides = new long[op.Shape.Rank];
        for (var i = 0; i < shape.Rank; i++)
            if (shape[i] != 1)
                strides[op.BroadcastDimensions[i]] = layout.Strides[i];
        return ViewOf(layout with { Strides = strides }, operands.Specs[0].DType, op.Shape);
    }

    private Value LowerSlice(Slice op, Operands operands, TensorSpec output)
    {
        var layout = LayoutOf(operands.Values[0], operands.Specs[0].Shape);
        var strides = new long[layout.Strides.Length];
        long first = 0;
        for (var i = 0; i < strides.Length; i++)
        {
            first += op.StartIndices[i] * layout.Strides[i];
            strides[i] = op.Strides[i] * layout.Strides[i];
        }
        return ViewOf(new(layout.Source, layout.ByteOffset + first * output.DType.Size, strides), output.DType, output.Shape);
    }

    private Value LowerRev(Rev op, Operands operands)
    {
        var spec = operands.Specs[0];
        if (spec.ElementCount == 0) return operands.Values[0];
        var layout = LayoutOf(operands.Values[0], spec.Shape);
        var strides = (long[])layout.Strides.Clone();
        long first = 0;
        foreach (var axis in op.Dimensions)
        {
            first += (spec.Shape[axis] - 1) * strides[axis];
            strides[axis] = -strides[axis];
        }
        return ViewOf(new(layout.Source, layout.ByteOffset + first * spec.DType.Size, strides), spec.DType, spec.Shape);
    }

    private Value LowerTranspose(Transpose op, Operands operands) => Permute(operands.Values[0], operands.Specs[0], op.Permutation.Span);

    /// <summary>The tensor with its axes in another order.</summary>
    private Value Permute(Value x, TensorSpec spec, ReadOnlySpan<int> permutation)
    {
        var moved = 0;
        var isIdentity = true;
        foreach (var axis in permutation)
        {
            if (spec.Shape[axis] == 1) continue;
            isIdentity &= axis >= moved;
            moved = axis;
        }
        if (isIdentity || spec.ElementCount == 0) return x;

        var layout = LayoutOf(x, spec.Shape);
        var (dims, strides) = (new int[spec.Rank], new long[spec.Rank]);
        for (var i = 0; i < dims.Length; i++) (dims[i], strides[i]) = (spec.Shape[permutation[i]], layout.Strides[permutation[i]]);
        var view = ViewOf(layout with { Strides = strides }, spec.DType, dims);
        // A large one is copied by a step that goes through it block by block.
        return spec.ByteCount <= TransposeInCacheBytes || view.View is not { IsSingle: false } ? view : LowerRelayout(view);
    }

    private Value LowerBitcast(Operands operands, TensorSpec output)
    {
        var x = InMemory(operands.Values[0]);
        // A constant has no memory of its own to be reinterpreted in lanes.
        if (x.Constant is not null) x = Copy(x);
        var layout = x.View is { } view ? new Layout(view.Source, view.ByteOffset, []) : new Layout(x, 0, []);
        return ViewOf(layout with { Strides = output.Shape.RowMajorStrides() }, output.DType, output.Shape);
    }

    private Value LowerIota(Iota op, TensorSpec output)
    {
        if (op.DType.Is(DTypeKinds.Complex))
        {
            var part = op.DType.RealPart;
            return ConvertTo(op.DType, LowerIota(op with { DType = part }, output.With(part)));
        }
        long inner = 1;
        for (var i = op.Dimension + 1; i < op.Shape.Rank; i++) inner *= op.Shape[i];
        return new(output.DType, output.ElementCount) { Counting = new(op.Shape[op.Dimension], inner) };
    }

    /// <summary>Where the elements of a value of the given shape are: strides per axis, in elements.</summary>
    private Layout LayoutOf(Value value, Shape shape)
    {
        if (value.Counting is not null) value = Copy(value);
        if (value.View is not { } view) return new(value, 0, shape.RowMajorStrides());
        if (view.IsSingle) return new(view.Source, view.ByteOffset, new long[shape.Rank]);
        if (view.IsDense) return new(view.Source, view.ByteOffset, shape.RowMajorStrides());
        if (MatchAxes(view, shape) is { } strides) return new(view.Source, view.ByteOffset, strides);
        return new(Copy(value), 0, shape.RowMajorStrides());
    }

    /// <summary>The strides of a view under a shape that differs at most by axes of size 1; otherwise null.</summary>
    private static long[]? MatchAxes(View view, Shape shape)
    {
        var strides = new long[shape.Rank];
        var next = 0;
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (shape[axis] == 1) continue;
            while (next < view.Sizes.Length && view.Sizes[next] == 1) next++;
            if (next == view.Sizes.Length || view.Sizes[next] != shape[axis]) return null;
            strides[axis] = view.Strides[next++];
        }
        return strides;
    }

    /// <summary>A view, or the source itself where the view is all of it in order.</summary>
    private static Value ViewOf(Layout layout, DType dtype, Shape shape)
    {
        var sizes = new long[shape.Rank];
        for (var i = 0; i < sizes.Length; i++) sizes[i] = shape[i];
        var view = new View(layout.Source, layout.ByteOffset, sizes, layout.Strides);
        var count = shape.ElementCount;
        var isSource = view.IsDense && view.ByteOffset == 0 && count == layout.Source.Count && dtype == layout.Source.DType;
        return isSource ? layout.Source : new Value(dtype, count) { View = view };
    }

    private readonly record struct Layout(Value Source, long ByteOffset, long[] Strides);
}
