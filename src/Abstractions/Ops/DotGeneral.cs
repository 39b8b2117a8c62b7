using System.Collections;

namespace BrainState.Ops;

/// <summary>
/// A product summed over contracting axes, for each combination of batch axes. The result has the batch axes, then the other axes of
/// the left operand, then those of the right one.
/// </summary>
/// <remarks>
/// (C1) Operand dtypes are equal numbers. (C2) Contracting and batch axes are distinct axes of each operand.
/// (C3) Paired axes are equal in number and size. Products are accumulated in at least the precision of the result,
/// float16 and bfloat16 in float32.
/// </remarks>
public sealed record DotGeneral(
    ValueArray<int> LhsContracting, ValueArray<int> RhsContracting, ValueArray<int> LhsBatch, ValueArray<int> RhsBatch, DType PreferredElementType) : Op
{
    /// <inheritdoc/>
    public override string Name => "dot_general";

    /// <inheritdoc/>
    public override IReadOnlyList<OpParameter> Parameters =>
    [
        new("dimension_numbers", OpParameter.Tuple(
            OpParameter.Tuple(new ParameterList(LhsContracting), new ParameterList(RhsContracting)),
            OpParameter.Tuple(new ParameterList(LhsBatch), new ParameterList(RhsBatch)))),
        new("preferred_element_type", PreferredElementType),
    ];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands)
    {
        RequireCount(operands, 2);
        var (lhs, rhs) = (operands[0], operands[1]);
        Require(lhs.DType == rhs.DType, "C1", $"dtypes must be equal, but are {lhs} and {rhs}");
        RequireKind(lhs, DTypeKinds.Number, "C1");
        Require(PreferredElementType.Is(DTypeKinds.Number), "C1", $"the result cannot be {PreferredElementType.Name}");
        int[] lhsPaired = [.. LhsBatch, .. LhsContracting], rhsPaired = [.. RhsBatch, .. RhsContracting];
        RequireAxes(lhsPaired, lhs.Rank, "C2", "the axes of the left operand");
        RequireAxes(rhsPaired, rhs.Rank, "C2", "the axes of the right operand");
        Require(LhsBatch.Count == RhsBatch.Count && LhsContracting.Count == RhsContracting.Count, "C3",
            $"batch and contracting axes must come in pairs, but are {LhsBatch}, {RhsBatch} and {LhsContracting}, {RhsContracting}");
        for (var i = 0; i < lhsPaired.Length; i++)
            Require(lhs.Shape[lhsPaired[i]] == rhs.Shape[rhsPaired[i]], "C3",
                $"axis {lhsPaired[i]} of {lhs} and axis {rhsPaired[i]} of {rhs} must have the same size");

        var shape = new int[lhs.Rank + rhs.Rank - LhsContracting.Count - rhsPaired.Length];
        var count = 0;
        foreach (var axis in LhsBatch) shape[count++] = lhs.Shape[axis];
        for (var axis = 0; axis < lhs.Rank; axis++)
            if (!lhsPaired.AsSpan().Contains(axis))
                shape[count++] = lhs.Shape[axis];
        for (var axis = 0; axis < rhs.Rank; axis++)
            if (!rhsPaired.AsSpan().Contains(axis))
                shape[count++] = rhs.Shape[axis];
        return [new(PreferredElementType, new Shape(shape))];
    }

    internal static DotGeneral Read(OpParameters parameters)
    {
        var pairs = parameters.Tuple("dimension_numbers");
        if (pairs.Count != 2 || pairs[0] is not ValueArray<object?> { Count: 2 } contracting || pairs[1] is not ValueArray<object?> { Count: 2 } batch)
            throw parameters.Mismatch("dimension_numbers", "(([lhs], [rhs]), ([lhs batch], [rhs batch]))");
        ValueArray<int> Ints(object? list) => parameters.ToInts(list, "dimension_numbers");
        return new(Ints(contracting[0]), Ints(contracting[1]), Ints(batch[0]), Ints(batch[1]), parameters.DType("preferred_element_type"));
    }
}

/// <summary>Integers that print as a Python list and not as a tuple.</summary>
internal readonly record struct ParameterList(ValueArray<int> Items) : IEnumerable<int>
{
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)Items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"[{string.Join(", ", Items)}]";
}
