using System.Numerics;

namespace BrainState.Cpu.MatMul;

/// <summary>How the operands and the result are stored, for a product that is summed in <typeparamref name="T"/>.</summary>
internal readonly unsafe struct DotFormats<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Formats for operands of <paramref name="operand"/> and a result of <paramref name="result"/>.</summary>
    public DotFormats(DType operand, DType result)
    {
        (OperandSize, ResultSize) = (operand.Size, result.Size);
        Pack = operand switch
        {
            DType.Int8 => &Packing<sbyte, T>.Pack,
            DType.Int16 => &Packing<short, T>.Pack,
            DType.Int32 => &Packing<int, T>.Pack,
            DType.Int64 => &Packing<long, T>.Pack,
            DType.UInt8 => &Packing<byte, T>.Pack,
            DType.UInt16 => &Packing<ushort, T>.Pack,
            DType.UInt32 => &Packing<uint, T>.Pack,
            DType.UInt64 => &Packing<ulong, T>.Pack,
            DType.Float16 => &Packing<Half, T>.Pack,
            DType.BFloat16 => &Packing<BFloat16, T>.Pack,
            DType.Float32 => &Packing<float, T>.Pack,
            _ => &Packing<double, T>.Pack,
        };
        Store = result switch
        {
            DType.Int8 => &Storing<T, sbyte>.Store,
            DType.Int16 => &Storing<T, short>.Store,
            DType.Int32 => &Storing<T, int>.Store,
            DType.Int64 => &Storing<T, long>.Store,
            DType.UInt8 => &Storing<T, byte>.Store,
            DType.UInt16 => &Storing<T, ushort>.Store,
            DType.UInt32 => &Storing<T, uint>.Store,
            DType.UInt64 => &Storing<T, ulong>.Store,
            DType.Float16 => &Storing<T, Half>.Store,
            DType.BFloat16 => &Storing<T, BFloat16>.Store,
            DType.Float32 => &Storing<T, float>.Store,
            _ => &Storing<T, double>.Store,
        };
        (IsSumOperand, IsSumStored) = (IsSum(operand), IsSum(result));

        // Integers of one size have the same low bits, whatever their sign.
        static bool IsSum(DType dtype) => dtype.Size == sizeof(T) && dtype.IsInteger == DTypeExtensions.DTypeOf<T>().IsInteger;
    }

    /// <summary><see cref="Packing{TStored, T}.Pack"/> for the operands.</summary>
    public delegate*<DotOperand, byte*, long, int, int, long, long, T*, void> Pack { get; }

    /// <summary><see cref="Storing{T, TStored}.Store"/> for the result.</summary>
    public delegate*<T*, long, long, long, byte*, long, long, void> Store { get; }

    /// <summary>Bytes per element of the operands.</summary>
    public int OperandSize { get; }

    /// <summary>Bytes per element of the result.</summary>
    public int ResultSize { get; }

    /// <summary>Whether elements of the result have the bits of a sum.</summary>
    public bool IsSumStored { get; }

    /// <summary>Whether elements of the operands have the bits of a number that is summed.</summary>
    public bool IsSumOperand { get; }
}
