namespace BrainState.Conformance;

/// <summary>What the floating dtypes can tell apart.</summary>
internal static class Precision
{
    /// <summary>The distance of neighbours at <paramref name="x"/>.</summary>
    public static double Ulp(DType dtype, double x)
    {
        var (bits, least) = dtype switch
        {
            DType.Float16 => (10, -14),
            DType.BFloat16 => (7, -126),
            DType.Float32 => (23, -126),
            _ => (52, -1022),
        };
        return x == 0 ? Math.ScaleB(1, least - bits) : Math.ScaleB(1, Math.Max(Math.ILogB(x), least) - bits);
    }

    /// <summary>The largest finite number.</summary>
    public static double Largest(DType dtype) => dtype switch
    {
        DType.Float16 => (double)Half.MaxValue,
        DType.BFloat16 or DType.Float32 => float.MaxValue,
        _ => double.MaxValue,
    };

    /// <summary>The dtype of the parts of a complex one; others are their own.</summary>
    public static DType PartOf(DType dtype) => dtype switch
    {
        DType.Complex64 => DType.Float32,
        DType.Complex128 => DType.Float64,
        _ => dtype,
    };

    /// <summary>What results of several roundings may be off, absolutely and relative to the result.</summary>
    public static double Decomposed(DType part) => part switch
    {
        DType.Float16 => 4e-3,
        DType.BFloat16 => 3e-2,
        DType.Float32 => 3e-5,
        _ => 1e-12,
    };
}
