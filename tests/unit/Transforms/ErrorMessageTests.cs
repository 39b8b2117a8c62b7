using BrainState.Ops;
using BrainState.Programs;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

/// <summary>The errors that users meet, word by word.</summary>
public sealed class ErrorMessageTests
{
    private static readonly Tensor A = new[] { 1f, 2f };

    private static string Message<T>(Action action) where T : Exception => Assert.ThrowsAny<T>(action).Message;

    [Fact]
    public void ReadingATracedValue()
    {
        const string Expected = "The value of a traced tensor f32[2] cannot be read: inside Jit, Grad and the other transforms a function is recorded, not run. "
            + "To choose by value, use Np.Where or Transforms.Cond; to look at it, use Debug.Print, or return it from the function.";
        Assert.Equal(Expected, Message<TracedValueException>(() => Jit((Tensor x) => x * x.ToArray<float>()[0])(A)));
        Assert.Equal(Expected, Message<TracedValueException>(() => Jit((Tensor x) => (bool)x ? x : x * 2)(A)));
        Assert.Equal(Expected, Message<TracedValueException>(() => Grad((Tensor x) => Np.Sum(x * (float)x)).Invoke(A)));
        Assert.Equal(Expected, Message<TracedValueException>(() => Vjp((Tensor x) => x * (int)x, A)));
        Assert.Equal(Expected, Message<TracedValueException>(() => MakeJaxpr((Tensor x) => x * x.ToScalar<float>())(A)));
    }

    [Fact]
    public void UsingATracedValueOutside()
    {
        Tensor? leaked = null;
        Grad((Tensor x) => Np.Sum(leaked = x * 2)).Invoke(A);
        const string Expected = "A traced tensor f32[2] is used outside the transform that made it. It was probably stored in a field, a captured variable or "
            + "a collection while a function was traced. Return it from the function instead, or keep it in a State.";
        Assert.Equal(Expected, Message<TracedValueException>(() => _ = leaked! + 1));
        Assert.Equal(Expected, Message<TracedValueException>(() => Jit((Tensor x) => x)(leaked!)));
        Assert.Equal(Expected, Message<TracedValueException>(() => Jit(() => leaked!)()));
        Assert.Equal(Expected, Message<TracedValueException>(() => leaked!.ToArray<float>()));
    }

    private static Tensor Loss(Tensor x) => x;

    private static Tensor Product(Tensor x, Tensor y) => x * y;

    [Fact]
    public void LossesOfGrad()
    {
        Assert.Equal("Grad of Loss needs a scalar loss, but the function returned f32[2]. Reduce it with Np.Sum or Np.Mean.",
            Message<ArgumentException>(() => Grad(Loss).Invoke(A)));
        Assert.Equal("Grad of Loss needs a floating loss, but the function returned i32[]. Convert it with AsType.", Message<ArgumentException>(() => Grad(Loss).Invoke(1)));
        Assert.Equal("Grad of Product cannot differentiate by argument 0: it holds i32[], and only floating and complex tensors have derivatives. Convert it with AsType.",
            Message<ArgumentException>(() => Grad<Tensor, Tensor>(Product).Invoke(1, 2.5)));
    }

    [Fact]
    public void StatesOfGrad()
    {
        var (used, unused, integer) = (new ParamState(A, "w"), new ParamState(A, "unused"), new LongTermState(new[] { 1 }, "n"));
        Tensor Loss() => Np.Sum(used.Value * integer.Value);
        const string Name = "Grad of StatesOfGrad";
        Assert.Equal($"{Name} has nothing to differentiate by: the function takes no arguments. Choose States with .Of(states).", Message<InvalidOperationException>(() => Grad(Loss).Invoke()));
        Assert.Equal($"{Name} is asked for the derivative by ParamState 'unused', which the function neither reads nor writes. Remove it from .Of(…), or pass allowUntouched: true to get zeros.",
            Message<ArgumentException>(() => Grad(Loss).Of(unused).Invoke()));
        Assert.Equal([0f, 0f], Grad(Loss).Of(unused, allowUntouched: true).Invoke().ToArray<float>());
        Assert.Equal($"{Name} cannot differentiate by LongTermState 'n': it holds i32[1], and only floating and complex tensors have derivatives.",
            Message<ArgumentException>(() => Grad(Loss).Of(integer).Invoke()));
        Assert.Equal([1f, 1f], Grad(Loss).Of(used).Invoke().ToArray<float>());
    }

    [Fact]
    public void ShapesThatDoNotFit()
    {
        var (x, y) = (Np.Zeros([2, 3]), Np.Zeros([4, 5]));
        Assert.Equal("MatMul: the last axis of f32[2,3] has size 3, but axis 0 of f32[4,5] has size 4; they must be equal.", Message<ArgumentException>(() => x.MatMul(y)));
        Assert.Equal("MatMul takes vectors and matrices, but an operand is a scalar: f32[2,3] and f32[].", Message<ArgumentException>(() => x.MatMul(1.0)));
        Assert.Equal("Shapes (2, 3), (4, 5) cannot be broadcast together: an axis has the sizes 2 and 4, and neither is 1.", Message<ArgumentException>(() => _ = x + y));
        Assert.Equal("A tensor of shape (2, 3) cannot be broadcast to (3,).", Message<ArgumentException>(() => Np.BroadcastTo(x, [3])));
        Assert.Equal("A tensor of shape (2, 3) cannot be broadcast to (2, 4).", Message<ArgumentException>(() => Np.BroadcastTo(x, [2, 4])));
        Assert.Equal("Axis -3 is outside a tensor of rank 2. (Parameter 'axis')", Message<ArgumentOutOfRangeException>(() => Np.Mean(x, -3)));
        Assert.Equal("There is nothing to concatenate. (Parameter 'tensors')", Message<ArgumentException>(() => Np.Concatenate([])));
        Assert.Equal("add (C1): operand shapes must be equal or scalar, but are f32[2,3], f32[4,5].", Message<OpConstraintException>(() => Lax.Add(x, y)));
        Assert.Equal("add (C2): operand dtypes must be equal, but are f32[2], i32[2].", Message<OpConstraintException>(() => Lax.Add(A, new[] { 1, 2 })));
        Assert.Equal("f32[2,3] and f32[4,5] do not share 3 axes. (Parameter 'axes')", Message<ArgumentException>(() => Np.TensorDot(x, y, 3)));
        Assert.Equal("There must be one width per axis of f32[2], but there are 2. (Parameter 'widths')", Message<ArgumentException>(() => Np.Pad(A, [(1, 1), (1, 1)])));
    }

    [Fact]
    public void Settings()
    {
        Assert.Equal("The setting 'nothing_sets_this' is not set. Set it with Environ.Set(\"nothing_sets_this\", …) or using (Environ.Context(\"nothing_sets_this\", …)).",
            Message<KeyNotFoundException>(() => Environ.Get<bool>("nothing_sets_this")));
        using var scope = Environ.Context("a_number", 1);
        Assert.Equal("The setting 'a_number' is 1 (Int32), not a Boolean.", Message<InvalidCastException>(() => Environ.Get<bool>("a_number")));
        Assert.Equal("The setting \"debug_nan\" is true or false, not 1. (Parameter 'value')", Message<ArgumentException>(() => Environ.Context(Environ.DebugNan, 1)));
        Assert.Equal("The precision is 16, 32, 64 or \"bf16\", not 8. (Parameter 'value')", Message<ArgumentException>(() => Environ.Context(Environ.Precision, 8)));
    }

    [Fact]
    public void OpsThatTheBackendDoesNotRun()
    {
        var builder = new ProgramBuilder();
        var function = Function.From(builder.Build(builder.Add(new Unheard(), builder.AddInput(new(DType.Float32, [2])))));
        var message = Message<NotSupportedException>(() => function.Invoke([A]));
        Assert.StartsWith("Backend cpu:cpu:0 does not run unheard_of(f32[2]): ", message);
        Assert.EndsWith(". Nothing was executed. Use another dtype, or select another backend.", message);
    }

    private sealed record Unheard : Op
    {
        public override string Name => "unheard_of";

        public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands) => operands.ToArray();
    }
}
