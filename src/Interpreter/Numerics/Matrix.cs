using System.Numerics;

namespace BrainState.Interpretation.Numerics;

/// <summary>Small operations on matrices, and what the factorisations share.</summary>
internal static class Matrix
{
    public static T[,] Generate<T>(int rows, int columns, Func<int, int, T> element)
    {
        var matrix = new T[rows, columns];
        for (var i = 0; i < rows; i++)
            for (var k = 0; k < columns; k++)
                matrix[i, k] = element(i, k);
        return matrix;
    }

    public static T[,] Identity<T>(int size) where T : INumberBase<T> => Generate(size, size, static (i, k) => i == k ? T.One : T.Zero);

    public static T[,] Transpose<T>(T[,] a) => Generate(a.GetLength(1), a.GetLength(0), (i, k) => a[k, i]);

    public static T[,] Adjoint<T>(T[,] a) where T : INumberBase<T> => Generate(a.GetLength(1), a.GetLength(0), (i, k) => Field.Conjugate(a[k, i]));

    /// <summary>The length of a part of a column, without overflow.</summary>
    public static double Norm<T>(T[,] a, int column, int firstRow = 0) where T : INumberBase<T>
    {
        var norm = 0.0;
        for (var i = firstRow; i < a.GetLength(0); i++) norm = double.Hypot(norm, Field.Magnitude(a[i, column]));
        return norm;
    }

    /// <summary>Σ conj(a[i, p]) a[i, q].</summary>
    public static T Inner<T>(T[,] a, int p, int q) where T : INumberBase<T>
    {
        var sum = T.Zero;
        for (var i = 0; i < a.GetLength(0); i++) sum += Field.Conjugate(a[i, p]) * a[i, q];
        return sum;
    }

    /// <summary>The largest magnitude of an element, or 1 where that is no number to divide by.</summary>
    public static double Scale<T>(T[,] a) where T : INumberBase<T>
    {
        var largest = 0.0;
        foreach (var element in a) largest = Math.Max(largest, Field.Magnitude(element));
        return largest > 0 && double.IsFinite(largest) ? largest : 1;
    }
}
