using System.Numerics;
using BrainState.Conformance;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.UnitTests.Interpretation;

namespace BrainState.UnitTests.Cpu;

/// <summary>Factorisations by what defines them: their product, orthonormal and triangular factors, the order of values.</summary>
public class LinearAlgebraTests
{
    private static readonly (int Rows, int Columns)[] Sizes = [(1, 1), (2, 2), (5, 5), (7, 3), (3, 7), (24, 24), (4, 0), (0, 4)];
    private static readonly DType[] DTypes = [DType.Float32, DType.Float64, DType.Complex64, DType.Complex128];

    [Fact]
    public void CholeskyIsALowerRoot() => ForEach(isSquare: true, (dtype, m, _) =>
    {
        var x = Product(Random(dtype, 3, m, m), Random(dtype, 3, m, m, adjointOf: true));
        for (var b = 0; b < 3; b++)
            for (var i = 0; i < m; i++)
                x[b][i, i] += m;
        var l = Matrices(Run(new Cholesky(), Value(dtype, x))[0]);
        AssertClose(dtype, x, Product(l, Adjoint(l)));
        AssertTriangle(l, isLower: true);
    });

    [Fact]
    public void CholeskyOfWhatHasNoneIsNaN()
    {
        var results = Matrices(Run(new Cholesky(), HostValue.Of<double>([2, 2, 2], 4, 0, 2, 5, 1, 0, 2, 1))[0]);
        Assert.Equal([2, 0, 1, 2], results[0].Cast<Complex>().Select(static z => z.Real));
        Assert.Equal([double.NaN, 0, double.NaN, double.NaN], results[1].Cast<Complex>().Select(static z => z.Real));
    }

    [Fact]
    public void QrIsUnitaryTimesUpper() => ForEach(isSquare: false, (dtype, m, n) =>
    {
        var x = Random(dtype, 3, m, n);
        foreach (var isFull in (bool[])[false, true])
        {
            var results = Run(new Qr(isFull), Value(dtype, x));
            var (q, r) = (Matrices(results[0]), Matrices(results[1]));
            AssertClose(dtype, x, Product(q, r));
            AssertOrthonormalColumns(dtype, q);
            AssertTriangle(r, isLower: false);
        }
    });

    [Fact]
    public void LuOfRearrangedRows() => ForEach(isSquare: false, (dtype, m, n) =>
    {
        var x = Random(dtype, 3, m, n);
        var results = Run(new Lu(), Value(dtype, x));
        var (lu, pivots, permutation) = (Matrices(results[0]), results[1].ToArray<int>(), results[2].ToArray<int>());
        var k = Math.Min(m, n);
        for (var b = 0; b < 3; b++)
        {
            var rows = Enumerable.Range(0, m).ToArray();
            for (var i = 0; i < k; i++) (rows[i], rows[pivots[b * k + i]]) = (rows[pivots[b * k + i]], rows[i]);
            Assert.Equal(rows, permutation[(b * m)..(b * m + m)]);
            var l = Generate(m, k, (i, j) => i == j ? 1 : i > j ? lu[b][i, j] : 0);
            var u = Generate(k, n, (i, j) => i <= j ? lu[b][i, j] : 0);
            AssertClose(dtype, [Generate(m, n, (i, j) => x[b][rows[i], j])], Product([l], [u]));
            Assert.All(l.Cast<Complex>(), static factor => Assert.True(Complex.Abs(factor) < 1.5));
        }
    });

    [Fact]
    public void EigenvectorsAreStretchedByTheirValues() => ForEach(isSquare: true, (dtype, n, _) =>
    {
        var root = Random(dtype, 3, n, n);
        var x = root.Select((a, b) => Generate(n, n, (i, j) => a[i, j] + Complex.Conjugate(a[j, i]))).ToArray();
        foreach (var isLower in (bool[])[false, true])
        {
            // The other triangle must not be read.
            var given = x.Select(a => Generate(n, n, (i, j) => i == j || i > j == isLower ? a[i, j] : 100)).ToArray();
            var results = Run(new Eigh(isLower), Value(dtype, given));
            var (v, w) = (Matrices(results[0]), Reals(results[1]));
            AssertOrthonormalColumns(dtype, v);
            AssertClose(dtype, Product(x, v), v.Select((columns, b) => Generate(n, n, (i, j) => columns[i, j] * w[b * n + j])).ToArray());
            for (var i = 1; i < w.Length; i++) Assert.True(i % n == 0 || w[i - 1] <= w[i]);
        }
    });

    [Fact]
    public void SingularVectorsRebuildTheMatrix() => ForEach(isSquare: false, (dtype, m, n) =>
    {
        // The last of the batch has rank 1, another is zero.
        var x = Random(dtype, 4, m, n);
        x[2] = Generate(m, n, static (_, _) => 0);
        x[3] = Generate(m, n, (i, j) => x[3][i, 0] * x[3][0, j]);
        foreach (var isFull in (bool[])[false, true])
        {
            var results = Run(new Svd(isFull, true), Value(dtype, x));
            var (s, u, vh) = (Reals(results[0]), Matrices(results[1]), Matrices(results[2]));
            var k = Math.Min(m, n);
            AssertOrthonormalColumns(dtype, u);
            AssertOrthonormalColumns(dtype, Adjoint(vh));
            var scaled = u.Select((columns, b) => Generate(m, vh[b].GetLength(0), (i, j) => j < k ? columns[i, j] * s[b * k + j] : 0)).ToArray();
            AssertClose(dtype, x, Product(scaled, vh));
            for (var i = 0; i < s.Length; i++) Assert.True(s[i] >= 0 && (i % k == 0 || s[i - 1] >= s[i]));
            Assert.Equal(s, Reals(Run(new Svd(isFull, false), Value(dtype, x))[0]));
        }
    });

    [Fact]
    public void TriangularSolutionsSatisfyTheirEquation() => ForEach(isSquare: true, (dtype, n, _) =>
    {
        foreach (var (fromLeft, isLower, hasUnit) in from a in (bool[])[false, true] from b in (bool[])[false, true] from c in (bool[])[false, true] select (a, b, c))
            foreach (var transpose in Enum.GetValues<MatrixTranspose>())
            {
                var a = Random(dtype, 3, n, n).Select(x => Generate(n, n, (i, j) => i == j ? 2 + x[i, j] : x[i, j] / n)).ToArray();
                var b = fromLeft ? Random(dtype, 3, n, 4) : Random(dtype, 3, 4, n);
                var solution = Matrices(Run(new TriangularSolve(fromLeft, isLower, transpose, hasUnit), Value(dtype, a), Value(dtype, b))[0]);
                var used = a.Select(x => Generate(n, n, (i, j) => i == j ? hasUnit ? 1 : x[i, i] : i > j == isLower ? x[i, j] : 0)).ToArray();
                var op = transpose switch
                {
                    MatrixTranspose.None => used,
                    MatrixTranspose.Adjoint => Adjoint(used),
                    _ => used.Select(x => Generate(n, n, (i, j) => x[j, i])).ToArray(),
                };
                AssertClose(dtype, b, fromLeft ? Product(op, solution) : Product(solution, op));
            }
    });

    private static void ForEach(bool isSquare, Action<DType, int, int> check)
    {
        foreach (var dtype in DTypes)
            foreach (var (m, n) in Sizes)
                if (!isSquare || m == n)
                    check(dtype, m, n);
    }

    private static HostValue[] Run(Op op, params HostValue[] operands) =>
        Backends.OnCpu.ExecuteDirectly(Evaluate.ProgramOf(op, operands.Select(static o => o.Spec)), operands);

    private static Complex[,] Generate(int rows, int columns, Func<int, int, Complex> element)
    {
        var matrix = new Complex[rows, columns];
        for (var i = 0; i < rows; i++)
            for (var j = 0; j < columns; j++)
                matrix[i, j] = element(i, j);
        return matrix;
    }

    /// <summary>Matrices that the dtype represents exactly; the same numbers every time.</summary>
    private static Complex[][,] Random(DType dtype, int batch, int rows, int columns, bool adjointOf = false)
    {
        var random = new Random(7);
        Complex Next() => new(random.Next(-64, 65) / 64.0, dtype.Is(DTypeKinds.Complex) ? random.Next(-64, 65) / 64.0 : 0);
        var matrices = Enumerable.Range(0, batch).Select(_ => Generate(rows, columns, (_, _) => Next())).ToArray();
        return adjointOf ? Adjoint(matrices) : matrices;
    }

    private static Complex[][,] Adjoint(Complex[][,] x) =>
        [.. x.Select(static a => Generate(a.GetLength(1), a.GetLength(0), (i, j) => Complex.Conjugate(a[j, i])))];

    private static Complex[][,] Product(Complex[][,] x, Complex[][,] y) => [.. x.Zip(y, static (a, b) => Generate(a.GetLength(0), b.GetLength(1), (i, j) =>
    {
        var sum = Complex.Zero;
        for (var k = 0; k < a.GetLength(1); k++) sum += a[i, k] * b[k, j];
        return sum;
    }))];

    private static HostValue Value(DType dtype, Complex[][,] x)
    {
        var elements = x.SelectMany(static a => a.Cast<Complex>()).ToArray();
        return HostValue.Generate(new(dtype, [x.Length, x[0].GetLength(0), x[0].GetLength(1)]), i => Scalar.Of(dtype, elements[i]));
    }

    private static Complex[][,] Matrices(HostValue x)
    {
        var (batch, rows, columns) = (x.Spec.Shape[0], x.Spec.Shape[1], x.Spec.Shape[2]);
        return [.. Enumerable.Range(0, batch).Select(b => Generate(rows, columns, (i, j) => x[(b * rows + i) * columns + j].ToComplex()))];
    }

    private static double[] Reals(HostValue x) => [.. Enumerable.Range(0, x.Count).Select(i => x[i].ToDouble())];

    private static void AssertClose(DType dtype, Complex[][,] expected, Complex[][,] actual)
    {
        var unit = dtype.RealPart == DType.Float32 ? 1e-5 : 1e-13;
        foreach (var (e, a) in expected.Zip(actual))
        {
            var limit = unit * (1 + e.Length);
            foreach (var (x, y) in e.Cast<Complex>().Zip(a.Cast<Complex>())) Assert.True(Complex.Abs(x - y) <= limit, $"{dtype.Name}: {y} instead of {x}");
        }
    }

    private static void AssertOrthonormalColumns(DType dtype, Complex[][,] x) => AssertClose(
        dtype, [.. x.Select(static a => Generate(a.GetLength(1), a.GetLength(1), static (i, j) => i == j ? 1 : 0))], Product(Adjoint(x), x));

    private static void AssertTriangle(Complex[][,] x, bool isLower)
    {
        foreach (var a in x)
            for (var i = 0; i < a.GetLength(0); i++)
                for (var j = 0; j < a.GetLength(1); j++)
                    Assert.True(i == j || i > j == isLower || a[i, j] == 0);
    }
}
