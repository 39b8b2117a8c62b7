using BrainState.Backends;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Torch;

namespace BrainState.TorchTests;

/// <summary>Kernels decide; what has none is refused with a reason.</summary>
public sealed class OpSupportTests
{
    private static readonly OpSupport Support = new(new HashSet<string> { "tanh", "reduce", "psum" });
    private static readonly Program Sum = Program.Parse("program(%0:f32[], %1:f32[]) { %2:f32[] = add %0 %1 return %2 }");

    [Fact]
    public void KernelsViewsAndControlFlowAreSupported() =>
        Assert.All(new Op[] { new Tanh(), new Reshape([2, 3]), new StopGradient(), new PSum("i"), new Call(Sum, "sum") }, static op => Assert.True(Support.Of(op).IsSupported));

    [Fact]
    public void EverythingElseIsRefusedWithAReason()
    {
        Op[] refused = [new Sin(), new Reduce(Sum, [0]), new Unknown()];
        Assert.All(refused, static op => Assert.False(Support.Of(op).IsSupported));
        Assert.Equal("The torch backend has no kernel for 'sin'.", Support.Of(new Sin()).Reason);
        Assert.Equal("The torch backend does not know the op 'tanh'.", Support.Of(new Unknown()).Reason);
    }

    /// <summary>An op of somebody else, with the name of one of ours.</summary>
    private sealed record Unknown : Op
    {
        public override string Name => "tanh";

        public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands) => [operands[0]];
    }
}
