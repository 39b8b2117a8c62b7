using BrainState.Conformance.Composites;
using BrainState.Nn.Composites;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.UnitTests.Tensors;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Composites;

/// <summary>What every composite must do, whatever it computes. What it computes on a backend, the conformance suite checks.</summary>
public sealed class CompositeTests
{
    public static TheoryData<string> Names => [.. CompositeDefinitions.All.Select(static d => d.Name)];

    [Fact]
    public void EveryDefinitionIsListedOnce()
    {
        var types = typeof(CompositeDefinition).Assembly.GetTypes().Where(static t => t.IsSubclassOf(typeof(CompositeDefinition)) && !t.IsAbstract).ToArray();
        Assert.Equal(types.Select(static t => t.Name).Order(), CompositeDefinitions.All.Select(static d => d.GetType().Name).Order());
        Assert.Equal(CompositeDefinitions.All.Count, CompositeDefinitions.All.Select(static d => d.Name).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void BothPassesGiveTheDerivativeOfTheBody(string name) => Each(name, static (item, draw, operands) =>
    {
        var x = Differentiable(operands);
        var (value, pullback) = Vjp(Scalar(item.Apply, operands), x);
        var (expected, expandedPullback) = Vjp(Scalar(item.Expanded, operands), x);
        Approximately.Same(expected, value, 1e-13, $"{item}: value");
        var v = draw.Doubles(value.Shape);
        foreach (var (e, a) in expandedPullback(v).Zip(pullback(v))) Approximately.Same(e, a, 1e-11, $"{item}: vjp");
    });

    [Theory]
    [MemberData(nameof(Names))]
    public void CompiledMeansTheSame(string name) => Each(name, static (item, draw, operands) =>
    {
        foreach (var (e, a) in item.Apply(operands).Zip(Jit((Tensor[] x) => item.Apply(x))(operands))) Approximately.Same(e, a, 1e-13, $"{item}: value");
        var f = Scalar(item.Apply, operands);
        Tensor[] Gradient(Tensor[] x) => Grad<Tensor[]>(y => Np.Sum(Np.Square(f(y)))).Invoke(x);
        var at = Differentiable(operands);
        foreach (var (e, a) in Gradient(at).Zip(Jit((Tensor[] x) => Gradient(x))(at))) Approximately.Same(e, a, 1e-12, $"{item}: gradient");
    });

    /// <summary>Mapped over all operands, and over each one alone; a gradient inside too.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void MappedIsALoop(string name) => Each(name, static (item, draw, operands) =>
    {
        var others = item.Tensors(draw.Random.Next());
        for (var which = -1; which < operands.Length; which++)
        {
            Tensor[] Lane(int lane) => [.. operands.Select((o, i) => lane == 1 && (which < 0 || i == which) ? others[i] : o)];
            var (first, second) = (Lane(0), Lane(1));
            Tensor[] stacked = [.. operands.Select((o, i) => which < 0 || i == which ? Np.Stack([first[i], second[i]]) : o)];
            VmapOptions options = new() { InAxes = [[.. operands.Select((_, i) => which < 0 || i == which ? (BatchAxes)0 : null)]] };
            Tensor[] ValuesAndGradients(Tensor[] x)
            {
                var at = Differentiable(x);
                return [.. item.Apply(x), .. Grad<Tensor[]>(y => Np.Sum(Np.Sin(Scalar(item.Apply, x)(y)))).Invoke(at)];
            }
            var mapped = Vmap((Tensor[] x) => ValuesAndGradients(x), options)(stacked);
            var (expected, other) = (ValuesAndGradients(first), ValuesAndGradients(second));
            for (var i = 0; i < mapped.Length; i++) Approximately.Same(Np.Stack([expected[i], other[i]]), mapped[i], 1e-12, $"{item}: {i} mapped over {which}");
        }
    });

    /// <summary>In a small dtype, values and gradients are those of float64, rounded: no sum loses more.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void SmallFloatsAreRoundedOnce(string name) => Each(name, static (item, draw, operands) =>
    {
        foreach (var (dtype, epsilon) in new[] { (DType.Float16, 1 / 1024.0), (DType.BFloat16, 1 / 128.0), (DType.Float32, 1e-6) })
        {
            Tensor[] small = [.. operands.Select(o => o.DType.IsFloating ? o.AsType(dtype) : o)];
            Tensor[] exact = [.. small.Select(static o => o.DType.IsFloating ? o.AsType(DType.Float64) : o)];
            var (expected, actual) = (item.Apply(exact), item.Apply(small));
            for (var i = 0; i < expected.Length; i++) Approximately.Equal(expected[i].Doubles(), actual[i].Doubles(), item.Tolerance * epsilon, $"{item} in {dtype}: result {i}");
            Assert.Equal(dtype, actual[0].DType);

            var v = draw.Doubles(Scalar(item.Apply, exact)(Differentiable(exact)).Shape).AsType(dtype);
            var gradients = Vjp(Scalar(item.Apply, small), Differentiable(small)).Pullback(v);
            var exactly = Vjp(Scalar(item.Apply, exact), Differentiable(exact)).Pullback(v.AsType(DType.Float64));
            for (var i = 0; i < gradients.Length; i++)
            {
                Assert.Equal(dtype, gradients[i].DType);
                Approximately.Equal(exactly[i].Doubles(), gradients[i].Doubles(), 2 * item.Tolerance * epsilon, $"{item} in {dtype}: gradient {i}");
            }
        }
    });

    [Theory]
    [MemberData(nameof(Names))]
    public void OneEquationForwardsAndOneBackwards(string name) => Each(name, static (item, draw, operands) =>
    {
        string[] Names(Func<Tensor[], Tensor> f, Tensor[] at) =>
            [.. MakeJaxpr((Tensor[] x) => f(x))(at).Program.Equations.Select(static e => e.Op).OfType<Composite>().Select(static c => c.Function)];
        var f = Scalar(item.Apply, operands);
        var x = Differentiable(operands);
        Assert.Equal([item.Definition.Name], Names(f, x));
        Assert.Equal([item.Definition.Name + ".fwd", item.Definition.Name + ".bwd"], Names(y => Grad<Tensor[]>(z => Np.Sum(f(z))).Invoke(y)[0], x));
    });

    /// <summary>What the signature names is there: operands, attributes, results, and the residuals, which do not depend on the backend.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void TheSignatureHolds(string name) => Each(name, static (item, draw, operands) =>
    {
        var (signature, composite) = (item.Definition.Signature, item.For(operands));
        Assert.Equal(signature.Attributes, composite.Attributes.Select(static a => a.Name));
        Assert.Equal(signature.Attributes.Order(StringComparer.Ordinal), signature.Attributes);
        int Count(ValueArray<string> names) => names.Count(n => !n.EndsWith('?') || Equals(true, composite.Attributes.Single(a => a.Name == n[..^1]).Value));
        Assert.Equal(Count(signature.Operands), operands.Length);
        Assert.Equal(Count(signature.Results), composite.Body.Outputs.Length);
        Assert.Equal(Count(signature.Results) + Count(signature.Residuals), composite.Forward!.Outputs.Length);

        // Written out and read back, it is the same: attributes are values that the text has.
        var program = MakeJaxpr((Tensor[] x) => item.Apply(x))(operands).Program;
        Assert.Equal(program, Program.Parse(program.ToFullText()));
    });

    /// <summary>What a composite computes does not depend on ambient settings, because its programs are kept.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void PrecisionChangesNothing(string name) => Each(name, static (item, draw, operands) =>
    {
        Tensor[] small = [.. operands.Select(static o => o.DType.IsFloating ? o.AsType(DType.BFloat16) : o)];
        var specs = small.Select(static o => o.Spec).ToValueArray();
        var fresh = (CompositeDefinition)Activator.CreateInstance(item.Definition.GetType())!;
        using (Environ.Context(Environ.Precision, 64)) Assert.Equal(item.Stage(item.Definition, specs), item.Stage(fresh, specs));
    });

    /// <summary>The table of the README is that of the definitions.</summary>
    [Fact]
    public void TheDocumentationListsTheDefinitions()
    {
        static string Cell(ValueArray<string> names) => string.Join(", ", names.Select(static n => $"`{n}`"));
        var rows = CompositeDefinitions.All.Select(static d =>
            $"| `{d.Name}` | {Cell(d.Signature.Operands)} | {Cell(d.Signature.Attributes)} | {Cell(d.Signature.Results)} | {Cell(d.Signature.Residuals)} |".Replace("|  |", "| |"));
        var table = File.ReadLines(Architecture.Repository.PathOf("src/Frontend/Nn/Composites/README.md")).Where(static line => line.StartsWith("| `", StringComparison.Ordinal));
        Assert.Equal(string.Join('\n', rows), string.Join('\n', table));
    }

    private static void Each(string name, Action<CompositeCase, Draw, Tensor[]> check)
    {
        foreach (var (seed, item) in CompositeCases.All.Where(c => c.Definition.Name == name).Index())
        {
            check(item, new Draw(seed), item.Tensors(seed));
        }
    }

    private static Tensor[] Differentiable(Tensor[] operands) => [.. operands.Where(static o => o.DType.IsDifferentiable)];

    /// <summary>All differentiable results in one vector, as a function of the differentiable operands.</summary>
    private static Func<Tensor[], Tensor> Scalar(Func<Tensor[], Tensor[]> f, Tensor[] operands) => x =>
    {
        var given = new Queue<Tensor>(x);
        var results = f([.. operands.Select(o => o.DType.IsDifferentiable ? given.Dequeue() : o)]);
        return Np.Concatenate([.. results.Where(static r => r.DType.IsDifferentiable).Select(static r => r.Flatten())]).AsType(results[0].DType);
    };
}
