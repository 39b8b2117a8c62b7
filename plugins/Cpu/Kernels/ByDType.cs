using System.Numerics;

namespace BrainState.Cpu.Kernels;

/// <summary>
/// Chooses the instantiation of a kernel for a lane dtype: the dtype of the elements in registers. float16 and bfloat16 have float32 lanes,
/// bool has bytes 0 and 1.
/// </summary>
internal static unsafe partial class ByDType
{
    /// <summary>The dtype that registers hold values of <paramref name="dtype"/> in.</summary>
    public static DType Lane(DType dtype) => dtype is DType.Float16 or DType.BFloat16 ? DType.Float32 : dtype;

    public static TileKernel Unary<TOp>(DType lane) where TOp : struct, IAnyUnaryOp => lane switch
    {
        DType.Bool or DType.UInt8 => UnaryKernels<UnaryAt<TOp, byte>, byte>.Dense,
        DType.Int8 => UnaryKernels<UnaryAt<TOp, sbyte>, sbyte>.Dense,
        DType.Int16 => UnaryKernels<UnaryAt<TOp, short>, short>.Dense,
        DType.Int32 => UnaryKernels<UnaryAt<TOp, int>, int>.Dense,
        DType.Int64 => UnaryKernels<UnaryAt<TOp, long>, long>.Dense,
        DType.UInt16 => UnaryKernels<UnaryAt<TOp, ushort>, ushort>.Dense,
        DType.UInt32 => UnaryKernels<UnaryAt<TOp, uint>, uint>.Dense,
        DType.UInt64 => UnaryKernels<UnaryAt<TOp, ulong>, ulong>.Dense,
        DType.Float32 => UnaryKernels<UnaryAt<TOp, float>, float>.Dense,
        DType.Float64 => UnaryKernels<UnaryAt<TOp, double>, double>.Dense,
        _ => throw Unknown(lane),
    };

    /// <summary>A kernel that only float lanes have.</summary>
    public static TileKernel FloatUnary<TOp>(DType lane) where TOp : struct, IAnyUnaryOp => lane == DType.Float32
        ? UnaryKernels<UnaryAt<TOp, float>, float>.Dense
        : UnaryKernels<UnaryAt<TOp, double>, double>.Dense;

    public static BinaryForms Binary<TOp>(DType lane) where TOp : struct, IAnyBinaryOp => lane switch
    {
        DType.Bool or DType.UInt8 => BinaryKernels<At<TOp, byte>, byte>.Forms,
        DType.Int8 => BinaryKernels<At<TOp, sbyte>, sbyte>.Forms,
        DType.Int16 => BinaryKernels<At<TOp, short>, short>.Forms,
        DType.Int32 => BinaryKernels<At<TOp, int>, int>.Forms,
        DType.Int64 => BinaryKernels<At<TOp, long>, long>.Forms,
        DType.UInt16 => BinaryKernels<At<TOp, ushort>, ushort>.Forms,
        DType.UInt32 => BinaryKernels<At<TOp, uint>, uint>.Forms,
        DType.UInt64 => BinaryKernels<At<TOp, ulong>, ulong>.Forms,
        DType.Float32 => BinaryKernels<At<TOp, float>, float>.Forms,
        DType.Float64 => BinaryKernels<At<TOp, double>, double>.Forms,
        _ => throw Unknown(lane),
    };

    public static BinaryForms FloatBinary<TOp>(DType lane) where TOp : struct, IAnyBinaryOp => lane == DType.Float32
        ? BinaryKernels<At<TOp, float>, float>.Forms
        : BinaryKernels<At<TOp, double>, double>.Forms;

    public static BinaryForms Relation<TOp>(DType lane) where TOp : struct, IAnyBinaryOp => lane switch
    {
        DType.Bool or DType.UInt8 => RelationKernels<At<TOp, byte>, byte>.Forms,
        DType.Int8 => RelationKernels<At<TOp, sbyte>, sbyte>.Forms,
        DType.Int16 => RelationKernels<At<TOp, short>, short>.Forms,
        DType.Int32 => RelationKernels<At<TOp, int>, int>.Forms,
        DType.Int64 => RelationKernels<At<TOp, long>, long>.Forms,
        DType.UInt16 => RelationKernels<At<TOp, ushort>, ushort>.Forms,
        DType.UInt32 => RelationKernels<At<TOp, uint>, uint>.Forms,
        DType.UInt64 => RelationKernels<At<TOp, ulong>, ulong>.Forms,
        DType.Float32 => RelationKernels<At<TOp, float>, float>.Forms,
        DType.Float64 => RelationKernels<At<TOp, double>, double>.Forms,
        _ => throw Unknown(lane),
    };

    public static ReduceForms Reduce<TOp>(DType lane) where TOp : struct, IAnyBinaryOp => lane switch
    {
        DType.Bool or DType.UInt8 => ReduceKernels<At<TOp, byte>, byte>.Forms,
        DType.Int8 => ReduceKernels<At<TOp, sbyte>, sbyte>.Forms,
        DType.Int16 => ReduceKernels<At<TOp, short>, short>.Forms,
        DType.Int32 => ReduceKernels<At<TOp, int>, int>.Forms,
        DType.Int64 => ReduceKernels<At<TOp, long>, long>.Forms,
        DType.UInt16 => ReduceKernels<At<TOp, ushort>, ushort>.Forms,
        DType.UInt32 => ReduceKernels<At<TOp, uint>, uint>.Forms,
        DType.UInt64 => ReduceKernels<At<TOp, ulong>, ulong>.Forms,
        DType.Float32 => ReduceKernels<At<TOp, float>, float>.Forms,
        DType.Float64 => ReduceKernels<At<TOp, double>, double>.Forms,
        _ => throw Unknown(lane),
    };

    /// <summary>Shifts that do not look at the sign bit run on unsigned lanes, the others on signed ones.</summary>
    public static BinaryForms Shift<TOp>(DType lane, bool signed) where TOp : struct, IShift => (lane.Size, signed) switch
    {
        (1, false) => ShiftKernels<TOp, byte>.Forms,
        (2, false) => ShiftKernels<TOp, ushort>.Forms,
        (4, false) => ShiftKernels<TOp, uint>.Forms,
        (8, false) => ShiftKernels<TOp, ulong>.Forms,
        (1, true) => ShiftKernels<TOp, sbyte>.Forms,
        (2, true) => ShiftKernels<TOp, short>.Forms,
        (4, true) => ShiftKernels<TOp, int>.Forms,
        _ => ShiftKernels<TOp, long>.Forms,
    };

    public static BinaryForms IntegerDivide(DType lane) => lane switch
    {
        DType.Int8 => ScalarBinaryKernels<Numerics.IntegerDivideOp<sbyte>, sbyte>.Forms,
        DType.Int16 => ScalarBinaryKernels<Numerics.IntegerDivideOp<short>, short>.Forms,
        DType.Int32 => ScalarBinaryKernels<Numerics.IntegerDivideOp<int>, int>.Forms,
        DType.Int64 => ScalarBinaryKernels<Numerics.IntegerDivideOp<long>, long>.Forms,
        DType.UInt8 => ScalarBinaryKernels<Numerics.IntegerDivideOp<byte>, byte>.Forms,
        DType.UInt16 => ScalarBinaryKernels<Numerics.IntegerDivideOp<ushort>, ushort>.Forms,
        DType.UInt32 => ScalarBinaryKernels<Numerics.IntegerDivideOp<uint>, uint>.Forms,
        DType.UInt64 => ScalarBinaryKernels<Numerics.IntegerDivideOp<ulong>, ulong>.Forms,
        _ => throw Unknown(lane),
    };

    public static BinaryForms Remainder(DType lane) => lane switch
    {
        DType.Int8 => ScalarBinaryKernels<Numerics.IntegerRemainderOp<sbyte>, sbyte>.Forms,
        DType.Int16 => ScalarBinaryKernels<Numerics.IntegerRemainderOp<short>, short>.Forms,
        DType.Int32 => ScalarBinaryKernels<Numerics.IntegerRemainderOp<int>, int>.Forms,
        DType.Int64 => ScalarBinaryKernels<Numerics.IntegerRemainderOp<long>, long>.Forms,
        DType.UInt8 => ScalarBinaryKernels<Numerics.IntegerRemainderOp<byte>, byte>.Forms,
        DType.UInt16 => ScalarBinaryKernels<Numerics.IntegerRemainderOp<ushort>, ushort>.Forms,
        DType.UInt32 => ScalarBinaryKernels<Numerics.IntegerRemainderOp<uint>, uint>.Forms,
        DType.UInt64 => ScalarBinaryKernels<Numerics.IntegerRemainderOp<ulong>, ulong>.Forms,
        DType.Float32 => ScalarBinaryKernels<Numerics.FloatRemainderOp, float>.Forms,
        DType.Float64 => ScalarBinaryKernels<Numerics.FloatRemainderOp, double>.Forms,
        _ => throw Unknown(lane),
    };

    public static TileKernel IntegerUnary<TOp>(DType lane) where TOp : struct, Numerics.IIntegerOp => lane switch
    {
        DType.Int8 => ScalarUnaryKernels<Numerics.IntegerAt<TOp, sbyte>, sbyte>.Dense,
        DType.Int16 => ScalarUnaryKernels<Numerics.IntegerAt<TOp, short>, short>.Dense,
        DType.Int32 => ScalarUnaryKernels<Numerics.IntegerAt<TOp, int>, int>.Dense,
        DType.Int64 => ScalarUnaryKernels<Numerics.IntegerAt<TOp, long>, long>.Dense,
        DType.UInt8 => ScalarUnaryKernels<Numerics.IntegerAt<TOp, byte>, byte>.Dense,
        DType.UInt16 => ScalarUnaryKernels<Numerics.IntegerAt<TOp, ushort>, ushort>.Dense,
        DType.UInt32 => ScalarUnaryKernels<Numerics.IntegerAt<TOp, uint>, uint>.Dense,
        DType.UInt64 => ScalarUnaryKernels<Numerics.IntegerAt<TOp, ulong>, ulong>.Dense,
        _ => throw Unknown(lane),
    };

    /// <summary>The neighbouring number of the dtype, which may be a half in a float32 lane.</summary>
    public static BinaryForms NextAfter(DType dtype) => dtype switch
    {
        DType.Float16 => ScalarBinaryKernels<Numerics.NextFloat16Op, float>.Forms,
        DType.BFloat16 => ScalarBinaryKernels<Numerics.NextBFloat16Op, float>.Forms,
        DType.Float32 => ScalarBinaryKernels<Numerics.NextAfterOp<float>, float>.Forms,
        _ => ScalarBinaryKernels<Numerics.NextAfterOp<double>, double>.Forms,
    };

    public static TileKernel IntegerPower(DType lane) => lane switch
    {
        DType.Int8 => IntegerPowerKernels<sbyte>.Dense,
        DType.Int16 => IntegerPowerKernels<short>.Dense,
        DType.Int32 => IntegerPowerKernels<int>.Dense,
        DType.Int64 => IntegerPowerKernels<long>.Dense,
        DType.UInt8 => IntegerPowerKernels<byte>.Dense,
        DType.UInt16 => IntegerPowerKernels<ushort>.Dense,
        DType.UInt32 => IntegerPowerKernels<uint>.Dense,
        DType.UInt64 => IntegerPowerKernels<ulong>.Dense,
        DType.Float32 => IntegerPowerKernels<float>.Dense,
        DType.Float64 => IntegerPowerKernels<double>.Dense,
        _ => throw Unknown(lane),
    };

    public static TileKernel Iota(DType lane) => lane switch
    {
        DType.Int8 => IotaKernels<sbyte>.Dense,
        DType.Int16 => IotaKernels<short>.Dense,
        DType.Int32 => IotaKernels<int>.Dense,
        DType.Int64 => IotaKernels<long>.Dense,
        DType.UInt8 => IotaKernels<byte>.Dense,
        DType.UInt16 => IotaKernels<ushort>.Dense,
        DType.UInt32 => IotaKernels<uint>.Dense,
        DType.UInt64 => IotaKernels<ulong>.Dense,
        DType.Float32 => IotaKernels<float>.Dense,
        DType.Float64 => IotaKernels<double>.Dense,
        _ => throw Unknown(lane),
    };

    /// <summary>Between lanes of different dtypes; to bool is a comparison and not here.</summary>
    public static TileKernel Convert(DType from, DType to) => from switch
    {
        DType.Bool => FromBool(to),
        DType.Int8 => ConvertFrom<sbyte>(to),
        DType.Int16 => ConvertFrom<short>(to),
        DType.Int32 => to == DType.Float32 ? SameWidthConvertKernels<float>.FromInteger : ConvertFrom<int>(to),
        DType.Int64 => to == DType.Float64 ? SameWidthConvertKernels<double>.FromInteger : ConvertFrom<long>(to),
        DType.UInt8 => ConvertFrom<byte>(to),
        DType.UInt16 => ConvertFrom<ushort>(to),
        DType.UInt32 => ConvertFrom<uint>(to),
        DType.UInt64 => ConvertFrom<ulong>(to),
        DType.Float32 => to == DType.Int32 ? SameWidthConvertKernels<float>.ToInteger : ConvertFrom<float>(to),
        DType.Float64 => to == DType.Int64 ? SameWidthConvertKernels<double>.ToInteger : ConvertFrom<double>(to),
        _ => throw Unknown(from),
    };

    private static TileKernel ConvertFrom<TFrom>(DType to) where TFrom : unmanaged, INumberBase<TFrom> => to switch
    {
        DType.Int8 => ConvertKernels<TFrom, sbyte>.Dense,
        DType.Int16 => ConvertKernels<TFrom, short>.Dense,
        DType.Int32 => ConvertKernels<TFrom, int>.Dense,
        DType.Int64 => ConvertKernels<TFrom, long>.Dense,
        DType.UInt8 => ConvertKernels<TFrom, byte>.Dense,
        DType.UInt16 => ConvertKernels<TFrom, ushort>.Dense,
        DType.UInt32 => ConvertKernels<TFrom, uint>.Dense,
        DType.UInt64 => ConvertKernels<TFrom, ulong>.Dense,
        DType.Float32 => ConvertKernels<TFrom, float>.Dense,
        DType.Float64 => ConvertKernels<TFrom, double>.Dense,
        _ => throw Unknown(to),
    };

    private static TileKernel FromBool(DType to) => to switch
    {
        DType.Int8 => FromBoolKernels<sbyte>.Dense,
        DType.Int16 => FromBoolKernels<short>.Dense,
        DType.Int32 => FromBoolKernels<int>.Dense,
        DType.Int64 => FromBoolKernels<long>.Dense,
        DType.UInt8 => FromBoolKernels<byte>.Dense,
        DType.UInt16 => FromBoolKernels<ushort>.Dense,
        DType.UInt32 => FromBoolKernels<uint>.Dense,
        DType.UInt64 => FromBoolKernels<ulong>.Dense,
        DType.Float32 => FromBoolKernels<float>.Dense,
        DType.Float64 => FromBoolKernels<double>.Dense,
        _ => throw Unknown(to),
    };

    public static TileKernel Select(int size) => size switch
    {
        1 => SelectKernels<byte>.Dense,
        2 => SelectKernels<ushort>.Dense,
        4 => SelectKernels<uint>.Dense,
        8 => SelectKernels<ulong>.Dense,
        _ => ScalarSelectKernels<UInt128>.Dense,
    };

    public static TileKernel Splat(int size) => size switch
    {
        1 => MoveKernels<byte>.Splat,
        2 => MoveKernels<ushort>.Splat,
        4 => MoveKernels<uint>.Splat,
        8 => MoveKernels<ulong>.Splat,
        _ => MoveKernels<UInt128>.Splat,
    };

    public static TileKernel Copy(int size) => size switch
    {
        1 => MoveKernels<byte>.Copy,
        2 => MoveKernels<ushort>.Copy,
        4 => MoveKernels<uint>.Copy,
        8 => MoveKernels<ulong>.Copy,
        _ => MoveKernels<UInt128>.Copy,
    };

    public static TileKernel View(int size) => size switch
    {
        1 => ViewKernels<byte>.Dense,
        2 => ViewKernels<ushort>.Dense,
        4 => ViewKernels<uint>.Dense,
        8 => ViewKernels<ulong>.Dense,
        _ => ViewKernels<UInt128>.Dense,
    };

    private static ArgumentOutOfRangeException Unknown(DType lane) => new(nameof(lane), lane, "No kernel has lanes of this dtype.");
}
