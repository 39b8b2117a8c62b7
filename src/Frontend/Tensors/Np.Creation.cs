using BrainState.Execution;

namespace BrainState;

/// <content>Making tensors.</content>
public static partial class Np
{
    /// <summary>A tensor with the shape and elements of a .NET array of any rank; the elements keep their dtype.</summary>
    public static Tensor Array(System.Array values) => Tensor.From(values);

    /// <summary>A tensor of one number in the default dtype of its kind; unlike a C# number, it is not weak.</summary>
    public static Tensor Array(double value) => Lax.ConvertElementType(value, Environ.DefaultFloat);

    /// <summary>A tensor filled with <paramref name="value"/>; without a dtype, in that of the value.</summary>
    public static Tensor Full(Shape shape, Tensor value, DType? dtype = null) =>
        Composed.Run(nameof(Full), (shape, dtype ?? value.DType), [value.WithLiteralDType(dtype ?? value.DType, false) ?? value], static (s, x) => Broadcasting.To(Lax.ConvertElementType(x[0], s.Item2), s.shape));

    /// <summary>A tensor of zeros; without a dtype, of the default floating one.</summary>
    public static Tensor Zeros(Shape shape, DType? dtype = null) => Full(shape, 0, dtype ?? Environ.DefaultFloat);

    /// <summary>A tensor of ones; without a dtype, of the default floating one.</summary>
    public static Tensor Ones(Shape shape, DType? dtype = null) => Full(shape, 1, dtype ?? Environ.DefaultFloat);

    /// <summary>Zeros with the shape of x, and its dtype unless another is given.</summary>
    public static Tensor ZerosLike(Tensor x, DType? dtype = null) => Full(x.Shape, 0, dtype ?? x.DType);

    /// <summary>Ones with the shape of x, and its dtype unless another is given.</summary>
    public static Tensor OnesLike(Tensor x, DType? dtype = null) => Full(x.Shape, 1, dtype ?? x.DType);

    /// <summary>0, 1, … <paramref name="count"/> − 1; without a dtype, of the default integer one.</summary>
    public static Tensor Arange(int count, DType? dtype = null) => Lax.Iota(dtype ?? Environ.DefaultInteger, [Math.Max(0, count)], 0);

    /// <summary>start, start + step, … before stop; without a dtype, of the default floating one.</summary>
    public static Tensor Arange(double start, double stop, double step = 1, DType? dtype = null)
    {
        if (step == 0) throw new ArgumentOutOfRangeException(nameof(step), "The step must not be 0.");
        var count = (int)Math.Max(0, Math.Ceiling((stop - start) / step));
        var values = new double[count];
        for (var i = 0; i < count; i++) values[i] = start + i * step;
        return Lax.ConvertElementType(Tensor.From<double>(values), dtype ?? Environ.DefaultFloat);
    }

    /// <summary><paramref name="count"/> evenly spaced numbers from start to stop, both included; without a dtype, of the default floating one.</summary>
    public static Tensor Linspace(double start, double stop, int count = 50, DType? dtype = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var values = new double[count];
        for (var i = 0; i < count; i++) values[i] = i == count - 1 && count > 1 ? stop : start + i * ((stop - start) / Math.Max(1, count - 1));
        return Lax.ConvertElementType(Tensor.From<double>(values), dtype ?? Environ.DefaultFloat);
    }

    /// <summary>The identity matrix of size <paramref name="count"/>, or a matrix of <paramref name="columns"/> columns with ones on the diagonal.</summary>
    public static Tensor Eye(int count, int? columns = null, DType? dtype = null) =>
        Composed.Run(nameof(Eye), (count, columns ?? count, dtype ?? Environ.DefaultFloat), [], static (s, _) =>
        {
            Shape shape = [s.count, s.Item2];
            return Lax.ConvertElementType(Lax.Eq(Lax.Iota(DType.Int32, shape, 0), Lax.Iota(DType.Int32, shape, 1)), s.Item3);
        });
}
