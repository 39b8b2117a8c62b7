using System.Numerics;
using BrainState.Cpu.LinearAlgebra;
using BrainState.Cpu.Steps;
using BrainState.Ops;

namespace BrainState.Cpu.Lowering;

/// <summary>Fourier transforms and linear algebra. Matrices are factorised in float64 or complex128 and the results rounded once.</summary>
internal sealed unsafe partial class Lowerer
{
    private Value LowerFft(Fft op, Operands operands, TensorSpec output)
    {
        if (output.ElementCount == 0) return new(output.DType, 0);
        var (x, spec) = (operands.Values[0], operands.Specs[0]);
        var last = spec.Rank - 1;
        var others = Enumerable.Range(spec.Rank - op.Lengths.Count, op.Lengths.Count - 1);
        // Of real signals only half of the last axis is needed on the other side, so that it is transformed first or last.
        int[] axes = op.Type == FftType.IRFft ? [.. others, last] : [last, .. others];
        foreach (var axis in axes)
        {
            var type = axis == last ? op.Type : op.Type is FftType.IFft or FftType.IRFft ? FftType.IFft : FftType.Fft;
            var result = axis == last ? new Fft(type, [op.Lengths[^1]]).Infer([spec])[0] : spec;
            var shape = AroundAxis(type == FftType.RFft ? spec.Shape : result.Shape, axis);
            var isDouble = spec.DType is DType.Complex128 or DType.Float64;
            x = AddStep([x], result, memory => isDouble ? new FourierStep<double>(type, shape, memory) : new FourierStep<float>(type, shape, memory),
                isDouble ? FourierStep<double>.ScratchBytes(shape) : FourierStep<float>.ScratchBytes(shape));
            spec = result;
        }
        return x;
    }

    private Value[] LowerFactorization(MatrixFactorization op, Operands operands)
    {
        var shape = operands.Specs[0].Shape;
        return operands.Specs[0].DType.Is(DTypeKinds.Complex) ? Factorize<Complex>(op, shape[^2], shape[^1], operands) : Factorize<double>(op, shape[^2], shape[^1], operands);
    }

    private Value[] Factorize<T>(MatrixFactorization op, int m, int n, Operands operands) where T : unmanaged, INumberBase<T>
    {
        switch (op)
        {
            case Cholesky:
                return AddMatrixStep<T>(op, operands, 0, (x, results, _) => Factorizations<T>.Cholesky(n, (T*)x[0], (T*)results[0]));
            case Lu:
                return AddMatrixStep<T>(op, operands, 0, (x, results, _) =>
                {
                    new Span<T>(x[0], m * n).CopyTo(new Span<T>(results[0], m * n));
                    Factorizations<T>.Lu(m, n, (T*)results[0], (int*)results[1], (int*)results[2]);
                });
            case Qr qr:
                var columns = qr.FullMatrices ? m : Math.Min(m, n);
                return AddMatrixStep<T>(op, operands, Factorizations<T>.QrScratch(m, n, columns),
                    (x, results, scratch) => Factorizations<T>.Qr(m, n, columns, (T*)x[0], (T*)results[0], (T*)results[1], (T*)scratch));
            case Eigh eigh:
                return AddMatrixStep<T>(op, operands, Jacobi<T>.EigenScratch(n),
                    (x, results, scratch) => Jacobi<T>.Eigen(n, eigh.Lower, (T*)x[0], (T*)results[0], (double*)results[1], (T*)scratch));
            case Svd svd:
                var (left, right) = svd.FullMatrices ? (m, n) : (Math.Min(m, n), Math.Min(m, n));
                return AddMatrixStep<T>(op, operands, Jacobi<T>.SingularScratch(m, n), (x, results, scratch) =>
                    Jacobi<T>.Singular(m, n, (T*)x[0], (double*)results[0], svd.ComputeVectors ? (T*)results[1] : null, left,
                        svd.ComputeVectors ? (T*)results[2] : null, right, (T*)scratch));
            default:
                throw new Backends.BackendException($"The cpu backend does not know the factorisation '{op.Name}'.");
        }
    }

    private Value LowerTriangularSolve(TriangularSolve op, Operands operands) =>
        operands.Specs[0].DType.Is(DTypeKinds.Complex) ? Solve<Complex>(op, operands) : Solve<double>(op, operands);

    private Value Solve<T>(TriangularSolve op, Operands operands) where T : unmanaged, INumberBase<T>
    {
        var (rows, columns) = (operands.Specs[1].Shape[^2], operands.Specs[1].Shape[^1]);
        var isLower = op.Lower == (op.TransposeA == MatrixTranspose.None);
        return AddMatrixStep<T>(op, operands, 0, (x, results, _) =>
        {
            new Span<T>(x[1], rows * columns).CopyTo(new Span<T>(results[0], rows * columns));
            Factorizations<T>.Solve(op.LeftSide, isLower, op.TransposeA != MatrixTranspose.None, op.TransposeA == MatrixTranspose.Adjoint, op.UnitDiagonal,
                rows, columns, (T*)x[0], (T*)results[0]);
        })[0];
    }

    /// <summary>A step that runs an algorithm on numbers <typeparamref name="T"/>, so many of which it needs as scratch memory.</summary>
    private Value[] AddMatrixStep<T>(Op op, Operands operands, long scratchCount, MatrixAlgorithm algorithm) where T : unmanaged
    {
        var specs = op.Infer(operands.Specs.ToArray());
        long count = 1;
        foreach (var size in operands.Specs[0].Shape.Dims[..^2]) count *= size;
        if (count == 0) return Results(specs);
        var inputs = Array.ConvertAll(operands.Values, value => ConvertTo(Wide(value.DType), value));
        var outputs = Array.ConvertAll(specs, static spec => new Value(Wide(spec.DType), spec.ElementCount));
        var (operandBytes, resultBytes) = (Array.ConvertAll(inputs, value => value.ByteCount / count), Array.ConvertAll(outputs, value => value.ByteCount / count));
        var scratchBytes = (scratchCount * sizeof(T) + 63) / 64 * 64;
        AppendAll(new StepNode(InMemory(inputs), outputs, scratchBytes * MatrixStep.Parts(count),
            memory => new MatrixStep(algorithm, count, operandBytes, resultBytes, scratchBytes, memory)));
        return [.. outputs.Zip(specs, (output, spec) => ConvertTo(spec.DType, output))];

        static DType Wide(DType dtype) => dtype switch
        {
            DType.Float32 => DType.Float64,
            DType.Complex64 => DType.Complex128,
            _ => dtype,
        };
    }
}
