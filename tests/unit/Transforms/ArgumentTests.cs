using BrainState.Nn;
using BrainState.UnitTests.Tensors;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

/// <summary>What goes in and out of transformed functions: containers of tensors, and static values.</summary>
public sealed class ArgumentTests
{
    private static readonly Tensor A = new[] { 1f, 2f };
    private static readonly Tensor B = new[] { 3f, 4f };

    private enum Mode
    {
        Twice,
        Square,
    }

    private sealed record Config(int Power, string Name, Mode Mode, (double, bool) Pair, Config? Inner = null);

    private sealed class Scale(Tensor factor) : Module
    {
        private readonly ParamState factor = new(factor);

        public Tensor Call(Tensor x) => x * factor.Value;
    }

    [Fact]
    public void TuplesListsArraysAndDictionariesKeepTheirStructure()
    {
        var f = Jit(((Tensor, Tensor) pair, List<Tensor> list, Dictionary<string, Tensor> named) => (
            Sum: pair.Item1 + pair.Item2, List: list.Select(t => t * 2).ToList(), Array: new[] { pair.Item1, list[0] },
            Named: named.ToDictionary(e => e.Key + "!", e => (e.Value, e.Value * 2))));
        var result = f((A, B), [A, B, A], new() { ["b"] = B, ["a"] = A });
        Assert.Equal([4f, 6], result.Sum.ToArray<float>());
        Assert.Equal([2f, 4, 6, 8, 2, 4], result.List.SelectMany(t => t.ToArray<float>()));
        Assert.Equal([1f, 2, 1, 2], result.Array.SelectMany(t => t.ToArray<float>()));
        Assert.Equal([6f, 8], result.Named["b!"].Item2.ToArray<float>());
        // Dictionaries filled in another order are the same tree; a list of another length is not.
        f((A, B), [A, B, A], new() { ["a"] = A, ["b"] = B });
        Assert.Equal(1, JitFunction.Of(f).TraceCount);
        f((A, B), [A, B], new() { ["a"] = A, ["b"] = B });
        Assert.Equal(2, JitFunction.Of(f).TraceCount);
        Assert.Equal("the arguments have another structure", JitFunction.Of(f).LastTraceReason);
    }

    [Fact]
    public void DictionariesByPathGoInAndOut()
    {
        var flat = new FlattedDict<Tensor>([KeyValuePair.Create(StatePath.Of("layer", 1), B), KeyValuePair.Create(StatePath.Of("layer", 0), A)]);
        var f = Jit((FlattedDict<Tensor> d) => (d.Map(t => t * 2), d.ToNested()));
        var (doubled, nested) = f(flat);
        Assert.Equal(flat.Keys, doubled.Keys);
        Assert.Equal([6f, 8], doubled[StatePath.Of("layer", 1)].ToArray<float>());
        Assert.Equal([1f, 2], nested.Branch("layer")[0].ToArray<float>());
        var g = Grad((NestedDict<Tensor> d) => Np.Sum(Np.Square(d.Branch("layer")[0]) + d.Branch("layer")[1]));
        Assert.Equal([2f, 4], g.Invoke(nested).Branch("layer")[0].ToArray<float>());
    }

    [Fact]
    public void NothingIsAStructureOfItsOwn()
    {
        var f = Jit<Tensor, Tensor?, Tensor>((x, y) => y is null ? x : x + y);
        Assert.Equal([1f, 2], f(A, null).ToArray<float>());
        Assert.Equal([4f, 6], f(A, B).ToArray<float>());
        Assert.Equal(2, JitFunction.Of(f).TraceCount);
        Assert.Null(Jit<Tensor, Tensor?>(x => null)(A));
        Assert.Null(Jit((Tensor[]? x) => x)(null));
    }

    [Fact]
    public void StaticValuesArePartOfTheKey()
    {
        var f = Jit((Tensor x, Config config) => (config.Mode == Mode.Twice ? x * 2 : Np.Power(x, config.Power)) + config.Name.Length);
        Assert.Equal([4f, 6], f(A, new(3, "ab", Mode.Twice, (0.5, true))).ToArray<float>());
        Assert.Equal([4f, 6], f(A, new(3, "ab", Mode.Twice, (0.5, true))).ToArray<float>());
        Assert.Equal(1, JitFunction.Of(f).TraceCount);
        Assert.Equal([2f, 9], f(A, new(3, "a", Mode.Square, (0.5, true), new(1, "", Mode.Square, default))).ToArray<float>());
        Assert.Equal(2, JitFunction.Of(f).TraceCount);
        var g = Jit((Tensor x, int? times, Shape shape) => Np.BroadcastTo(x * (times ?? 1), shape));
        Assert.Equal([2, 2], g(A, 3, [2, 2]).Shape.ToArray());
        Assert.Equal([1f, 2], g(A, null, [2]).ToArray<float>());
    }

    [Fact]
    public void StaticResultsComeBack()
    {
        var f = Jit((Tensor x, string name) => (x, x.Rank, name + "!", Mode.Square));
        var (_, rank, name, mode) = f(A, "f");
        Assert.Equal((1, "f!", Mode.Square), (rank, name, mode));
        Assert.Equal("f!", f(A, "f").Item3);
    }

    [Fact]
    public void ZeroAndItsNegativeAreDifferentStaticValues()
    {
        var f = Jit((Tensor x, double sign) => double.IsNegative(sign) ? -x : x);
        Assert.Equal([1f, 2], f(A, 0.0).ToArray<float>());
        Assert.Equal([-1f, -2], f(A, -0.0).ToArray<float>());
        f(A, double.NaN);
        f(A, double.NaN);
        Assert.Equal(3, JitFunction.Of(f).TraceCount);
    }

    [Fact]
    public void ModulesAreComparedByIdentity()
    {
        var (two, three) = (new Scale(2), new Scale(3));
        var f = Jit((Scale m, Tensor x) => m.Call(x));
        Assert.Equal([2f, 4], f(two, A).ToArray<float>());
        Assert.Equal([3f, 6], f(three, A).ToArray<float>());
        Assert.Equal([2f, 4], f(two, A).ToArray<float>());
        Assert.Equal(2, JitFunction.Of(f).TraceCount);
        Assert.Equal("a static argument is Scale, where it was Scale", JitFunction.Of(f).LastTraceReason);
    }

    [Fact]
    public void WhatIsNeitherTracedNorStaticIsRefused()
    {
        const string Static = "it is neither a tensor nor a container of tensors (tuple, array, List, Dictionary, FlattedDict, NestedDict, record), nor static "
            + "(a number, string, enum, or record without tensors), nor a Module. Make it a record, or teach it with Pytree.Register.";
        void Refused<T>(T argument, string reason)
        {
            var message = $"A {typeof(T)} cannot go in or out of a transformed function: {reason}";
            Assert.Equal(message, Assert.Throws<NotSupportedException>(() => Jit((T a, Tensor x) => x)(argument, A)).Message);
            Assert.Equal(message, Assert.Throws<NotSupportedException>(() => Jit((Tensor x) => argument)(A)).Message);
        }
        Refused(new object(), Static);
        Refused(new Random(1), Static);
        Refused(new Hidden(A), "its field 'calls' is set neither by its constructor nor by a property. Teach it with Pytree.Register.");
        Refused(DateTime.UnixEpoch, Static);
        Refused((Func<int>)(() => 1), Static);
        Refused(new ParamState(A), "a State can be neither argument nor result of a transformed function. Let the function read and write it, or pass its Value.");
        Refused((A, A, A, A, A, A, A, A), "a tuple has at most 7 items.");
    }

    private sealed record Hidden(Tensor Value)
    {
        private int calls;

        public int Count() => ++calls;
    }

    [Fact]
    public void GradientsHaveTheStructureOfWhatTheyAreTakenOf()
    {
        Tensor Loss((Tensor, Tensor[]) a, Tensor b, int n) => Np.Sum(a.Item1 * b * n + a.Item2[0]);
        var grad = Grad<(Tensor, Tensor[]), Tensor, int>(Loss);
        var first = grad.Invoke((A, [B]), B, 2);
        Assert.Equal([6f, 8], first.Item1.ToArray<float>());
        Assert.Equal([1f, 1], first.Item2[0].ToArray<float>());
        Assert.Equal([2f, 4], grad.Arg1().Invoke((A, [B]), B, 2).ToArray<float>());
        var (both, value) = grad.Args01().WithValue().Invoke((A, [B]), B, 2);
        Assert.Equal([2f, 4], both.Item2.ToArray<float>());
        Assert.Equal(29f, (float)value);
    }

    [Fact]
    public void AuxAndValueComeInTheDocumentedOrder()
    {
        var state = new ParamState(A);
        (Tensor, (string, Tensor)) Loss(Tensor x) => (Np.Sum(state.Value * x), ("aux", x * 2));
        var grad = Grad<Tensor, (string, Tensor)>(Loss);
        Assert.Equal([1f, 2], grad.Invoke(B).ToArray<float>());
        var (g, aux) = grad.WithAux().Invoke(B);
        Assert.Equal([1f, 2], g.ToArray<float>());
        Assert.Equal(("aux", 6f), (aux.Item1, (float)aux.Item2[0]));
        var ((byState, byArgument), loss, more) = grad.Of(state).Arg0().WithValue().WithAux().Invoke(B);
        Assert.Equal([3f, 4], byState.ToArray<float>());
        Assert.Equal([1f, 2], byArgument.ToArray<float>());
        Assert.Equal((11f, "aux"), ((float)loss, more.Item1));
    }

    [Fact]
    public void EveryChoiceOfArgumentsGivesItsGradients()
    {
        Tensor w = 2f, x = 3f, y = 5f, z = 7f;
        var grad = Grad((Tensor a, Tensor b, Tensor c, Tensor d) => a * b * c * d);
        float F(Tensor t) => (float)t;
        (float, float) F2((Tensor, Tensor) t) => (F(t.Item1), F(t.Item2));
        Assert.Equal((105f, 70f, 42f, 30f), (F(grad.Arg0().Invoke(w, x, y, z)), F(grad.Arg1().Invoke(w, x, y, z)), F(grad.Arg2().Invoke(w, x, y, z)), F(grad.Arg3().Invoke(w, x, y, z))));
        Assert.Equal((105f, 70f), F2(grad.Args01().Invoke(w, x, y, z)));
        Assert.Equal((105f, 42f), F2(grad.Args02().Invoke(w, x, y, z)));
        Assert.Equal((105f, 30f), F2(grad.Args03().Invoke(w, x, y, z)));
        Assert.Equal((70f, 42f), F2(grad.Args12().Invoke(w, x, y, z)));
        Assert.Equal((70f, 30f), F2(grad.Args13().Invoke(w, x, y, z)));
        Assert.Equal((42f, 30f), F2(grad.Args23().Invoke(w, x, y, z)));
        var all = grad.AllArgs().Invoke(w, x, y, z);
        Assert.Equal((105f, 70f, 42f, 30f), (F(all.Item1), F(all.Item2), F(all.Item3), F(all.Item4)));
    }

    [Fact]
    public void TangentsAndCotangentsMustFit()
    {
        Assert.Equal("The tangent of Jvp must have the shapes and dtypes of the argument, but tensor 0 is f32[3] instead of f32[2].",
            Assert.Throws<ArgumentException>(() => Jvp((Tensor x) => x, A, Np.Ones([3]))).Message);
        Assert.Equal("The tangent of Jvp must have the structure of the argument.",
            Assert.Throws<ArgumentException>(() => Jvp((Tensor[] x) => x[0], [A], [A, A])).Message);
        Assert.Equal("The cotangent of a pullback must have the shapes and dtypes of the result, but tensor 0 is f32[] instead of f32[2].",
            Assert.Throws<ArgumentException>(() => Vjp((Tensor x) => x * 2, A).Pullback(Np.Array(1.0))).Message);
        Assert.Equal("The cotangent of a pullback must have the structure of the function's result.",
            Assert.Throws<ArgumentException>(() => Vjp((Tensor x) => new[] { x, x }, A).Pullback([A])).Message);
    }

    [Fact]
    public void IntegerPartsHaveZeroDerivatives()
    {
        Tensor n = new[] { 2, 3 };
        var (value, tangent) = Jvp(((Tensor X, Tensor N) a) => (a.X * a.N, a.N + 1), (A, n), (A, n));
        Assert.Equal([2f, 6], tangent.Item1.ToArray<float>());
        Assert.Equal((DType.Int32, 0), (tangent.Item2.DType, (int)Np.Sum(tangent.Item2)));
        Assert.Equal([3, 4], value.Item2.ToArray<int>());
        var (_, pullback) = Vjp(((Tensor X, Tensor N) a) => (a.X * a.N, a.N + 1), (A, n));
        var back = pullback((A, n));
        Assert.Equal([2f, 6], back.Item1.ToArray<float>());
        Assert.Equal([0, 0], back.Item2.ToArray<int>());
    }
}
