using BrainState.StableHlo.Syntax;

namespace BrainState.StableHlo.Import;

/// <summary>MLIR's types as specs.</summary>
internal static class Types
{
    /// <summary>The spec of a tensor.</summary>
    /// <exception cref="NotExpressibleException">The type is not that of a tensor whose dtype and sizes a program can have.</exception>
    public static TensorSpec Spec(MlirType type, Location location)
    {
        if (type is not TensorType tensor) throw new NotExpressibleException(location, $"values of type {type}");
        if (tensor.Sizes.Any(static size => size < 0)) throw new NotExpressibleException(location, $"sizes that are not known in advance ({type})");
        if (tensor.Sizes.Any(static size => size > int.MaxValue)) throw new NotExpressibleException(location, $"axes longer than 2³¹ − 1 ({type})");
        return new(DTypeOf(tensor.Element, location), Shape.Create([.. tensor.Sizes.Select(static size => (int)size)]));
    }

    /// <summary>The specs of the tensors of a value, which are several for a tuple.</summary>
    public static IEnumerable<TensorSpec> Flatten(MlirType type, Location location) =>
        type is TupleType tuple ? tuple.Items.SelectMany(item => Flatten(item, location)) : [Spec(type, location)];

    private static DType DTypeOf(MlirType element, Location location) => element.ToString() switch
    {
        "i1" => DType.Bool,
        "i8" or "si8" => DType.Int8,
        "i16" or "si16" => DType.Int16,
        "i32" or "si32" => DType.Int32,
        "i64" or "si64" => DType.Int64,
        "ui8" => DType.UInt8,
        "ui16" => DType.UInt16,
        "ui32" => DType.UInt32,
        "ui64" => DType.UInt64,
        "f16" => DType.Float16,
        "bf16" => DType.BFloat16,
        "f32" => DType.Float32,
        "f64" => DType.Float64,
        "complex<f32>" => DType.Complex64,
        "complex<f64>" => DType.Complex128,
        var other => throw new NotExpressibleException(location, $"elements of type {other}"),
    };
}
