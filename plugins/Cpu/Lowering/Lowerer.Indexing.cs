using BrainState.Cpu.Kernels;
using BrainState.Cpu.Numerics;
using BrainState.Cpu.Steps;
using BrainState.Ops;

namespace BrainState.Cpu.Lowering;

/// <summary>Windows at computed positions, and the largest elements.</summary>
internal sealed unsafe partial class Lowerer
{
    private Value LowerGather(Gather op, Operands operands, TensorSpec output)
    {
        var (x, indices, d) = (operands.Specs[0], operands.Specs[1], op.DimensionNumbers);
        var fill = FillValue(op, x.DType);
        if (output.ElementCount == 0) return new(output.DType, 0);
        if (x.ElementCount == 0) return Filled(fill, output.Shape);
        var windows = new IndexedWindows(x, indices, output.Shape, op.Mode, op.SliceSizes.Span, d.OffsetDims, d.CollapsedSliceDims, d.StartIndexMap,
            d.OperandBatchingDims, d.StartIndicesBatchingDims);
        return AddStep(operands.Values, output, memory => x.DType.Size switch
        {
            1 => new GatherStep<byte>(windows, (byte)fill.Bits, memory),
            2 => new GatherStep<ushort>(windows, (ushort)fill.Bits, memory),
            4 => new GatherStep<uint>(windows, (uint)fill.Bits, memory),
            8 => new GatherStep<ulong>(windows, (ulong)fill.Bits, memory),
            _ => new GatherStep<UInt128>(windows, fill.Bits, memory),
        });
    }

    private static Scalar FillValue(Gather op, DType dtype) => op.FillValue is { } fill ? Scalar.Of(dtype, fill) : dtype.Kind switch
    {
        DTypeKinds.Floating or DTypeKinds.Complex => Scalar.Of(dtype, double.NaN),
        DTypeKinds.Signed => Lowest(dtype),
        _ => Highest(dtype),
    };

    private Value LowerScatter(Scattering op, Operands operands, TensorSpec output)
    {
        var (x, indices, updates, d) = (operands.Specs[0], operands.Specs[1], operands.Specs[2], op.DimensionNumbers);
        if (updates.ElementCount == 0 || x.ElementCount == 0) return operands.Values[0];
        var window = new int[x.Rank];
        for (int axis = 0, i = 0; axis < window.Length; axis++)
            window[axis] = d.InsertedWindowDims.Contains(axis) || d.OperandBatchingDims.Contains(axis) ? 1 : updates.Shape[d.UpdateWindowDims[i++]];
        var windows = new IndexedWindows(x, indices, updates.Shape, op.Mode, window, d.UpdateWindowDims, d.InsertedWindowDims, d.ScatterDimsToOperandDims,
            d.OperandBatchingDims, d.ScatterIndicesBatchingDims);
        return AddStep(operands.Values, output, memory =>
        {
            var maker = new ScatterMaker(windows, x.ElementCount, memory);
            return op switch
            {
                ScatterAdd => Monoids.Visit<ScatterMaker, Step>(Monoid.Sum, x.DType, maker),
                ScatterMul => Monoids.Visit<ScatterMaker, Step>(Monoid.Product, x.DType, maker),
                ScatterMax => Monoids.Visit<ScatterMaker, Step>(Monoid.Max, x.DType, maker),
                ScatterMin => Monoids.Visit<ScatterMaker, Step>(Monoid.Min, x.DType, maker),
                _ => x.DType.Size switch
                {
                    1 => maker.Visit<ReplaceOf<byte>, byte>(),
                    2 => maker.Visit<ReplaceOf<ushort>, ushort>(),
                    4 => maker.Visit<ReplaceOf<uint>, uint>(),
                    8 => maker.Visit<ReplaceOf<ulong>, ulong>(),
                    _ => maker.Visit<ReplaceOf<UInt128>, UInt128>(),
                },
            };
        }, updatesFirst: true);
    }

    private Value[] LowerTopK(TopK op, Operands operands)
    {
        var spec = operands.Specs[0];
        var (length, lanes) = (spec.Shape[^1], spec.Shape[^1] == 0 ? 0 : spec.ElementCount / spec.Shape[^1]);
        var outputs = Results(op.Infer(operands.Specs.ToArray()));
        if (outputs[0].Count == 0) return outputs;
        AppendAll(new StepNode(InMemory(operands.Values), outputs, TopKStep.ScratchBytes(length, lanes), memory => new TopKStep(spec.DType, op.K, length, lanes, memory)));
        return outputs;
    }

    private readonly record struct ScatterMaker(IndexedWindows Windows, long Count, StepMemory Memory) : IMonoidVisitor<Step>
    {
        public Step Visit<TOp, T>() where TOp : struct, IScalarBinaryOp<T> where T : unmanaged => new ScatterStep<TOp, T>(Windows, Count, Memory);
    }
}
