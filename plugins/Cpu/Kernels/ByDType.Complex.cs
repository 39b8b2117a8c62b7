using System.Numerics;
using BrainState.Cpu.Numerics;

namespace BrainState.Cpu.Kernels;

/// <summary>Kernels of complex lanes, which go element by element.</summary>
internal static unsafe partial class ByDType
{
    public static TileKernel ComplexUnary<TOp>(DType lane) where TOp : struct, IScalarUnaryOp<Complex> => lane == DType.Complex64
        ? ScalarUnaryKernels<ComplexUnaryAt<TOp, float>, Complex<float>>.Dense
        : ScalarUnaryKernels<ComplexUnaryAt<TOp, double>, Complex<double>>.Dense;

    public static BinaryForms ComplexBinary<TOp>(DType lane) where TOp : struct, IScalarBinaryOp<Complex> => lane == DType.Complex64
        ? ScalarBinaryKernels<ComplexBinaryAt<TOp, float>, Complex<float>>.Forms
        : ScalarBinaryKernels<ComplexBinaryAt<TOp, double>, Complex<double>>.Forms;

    public static ReduceForms ComplexReduce<TOp>(DType lane) where TOp : struct, IScalarBinaryOp<Complex> => lane == DType.Complex64
        ? ScalarReduceKernels<ComplexBinaryAt<TOp, float>, Complex<float>>.Forms
        : ScalarReduceKernels<ComplexBinaryAt<TOp, double>, Complex<double>>.Forms;

    public static BinaryForms ComplexEqual(DType lane) => lane == DType.Complex64
        ? ScalarRelationKernels<ComplexEqualOp<float>, Complex<float>>.Forms
        : ScalarRelationKernels<ComplexEqualOp<double>, Complex<double>>.Forms;

    public static BinaryForms ComplexNotEqual(DType lane) => lane == DType.Complex64
        ? ScalarRelationKernels<ComplexNotEqualOp<float>, Complex<float>>.Forms
        : ScalarRelationKernels<ComplexNotEqualOp<double>, Complex<double>>.Forms;

    public static TileKernel ComplexPower(DType lane) => lane == DType.Complex64 ? ComplexPowerKernels<float>.Dense : ComplexPowerKernels<double>.Dense;

    public static TileKernel Magnitude(DType lane) => lane == DType.Complex64
        ? MapKernels<MagnitudeOp<float>, Complex<float>, float>.Dense
        : MapKernels<MagnitudeOp<double>, Complex<double>, double>.Dense;

    public static TileKernel RealPart(DType lane) => lane == DType.Complex64
        ? MapKernels<RealPartOp<float>, Complex<float>, float>.Dense
        : MapKernels<RealPartOp<double>, Complex<double>, double>.Dense;

    public static TileKernel ImaginaryPart(DType lane) => lane == DType.Complex64
        ? MapKernels<ImaginaryPartOp<float>, Complex<float>, float>.Dense
        : MapKernels<ImaginaryPartOp<double>, Complex<double>, double>.Dense;

    public static TileKernel FromReal(DType lane) => lane == DType.Complex64
        ? MapKernels<FromRealOp<float>, float, Complex<float>>.Dense
        : MapKernels<FromRealOp<double>, double, Complex<double>>.Dense;

    /// <summary>Complex numbers from their parts of dtype <paramref name="part"/>.</summary>
    public static BinaryForms Pair(DType part) => part == DType.Float32 ? PairKernels<float>.Forms : PairKernels<double>.Forms;

    /// <summary>To the complex dtype <paramref name="to"/> from the other one.</summary>
    public static TileKernel ComplexConvert(DType to) => to == DType.Complex64
        ? MapKernels<ComplexConvertOp<double, float>, Complex<double>, Complex<float>>.Dense
        : MapKernels<ComplexConvertOp<float, double>, Complex<float>, Complex<double>>.Dense;
}
