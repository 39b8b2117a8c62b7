using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.Cpu;

/// <summary>
/// What ops mean, element by element and as plainly as possible: floats in double, integers exactly, rounded to the dtype of the result
/// after each op. The oracle of the tests here.
/// </summary>
internal static partial class Reference
{
    public static Tensor[] Evaluate(Program program, params ReadOnlySpan<Tensor> inputs)
    {
        var values = new Tensor[program.ValueCount];
        inputs.CopyTo(values);
        Tensor Read(Operand operand) => operand.IsLiteral ? OfScalar(operand.Literal) : values[operand.Value];
        foreach (var equation in program.Equations)
            Evaluate(equation.Op, [.. equation.Inputs.Select(Read)]).CopyTo(values, equation.FirstOutput);
        return [.. program.Outputs.Select(Read)];
    }

    public static Tensor[] Evaluate(Op op, params Tensor[] x) => op switch
    {
        Sort sort => SortLanes(sort, x),
        Cond cond => Evaluate(cond.Branches[(int)Int128.Clamp(x[0].Elements[0].Integer, 0, cond.Branches.Count - 1)], x.AsSpan(1)),
        While loop => RunWhile(loop, x),
        Scan scan => RunScan(scan, x),
        Call call => Evaluate(call.Body, x),
        OptimizationBarrier => x,
        Reduction reduction => [Reduce(reduction, x[0])],
        _ => [Tensor.Of(op.Infer([.. x.Select(static t => t.Spec)])[0], ElementOf(op, x))],
    };

    public static Tensor OfScalar(Scalar scalar)
    {
        var bytes = new byte[16];
        scalar.Write(bytes);
        return Tensor.FromBytes(new(scalar.DType, Shape.Scalar), bytes);
    }

    /// <summary>The function from the position in the result to its element.</summary>
    private static Func<long, Element> ElementOf(Op op, Tensor[] x)
    {
        var output = op.Infer([.. x.Select(static t => t.Spec)])[0];
        switch (op)
        {
            case ElementwiseUnary unary:
                return i => Unary(unary, x[0].Spec.DType, x[0].Elements[i]);
            case ElementwiseBinary binary:
                return i => Binary(binary, x[0].Spec.DType, At(x[0], i), At(x[1], i));
            case SelectN:
                return i => At(x[1 + (int)Int128.Clamp(At(x[0], i).Integer, 0, x.Length - 2)], i);
            case Clamp:
                return i => Binary(new Min(), output.DType, Binary(new Max(), output.DType, At(x[1], i), At(x[0], i)), At(x[2], i));
            case BitcastConvertType:
                var bytes = x[0].ToBytes();
                return i => Element.Read(output.DType, bytes.AsSpan((int)i * output.DType.Size));
            case Iota iota:
                return i => output.DType.IsFloating ? Element.Of((double)Index(output.Shape, i)[iota.Dimension]) : Element.Of((Int128)Index(output.Shape, i)[iota.Dimension]);
            case ArgReduction arg:
                return i => Element.Of((Int128)Extreme(arg, x[0], Index(output.Shape, i)));
            case DotGeneral dot:
                return i => Dot(dot, x[0], x[1], Index(output.Shape, i));
            default:
                return i => Moved(op, x, Index(output.Shape, i));
        }
    }

    /// <summary>Ops whose result elements are operand elements.</summary>
    private static Element Moved(Op op, Tensor[] x, int[] index)
    {
        switch (op)
        {
            case BroadcastInDim b:
                return x[0].Elements[Flat(x[0].Spec.Shape, [.. b.BroadcastDimensions.Select((d, axis) => x[0].Spec.Shape[axis] == 1 ? 0 : index[d])])];
            case Reshape r:
                return x[0].Elements[Flat(r.NewSizes, index)];
            case Transpose t:
                var source = new int[index.Length];
                for (var i = 0; i < index.Length; i++) source[t.Permutation[i]] = index[i];
                return x[0].Elements[Flat(x[0].Spec.Shape, source)];
            case Rev r:
                return x[0].Elements[Flat(x[0].Spec.Shape, [.. index.Select((p, axis) => r.Dimensions.Contains(axis) ? x[0].Spec.Shape[axis] - 1 - p : p)])];
            case Slice s:
                return x[0].Elements[Flat(x[0].Spec.Shape, [.. index.Select((p, axis) => s.StartIndices[axis] + p * s.Strides[axis])])];
            case Concatenate c:
                var operand = 0;
                for (; index[c.Dimension] >= x[operand].Spec.Shape[c.Dimension]; operand++) index[c.Dimension] -= x[operand].Spec.Shape[c.Dimension];
                return x[operand].Elements[Flat(x[operand].Spec.Shape, index)];
            case Pad p:
                for (var axis = 0; axis < index.Length; axis++)
                {
                    var (position, step) = (index[axis] - p.Padding[axis].Low, p.Padding[axis].Interior + 1);
                    if (position < 0 || position % step != 0 || position / step >= x[0].Spec.Shape[axis]) return x[1].Elements[0];
                    index[axis] = position / step;
                }
                return x[0].Elements[Flat(x[0].Spec.Shape, index)];
            case DynamicSlice d:
                return x[0].Elements[Flat(x[0].Spec.Shape, [.. index.Select((p, axis) => p + Start(x[0], d.SliceSizes[axis], x[1 + axis], axis))])];
            case DynamicUpdateSlice:
                int[] inside = [.. index.Select((p, axis) => p - Start(x[0], x[1].Spec.Shape[axis], x[2 + axis], axis))];
                var isInside = inside.Select((p, axis) => p >= 0 && p < x[1].Spec.Shape[axis]).All(static b => b);
                return isInside ? x[1].Elements[Flat(x[1].Spec.Shape, inside)] : x[0].Elements[Flat(x[0].Spec.Shape, index)];
            default:
                throw new NotSupportedException(op.Name);
        }
    }

    private static int Start(Tensor x, int size, Tensor start, int axis) => (int)Int128.Clamp(start.Elements[0].Integer, 0, x.Spec.Shape[axis] - size);

    private static Tensor Reduce(Reduction op, Tensor x)
    {
        var (dtype, shape) = (x.Spec.DType, x.Spec.Shape);
        var spec = op.Infer([x.Spec])[0];
        // The stride of each operand axis in the result; reduced axes have none.
        var (strides, kept) = (new long[shape.Rank], spec.Shape.RowMajorStrides());
        for (int axis = 0, k = 0; axis < strides.Length; axis++) strides[axis] = op.Axes.Contains(axis) ? 0 : kept[k++];

        var results = new Element[spec.ElementCount];
        Array.Fill(results, Initial(op, dtype));
        var index = new int[shape.Rank];
        foreach (var element in x.Elements)
        {
            long position = 0;
            for (var axis = 0; axis < index.Length; axis++) position += index[axis] * strides[axis];
            results[position] = Combine(op, dtype, results[position], element);
            for (var axis = index.Length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) index[axis] = 0;
        }
        return new(spec, Array.ConvertAll(results, element => element.RoundTo(dtype)));
    }

    private static Element Initial(Reduction op, DType dtype) => op switch
    {
        ReduceSum or ReduceOr => dtype.IsFloating ? Element.Of(0.0) : Element.Of((Int128)0),
        ReduceProd => dtype.IsFloating ? Element.Of(1.0) : Element.Of((Int128)1),
        ReduceAnd => dtype == DType.Bool ? Element.Of(true) : Element.Of((Int128)(-1)),
        _ => Bound(dtype, highest: op is ReduceMin),
    };

    /// <summary>Float sums and products stay in double; integers wrap as they go.</summary>
    private static Element Combine(Reduction op, DType dtype, Element x, Element y) => op switch
    {
        ReduceSum => x.IsFloat ? Element.Of(x.Float + y.Float) : Element.Of(x.Integer + y.Integer),
        ReduceProd => x.IsFloat ? Element.Of(x.Float * y.Float) : Element.Of(x.Integer * y.Integer).RoundTo(dtype),
        ReduceMax => Binary(new Max(), dtype, x, y),
        ReduceMin => Binary(new Min(), dtype, x, y),
        ReduceAnd => Element.Of(x.Integer & y.Integer),
        _ => Element.Of(x.Integer | y.Integer),
    };

    private static Element Bound(DType dtype, bool highest) => dtype.Kind switch
    {
        DTypeKinds.Floating => Element.Of(highest ? double.PositiveInfinity : double.NegativeInfinity),
        DTypeKinds.Signed => Element.Of(highest ? ((Int128)1 << (8 * dtype.Size - 1)) - 1 : -((Int128)1 << (8 * dtype.Size - 1))),
        DTypeKinds.Unsigned => Element.Of(highest ? ((Int128)1 << (8 * dtype.Size)) - 1 : 0),
        _ => Element.Of(highest),
    };

    private static int Extreme(ArgReduction op, Tensor x, int[] kept)
    {
        var elements = Along(x, [op.Axis], kept).ToArray();
        var best = 0;
        for (var i = 1; i < elements.Length && !double.IsNaN(elements[best].Float); i++)
        {
            var better = op is ArgMax ? IsLess(elements[best], elements[i]) : IsLess(elements[i], elements[best]);
            if (better || double.IsNaN(elements[i].Float)) best = i;
        }
        return best;
    }

    private static bool IsLess(Element x, Element y) => x.IsFloat ? x.Float < y.Float : x.Integer < y.Integer;

    /// <summary>The elements whose positions outside the axes are the given ones.</summary>
    private static IEnumerable<Element> Along(Tensor x, ValueArray<int> axes, int[] kept)
    {
        var shape = x.Spec.Shape;
        var sizes = Shape.Create([.. axes.Order().Select(axis => shape[axis])]);
        for (long i = 0; i < sizes.ElementCount; i++)
        {
            var along = Index(sizes, i);
            var index = new int[shape.Rank];
            for (int axis = 0, k = 0, r = 0; axis < index.Length; axis++) index[axis] = axes.Contains(axis) ? along[r++] : kept[k++];
            yield return x.Elements[Flat(shape, index)];
        }
    }

    private static Element Dot(DotGeneral op, Tensor x, Tensor y, int[] index)
    {
        var (left, right) = (new int[x.Spec.Rank], new int[y.Spec.Rank]);
        var next = 0;
        for (var i = 0; i < op.LhsBatch.Count; i++) left[op.LhsBatch[i]] = right[op.RhsBatch[i]] = index[next++];
        for (var axis = 0; axis < left.Length; axis++)
            if (!op.LhsBatch.Contains(axis) && !op.LhsContracting.Contains(axis))
                left[axis] = index[next++];
        for (var axis = 0; axis < right.Length; axis++)
            if (!op.RhsBatch.Contains(axis) && !op.RhsContracting.Contains(axis))
                right[axis] = index[next++];
        var sizes = Shape.Create([.. op.LhsContracting.Select(axis => x.Spec.Shape[axis])]);
        var sum = x.Spec.DType.IsFloating ? Element.Of(0.0) : Element.Of((Int128)0);
        for (long i = 0; i < sizes.ElementCount; i++)
        {
            var along = Index(sizes, i);
            for (var k = 0; k < along.Length; k++) left[op.LhsContracting[k]] = right[op.RhsContracting[k]] = along[k];
            var (a, b) = (x.Elements[Flat(x.Spec.Shape, left)], y.Elements[Flat(y.Spec.Shape, right)]);
            sum = sum.IsFloat ? Element.Of(sum.Float + a.Float * b.Float) : Element.Of((sum.Integer + a.Integer * b.Integer) & ulong.MaxValue);
        }
        return sum;
    }

    private static Tensor[] SortLanes(Sort op, Tensor[] x)
    {
        var results = Array.ConvertAll(x, static t => t with { Elements = [.. t.Elements] });
        var shape = x[0].Spec.Shape;
        for (long i = 0; i < shape.ElementCount; i++)
        {
            var index = Index(shape, i);
            if (index[op.Dimension] != 0) continue;
            long At(int position)
            {
                index[op.Dimension] = position;
                return Flat(shape, index);
            }
            var order = Enumerable.Range(0, shape[op.Dimension]).OrderBy(static _ => 0);
            foreach (var key in x.Take(op.KeyCount)) order = order.ThenBy(p => SortKey(key.Elements[At(p)]));
            var sorted = order.ToArray();
            for (var t = 0; t < x.Length; t++)
                for (var p = 0; p < sorted.Length; p++)
                    results[t].Elements[At(p)] = x[t].Elements[At(sorted[p])];
        }
        return results;
    }

    /// <summary>NaNs after everything; −0 and 0 alike.</summary>
    private static (bool, double, Int128) SortKey(Element e) => (double.IsNaN(e.Float), double.IsNaN(e.Float) ? 0 : e.Float + 0.0, e.Integer);

    private static Tensor[] RunWhile(While loop, Tensor[] x)
    {
        var (conditionConsts, bodyConsts) = (x[..loop.CondConstCount], x[loop.CondConstCount..(loop.CondConstCount + loop.BodyConstCount)]);
        var carry = x[(loop.CondConstCount + loop.BodyConstCount)..];
        while (Evaluate(loop.Cond, [.. conditionConsts, .. carry])[0].Elements[0].IsTrue) carry = Evaluate(loop.Body, [.. bodyConsts, .. carry]);
        return carry;
    }

    private static Tensor[] RunScan(Scan scan, Tensor[] x)
    {
        var consts = x[..scan.ConstCount];
        var carry = x[scan.ConstCount..(scan.ConstCount + scan.CarryCount)];
        var stacked = x[(scan.ConstCount + scan.CarryCount)..];
        var results = new Tensor[scan.Body.OutputSpecs.Length - scan.CarryCount];
        for (var i = 0; i < results.Length; i++)
        {
            var spec = scan.Body.OutputSpecs[scan.CarryCount + i];
            results[i] = Tensor.Of(spec.With(spec.Shape.Insert(0, scan.Length)), static _ => default);
        }
        for (var step = 0; step < scan.Length; step++)
        {
            var position = scan.Reverse ? scan.Length - 1 - step : step;
            var slices = stacked.Select(t =>
            {
                var spec = t.Spec.With(t.Spec.Shape.Without([0]));
                return new Tensor(spec, t.Elements.AsSpan((int)(position * spec.ElementCount), (int)spec.ElementCount).ToArray());
            });
            var outputs = Evaluate(scan.Body, [.. consts, .. carry, .. slices]);
            carry = outputs[..scan.CarryCount];
            for (var i = 0; i < results.Length; i++)
                outputs[scan.CarryCount + i].Elements.CopyTo(results[i].Elements, position * outputs[scan.CarryCount + i].Elements.Length);
        }
        return [.. carry, .. results];
    }

    private static Element At(Tensor x, long i) => x.Elements[x.Elements.Length == 1 ? 0 : i];

    private static int[] Index(Shape shape, long flat)
    {
        var index = new int[shape.Rank];
        for (var axis = shape.Rank - 1; axis >= 0; axis--)
        {
            index[axis] = (int)(flat % shape[axis]);
            flat /= shape[axis];
        }
        return index;
    }

    private static long Flat(Shape shape, ReadOnlySpan<int> index)
    {
        long flat = 0;
        for (var axis = 0; axis < shape.Rank; axis++) flat = flat * shape[axis] + index[axis];
        return flat;
    }
}
