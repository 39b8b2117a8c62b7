using System.Numerics;
using System.Runtime.CompilerServices;

namespace BrainState.UnitTests.Types;

/// <summary>The table of dtypes.</summary>
public sealed class DTypeTests
{
    [Theory]
    [InlineData(DType.Bool, "bool", "bool", 1, DTypeKinds.Bool)]
    [InlineData(DType.Int8, "int8", "i8", 1, DTypeKinds.Signed)]
    [InlineData(DType.Int16, "int16", "i16", 2, DTypeKinds.Signed)]
    [InlineData(DType.Int32, "int32", "i32", 4, DTypeKinds.Signed)]
    [InlineData(DType.Int64, "int64", "i64", 8, DTypeKinds.Signed)]
    [InlineData(DType.UInt8, "uint8", "u8", 1, DTypeKinds.Unsigned)]
    [InlineData(DType.UInt16, "uint16", "u16", 2, DTypeKinds.Unsigned)]
    [InlineData(DType.UInt32, "uint32", "u32", 4, DTypeKinds.Unsigned)]
    [InlineData(DType.UInt64, "uint64", "u64", 8, DTypeKinds.Unsigned)]
    [InlineData(DType.Float16, "float16", "f16", 2, DTypeKinds.Floating)]
    [InlineData(DType.BFloat16, "bfloat16", "bf16", 2, DTypeKinds.Floating)]
    [InlineData(DType.Float32, "float32", "f32", 4, DTypeKinds.Floating)]
    [InlineData(DType.Float64, "float64", "f64", 8, DTypeKinds.Floating)]
    [InlineData(DType.Complex64, "complex64", "c64", 8, DTypeKinds.Complex)]
    [InlineData(DType.Complex128, "complex128", "c128", 16, DTypeKinds.Complex)]
    public void NamesSizesAndKinds(DType dtype, string name, string shortName, int size, DTypeKinds kind)
    {
        Assert.Equal((name, shortName, size, kind), (dtype.Name, dtype.ShortName, dtype.Size, dtype.Kind));
        Assert.Equal(dtype, DType.Parse(name));
        Assert.Equal(dtype, DType.Parse(shortName));
        Assert.True(DType.TryParse(shortName, out var parsed) && parsed == dtype);
        Assert.Equal(kind == DTypeKinds.Floating, dtype.IsFloating);
        Assert.Equal(kind is DTypeKinds.Signed or DTypeKinds.Unsigned, dtype.IsInteger);
        Assert.Equal(kind is DTypeKinds.Floating or DTypeKinds.Complex, dtype.IsDifferentiable);
        Assert.True(dtype.Is(DTypeKinds.Any) && dtype.Is(kind) && !dtype.Is(DTypeKinds.None) && !dtype.Is(DTypeKinds.Any & ~kind));
    }

    [Fact]
    public void TheTableIsComplete()
    {
        Assert.Equal(15, DType.All.Count);
        Assert.Equal(DType.All.Order(), DType.All);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Float32")]
    [InlineData("f32 ")]
    [InlineData("float")]
    [InlineData("1")]
    public void OtherNamesAreRefused(string name)
    {
        Assert.False(DType.TryParse(name, out _));
        Assert.StartsWith($"'{name}' is not a dtype; the dtypes are bool, int8,", Assert.Throws<FormatException>(() => DType.Parse(name)).Message);
    }

    [Fact]
    public void DotNetTypes()
    {
        static void Check<T>(DType dtype) where T : unmanaged
        {
            Assert.Equal(dtype, DTypeExtensions.DTypeOf<T>());
            Assert.Equal(dtype.Size, Unsafe.SizeOf<T>());
        }

        Check<bool>(DType.Bool);
        Check<sbyte>(DType.Int8);
        Check<short>(DType.Int16);
        Check<int>(DType.Int32);
        Check<long>(DType.Int64);
        Check<byte>(DType.UInt8);
        Check<ushort>(DType.UInt16);
        Check<uint>(DType.UInt32);
        Check<ulong>(DType.UInt64);
        Check<Half>(DType.Float16);
        Check<BFloat16>(DType.BFloat16);
        Check<float>(DType.Float32);
        Check<double>(DType.Float64);
        Check<Complex>(DType.Complex128);
        Assert.Contains("System.Decimal", Assert.Throws<NotSupportedException>(() => DTypeExtensions.DTypeOf<decimal>()).Message);
    }
}
