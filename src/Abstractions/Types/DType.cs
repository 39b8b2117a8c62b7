namespace BrainState;

/// <summary>The element type of a tensor. Names are NumPy's; the unit of <see cref="DTypeExtensions"/> sizes is the byte.</summary>
public enum DType : byte
{
    /// <summary>Truth value, stored as one byte, 0 or 1.</summary>
    Bool,
    /// <summary>Signed 8-bit integer.</summary>
    Int8,
    /// <summary>Signed 16-bit integer.</summary>
    Int16,
    /// <summary>Signed 32-bit integer.</summary>
    Int32,
    /// <summary>Signed 64-bit integer.</summary>
    Int64,
    /// <summary>Unsigned 8-bit integer.</summary>
    UInt8,
    /// <summary>Unsigned 16-bit integer.</summary>
    UInt16,
    /// <summary>Unsigned 32-bit integer.</summary>
    UInt32,
    /// <summary>Unsigned 64-bit integer.</summary>
    UInt64,
    /// <summary>IEEE binary16.</summary>
    Float16,
    /// <summary>The upper half of a binary32: 8 exponent and 7 fraction bits.</summary>
    BFloat16,
    /// <summary>IEEE binary32.</summary>
    Float32,
    /// <summary>IEEE binary64.</summary>
    Float64,
    /// <summary>Two binary32, real part first.</summary>
    Complex64,
    /// <summary>Two binary64, real part first.</summary>
    Complex128,
}

/// <summary>Kinds of element types, as a set: what an op accepts is a union of kinds.</summary>
[Flags]
public enum DTypeKinds
{
    /// <summary>No kind.</summary>
    None = 0,
    /// <summary><see cref="DType.Bool"/>.</summary>
    Bool = 1,
    /// <summary>Int8 to Int64.</summary>
    Signed = 2,
    /// <summary>UInt8 to UInt64.</summary>
    Unsigned = 4,
    /// <summary>Float16, BFloat16, Float32, Float64.</summary>
    Floating = 8,
    /// <summary>Complex64, Complex128.</summary>
    Complex = 16,
    /// <summary>Signed and unsigned integers.</summary>
    Integer = Signed | Unsigned,
    /// <summary>Numbers with an order.</summary>
    Real = Integer | Floating,
    /// <summary>Everything but Bool.</summary>
    Number = Real | Complex,
    /// <summary>Floating or complex: what can be differentiated.</summary>
    Inexact = Floating | Complex,
    /// <summary>Bool and integers: what has bits to combine.</summary>
    Bitwise = Bool | Integer,
    /// <summary>Every dtype.</summary>
    Any = Bool | Number,
}

/// <summary>Facts about each <see cref="DType"/>.</summary>
public static class DTypeExtensions
{
    private static readonly string[] Names =
    [
        "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
        "float16", "bfloat16", "float32", "float64", "complex64", "complex128",
    ];

    private static readonly string[] ShortNames =
        ["bool", "i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "f16", "bf16", "f32", "f64", "c64", "c128"];

    private static ReadOnlySpan<byte> Sizes => [1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 2, 4, 8, 8, 16];

    extension(DType dtype)
    {
        /// <summary>Bytes per element.</summary>
        public int Size => Sizes[(int)dtype];

        /// <summary>NumPy's name, such as <c>float32</c>.</summary>
        public string Name => Names[(int)dtype];

        /// <summary>The name in a jaxpr, such as <c>f32</c>.</summary>
        public string ShortName => ShortNames[(int)dtype];

        /// <summary>The single kind this dtype belongs to.</summary>
        public DTypeKinds Kind => dtype switch
        {
            DType.Bool => DTypeKinds.Bool,
            <= DType.Int64 => DTypeKinds.Signed,
            <= DType.UInt64 => DTypeKinds.Unsigned,
            <= DType.Float64 => DTypeKinds.Floating,
            _ => DTypeKinds.Complex,
        };

        /// <summary>Whether this dtype is of one of <paramref name="kinds"/>.</summary>
        public bool Is(DTypeKinds kinds) => (dtype.Kind & kinds) != 0;

        /// <summary>Float16, BFloat16, Float32 or Float64.</summary>
        public bool IsFloating => dtype.Kind == DTypeKinds.Floating;

        /// <summary>A signed or unsigned integer; Bool is none.</summary>
        public bool IsInteger => (dtype.Kind & DTypeKinds.Integer) != 0;

        /// <summary>Floating or complex: tensors of other dtypes have no tangent.</summary>
        public bool IsDifferentiable => (dtype.Kind & DTypeKinds.Inexact) != 0;

        /// <summary>The dtype of the real and the imaginary part of a complex dtype; other dtypes are their own.</summary>
        public DType RealPart => dtype switch
        {
            DType.Complex64 => DType.Float32,
            DType.Complex128 => DType.Float64,
            _ => dtype,
        };

        /// <summary>All dtypes, in declaration order.</summary>
        public static IReadOnlyList<DType> All => Enum.GetValues<DType>();

        /// <summary>Reads a long or short name, such as <c>float32</c> or <c>f32</c>.</summary>
        /// <exception cref="FormatException">The name is neither.</exception>
        public static DType Parse(string name) =>
            TryParseName(name, out var found)
                ? found
                : throw new FormatException($"'{name}' is not a dtype; the dtypes are {string.Join(", ", Names)}.");

        /// <summary>Reads a long or short name; false if it is neither.</summary>
        public static bool TryParse(string name, out DType result) => TryParseName(name, out result);
    }

    /// <summary>The dtype that holds elements of the .NET type <typeparamref name="T"/>.</summary>
    /// <exception cref="NotSupportedException">No dtype does.</exception>
    public static DType DTypeOf<T>() where T : unmanaged =>
        TryDTypeOf(typeof(T)) ?? throw new NotSupportedException(
            $"Tensors have no dtype for elements of type {typeof(T)}; use bool, the .NET integers, Half, BFloat16, float, double or Complex.");

    /// <summary>The dtype that holds elements of a .NET type, or null if none does.</summary>
    public static DType? TryDTypeOf(Type type)
    {
        if (type == typeof(float)) return DType.Float32;
        if (type == typeof(double)) return DType.Float64;
        if (type == typeof(int)) return DType.Int32;
        if (type == typeof(long)) return DType.Int64;
        if (type == typeof(bool)) return DType.Bool;
        if (type == typeof(byte)) return DType.UInt8;
        if (type == typeof(sbyte)) return DType.Int8;
        if (type == typeof(short)) return DType.Int16;
        if (type == typeof(ushort)) return DType.UInt16;
        if (type == typeof(uint)) return DType.UInt32;
        if (type == typeof(ulong)) return DType.UInt64;
        if (type == typeof(Half)) return DType.Float16;
        if (type == typeof(BFloat16)) return DType.BFloat16;
        if (type == typeof(System.Numerics.Complex)) return DType.Complex128;
        return null;
    }

    private static bool TryParseName(string name, out DType dtype)
    {
        var index = Array.IndexOf(Names, name);
        if (index < 0) index = Array.IndexOf(ShortNames, name);
        dtype = index < 0 ? default : (DType)index;
        return index >= 0;
    }
}
