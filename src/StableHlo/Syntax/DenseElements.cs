using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;

namespace BrainState.StableHlo.Syntax;

/// <summary>A number as written: digits, with or without a minus, or a truth value.</summary>
internal readonly record struct NumberText(string Digits, bool IsNegative, Location Location);

/// <summary><c>dense&lt;…&gt; : type</c>: a list in nested brackets, one element for all, or the bytes in hexadecimal.</summary>
internal abstract record DenseElements(TensorType Type, Location Location) : MlirAttribute(Location)
{
    /// <summary>The elements as dense little-endian bytes in row-major order; one element if all are equal by construction.</summary>
    /// <param name="spec">The spec that the type stands for.</param>
    /// <param name="isSplat">Whether the bytes are one element that stands for all.</param>
    public abstract ImmutableArray<byte> Read(TensorSpec spec, out bool isSplat);
}

/// <summary>Elements written as numbers, complex ones as two in parentheses. Without <paramref name="Shape"/> there is one for all.</summary>
internal sealed record DenseNumbers(TensorType Type, IReadOnlyList<NumberText> Numbers, bool AreComplex, ValueArray<long>? Shape, Location Location)
    : DenseElements(Type, Location)
{
    public override ImmutableArray<byte> Read(TensorSpec spec, out bool isSplat)
    {
        isSplat = Shape is null;
        if (Shape is { } shape && !shape.Span.SequenceEqual(Type.Sizes.Span))
            throw new StableHloFormatException(Location, $"the elements of {Type} have the shape ({string.Join(", ", shape)})");
        var count = AreComplex ? Numbers.Count / 2 : Numbers.Count;
        if (count != (isSplat ? 1 : spec.ElementCount)) throw new StableHloFormatException(Location, $"{Type} has {spec.ElementCount} elements, but {count} are written");
        var isComplex = spec.DType.Is(DTypeKinds.Complex);
        if (isComplex != AreComplex && Numbers.Count > 0)
            throw new StableHloFormatException(Location, $"an element of {Type} is {(isComplex ? "a pair (real, imaginary)" : "no pair")}");
        var part = spec.DType switch { DType.Complex64 => DType.Float32, DType.Complex128 => DType.Float64, var dtype => dtype };
        var bytes = new byte[Numbers.Count * part.Size];
        for (var i = 0; i < Numbers.Count; i++) ReadNumber(part, Numbers[i]).Write(bytes.AsSpan(i * part.Size));
        return ImmutableArray.Create(bytes);
    }

    private static Scalar ReadNumber(DType dtype, NumberText number)
    {
        var digits = number.Digits;
        if (digits is "true" or "false") return dtype == DType.Bool ? Scalar.Of(digits == "true") : throw Misfit(dtype, number);
        var isHexadecimal = digits.StartsWith("0x", StringComparison.Ordinal);
        var isInteger = isHexadecimal || !digits.Contains('.');
        if (dtype.IsFloating) return isHexadecimal ? new Scalar(dtype, (UInt128)ReadInteger(dtype, number)) : ReadFloat(dtype, number);
        if (!isInteger) throw Misfit(dtype, number);
        return new Scalar(dtype, unchecked((UInt128)(Int128)ReadInteger(dtype, number)));
    }

    /// <summary>Rounded once: the text to float64 or float32, or by way of float64 to the 16-bit types, as MLIR does.</summary>
    private static Scalar ReadFloat(DType dtype, NumberText number)
    {
        var text = number.IsNegative ? "-" + number.Digits : number.Digits;
        return dtype == DType.Float32
            ? Scalar.Of(float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture))
            : Scalar.Of(dtype, double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));
    }

    /// <summary>Hexadecimal digits are the bits; decimal ones must be a value of the dtype, where MLIR also lets a bit pattern pass as unsigned.</summary>
    private static BigInteger ReadInteger(DType dtype, NumberText number)
    {
        var isHexadecimal = number.Digits.StartsWith("0x", StringComparison.Ordinal);
        var value = isHexadecimal
            ? BigInteger.Parse("0" + number.Digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : BigInteger.Parse(number.Digits, NumberStyles.None, CultureInfo.InvariantCulture);
        if (number.IsNegative) value = -value;
        var width = dtype == DType.Bool ? 1 : 8 * dtype.Size;
        var least = dtype.Is(DTypeKinds.Signed) ? -(BigInteger.One << (width - 1)) : dtype == DType.Bool ? -1 : 0;
        return value >= least && value < BigInteger.One << width ? value : throw Misfit(dtype, number);
    }

    private static StableHloFormatException Misfit(DType dtype, NumberText number) =>
        new(number.Location, $"{(number.IsNegative ? "-" : "")}{number.Digits} is not a value of {dtype.Name}");
}

/// <summary>Elements as the hexadecimal digits of their little-endian bytes; one element stands for all, and 1-bit ones may be packed.</summary>
internal sealed record DenseBytes(TensorType Type, string Digits, Location Location) : DenseElements(Type, Location)
{
    public override ImmutableArray<byte> Read(TensorSpec spec, out bool isSplat)
    {
        byte[] bytes;
        try
        {
            bytes = Convert.FromHexString(Digits);
        }
        catch (FormatException failure)
        {
            throw new StableHloFormatException(Location, "the bytes of the elements are not pairs of hexadecimal digits", failure);
        }
        isSplat = false;
        if (bytes.Length != spec.ByteCount && bytes.Length == spec.DType.Size)
        {
            isSplat = true;
            if (spec.DType == DType.Bool) bytes[0] = (byte)(bytes[0] & 1);
        }
        else if (spec.DType == DType.Bool && bytes.Length != spec.ByteCount && bytes.Length == (spec.ElementCount + 7) / 8)
        {
            var packed = bytes;
            bytes = new byte[spec.ElementCount];
            for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)((packed[i / 8] >> (i % 8)) & 1);
        }
        else if (bytes.Length != spec.ByteCount)
            throw new StableHloFormatException(Location, $"the elements of {Type} are {spec.ByteCount} bytes, not {bytes.Length}");
        return ImmutableArray.Create(bytes);
    }
}
