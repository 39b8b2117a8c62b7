using BrainState.Ops;

namespace BrainState.Nn.Composites;

/// <summary>
/// One step of a long short-term memory. [i, g, f, o] = [x, h] · weight + bias, four gates of n numbers each; then c′ = σ(f + forget_bias) · c + σ(i) · tanh g and
/// h′ = σ(o) · tanh c′. Operands are x <c>[…, inputs]</c>, h and c <c>[…, n]</c>, the weight <c>[inputs + n, 4n]</c>, and a bias <c>[4n]</c>. The gates are kept as σ(i), tanh g,
/// σ(f + forget_bias), σ(o), float32 for smaller floats. S. Hochreiter and J. Schmidhuber, Long short-term memory (1997).
/// </summary>
internal sealed class LstmCellDefinition : CompositeDefinition<LstmCellDefinition.Attributes>
{
    public static LstmCellDefinition Instance { get; } = new();

    public override string Name => "lstm_cell";

    public override CompositeSignature Signature { get; } =
        new(["x", "h", "c", "weight", "bias?"], ["bias", "forget_bias"], ["h", "c"], ["x", "h", "c", "weight", "gates", "new_c"]);

    /// <param name="ForgetBias">What is added to the forget gate.</param>
    /// <param name="Bias">Whether there is a bias.</param>
    public readonly record struct Attributes(double ForgetBias, bool Bias);

    protected override ValueArray<OpParameter> Describe(Attributes attributes) => [new("bias", attributes.Bias), new("forget_bias", attributes.ForgetBias)];

    protected override Tensor[] Body(Attributes attributes, Tensor[] operands) => Forward(attributes, operands).Results;

    protected override ForwardPass Forward(Attributes attributes, Tensor[] operands)
    {
        var (x, h, c, weight) = (Wide.From(operands[0]), Wide.From(operands[1]), Wide.From(operands[2]), Wide.From(operands[3]));
        var last = x.Rank - 1;
        var sum = Lax.DotGeneral(Lax.Concatenate([x, h], last), weight, [last], [0]);
        if (attributes.Bias) sum += Wide.From(operands[4]);
        var parts = Np.Split(sum, 4, last);
        var (input, candidate, forget, output) =
            (Lax.Logistic(parts[0]), Lax.Tanh(parts[1]), Lax.Logistic(parts[2] + attributes.ForgetBias), Lax.Logistic(parts[3]));
        var newC = forget * c + input * candidate;
        var newH = output * Lax.Tanh(newC);
        Tensor[] results = [Wide.To(newH, operands[1].DType), Wide.To(newC, operands[2].DType)];
        return new(results, [.. operands[..4], Lax.Concatenate([input, candidate, forget, output], last), newC]);
    }

    protected override Tensor[] Backward(Attributes attributes, ValueArray<TensorSpec> operands, Tensor[] residuals, Tensor[] cotangents)
    {
        var (x, h, c, weight) = (Wide.From(residuals[0]), Wide.From(residuals[1]), Wide.From(residuals[2]), Wide.From(residuals[3]));
        var (dh, dnewC) = (Wide.From(cotangents[0]), Wide.From(cotangents[1]));
        var last = x.Rank - 1;
        var gates = Np.Split(residuals[4], 4, last);
        var (input, candidate, forget, output) = (gates[0], gates[1], gates[2], gates[3]);
        var squashed = Lax.Tanh(residuals[5]);
        var dc = dnewC + dh * output * (1.0 - Np.Square(squashed));
        var dsum = Lax.Concatenate(
            [dc * candidate * Slope(input), dc * input * (1.0 - Np.Square(candidate)), dc * c * Slope(forget), dh * squashed * Slope(output)], last);

        var rows = ValueArray.Range(last);
        var dxh = Lax.DotGeneral(dsum, weight, [last], [1]);
        Tensor[] results =
        [
            Lax.SliceInDim(dxh, 0, x.Shape[last], axis: last), Lax.SliceInDim(dxh, x.Shape[last], dxh.Shape[last], axis: last), dc * forget,
            Lax.DotGeneral(Lax.Concatenate([x, h], last), dsum, rows, rows), .. attributes.Bias ? [Lax.ReduceSum(dsum, rows)] : Array.Empty<Tensor>(),
        ];
        return [.. results.Select((d, i) => Wide.To(d, operands[i].DType))];
    }

    /// <summary>The derivative of σ where it has a value.</summary>
    private static Tensor Slope(Tensor sigmoid) => sigmoid * (1.0 - sigmoid);
}
