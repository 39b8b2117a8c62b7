using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

/// <summary>What users are told who give loops and branches what they cannot take, word by word.</summary>
public sealed class ControlFlowErrorTests
{
    private static readonly Tensor A = new[] { 1f, 2f };
    private static readonly Tensor One = Np.Array(1f);

    private static void Says<T>(string message, Action action) where T : Exception => Assert.Equal(message, Assert.Throws<T>(action).Message);

    [Fact]
    public void Branches()
    {
        Says<ArgumentException>("Cond chooses by a scalar, but got bool[2]. Reduce it with Np.All or Np.Any, or choose element by element with Np.Where.",
            static () => Cond(A > 1, static () => A, static () => A));
        Says<ArgumentException>("The branches of Cond must return the same shapes and dtypes, but tensor 0 is f32[] in one and f32[2] in another. Convert with AsType, or reshape.",
            static () => Cond(One > 0, static () => A, static () => One));
        Says<ArgumentException>("The branches of Cond must return values of the same structure and with the same static parts, but branch 1 differs from branch 0.",
            static () => Cond(One > 0, static () => new[] { A, A }, static () => [A]));
        Says<ArgumentException>("Switch needs at least one branch.", static () => Switch<Tensor>(0));
        Says<ArgumentException>("The index of Switch must be an integer scalar, but is f32[].", static () => Switch(One, static () => A));
        Says<ArgumentException>("IfElse takes one function per condition and one for the case that none holds, but got 1 conditions and 1 functions.",
            static () => IfElse([One > 0], static () => A));
        Says<ArgumentException>("IfElse chooses by a scalar, but got f32[2]. Reduce it with Np.All or Np.Any, or choose element by element with Np.Where.",
            static () => IfElse([A], static () => A, static () => A));
    }

    [Fact]
    public void LengthsOfScan()
    {
        Says<ArgumentException>("ForLoop takes slices along the leading axis, but one of the arrays is the scalar f32[]. Capture it instead.",
            static () => ForLoop(static (Tensor x) => x, One));
        Says<ArgumentException>("ForLoop needs arrays with the same leading axis, but one is f32[3], where another size is 2.",
            static () => ForLoop(static (Tensor x, Tensor y) => x + y, A, Np.Zeros([3])));
        Says<ArgumentException>("Scan needs arrays with the same leading axis of size 5, its length, but one is f32[2], where another size is 5.",
            static () => Scan(static (Tensor c, Tensor x) => (c, x), One, A, new() { Length = 5 }));
        Says<ArgumentException>("Scan does not know how many steps to take: it has no arrays. Give the length.",
            static () => Scan(static (Tensor c, ValueTuple _) => (c, c), One, default(ValueTuple)));
    }

    [Fact]
    public void CarriesThatChange()
    {
        Says<ArgumentException>(
            "The carry of Scan must keep its shapes and dtypes, but tensor 0 is f32[] before a step and f32[2] after it. Convert it with AsType, or start with that type.",
            static () => Scan(static (Tensor c, Tensor x) => (c + A, x), One, A));
        Says<ArgumentException>(
            "The carry of WhileLoop must keep its shapes and dtypes, but tensor 0 is f32[] before a step and i32[] after it. Convert it with AsType, or start with that type.",
            static () => WhileLoop(static c => c < 3, static c => c.AsType(DType.Int32), One));
        Says<ArgumentException>(
            "The carry of WhileLoop must keep its structure and its static parts, but the body returns another. What changes from step to step must be a Tensor.",
            static () => WhileLoop(static c => c[0] < 3, static c => [.. c, One], new[] { One }));
        var state = new ParamState(A, "w");
        Says<ArgumentException>(
            "ForLoop changes ParamState 'w' from f32[2] to f32[]. Inside control flow a State must keep its shape and dtype: convert the value with AsType or Reshape, or give the State that spec before.",
            () => ForLoop((Tensor x) => { state.Value = x; }, A));
        Assert.Equal([1f, 2f], state.Value.ToArray<float>());
    }

    [Fact]
    public void ConditionsOfWhile()
    {
        Says<ArgumentException>("The condition of WhileLoop must return a bool scalar, but returns bool[2]. Compare, and reduce with Np.All or Np.Any.",
            static () => WhileLoop(static c => c < 3, static c => c, A));
        Says<ArgumentException>("The condition of BoundedWhileLoop must return a bool scalar, but returns f32[]. Compare, and reduce with Np.All or Np.Any.",
            static () => BoundedWhileLoop(static c => c, static c => c, One, 3));
        var state = new ParamState(One, "w");
        Says<InvalidOperationException>("The condition of WhileLoop writes ParamState 'w'. It may read States; write them in the body.",
            () => WhileLoop(c => { state.Value = c; return c < 3; }, static c => c + 1, One));
        Says<ArgumentOutOfRangeException>("A bounded loop is divided into at least 2 parts, not 1. (Parameter 'branching')",
            static () => BoundedWhileLoop(static c => c < 3, static c => c + 1, One, 3, branching: 1));
        Says<ArgumentOutOfRangeException>("A checkpointed loop is divided into at least 2 parts, not 1. (Parameter 'base')",
            static () => CheckpointedScan(static (Tensor c, Tensor x) => (c, x), One, A, branching: 1));
    }

    [Fact]
    public void BatchesOfMap()
    {
        Says<ArgumentOutOfRangeException>("Map takes at least 1 slice at a time, not 0. Leave the batch size away to take one after the other. (Parameter 'blockSize')",
            static () => Map(static (Tensor x) => x, A, 0));
        Says<ArgumentException>("Map takes slices along the leading axis, but one of the arrays is the scalar f32[]. Capture it instead.", static () => Map(static (Tensor x) => x, One, 2));
    }

    [Fact]
    public void DerivativesThatDoNotExist()
    {
        Says<NotSupportedException>(
            "Reverse-mode differentiation through WhileLoop is impossible: the number of steps is unknown. Use BoundedWhileLoop, Scan or ForLoop, or differentiate forwards with Jvp.",
            static () => Grad(static (Tensor x) => WhileLoop(static c => c < 3, static c => c + 1, x)).Invoke(One));
        Says<NotSupportedException>(
            "qr has no derivative with full matrices of more rows than columns, because the additional columns of Q are not determined. Use fullMatrices: false.",
            static () => Jvp(static (Tensor x) => Lax.Linalg.Qr(x).R, Np.Ones([3, 2]), Np.Ones([3, 2])));
        Says<NotSupportedException>(
            "svd has no derivative with full matrices that are not square, because the additional vectors are not determined. Use fullMatrices: false.",
            static () => Jvp(static (Tensor x) => Lax.Linalg.Svd(x).U, Np.Ones([3, 2]), Np.Ones([3, 2])));
        Says<NotSupportedException>("scatter_mul has a derivative with respect to its updates only if uniqueIndices promises that no two of them meet.",
            static () => Grad(static (Tensor x) => Np.Sum(A.At((Tensor)new[] { 0, 0 }).Multiply(x))).Invoke(A));
    }

    [Fact]
    public void NamesOfScopes() =>
        Says<ArgumentException>("The name of a scope has no slash, which separates nested ones, but is 'a/b'. (Parameter 'name')", static () => NamedScope("a/b"));

    [Fact]
    public void FunctionsOfPrograms()
    {
        var function = Function.From(MakeJaxpr(static (Tensor x) => x + 1)(A).Program);
        Says<ArgumentException>("The function takes 1 arguments, but 2 were given. (Parameter 'arguments')", () => function.Invoke(A, A));
        Says<ArgumentException>("Argument 0 must be f32[2], but is f32[]. (Parameter 'arguments')", () => function.Invoke(One));
        Says<ArgumentException>("Constant 0 must be f32[2], but is f32[]. (Parameter 'constants')", () => Function.From(function.Program, One));
        Says<ArgumentException>("VectorGrad of Floor needs a floating result, but the function returned i32[2]. Convert it with AsType.", static () => VectorGrad(Floor).Invoke(A));
    }

    private static Tensor Floor(Tensor x) => x.AsType(DType.Int32);

    [Fact]
    public void TracedMasks() => Says<ArgumentException>(
        "A traced mask bool[2] cannot index, because the shape of the result would depend on its values. Use Np.Where, which keeps the shape.", static () => Jit(static (Tensor x) => x[x > 1])(A));
}
