using BrainState.UnitTests.Transforms;

namespace BrainState.UnitTests.Tensors;

/// <summary>Linear algebra by what it must satisfy, with its derivatives.</summary>
public sealed class LinearAlgebraTests
{
    private static readonly Tensor A = Tensor.From<double>([2, 1, 0, -1, 3, 2, 4, 0, 1, 0, 2, 1, 1, -1, 3, 2, 2, 1], [2, 3, 3]);

    private static void Same(Tensor expected, Tensor actual) => Approximately.Same(expected, actual, 1e-10);

    private static Tensor Unit => Np.BroadcastTo(Np.Eye(3, dtype: DType.Float64), [2, 3, 3]);

    [Fact]
    public void SolutionsInversesAndDeterminants()
    {
        using var scope = Backends.Reference.Enter();
        var b = new Draw(1).Doubles([2, 3, 2]);
        Same(b, A.MatMul(Np.Linalg.Solve(A, b)));
        Same(Np.Ones([2, 3], DType.Float64), A.MatMul(Np.ExpandDims(Np.Linalg.Solve(A, Np.Ones([3], DType.Float64)), -1))[.., .., 0]);
        Same(Unit, A.MatMul(Np.Linalg.Inv(A)));
        double[] determinants = [15, 14];
        Approximately.Equal(determinants, Np.Linalg.Det(A).Doubles(), 1e-10);
        var (sign, logarithm) = Np.Linalg.SlogDet(A);
        Approximately.Equal([1, 1], sign.Doubles(), 1e-12);
        Approximately.Equal(-1, Np.Linalg.SlogDet(A[0][new[] { 1, 0, 2 }]).Sign, 1e-12);
        Approximately.Equal([.. determinants.Select(static d => Math.Log(Math.Abs(d)))], logarithm.Doubles(), 1e-10);
        Assert.Equal(-2f, (float)Np.Linalg.Det(Tensor.From<int>([1, 2, 3, 4], [2, 2])), 5);
        Assert.Throws<ArgumentException>(() => Np.Linalg.Inv(Np.Ones([2, 3])));
        Assert.Throws<ArgumentException>(() => Np.Linalg.Solve(A, Np.Ones([4, 2])));
    }

    [Fact]
    public void Factorisations()
    {
        using var scope = Backends.Reference.Enter();
        var definite = A.MatMul(Np.SwapAxes(A, 1, 2)) + Unit;
        var l = Np.Linalg.Cholesky(definite);
        Same(definite, l.MatMul(Np.SwapAxes(l, 1, 2)));
        Same(l, Np.Tril(l));
        var tall = A[.., .., ..2];
        var (q, r) = Np.Linalg.Qr(tall);
        Same(tall, q.MatMul(r));
        Assert.Equal(Shape.Create([2, 3, 3]), Np.Linalg.Qr(tall, fullMatrices: true).Q.Shape);
        var (u, s, vh) = Np.Linalg.Svd(tall, fullMatrices: false);
        Same(tall, (u * Np.ExpandDims(s, 1)).MatMul(vh));
        Same(s, Np.Linalg.SvdVals(tall));
        var (w, v) = Np.Linalg.Eigh(definite);
        Same(definite.MatMul(v), v * Np.ExpandDims(w, 1));
        Same(w, Np.Linalg.EigValsh(definite));
    }

    [Fact]
    public void Norms()
    {
        using var scope = Backends.Reference.Enter();
        Tensor x = new double[] { 3, -4, 0 }, m = Tensor.From<double>([1, -2, 3, 4], [2, 2]);
        double Of(Tensor v, double? p = null) => Np.Linalg.Norm(v, p).Doubles()[0];
        Assert.Equal(5, Of(x));
        Assert.Equal([5, 7, 4, 0, 2], new double[] { 2, 1, double.PositiveInfinity, double.NegativeInfinity, 0 }.Select(p => Of(x, p)));
        Assert.Equal(Math.Pow(27 + 64, 1 / 3.0), Of(x, 3), 12);
        Assert.Equal(Math.Sqrt(30), Of(m), 12);
        Assert.Equal([6, 4, 7, 3], new double[] { 1, -1, double.PositiveInfinity, double.NegativeInfinity }.Select(p => Of(m, p)));
        Assert.Equal(10, Of(m, 2) * Of(m, -2), 10);
        Approximately.Equal([Math.Sqrt(5), 5], Np.Linalg.Norm(m, axis: 1).Doubles(), 1e-12);
        Assert.Equal(Shape.Create([1, 2]), Np.Linalg.Norm(m, 1, 0, keepDims: true).Shape);
        Assert.Equal(Shape.Create([3]), Np.Linalg.Norm(Np.Ones([2, 3, 2]), 1, [0, 2]).Shape);
        Assert.Throws<ArgumentException>(() => Np.Linalg.Norm(m, 3));
        Assert.Throws<ArgumentException>(() => Np.Linalg.Norm(Np.Ones([2, 2, 2]), 1));
    }

    [Fact]
    public void TrianglesAndDiagonals()
    {
        using var scope = Backends.Reference.Enter();
        var m = Np.Arange(12).Reshape(3, 4);
        Assert.Equal([0.0, 0, 0, 0, 4, 5, 0, 0, 8, 9, 10, 0], Np.Tril(m).Doubles());
        Assert.Equal([0.0, 1, 2, 3, 4, 5, 6, 7, 0, 9, 10, 11], Np.Triu(m, -1).Doubles());
        Assert.Equal([0.0, 5, 10], Np.Diagonal(m).Doubles());
        Assert.Equal([2.0, 7], Np.Diagonal(m, 2).Doubles());
        Assert.Equal([4.0, 9], Np.Diagonal(m, -1).Doubles());
        Assert.Empty(Np.Diagonal(m, 4).Doubles());
        Assert.Equal(15, (int)Np.Trace(m));
        Assert.Equal([1.0, 0, 0, 2], Np.Diag(new[] { 1, 2 }).Doubles());
        Assert.Equal([0.0, 1, 0, 0, 0, 2, 0, 0, 0], Np.Diag(new[] { 1, 2 }, 1).Doubles());
        Assert.Equal([0.0, 0, 0, 1, 0, 0, 0, 2, 0], Np.Diag(new[] { 1, 2 }, -1).Doubles());
        Assert.Equal([1.0, 6, 11], Np.Diag(m, 1).Doubles());
    }

    [Fact]
    public void DerivativesAgreeWithDifferences()
    {
        using var scope = Backends.Reference.Enter();
        var draw = new Draw(2);
        Tensor[] x = [draw.Doubles([3, 3], -0.5, 0.5) + 2 * Np.Eye(3, dtype: DType.Float64), draw.Doubles([3, 2])];
        (string, Func<Tensor[], Tensor>)[] functions =
        [
            ("solve", v => Np.Linalg.Solve(v[0], v[1])), ("inv", v => Np.Linalg.Inv(v[0])), ("det", v => Np.Linalg.Det(v[0])), ("slogdet", v => Np.Linalg.SlogDet(v[0]).LogAbsDet),
            ("cholesky", v => Np.Linalg.Cholesky(v[0])), ("eigvalsh", v => Np.Linalg.EigValsh(v[0])), ("svdvals", v => Np.Linalg.SvdVals(v[0])),
            ("norm", v => Np.Linalg.Norm(v[0])), ("norm 2", v => Np.Linalg.Norm(v[0], 2)), ("norm 3", v => Np.Linalg.Norm(v[1], 3, 0)), ("trace", v => Np.Trace(v[0]) * Np.Diag(v[0])),
        ];
        foreach (var (name, f) in functions) Derivatives.Check(f, x, draw, name, tolerance: 1e-5);
    }
}
