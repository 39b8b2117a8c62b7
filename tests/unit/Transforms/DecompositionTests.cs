using BrainState.Conformance;
using BrainState.Execution;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Conformance.Generation;
using BrainState.UnitTests.Interpretation;
using static BrainState.Transforms;

namespace BrainState.UnitTests.Transforms;

/// <summary>What an op is made of gives what the op gives, as the interpreter defines it.</summary>
public sealed class DecompositionTests
{
    private static readonly Window[] Windows =
    [
        new([2, 3], [1, 1], [default, default]), new([2, 2], [2, 1], [new(1, 0), new(1, 2)]), new([2, 1], [1, 2], [new(-1, 1), new(0, -1)]),
        new([2, 2], [1, 3], [new(1, 1), new(0, 2)], [2, 3], [1, 2]), new([1, 2], [1, 1], [new(2, 2), new(3, 3)]), new([5, 6], [1, 1], [default, default]),
    ];

    /// <summary>Ops whose result is exact, whatever the values.</summary>
    private static IEnumerable<(Op Op, TensorSpec[] Operands)> Exact()
    {
        foreach (var dtype in DType.All)
        {
            TensorSpec matrix = new(dtype, [4, 5]), empty = new(dtype, [0, 5]);
            foreach (var x in (TensorSpec[])[matrix, empty])
            {
                if (dtype.Is(DTypeKinds.Bitwise)) yield return (new ReduceXor([0]), [x]);
                if (dtype.Is(DTypeKinds.Bitwise)) yield return (new ReduceXor([1, 0]), [x]);
                if (!dtype.Is(DTypeKinds.Complex)) yield return (new TopK(3), [x]);
                if (dtype.Is(DTypeKinds.Real))
                    foreach (var reverse in (bool[])[false, true])
                        foreach (var op in (Op[])[new CumMax(1, reverse), new CumMin(0, reverse)])
                            yield return (op, [x]);
                if (dtype.IsInteger) foreach (var op in (Op[])[new CumSum(1, false), new CumProd(0, true), new ReduceWindowSum(Windows[1])]) yield return (op, [x]);
                foreach (var window in dtype.Is(DTypeKinds.Complex) ? [] : Windows.Where(w => w.CountsOver(x.Shape).All(static n => n >= 0)))
                {
                    yield return (new ReduceWindowMax(window), [x]);
                    yield return (new ReduceWindowMin(window), [x]);
                    foreach (var selection in Enum.GetValues<WindowSelection>())
                        if (dtype.IsFloating)
                            yield return (new SelectAndGatherAdd(selection, window), [x, x]);
                }
            }
            if (dtype.IsInteger) foreach (var op in (Op[])[new PopulationCount(), new Clz()]) yield return (op, [new(dtype, [32])]);
            if (dtype.IsFloating) foreach (var x in (TensorSpec[])[new(dtype, [32]), new(dtype, [])]) yield return (new NextAfter(), [x, new(dtype, [32])]);
            if (dtype != DType.Bool && dtype.Is(DTypeKinds.Real)) yield return (new Clamp(), [matrix, matrix, matrix]);
            foreach (var op in (Op[])[new Ne()]) yield return (op, [matrix, matrix]);
            if (!dtype.Is(DTypeKinds.Complex)) foreach (var op in (Op[])[new Gt(), new Ge()]) yield return (op, [matrix, matrix]);
        }
        yield return (new Reduce(Scalars(DType.Int32, static (a, b) => a * b), [0]), [new(DType.Int32, [5, 2]), new(DType.Int32, [])]);
        yield return (new ReduceWindow(Scalars(DType.Int32, static (a, b) => a * b), Windows[1]), [new(DType.Int32, [4, 5]), new(DType.Int32, [])]);
    }

    /// <summary>Ops whose result is rounded, for moderate values.</summary>
    private static IEnumerable<(Op Op, TensorSpec[] Operands)> Rounded()
    {
        foreach (var dtype in (DType[])[DType.Float16, DType.BFloat16, DType.Float32, DType.Float64, DType.Complex64, DType.Complex128])
        {
            TensorSpec matrix = new(dtype, [4, 5]), vector = new(dtype, [64]);
            foreach (var op in (Op[])[new CumSum(0, false), new CumProd(1, true), .. Windows.Select(static w => new ReduceWindowSum(w)), new Square(), new IntegerPow(3), new IntegerPow(-2)]) yield return (op, [matrix]);
            foreach (var op in (Op[])[new Exp2(), new Logistic(), new Tan(), new Sinh(), new Cosh()]) yield return (op, [vector]);
            if (!dtype.IsFloating) continue;
            foreach (var op in (Op[])[new CumLogSumExp(1, false), new CumLogSumExp(0, true)]) yield return (op, [matrix]);
            foreach (var op in (Op[])[new Lgamma(), new Digamma()]) yield return (op, [vector]);
            foreach (var window in Windows)
                yield return (new SelectAndScatterAdd(WindowSelection.Ge, window), [new(dtype, [.. window.CountsOver([4, 5]).Select(static n => (int)n)]), matrix]);
        }
    }

    public static TheoryData<string> ExactNames => [.. Exact().Select(static c => c.Op.Name).Distinct()];

    public static TheoryData<string> RoundedNames => [.. Rounded().Select(static c => c.Op.Name).Distinct()];

    [Fact]
    public void EveryDefinitionIsChecked() =>
        Assert.Equal(Decompositions.Ops.Select(static t => t.Name).Order(), Exact().Concat(Rounded()).Select(static c => c.Op.GetType().Name).Append(nameof(Rsqrt)).Concat(Factorisations().Select(static c => c.Op.GetType().Name)).Distinct().Order());

    [Theory, MemberData(nameof(ExactNames))]
    public void ExactOpsAgreeOnAllValues(string name)
    {
        foreach (var (op, specs) in Exact().Where(c => c.Op.Name == name))
            Property.Check(20, seed =>
            {
                var random = new Random(seed);
                HostValue[] operands = [.. specs.Select(spec => HostValue.Generate(spec, _ => op is BodyOp ? ScalarGenerator.Tame(random, spec.DType) : ScalarGenerator.Any(random, spec.DType)))];
                if (op is BodyOp) operands[1] = HostValue.Of<int>([], 1);
                var difference = Exactness.Difference(Evaluate.Op(op, operands), Decomposed(op, operands));
                Assert.True(difference is null, $"{op} of {string.Join(", ", (object[])operands)}: {difference}");
            });
    }

    /// <summary>The same with parameters and shapes from the generators.</summary>
    [Theory, MemberData(nameof(ExactNames))]
    public void GeneratedExactOpsAgree(string name) => Property.Check(60, seed =>
    {
        var random = new Random(seed);
        var program = new ProgramGenerator(seed) { MaxEquations = 1, TameNames = true }.NextWith(name);
        var equation = program.Equations.First(e => e.Op.Name == name);
        var specs = equation.Inputs.Select(program.SpecOf).ToArray();
        // Sums and products of floats are rounded, and bodies need neutral initial values.
        if (equation.Op is BodyOp || (equation.Op is CumSum or CumProd or ReduceWindowSum && !specs[0].DType.IsInteger)) return;
        HostValue[] operands = [.. specs.Select(spec => HostValue.Generate(spec, _ => ScalarGenerator.Any(random, spec.DType)))];
        var difference = Exactness.Difference(Evaluate.Op(equation.Op, operands), Decomposed(equation.Op, operands));
        Assert.True(difference is null, $"{equation.Op} of {string.Join(", ", (object[])operands)}: {difference}");
    });

    [Theory, MemberData(nameof(RoundedNames))]
    public void RoundedOpsAgreeUpToRounding(string name)
    {
        foreach (var (op, specs) in Rounded().Where(c => c.Op.Name == name))
            Property.Check(10, seed =>
            {
                var random = new Random(seed);
                HostValue[] operands = [.. specs.Select(spec => HostValue.Generate(spec, _ => Scalar.Of(spec.DType, new System.Numerics.Complex(random.NextDouble() * 6 - 3, random.NextDouble() * 2 - 1))))];
                var (expected, actual) = (Evaluate.Op(op, operands)[0], Decomposed(op, operands)[0]);
                Assert.Equal(expected.Spec, actual.Spec);
                var tolerance = specs[0].DType switch { DType.Float16 => 3e-3, DType.BFloat16 => 2e-2, DType.Float32 or DType.Complex64 => 3e-5, _ => 1e-12 };
                for (var i = 0; i < expected.Count; i++)
                {
                    var (e, a) = (expected[i].ToComplex(), actual[i].ToComplex());
                    Assert.True(e.Equals(a) || (e - a).Magnitude == 0 || (e - a).Magnitude <= tolerance * (1 + e.Magnitude), $"{op} of {string.Join(", ", (object[])operands)}: element {i} is {a} instead of {e}");
                }
            });
    }

    [Fact]
    public void GammaFunctionsAgreeFarOutAndAtPoles()
    {
        var x = HostValue.Of<double>([14], double.PositiveInfinity, double.NegativeInfinity, double.NaN, 0, -1, -7, 1e-3, 1e10, 171.3, 1e300, -20.25, 0.5, double.Epsilon, -1e-320);
        foreach (var op in (Op[])[new Lgamma(), new Digamma()])
        {
            var (expected, actual) = (Evaluate.Op<double>(op, x), Decomposed(op, x)[0].ToArray<double>());
            for (var i = 0; i < expected.Length; i++)
                Assert.True(expected[i].Equals(actual[i]) || Math.Abs(expected[i] - actual[i]) <= 1e-13 * (1 + Math.Abs(expected[i])), $"{op} of {x[i]} is {actual[i]} instead of {expected[i]}");
        }
    }

    /// <summary>The order of combination is kept, so that a body need not be commutative.</summary>
    [Fact]
    public void BodiesOfSeveralValuesAreCombinedInOrder()
    {
        // Composition of affine functions x ↦ a·x + b, with the identity as neutral value.
        var compose = MakeJaxpr<Tensor[], Tensor[]>(static v => [v[0] * v[2], v[1] * v[2] + v[3]])([Zero(), Zero(), Zero(), Zero()]).Program;
        TensorSpec[] specs = [new(DType.Int64, [3, 4]), new(DType.Int64, [3, 4])];
        HostValue one = HostValue.Of<long>([], 1L), zero = HostValue.Of<long>([], 0L);
        foreach (var op in (Op[])[new Reduce(compose, [0, 1]), new Reduce(compose, [1]), new ReduceWindow(compose, new([2, 2], [1, 2], [new(1, 0), default]))])
            Property.Check(10, seed =>
            {
                var random = new Random(seed);
                HostValue[] operands = [.. specs.Select(spec => HostValue.Generate(spec, _ => ScalarGenerator.Tame(random, spec.DType))), one, zero];
                Assert.Null(Exactness.Difference(Evaluate.Op(op, operands), Decomposed(op, operands)));
            });
    }

    private static IEnumerable<(Op Op, Shape[] Operands)> Factorisations()
    {
        foreach (var (m, n) in ((int, int)[])[(3, 3), (4, 2), (2, 4), (1, 1), (0, 0), (0, 2)])
        {
            yield return (new Lu(), [[2, m, n]]);
            foreach (var isFull in (bool[])[false, true])
            {
                yield return (new Qr(isFull), [[2, m, n]]);
                yield return (new Svd(isFull, true), [[2, m, n]]);
            }
            yield return (new Svd(false, false), [[m, n]]);
            if (m != n) continue;
            yield return (new Cholesky(), [[3, m, n]]);
            foreach (var lower in (bool[])[false, true])
            {
                yield return (new Eigh(lower), [[2, m, n]]);
                foreach (var leftSide in (bool[])[false, true])
                    foreach (var transpose in Enum.GetValues<MatrixTranspose>())
                        foreach (var unit in (bool[])[false, true])
                            yield return (new TriangularSolve(leftSide, lower, transpose, unit), [[2, n, n], leftSide ? [2, n, 2] : [2, 2, n]]);
            }
        }
    }

    public static TheoryData<string> FactorisationNames => [.. Factorisations().Select(static c => c.Op.Name).Distinct()];

    [Theory, MemberData(nameof(FactorisationNames))]
    public void FactorisationsAgree(string name)
    {
        foreach (var (op, shapes) in Factorisations().Where(c => c.Op.Name == name))
            foreach (var dtype in (DType[])[DType.Float64, DType.Complex128, DType.Float32])
                Property.Check(3, seed =>
                {
                    var random = new Random(seed);
                    // Small integers make singular and indefinite matrices and equal pivots likely; others keep triangles far from singular.
                    double Part() => op is Lu or Qr or Svd or Cholesky && seed > 0 ? random.Next(-1, 3) : random.NextDouble() * 2 - 1;
                    Scalar Element(Shape shape, int i)
                    {
                        var isDiagonal = shape[^1] == shape[^2] && i / shape[^1] % shape[^2] == i % shape[^1];
                        return Scalar.Of(dtype, new System.Numerics.Complex(Part() + (isDiagonal && op is (Cholesky or TriangularSolve) ? 2 : 0), Part()));
                    }
                    HostValue[] operands = [.. shapes.Select(shape => HostValue.Generate(new(dtype, shape), i => Element(shape, i)))];
                    var (expected, actual) = (Evaluate.Op(op, operands), Decomposed(op, operands));
                    Assert.Equal(expected.Select(static e => e.Spec), actual.Select(static a => a.Spec));
                    // Signs, phases and bases of equal values are free: what counts is the product, and that the factors are unitary.
                    (expected, actual) = (Determined(op, expected), Determined(op, actual));
                    for (var r = 0; r < expected.Length; r++)
                        for (var i = 0; i < expected[r].Count; i++)
                        {
                            var (e, a) = (expected[r][i].ToComplex(), actual[r][i].ToComplex());
                            Assert.True((double.IsNaN(e.Real) && double.IsNaN(a.Real)) || (e - a).Magnitude <= (dtype == DType.Float32 ? 1e-4 : 1e-9) * (1 + e.Magnitude),
                                $"{op} of {string.Join(", ", (object[])operands)}: element {i} of result {r} is {a} instead of {e}");
                        }
                });
    }

    /// <summary>What does not depend on free choices: of eigenvectors and singular vectors, the matrix they make with the values, and their products with themselves.</summary>
    private static HostValue[] Determined(Op op, HostValue[] results)
    {
        using var scope = Backends.Reference.Enter();
        Tensor Of(HostValue value) => Tensor.FromBytes(value.Bytes, value.Spec);
        Tensor Scaled(Tensor vectors, Tensor values) => vectors * BrainState.Matrices.AsRows(values.AsType(vectors.DType), vectors.Shape);
        Tensor Square(Tensor v) => BrainState.Matrices.Product(BrainState.Matrices.Adjoint(v), v);
        HostValue Back(Tensor tensor)
        {
            var bytes = new byte[tensor.Spec.ByteCount];
            tensor.CopyBytesTo(bytes);
            return HostValue.Of(tensor.Spec, bytes);
        }
        switch (op)
        {
            case Eigh:
                var (v, w) = (Of(results[0]), Of(results[1]));
                return [results[1], Back(BrainState.Matrices.Product(Scaled(v, w), BrainState.Matrices.Adjoint(v))), Back(Square(v))];
            case Svd { ComputeVectors: true }:
                var (s, u, vh) = (Of(results[0]), Of(results[1]), Of(results[2]));
                var k = s.Shape[^1];
                var product = BrainState.Matrices.Product(Scaled(Lax.SliceInDim(u, 0, k, axis: u.Rank - 1), s), Lax.SliceInDim(vh, 0, k, axis: vh.Rank - 2));
                return [results[0], Back(product), Back(Square(u)), Back(Square(BrainState.Matrices.Adjoint(vh)))];
            default:
                return results;
        }
    }

    private static Tensor Zero() => Np.Zeros([], DType.Int64);

    private static Program Scalars(DType dtype, Func<Tensor, Tensor, Tensor> f) => MakeJaxpr(f)(Np.Zeros([], dtype), Np.Zeros([], dtype)).Program;

    private static HostValue[] Decomposed(Op op, params HostValue[] operands) =>
        Interpreter.Run(Decompositions.TryGet(op, [.. operands.Select(static o => o.Spec)])!, operands);
}
