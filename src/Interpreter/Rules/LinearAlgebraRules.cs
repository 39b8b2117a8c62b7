using System.Numerics;
using BrainState.Interpretation.Evaluation;
using BrainState.Interpretation.Numerics;
using BrainState.Ops;

namespace BrainState.Interpretation.Rules;

/// <summary>Factorisations and triangular systems in float64 or complex128, matrix by matrix.</summary>
internal static class LinearAlgebraRules
{
    public static void AddTo(RuleTable table)
    {
        table.AddMany<Cholesky>(static (_, step) => IsComplex(step) ? Cholesky<Complex>(step) : Cholesky<double>(step));
        table.AddMany<Qr>(static (_, step) => IsComplex(step) ? Qr<Complex>(step) : Qr<double>(step));
        table.AddMany<Lu>(static (_, step) => IsComplex(step) ? Lu<Complex>(step) : Lu<double>(step));
        table.AddMany<Eigh>(static (op, step) => IsComplex(step) ? Eigh<Complex>(op, step) : Eigh<double>(op, step));
        table.AddMany<Svd>(static (op, step) => IsComplex(step) ? Svd<Complex>(op, step) : Svd<double>(op, step));
        table.AddMany<TriangularSolve>(static (op, step) => IsComplex(step) ? Solve<Complex>(op, step) : Solve<double>(op, step));
    }

    private static bool IsComplex(Step step) => step.X.Spec.DType.Is(DTypeKinds.Complex);

    private static HostValue[] Cholesky<T>(Step step) where T : INumberBase<T> => step.ForEachMatrix<T>(x => [Elements(Factorizations.Cholesky(x))]);

    private static HostValue[] Qr<T>(Step step) where T : INumberBase<T> => step.ForEachMatrix<T>(x =>
    {
        var (q, r) = Factorizations.Qr(x, step.Result.Shape[^1]);
        return [Elements(q), Elements(r)];
    });

    private static HostValue[] Lu<T>(Step step) where T : INumberBase<T> => step.ForEachMatrix<T>(x =>
    {
        var (lu, pivots, permutation) = Factorizations.Lu(x);
        return [Elements(lu), pivots.Select(static i => (Complex)i), permutation.Select(static i => (Complex)i)];
    });

    private static HostValue[] Eigh<T>(Eigh op, Step step) where T : INumberBase<T> => step.ForEachMatrix<T>(x =>
    {
        var n = x.GetLength(0);
        var (vectors, values) = Jacobi.Eigen(Matrix.Generate(n, n, (i, k) =>
            i == k ? Field.Of<T>(Field.RealPart(x[i, i])) : i > k == op.Lower ? x[i, k] : Field.Conjugate(x[k, i])));
        return [Elements(vectors), values.Select(static value => (Complex)value)];
    });

    private static HostValue[] Svd<T>(Svd op, Step step) where T : INumberBase<T> => step.ForEachMatrix<T>(x =>
    {
        var (values, u, vh) = Jacobi.Singular(x);
        var s = values.Select(static value => (Complex)value);
        if (!op.ComputeVectors) return [s];
        var (columns, rows) = (step.Results[1].Shape[^1], step.Results[2].Shape[^2]);
        return [s, Elements(Matrix.Generate(u.GetLength(0), columns, (i, k) => u[i, k])), Elements(Matrix.Generate(rows, vh.GetLength(1), (i, k) => vh[i, k]))];
    });

    private static HostValue[] Solve<T>(TriangularSolve op, Step step) where T : INumberBase<T>
    {
        var (matrices, sides) = (Matrices<T>(step.X), Matrices<T>(step.Y));
        return step.Stack(matrices.Zip(sides, (a, b) =>
        {
            var isLower = op.Lower == (op.TransposeA == MatrixTranspose.None);
            a = op.TransposeA switch
            {
                MatrixTranspose.Transpose => Matrix.Transpose(a),
                MatrixTranspose.Adjoint => Matrix.Adjoint(a),
                _ => a,
            };
            // x·a = b is aᵀ·xᵀ = bᵀ.
            var x = op.LeftSide
                ? Factorizations.Substitute(a, b, isLower, op.UnitDiagonal)
                : Matrix.Transpose(Factorizations.Substitute(Matrix.Transpose(a), Matrix.Transpose(b), !isLower, op.UnitDiagonal));
            return (IEnumerable<Complex>[])[Elements(x)];
        }));
    }

    private static HostValue[] ForEachMatrix<T>(this Step step, Func<T[,], IEnumerable<Complex>[]> results) where T : INumberBase<T> =>
        step.Stack(Matrices<T>(step.X).Select(results));

    /// <summary>The matrices in the last two axes.</summary>
    private static IEnumerable<T[,]> Matrices<T>(HostValue x) where T : INumberBase<T>
    {
        var (rows, columns) = (x.Spec.Shape[^2], x.Spec.Shape[^1]);
        var count = Shape.Create(x.Spec.Shape.Dims[..^2]).ElementCount;
        for (var matrix = 0; matrix < count; matrix++)
            yield return Matrix.Generate(rows, columns, (i, k) => Read(x[(((matrix * rows) + i) * columns) + k]));

        static T Read(Scalar element) => typeof(T) == typeof(Complex) ? (T)(object)element.ToComplex() : Field.Of<T>(element.ToDouble());
    }

    /// <summary>The elements in row-major order.</summary>
    private static IEnumerable<Complex> Elements<T>(T[,] matrix) where T : INumberBase<T> => matrix.Cast<T>().Select(Field.ToComplex);

    /// <summary>The results of a step from those for each matrix.</summary>
    private static HostValue[] Stack(this Step step, IEnumerable<IEnumerable<Complex>[]> matrices)
    {
        var all = matrices.ToArray();
        return [.. step.Results.Select((spec, k) =>
        {
            var elements = all.SelectMany(results => results[k]).ToArray();
            return HostValue.Generate(spec, i => Number.Round(spec.DType, elements[i]));
        })];
    }
}
