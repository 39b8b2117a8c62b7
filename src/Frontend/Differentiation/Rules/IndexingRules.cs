using BrainState.Ops;
using static BrainState.Differentiation.DerivativeRules;

namespace BrainState.Differentiation;

/// <summary>
/// Derivatives of gathers and scatters. Reading and adding windows are transposes of each other; the other scatters are expressed by these two.
/// </summary>
internal static class IndexingRules
{
    public static void Define()
    {
        // The fill value is a constant, so that its tangent is 0.
        Jvps.Define<Gather>((op, x, t) => ([Lax.One(op, x)], [Lax.One((Gather)op with { FillValue = 0 }, t[0]!, x[1])]));
        Transposes.Define<Gather>((op, ct, operands) =>
        {
            var gather = (Gather)op;
            return [Lax.ScatterAdd(Zeros(operands[0].Spec), operands[1].Known!, ct[0]!, Inverse(gather.DimensionNumbers), gather.Mode), null];
        });
        Linear<ScatterAdd>((op, ct, operands) =>
            [operands[0].IsLinear ? ct[0] : null, null, operands[2].IsLinear ? Read((ScatterAdd)op, ct[0]!, operands[1].Known!, operands[2].Spec, fill: 0) : null]);
        Linear<Scatter>(Replace);
        Jvps.Define<ScatterMul>(Multiply);
        Jvps.Define<ScatterMin>(Extreme);
        Jvps.Define<ScatterMax>(Extreme);
    }

    /// <summary>
    /// An update survives where no later one replaced it: the same scatter of the updates' numbers tells which. What was replaced has the cotangent 0.
    /// </summary>
    private static Tensor?[] Replace(Op op, Tensor?[] ct, LinearOperand[] operands)
    {
        var (scatter, indices, updates) = ((Scatter)op, operands[1].Known!, operands[2].Spec);
        var operand = operands[0].IsLinear ? Lax.One(op, ct[0]!, indices, Zeros(updates)) : null;
        if (!operands[2].IsLinear) return [operand, null, null];

        var read = Read(scatter, ct[0]!, indices, updates, fill: 0);
        if (scatter.UniqueIndices) return [operand, null, read];
        var numbers = Lax.Reshape(Lax.Iota(DType.Int32, [checked((int)updates.ElementCount)], 0), updates.Shape);
        var survivors = Lax.One(op, Lax.Full(operands[0].Spec.Shape, -1, DType.Int32), indices, numbers);
        var survives = Lax.Eq(numbers, Read(scatter, survivors, indices, numbers.Spec, fill: -1));
        return [operand, null, Lax.SelectN(survives, Zeros(updates), read)];
    }

    /// <summary>The product is linear in x. The tangent of an update meets x and all other updates of the same element, which only unique indices exclude.</summary>
    private static (Tensor[], Tensor?[]) Multiply(Op op, Tensor[] primals, Tensor?[] tangents)
    {
        var scatter = (ScatterMul)op;
        var (x, indices, updates) = (primals[0], primals[1], primals[2]);
        var fromX = tangents[0] is { } tx ? Scale(scatter, tx, indices, updates) : null;
        if (tangents[2] is not { } tu) return ([Lax.One(op, primals)], [fromX]);
        if (!scatter.UniqueIndices)
            throw new NotSupportedException("scatter_mul has a derivative with respect to its updates only if uniqueIndices promises that no two of them meet.");
        var terms = Lax.Mul(tu, Read(scatter, x, indices, updates.Spec, fill: 0));
        return ([Lax.One(op, primals)], [Sum(fromX, Lax.ScatterAdd(Zeros(x.Spec), indices, terms, scatter.DimensionNumbers, scatter.Mode, uniqueIndices: true))]);
    }

    /// <summary>x times the product of the updates of each element, as an elementwise product, whose transpose is one again.</summary>
    private static Tensor Scale(ScatterMul scatter, Tensor x, Tensor indices, Tensor updates) => Lax.Mul(x, Lax.One(scatter, Lax.Full(x.Shape, 1, x.DType), indices, updates));

    /// <summary>Among the operand's element and its updates, those that equal the result share its tangent.</summary>
    private static (Tensor[], Tensor?[]) Extreme(Op op, Tensor[] primals, Tensor?[] tangents)
    {
        var scatter = (Scattering)op;
        var (x, indices, updates) = (primals[0], primals[1], primals[2]);
        var output = Lax.One(op, primals);
        Tensor AddAt(Tensor target, Tensor values) => Lax.ScatterAdd(target, indices, values, scatter.DimensionNumbers, scatter.Mode, scatter.UniqueIndices);
        Tensor At(Tensor source, double fill) => Read(scatter, source, indices, updates.Spec, fill);

        var retained = Lax.ConvertElementType(Lax.Eq(x, output), x.DType);
        var attained = Lax.ConvertElementType(Lax.Eq(updates, At(output, 0)), x.DType);
        var count = AddAt(retained, attained);
        var fromX = tangents[0] is { } tx ? Lax.Mul(tx, Lax.Div(retained, count)) : Zeros(x.Spec);
        return ([output], [tangents[2] is { } tu ? AddAt(fromX, Lax.Mul(tu, Lax.Div(attained, At(count, 1)))) : fromX]);
    }

    /// <summary>The windows of x that a scatter changes, in the shape of its updates.</summary>
    private static Tensor Read(Scattering scatter, Tensor x, Tensor indices, TensorSpec updates, double fill)
    {
        var d = scatter.DimensionNumbers;
        if (d.InsertedWindowDims.Any(axis => x.Shape[axis] == 0)) return Lax.Full(updates.Shape, fill, x.DType); // No window fits.
        var window = new Queue<int>(d.UpdateWindowDims.Select(axis => updates.Shape[axis]));
        var sizes = Enumerable.Range(0, x.Rank).Select(axis =>
            d.InsertedWindowDims.Contains(axis) ? 1 : d.OperandBatchingDims.Contains(axis) ? Math.Min(1, x.Shape[axis]) : window.Dequeue());
        return Lax.Gather(x, indices, Inverse(d), sizes.ToValueArray(), scatter.Mode, fill);
    }

    private static ScatterDimensionNumbers Inverse(GatherDimensionNumbers d) =>
        new(d.OffsetDims, d.CollapsedSliceDims, d.StartIndexMap, d.OperandBatchingDims, d.StartIndicesBatchingDims);

    private static GatherDimensionNumbers Inverse(ScatterDimensionNumbers d) =>
        new(d.UpdateWindowDims, d.InsertedWindowDims, d.ScatterDimsToOperandDims, d.OperandBatchingDims, d.ScatterIndicesBatchingDims);
}
