namespace BrainState.Arrays;

/// <summary>How elements of a dtype are held as <typeparamref name="T"/>: <see cref="double"/> or <see cref="Int128"/>.</summary>
internal static class Element<T>
{
    /// <summary>A scalar of any dtype of the kind.</summary>
    public static Func<Scalar, T> Read { get; } = (Func<Scalar, T>)Element.Reader(typeof(T));

    /// <summary>An element in any dtype: rounded once, wrapped around, or "≠ 0".</summary>
    public static Func<DType, T, Scalar> Write { get; } = (Func<DType, T, Scalar>)Element.Writer(typeof(T));

    /// <summary>Whether elements of a dtype are held as <typeparamref name="T"/>.</summary>
    public static bool Holds(DType dtype) => dtype.IsFloating == (typeof(T) == typeof(double));

    /// <summary>Elements of a dtype, rounded or wrapped around: what reading gives of what was written, in short where that is often done.</summary>
    public static Func<T, T> Rounding(DType dtype) => Element.Rounding(typeof(T), dtype) as Func<T, T> ?? (x => Read(Write(dtype, x)));

    /// <summary>NaN is the largest, and equals itself.</summary>
    public static int Compare(T x, T y) => x is double a && y is double b
        ? double.IsNaN(a) || double.IsNaN(b) ? double.IsNaN(a).CompareTo(double.IsNaN(b)) : a < b ? -1 : a > b ? 1 : 0
        : Comparer<T>.Default.Compare(x, y);
}

/// <summary>The same for types that are not known when this is compiled.</summary>
internal static class Element
{
    /// <summary>The largest element of a dtype (sign 1) or the smallest (sign −1).</summary>
    public static Scalar Extreme(DType dtype, int sign) => dtype == DType.Bool ? Scalar.Of(sign > 0) : Scalar.Of(dtype, sign * double.PositiveInfinity);

    public static Delegate? Rounding(Type type, DType dtype) => (dtype, type == typeof(double)) switch
    {
        (DType.Float64, true) => static (double x) => x,
        (DType.Float32, true) => static (double x) => (double)(float)x,
        (DType.Int32, false) => static (Int128 x) => (Int128)(int)x,
        _ => null,
    };

    public static Delegate Reader(Type type) => type == typeof(double) ? (Scalar x) => x.ToDouble() : (Scalar x) => x.DType.Is(DTypeKinds.Signed) ? x.ToInt64() : (Int128)x.Bits;

    public static Delegate Writer(Type type) => type == typeof(double)
        ? (DType dtype, double x) => Scalar.Of(dtype, x)
        : (DType dtype, Int128 x) => dtype.IsInteger ? new Scalar(dtype, (UInt128)x) : dtype == DType.Bool ? Scalar.Of(x != 0) : Rounded(dtype, x);

    /// <summary>Of an integer that 64 bits cannot hold, the leading 62; the last of them says whether any was lost, so that nothing is rounded twice.</summary>
    private static Scalar Rounded(DType dtype, Int128 x)
    {
        if (long.MinValue <= x && x <= long.MaxValue) return Scalar.Of(dtype, (long)x);
        var dropped = 66 - (int)Int128.LeadingZeroCount(Int128.Abs(x));
        var leading = (long)(x >> dropped) | ((x >> dropped) << dropped == x ? 0L : 1L);
        return Scalar.Of(dtype, Math.ScaleB(Scalar.Of(dtype, leading).ToDouble(), dropped));
    }
}
