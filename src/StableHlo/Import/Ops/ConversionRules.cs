using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.StableHlo.Import.Ops;

/// <summary>Other dtypes for the same values, or for the same bytes.</summary>
internal static class ConversionRules
{
    public static void AddTo(OpTable table)
    {
        table.AddElementwise("stablehlo.convert", Convert);
        table.Add("stablehlo.bitcast_convert", Bitcast);
    }

    /// <summary>The dialect drops the imaginary part first, also on the way to a truth value, for which the op asks whether either part is not 0.</summary>
    private static Operand Convert(OpSite site)
    {
        var dtype = site.Result().DType;
        var x = site.SpecOf(site.X).DType.Is(DTypeKinds.Complex) && dtype == DType.Bool ? site.Add(new Real(), site.X) : site.X;
        return site.SpecOf(x).DType == dtype ? x : site.Add(new ConvertElementType(dtype), x);
    }

    /// <summary>
    /// The bytes of complex numbers are those of their parts along one more axis, which is how they go through the op. Axes that come and go only split and join
    /// neighbouring bytes, so shapes in between do not matter.
    /// </summary>
    private static Operand Bitcast(OpSite site)
    {
        var (x, result) = (site.SpecOf(site.X), site.Result());
        if (x.DType == result.DType) return site.Reshape(site.X, result.Shape);
        if (x.DType == DType.Bool || result.DType == DType.Bool) throw site.Cannot("the bits of truth values as other numbers");
        if (x.ByteCount != result.ByteCount) throw site.Error($"{x} has {x.ByteCount} bytes, but {result} has {result.ByteCount}");
        var bytes = x.DType.Is(DTypeKinds.Complex) ? Parts(site) : site.X;
        var part = result.DType.RealPart;
        var ratio = part.Size / site.SpecOf(bytes).DType.Size;
        if (ratio > 1) bytes = site.Reshape(bytes, [checked((int)(result.ByteCount / part.Size)), ratio]);
        if (site.SpecOf(bytes).DType != part) bytes = site.Add(new BitcastConvertType(part), bytes);
        if (!result.DType.Is(DTypeKinds.Complex)) return site.Reshape(bytes, result.Shape);
        var parts = site.Reshape(bytes, result.Shape.Insert(result.Rank, 2));
        return site.Add(new MakeComplex(), Part(site, parts, 0), Part(site, parts, 1));
    }

    private static Operand Parts(OpSite site)
    {
        var shape = site.SpecOf(site.X).Shape;
        var column = shape.Insert(shape.Rank, 1);
        return site.Add(new Concatenate(shape.Rank), site.Reshape(site.Add(new Real(), site.X), column), site.Reshape(site.Add(new Imag(), site.X), column));
    }

    private static Operand Part(OpSite site, Operand parts, int index)
    {
        var shape = site.SpecOf(parts).Shape;
        int[] start = new int[shape.Rank], limit = shape.ToArray();
        (start[^1], limit[^1]) = (index, index + 1);
        var slice = new Slice(ValueArray.Create<int>(start), ValueArray.Create<int>(limit), Enumerable.Repeat(1, shape.Rank).ToValueArray());
        return site.Reshape(site.Add(slice, parts), shape.Without([shape.Rank - 1]));
    }
}
