using BrainState.Ops;
using static BrainState.Differentiation.DerivativeRules;

namespace BrainState.Differentiation;

/// <summary>Derivatives of reductions of windows and of running sums. The other cumulative ops are differentiated through their decomposition.</summary>
internal static class WindowRules
{
    public static void Define()
    {
        Linear<CumSum>((op, ct, _) => [Lax.One((CumSum)op with { Reverse = !((CumSum)op).Reverse }, ct[0]!)]);
        Linear<ReduceWindowSum>((op, ct, operands) => [Lax.ReduceWindowSum(ct[0]!, Transposed(((ReduceWindowSum)op).Window, operands[0].Spec.Shape, ct[0]!.Shape))]);
        Jvps.Define<ReduceWindowMax>((op, x, t) => ([Lax.One(op, x)], [Lax.SelectAndGatherAdd(t[0]!, x[0], WindowSelection.Ge, ((ReduceWindowMax)op).Window)]));
        Jvps.Define<ReduceWindowMin>((op, x, t) => ([Lax.One(op, x)], [Lax.SelectAndGatherAdd(t[0]!, x[0], WindowSelection.Le, ((ReduceWindowMin)op).Window)]));

        // The selection changes only in steps; the rest is linear.
        Jvps.Define<SelectAndGatherAdd>(Selected);
        Jvps.Define<SelectAndScatterAdd>(Selected);
        Transposes.Define<SelectAndGatherAdd>((op, ct, operands) =>
            [Lax.SelectAndScatterAdd(ct[0]!, operands[1].Known!, ((SelectAndGatherAdd)op).Selection, ((SelectAndGatherAdd)op).Window), null]);
        Transposes.Define<SelectAndScatterAdd>((op, ct, operands) =>
            [Lax.SelectAndGatherAdd(ct[0]!, operands[1].Known!, ((SelectAndScatterAdd)op).Selection, ((SelectAndScatterAdd)op).Window), null]);
    }

    /// <summary>
    /// The window that slides back over the results of a window, so that every element of the operand meets the results it is part of, in reverse order: strides and base
    /// dilation change places.
    /// </summary>
    public static Window Transposed(Window window, Shape operand, Shape results)
    {
        var padding = Enumerable.Range(0, window.Rank).Select(i =>
        {
            var reach = (window.Dimensions[i] - 1) * window.WindowDilation[i];
            var low = reach - window.Padding[i].Low;
            return new EdgePadding(low, Dilated(operand[i], window.BaseDilation[i]) + reach - low - Dilated(results[i], window.Strides[i]));
        });
        return new(window.Dimensions, window.BaseDilation, padding.ToValueArray(), window.Strides, window.WindowDilation);
    }

    public static int Dilated(int size, int dilation) => size == 0 ? 0 : (size - 1) * dilation + 1;

    private static (Tensor[], Tensor?[]) Selected(Op op, Tensor[] x, Tensor?[] t) => ([Lax.One(op, x)], [t[0] is { } tangent ? Lax.One(op, tangent, x[1]) : null]);
}
