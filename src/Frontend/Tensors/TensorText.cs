using System.Numerics;
using BrainState.NumPy;

namespace BrainState;

/// <summary>Prints a tensor as NumPy prints an array of the same dtype.</summary>
internal static class TensorText
{
    public static string Format(Tensor tensor)
    {
        var dims = tensor.Shape.Dims;
        return tensor.DType switch
        {
            DType.Bool => ArrayFormatter.Format<bool>(dims, tensor.ToArray<bool>()),
            DType.Int8 => ArrayFormatter.Format<sbyte>(dims, tensor.ToArray<sbyte>()),
            DType.Int16 => ArrayFormatter.Format<short>(dims, tensor.ToArray<short>()),
            DType.Int32 => ArrayFormatter.Format<int>(dims, tensor.ToArray<int>()),
            DType.Int64 => ArrayFormatter.Format<long>(dims, tensor.ToArray<long>()),
            DType.UInt8 => ArrayFormatter.Format<byte>(dims, tensor.ToArray<byte>()),
            DType.UInt16 => ArrayFormatter.Format<ushort>(dims, tensor.ToArray<ushort>()),
            DType.UInt32 => ArrayFormatter.Format<uint>(dims, tensor.ToArray<uint>()),
            DType.UInt64 => ArrayFormatter.Format<ulong>(dims, tensor.ToArray<ulong>()),
            DType.Float16 => ArrayFormatter.Format<Half>(dims, tensor.ToArray<Half>()),
            DType.Float32 => ArrayFormatter.Format<float>(dims, tensor.ToArray<float>()),
            DType.Float64 => ArrayFormatter.Format<double>(dims, tensor.ToArray<double>()),
            DType.BFloat16 => ArrayFormatter.Format(dims, Array.ConvertAll(tensor.ToArray<BFloat16>(), v => (float)v), FloatKind.BFloat16Jax),
            DType.Complex64 => ArrayFormatter.Format(dims, Complex64(tensor), FloatKind.Float32),
            _ => ArrayFormatter.Format<Complex>(dims, tensor.ToArray<Complex>()),
        };
    }

    private static Complex[] Complex64(Tensor tensor)
    {
        var bytes = new byte[tensor.Spec.ByteCount];
        tensor.CopyBytesTo(bytes);
        return [.. Enumerable.Range(0, (int)tensor.Size).Select(i => Scalar.Read(DType.Complex64, bytes.AsSpan(i * 8)).ToComplex())];
    }
}
