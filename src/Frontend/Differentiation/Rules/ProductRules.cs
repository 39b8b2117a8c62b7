using BrainState.Ops;
using static BrainState.Differentiation.DerivativeRules;

namespace BrainState.Differentiation;

/// <summary>Derivatives of <c>dot_general</c>: linear in each operand, with a transpose that is a product again.</summary>
internal static class ProductRules
{
    public static void Define()
    {
        Jvps.Define<DotGeneral>((op, primals, tangents) => (
            [Lax.One(op, primals)],
            [Sum(
                tangents[0] is { } left ? Lax.One(op, left, primals[1]) : null,
                tangents[1] is { } right ? Lax.One(op, primals[0], right) : null)]));
        Transposes.Define<DotGeneral>((op, ct, operands) =>
        {
            var dot = (DotGeneral)op;
            var (lhs, rhs, batch) = (operands[0].Spec, operands[1].Spec, dot.LhsBatch.Count);
            var lhsFree = Free(lhs, dot.LhsBatch, dot.LhsContracting);
            var rhsFree = Free(rhs, dot.RhsBatch, dot.RhsContracting);

            // The result's axes are batch, then free axes of the left, then those of the right operand.
            var batchAxes = ValueArray.Range(batch);
            var fromLhs = ValueArray.Range(batch, lhsFree.Length);
            var fromRhs = ValueArray.Range(batch + lhsFree.Length, rhsFree.Length);
            return operands[0].IsLinear
                ? [Multiply(ct[0]!, operands[1].Known!, fromRhs, rhsFree, batchAxes, dot.RhsBatch, lhs, dot.LhsBatch, lhsFree, dot.LhsContracting, dot.RhsContracting), null]
                : [null, Multiply(ct[0]!, operands[0].Known!, fromLhs, lhsFree, batchAxes, dot.LhsBatch, rhs, dot.RhsBatch, rhsFree, dot.RhsContracting, dot.LhsContracting)];
        });
    }

    /// <summary>
    /// The cotangent of one operand: that of the result times the other operand, contracted over the other's free axes. The product's axes are batch, then
    /// own free axes and the other's contracting axes, of which the factor that comes first has the first; they are brought into the order of the operand.
    /// </summary>
    private static Tensor Multiply(
        Tensor cotangent, Tensor other, ValueArray<int> resultAxes, int[] otherFree, ValueArray<int> batchAxes, ValueArray<int> otherBatch,
        TensorSpec own, ValueArray<int> ownBatch, int[] ownFree, ValueArray<int> ownContracting, ValueArray<int> otherContracting)
    {
        var (result, free) = (Lax.ConvertElementType(cotangent, other.DType), ValueArray.Create<int>(otherFree));
        var contractingInOrder = ownContracting.ToArray();
        Array.Sort(otherContracting.ToArray(), contractingInOrder);
        int[] resultFirst = [.. ownBatch, .. ownFree, .. contractingInOrder], otherFirst = [.. ownBatch, .. contractingInOrder, .. ownFree];
        // In this order the gradient of a weight needs no transposition.
        return IsAscending(otherFirst)
            ? Lax.DotGeneral(other, result, free, resultAxes, otherBatch, batchAxes, own.DType)
            : Lax.Transpose(
                Lax.DotGeneral(result, other, resultAxes, free, batchAxes, otherBatch, own.DType),
                Enumerable.Range(0, own.Rank).OrderBy(i => resultFirst[i]).ToValueArray());
    }

    private static bool IsAscending(int[] axes)
    {
        for (var i = 1; i < axes.Length; i++)
            if (axes[i] < axes[i - 1])
                return false;
        return true;
    }

    private static int[] Free(TensorSpec operand, ValueArray<int> batch, ValueArray<int> contracting)
    {
        var free = new int[operand.Rank - batch.Count - contracting.Count];
        var count = 0;
        for (var axis = 0; axis < operand.Rank; axis++)
            if (!batch.Contains(axis) && !contracting.Contains(axis))
                free[count++] = axis;
        return free;
    }
}
