namespace BrainState.Serialization;

/// <summary>Bytes per element of the element types whose size is fixed by their NumPy name.</summary>
static class ElementSize
{
    /// <summary>The size in bytes, or null for a type this codec only passes through (strings, dates, structures …).</summary>
    public static int? Of(string dtypeName) => dtypeName switch
    {
        "bool" or "int8" or "uint8" => 1,
        "int16" or "uint16" or "float16" or "bfloat16" => 2,
        "int32" or "uint32" or "float32" => 4,
        "int64" or "uint64" or "float64" or "complex64" => 8,
        "complex128" => 16,
        _ => null,
    };
}
