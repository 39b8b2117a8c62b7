using BrainState.Nn;
using static BrainState.Transforms;

namespace BrainState.Conformance;

/// <summary>A long short-term memory that adds up the numbers of a sequence that are marked.</summary>
internal sealed class Lstm : Module
{
    private const int Steps = 12;
    private const int Count = 8;
    private const int Hidden = 12;

    private readonly DType dtype;

    private Lstm(DType dtype)
    {
        this.dtype = dtype;
        var draw = new Draw(3, dtype);
        Weight = draw.Weight([2 + Hidden, 4 * Hidden], 2 + Hidden);
        Bias = draw.Bias(4 * Hidden);
        Output = draw.Weight([Hidden, 1], Hidden);
        OutputBias = draw.Bias(1);
    }

    public ParamState Weight { get; }

    public ParamState Bias { get; }

    public ParamState Output { get; }

    public ParamState OutputBias { get; }

    private Tensor Call(Tensor sequence)
    {
        var zeros = Np.Zeros([Count, Hidden], dtype);
        var ((h, _), _) = Scan(((Tensor H, Tensor C) memory, Tensor x) =>
        {
            var next = Functional.LstmCell(x, memory.H, memory.C, Weight.Value, Bias.Value);
            return (next, next.H);
        }, (zeros, zeros), sequence);
        return h.MatMul(Output.Value) + OutputBias.Value;
    }

    public static Training Train(DType dtype)
    {
        var (model, draw) = (new Lstm(dtype), new Draw(13, dtype));
        var values = draw.Uniform([Steps, Count, 1]);
        var marks = (draw.Uniform([Steps, Count, 1]) > 0.7).AsType(dtype);
        var (sequence, sums) = (Np.Concatenate([values, marks], -1), Np.Sum(values * marks, 0));
        return new(() => Np.Mean(Np.Square(model.Call(sequence) - sums)), model, new Adam(1e-2));
    }
}
