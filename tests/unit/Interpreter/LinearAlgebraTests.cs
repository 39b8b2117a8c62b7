using System.Numerics;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Conformance.Generation;

namespace BrainState.UnitTests.Interpretation;

/// <summary>Factorisations against numpy.linalg, and put together again.</summary>
public class LinearAlgebraTests
{
    private static readonly HostValue Hermitian = HostValue.Of<Complex>([3, 3], 2, new(1, -1), 0, new(1, 1), 3, Complex.ImaginaryOne, 0, -Complex.ImaginaryOne, 4);

    [Fact]
    public void CholeskyReadsTheLowerTriangle()
    {
        AssertClose([2, 0, 0, 6, 1, 0, -8, 5, 3], Evaluate.Op<double>(new Cholesky(), HostValue.Of([3, 3], 4, double.NaN, 99, 12, 37, -1, -16, -43, 98)));
        AssertClose(
            [1.4142135623730951, 0, 0, new(0.7071067811865475, 0.7071067811865475), 1.4142135623730951, 0, 0, new(0.0, -0.7071067811865475), 1.8708286933869707],
            Evaluate.Op<Complex>(new Cholesky(), Hermitian));
        Assert.Equal([1, 0, 1, 1, double.NaN, 0, double.NaN, double.NaN],
            Evaluate.Op<double>(new Cholesky(), HostValue.Of([2, 2, 2], 1.0, 0, 1, 2, 1, 0, 2, 1)));
    }

    [Fact]
    public void QrHasTheSignsOfLapack()
    {
        var x = HostValue.Of([3, 2], 1.0, 2, 3, 4, 5, -6);
        var reduced = Evaluate.Op(new Qr(false), x);
        AssertClose([-0.16903085094570325, -0.35215157397487884, -0.50709255283711, -0.7698197198520605, -0.8451542547285166, 0.5323221467062123], reduced[0].ToArray<double>());
        AssertClose([-5.916079783099616, 2.704493615131253, 0, -6.977514907595274], reduced[1].ToArray<double>());
        var full = Evaluate.Op(new Qr(true), x);
        AssertClose(
            [-0.16903085094570325, -0.35215157397487884, -0.9205530079118674, -0.50709255283711, -0.7698197198520605, 0.3876012664892074, -0.8451542547285166, 0.5323221467062123, -0.04845015831115085],
            full[0].ToArray<double>());
        var complex = Evaluate.Op(new Qr(false), HostValue.Of<Complex>([2, 2], new(1, 1), 2, 3, new(4, -2)));
        AssertClose([new(-0.3015113445777635, -0.3015113445777636), new(0, 0.9045340337332906), -0.9045340337332908, new(-0.3015113445777633, -0.30151134457776385)], complex[0].ToArray<Complex>());
        AssertClose([-3.3166247903554003, new(-4.2211588240886915, 2.412090756622109), 0, -0.6030226891555274], complex[1].ToArray<Complex>());
    }

    [Fact]
    public void LuPivotsOnTheLargest()
    {
        // Rows 2, 0, 1: 4 before 2; then 3 before 1.
        var results = Evaluate.Op(new Lu(), HostValue.Of([3, 3], 2.0, 4, 1, 1, 1, 3, 4, 2, 8));
        AssertClose([4, 2, 8, 0.5, 3, -3, 0.25, 1.0 / 6, 1.5], results[0].ToArray<double>());
        Assert.Equal([2, 2, 2], results[1].ToArray<int>());
        Assert.Equal([2, 0, 1], results[2].ToArray<int>());
        // |Re| + |Im| of 3 + 3i is larger than that of 5, its magnitude is not.
        Assert.Equal([1], Evaluate.Op(new Lu(), HostValue.Of<Complex>([2, 1], 5, new(3, 3)))[1].ToArray<int>());
        Assert.Equal([0, 1], Evaluate.Op(new Lu(), HostValue.Of<float>([2, 2], 0, 1, 0, 2))[1].ToArray<int>());
    }

    [Fact]
    public void Spectra()
    {
        AssertClose([0.585786437626905, 2, 3.414213562373095], Evaluate.Op(new Eigh(true), HostValue.Of([3, 3], 2.0, 9, 9, -1, 2, 9, 0, -1, 2))[1].ToArray<double>());
        AssertClose([0.585786437626905, 2, 3.414213562373095], Evaluate.Op(new Eigh(false), HostValue.Of([3, 3], 2.0, -1, 0, 9, 2, -1, 9, 9, 2))[1].ToArray<double>());
        AssertClose([0.8850924585232435, 3.254101688365053, 4.860805853111703], Evaluate.Op(new Eigh(true), Hermitian)[1].ToArray<double>());
        AssertClose([9.508032000695724, 0.7728696356734843], Evaluate.Op<double>(new Svd(false, false), HostValue.Of([2, 3], 1.0, 2, 3, 4, 5, 6)));
        AssertClose([3.967941865317337, 2.062871143203562], Evaluate.Op<double>(new Svd(true, false), HostValue.Of<Complex>([3, 2], new(1, 2), 2, 0, new(0, 1), 3, -1)));
        // Tiny and huge values do not underflow or overflow on the way.
        AssertClose([5, 0], [.. Evaluate.Op<double>(new Svd(false, false), HostValue.Of([2, 2], 3e-200, 0, 4e-200, 0)).Select(static s => s * 1e200)]);
        AssertClose([-1, 3], [.. Evaluate.Op(new Eigh(true), HostValue.Of([2, 2], 1e300, 2e300, 2e300, 1e300))[1].ToArray<double>().Select(static w => w / 1e300)]);
    }

    [Theory, InlineData(DType.Float64), InlineData(DType.Complex128)]
    public void FactorsGiveTheMatrixBack(DType dtype) => Property.Check(150, seed =>
    {
        var random = new Random(seed);
        var (m, n) = (random.Next(1, 6), random.Next(1, 6));
        var x = Draw(random, new(dtype, [2, m, n]));
        if (seed % 5 == 0) x = Product(Draw(random, new(dtype, [2, m, 1])), Draw(random, new(dtype, [2, 1, n]))); // Of rank 1.
        var isFull = seed % 2 == 0;

        var qr = Evaluate.Op(new Qr(isFull), x);
        AssertSame(x, Product(qr[0], qr[1]));
        AssertSame(Identity(dtype, qr[0].Spec.Shape[^1]), Product(Adjoint(qr[0]), qr[0]));
        AssertTriangular(qr[1], isLower: false);

        var svd = Evaluate.Op(new Svd(isFull, true), x);
        var k = Math.Min(m, n);
        var scaled = Generate(dtype, m, k, (matrix, row, column) => Scalar.Of(dtype, At(svd[1], matrix, row, column).ToComplex() * svd[0][(matrix * k) + column].ToDouble()));
        AssertSame(x, Product(scaled, Generate(dtype, k, n, (matrix, row, column) => At(svd[2], matrix, row, column))));
        AssertSame(Identity(dtype, svd[1].Spec.Shape[^1]), Product(Adjoint(svd[1]), svd[1]));
        AssertSame(Identity(dtype, svd[2].Spec.Shape[^2]), Product(svd[2], Adjoint(svd[2])));
        var values = svd[0].ToArray<double>();
        Assert.All(Enumerable.Range(0, values.Length), i => Assert.True(values[i] >= 0 && (i % k == 0 || values[i] <= values[i - 1])));

        var lu = Evaluate.Op(new Lu(), x);
        var permutation = lu[2].ToArray<int>();
        var lower = Generate(dtype, m, k, (matrix, row, column) => column < row ? At(lu[0], matrix, row, column) : Scalar.Of(dtype, row == column ? 1.0 : 0));
        var upper = Generate(dtype, k, n, (matrix, row, column) => column < row ? Scalar.Of(dtype, 0.0) : At(lu[0], matrix, row, column));
        AssertSame(Generate(dtype, m, n, (matrix, row, column) => At(x, matrix, permutation[(matrix * m) + row], column)), Product(lower, upper));
        Assert.All(lower.ToComplex(), static l => Assert.InRange(Complex.Abs(l), 0, 1.4143)); // At most √2 where |Re| + |Im| is at most that of the pivot.
        for (var matrix = 0; matrix < 2; matrix++)
        {
            var order = Enumerable.Range(0, m).ToArray();
            for (var row = 0; row < k; row++)
            {
                var other = lu[1][(matrix * k) + row].As<int>();
                (order[row], order[other]) = (order[other], order[row]);
            }
            Assert.Equal(order, permutation[(matrix * m)..((matrix + 1) * m)]);
        }
    });

    [Theory, InlineData(DType.Float64), InlineData(DType.Complex128)]
    public void HermitianFactorsGiveTheMatrixBack(DType dtype) => Property.Check(100, seed =>
    {
        var random = new Random(seed);
        var n = random.Next(1, 6);
        var a = Draw(random, new(dtype, [2, n, n]));
        var hermitian = Evaluate.Op(new Add(), a, Adjoint(a))[0];
        var eigh = Evaluate.Op(new Eigh(seed % 2 == 0), hermitian);
        var scaled = Generate(dtype, n, n, (matrix, row, column) => Scalar.Of(dtype, At(eigh[0], matrix, row, column).ToComplex() * eigh[1][(matrix * n) + column].ToDouble()));
        AssertSame(Product(hermitian, eigh[0]), scaled);
        AssertSame(Identity(dtype, n), Product(Adjoint(eigh[0]), eigh[0]));

        var positive = Evaluate.Op(new Add(), Product(a, Adjoint(a)), Identity(dtype, n))[0];
        var cholesky = Evaluate.Op(new Cholesky(), positive)[0];
        AssertSame(positive, Product(cholesky, Adjoint(cholesky)));
        AssertTriangular(cholesky, isLower: true);
    });

    [Theory, InlineData(DType.Float64), InlineData(DType.Complex128)]
    public void SolutionsSolve(DType dtype) => Property.Check(200, seed =>
    {
        var random = new Random(seed);
        var (n, columns) = (random.Next(1, 5), random.Next(1, 4));
        var op = new TriangularSolve(seed % 2 == 0, seed / 2 % 2 == 0, (MatrixTranspose)(seed % 3), seed / 4 % 2 == 0);
        var a = Evaluate.Op(new Add(), Draw(random, new(dtype, [2, n, n])), Evaluate.Op(new Mul(), Identity(dtype, n), HostValue.Of(Scalar.Of(dtype, 3.0)))[0])[0];
        var b = Draw(random, new(dtype, op.LeftSide ? [2, n, columns] : [2, columns, n]));

        // The matrix, with other elements in place of those that must not be read.
        HostValue With(Scalar diagonal, Scalar outside) => Generate(dtype, n, n, (matrix, row, column) =>
            row == column && op.UnitDiagonal ? diagonal : row != column && column < row != op.Lower ? outside : At(a, matrix, row, column));
        var (nan, triangle) = (Scalar.Of(dtype, double.NaN), With(Scalar.Of(dtype, 1.0), Scalar.Of(dtype, 0.0)));
        var meant = op.TransposeA switch
        {
            MatrixTranspose.Transpose => Evaluate.Op(new Transpose([0, 2, 1]), triangle)[0],
            MatrixTranspose.Adjoint => Adjoint(triangle),
            _ => triangle,
        };
        var x = Evaluate.Op(op, With(nan, nan), b)[0];
        AssertSame(b, op.LeftSide ? Product(meant, x) : Product(x, meant));
    });

    [Fact]
    public void ASingularTriangleDividesByZero() => Assert.Equal([double.PositiveInfinity], Evaluate.Op<double>(
        new TriangularSolve(true, true, MatrixTranspose.None, false), HostValue.Of([1, 1], 0.0), HostValue.Of([1, 1], 1.0)));

    [Fact]
    public void NotANumberNeverHangs()
    {
        var x = HostValue.Of([2, 2], double.NaN, 1, 1, double.PositiveInfinity);
        foreach (var op in (Op[])[new Cholesky(), new Qr(true), new Lu(), new Eigh(true), new Svd(true, true)])
            Assert.Equal(op.Infer([x.Spec]), Evaluate.Op(op, x).Select(static result => result.Spec));
    }

    private static HostValue Draw(Random random, TensorSpec spec) =>
        HostValue.Generate(spec, _ => Scalar.Of(spec.DType, new Complex((2 * random.NextDouble()) - 1, (2 * random.NextDouble()) - 1)));

    private static HostValue Product(HostValue x, HostValue y) => Evaluate.Op(new DotGeneral([2], [1], [0], [0], x.Spec.DType), x, y)[0];

    private static HostValue Adjoint(HostValue x)
    {
        var transposed = Evaluate.Op(new Transpose([0, 2, 1]), x)[0];
        return x.Spec.DType.Is(DTypeKinds.Complex) ? Evaluate.Op(new Conj(), transposed)[0] : transposed;
    }

    /// <summary>Two matrices, from a function of matrix, row and column.</summary>
    private static HostValue Generate(DType dtype, int rows, int columns, Func<int, int, int, Scalar> element) =>
        HostValue.Generate(new(dtype, [2, rows, columns]), i => element(i / (rows * columns), i / columns % rows, i % columns));

    private static Scalar At(HostValue x, int matrix, int row, int column) => x[(((matrix * x.Spec.Shape[1]) + row) * x.Spec.Shape[2]) + column];

    private static HostValue Identity(DType dtype, int n) => Generate(dtype, n, n, (_, row, column) => Scalar.Of(dtype, row == column ? 1.0 : 0));

    private static void AssertTriangular(HostValue x, bool isLower)
    {
        var (rows, columns) = (x.Spec.Shape[^2], x.Spec.Shape[^1]);
        for (var i = 0; i < x.Count; i++)
            if (isLower ? i % columns > i / columns % rows : i % columns < i / columns % rows)
                Assert.Equal(Complex.Zero, x[i].ToComplex());
    }

    private static void AssertSame(HostValue expected, HostValue actual)
    {
        Assert.Equal(expected.Spec, actual.Spec);
        AssertClose(expected.ToComplex(), actual.ToComplex());
    }

    private static void AssertClose(double[] expected, double[] actual) =>
        AssertClose([.. expected.Select(static v => (Complex)v)], [.. actual.Select(static v => (Complex)v)]);

    private static void AssertClose(Complex[] expected, Complex[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++) Assert.True(Complex.Abs(expected[i] - actual[i]) < 1e-12, $"element {i} is {actual[i]} instead of {expected[i]}");
    }
}

file static class HostValueExtensions
{
    public static Complex[] ToComplex(this HostValue x) => [.. Enumerable.Range(0, x.Count).Select(i => x[i].ToComplex())];
}
