using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.Programs;

/// <summary>An op with an effect: it passes its operands on and must neither be dropped, nor merged, nor moved.</summary>
internal sealed record Announce(string Text) : Op
{
    public override string Name => "announce";

    public override IReadOnlyList<OpParameter> Parameters => [new("text", Text)];

    public override bool HasEffects => true;

    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands) => operands.ToArray();
}

/// <summary>An op that changes its mind, which is the only way to damage a program from outside.</summary>
internal sealed record Fickle : Op
{
    /// <summary>What it infers now; null to refuse all operands.</summary>
    public TensorSpec? Result { get; set; } = new(DType.Float32, [2]);

    public override string Name => "fickle";

    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        Require(Result is not null, "C7", $"it is in a bad mood about {operands.Length} operands");
        return [Result!.Value];
    }
}
