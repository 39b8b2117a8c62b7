using System.Numerics;
using BrainState.Interpretation.Evaluation;
using BrainState.Interpretation.Numerics;
using BrainState.Ops;

namespace BrainState.Interpretation.Rules;

/// <summary>Convolutions by definition: for each result element one sum of products, rounded once.</summary>
internal static class ConvolutionRules
{
    public static void AddTo(RuleTable table) => table.Add<ConvGeneralDilated>(static (op, step) =>
    {
        var dtype = op.PreferredElementType;
        return step.X.Spec.DType.Kind switch
        {
            DTypeKinds.Floating => Convolve(op, step, static x => x.ToDouble(), x => Number.Round(dtype, x)),
            DTypeKinds.Complex => Convolve(op, step, static x => x.ToComplex(), x => Number.Round(dtype, x)),
            _ => Convolve(op, step, static x => (BigInteger)Number.Integer(x), x => Number.Of(dtype, x)),
        };
    });

    private static HostValue Convolve<T>(ConvGeneralDilated op, Step step, Func<Scalar, T> number, Func<T, Scalar> finish) where T : INumberBase<T>
    {
        var (x, kernel, d) = (step.X, step.Y, op.DimensionNumbers);
        var window = op.WindowOver(kernel.Spec);
        Shape image = Sizes(x.Spec, d.Lhs.Skip(2)), extent = window.Dimensions.ToArray();
        var (outputs, inputs) = (kernel.Spec.Shape[d.Rhs[0]], kernel.Spec.Shape[d.Rhs[1]]);
        int[] lhs = new int[x.Spec.Rank], rhs = new int[x.Spec.Rank];
        return Positions.Generate(step.Result, index =>
        {
            var (batch, output) = (index[d.Out[0]], index[d.Out[1]]);
            int[] at = [.. d.Out.Skip(2).Select(axis => index[axis])];

            // Output features are in groups, one after the other: each sees its part of the input features, or of the batch.
            var firstInput = output / (outputs / op.FeatureGroupCount) * inputs;
            var firstBatch = output / (outputs / op.BatchGroupCount) * step.Result.Shape[d.Out[0]];
            (lhs[d.Lhs[0]], rhs[d.Rhs[0]]) = (firstBatch + batch, output);
            var sum = T.Zero;
            foreach (var inside in Positions.All(extent))
            {
                if (window.Place(image, at, inside) is not { } place) continue;
                for (var i = 0; i < place.Length; i++) (lhs[d.Lhs[i + 2]], rhs[d.Rhs[i + 2]]) = (place[i], inside[i]);
                for (var input = 0; input < inputs; input++)
                {
                    (lhs[d.Lhs[1]], rhs[d.Rhs[1]]) = (firstInput + input, input);
                    sum += number(x.At(lhs)) * number(kernel.At(rhs));
                }
            }
            return finish(sum);
        });
    }

    private static Shape Sizes(TensorSpec spec, IEnumerable<int> axes) => Shape.Create([.. axes.Select(axis => spec.Shape[axis])]);
}
