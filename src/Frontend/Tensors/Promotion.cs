namespace BrainState;

/// <summary>
/// Which dtype operands of different dtypes meet in: the least upper bound in JAX's promotion lattice, in which weak integers, floats and
/// complex numbers (C# numbers and what is computed from them alone) stand below the sized dtypes of their kind.
/// </summary>
internal static class Promotion
{
    // The nodes are the dtypes in declaration order, then the three weak kinds.
    private const int WeakInt = (int)DType.Complex128 + 1;
    private const int WeakFloat = WeakInt + 1;
    private const int WeakComplex = WeakInt + 2;
    private const int NodeCount = WeakInt + 3;

    /// <summary>For each node, the set of nodes at or above it.</summary>
    private static readonly int[] UpperBounds = ComputeUpperBounds();

    /// <summary>The dtype and weakness of an operation on <paramref name="operands"/>.</summary>
    public static PromotedType Of(params ReadOnlySpan<Tensor> operands)
    {
        var first = operands[0];
        var (isSame, isWeak) = (true, true);
        foreach (var operand in operands)
        {
            isSame &= operand.DType == first.DType && operand.IsWeak == first.IsWeak;
            isWeak &= operand.IsWeak;
        }
        if (isSame) return new(first.DType, first.IsWeak);

        // If every operand is weak, the sized dtypes meet and the result stays weak.
        var common = ~0;
        foreach (var operand in operands) common &= UpperBounds[operand.IsWeak && !isWeak ? WeakNode(operand.DType) : (int)operand.DType];
        var bound = LeastOf(common);
        return bound >= WeakInt ? new(DefaultOf(bound), true) : new((DType)bound, isWeak);
    }

    /// <summary>What a value of the first kind and one of the second have in common if weak ones may change their dtype and others may not; null if nothing.</summary>
    public static PromotedType? Unify(PromotedType a, PromotedType b)
    {
        if (a.DType == b.DType) return new(a.DType, a.IsWeak && b.IsWeak);
        if (a.IsWeak && b.IsWeak) return new(Of(a.DType, b.DType), true);
        if (a.IsWeak == b.IsWeak) return null;
        var (weak, strong) = a.IsWeak ? (a, b) : (b, a);
        return (UpperBounds[WeakNode(weak.DType)] & (1 << (int)strong.DType)) != 0 ? strong : null;
    }

    /// <summary>The dtype two strong dtypes meet in.</summary>
    public static DType Of(DType a, DType b) => (DType)LeastOf(UpperBounds[(int)a] & UpperBounds[(int)b]);

    private static int WeakNode(DType dtype) => dtype.Kind switch
    {
        DTypeKinds.Bool => (int)DType.Bool,
        DTypeKinds.Floating => WeakFloat,
        DTypeKinds.Complex => WeakComplex,
        _ => WeakInt,
    };

    private static DType DefaultOf(int node) => node switch
    {
        WeakInt => Environ.DefaultInteger,
        WeakFloat => Environ.DefaultFloat,
        _ => Environ.DefaultComplex,
    };

    /// <summary>The member of a set of upper bounds that all others are above.</summary>
    private static int LeastOf(int set)
    {
        for (var node = 0; node < NodeCount; node++)
            if ((set & (1 << node)) != 0 && (UpperBounds[node] & set) == set)
                return node;
        throw new InvalidOperationException("The promotion lattice has no least upper bound.");
    }

    private static int[] ComputeUpperBounds()
    {
        var above = new int[NodeCount][];
        above[(int)DType.Bool] = [WeakInt];
        above[WeakInt] = [(int)DType.UInt8, (int)DType.Int8];
        above[(int)DType.UInt8] = [(int)DType.Int16, (int)DType.UInt16];
        above[(int)DType.UInt16] = [(int)DType.Int32, (int)DType.UInt32];
        above[(int)DType.UInt32] = [(int)DType.Int64, (int)DType.UInt64];
        above[(int)DType.UInt64] = [WeakFloat];
        above[(int)DType.Int8] = [(int)DType.Int16];
        above[(int)DType.Int16] = [(int)DType.Int32];
        above[(int)DType.Int32] = [(int)DType.Int64];
        above[(int)DType.Int64] = [WeakFloat];
        above[WeakFloat] = [WeakComplex, (int)DType.Float16, (int)DType.BFloat16];
        above[(int)DType.Float16] = [(int)DType.Float32];
        above[(int)DType.BFloat16] = [(int)DType.Float32];
        above[(int)DType.Float32] = [(int)DType.Float64, (int)DType.Complex64];
        above[(int)DType.Float64] = [(int)DType.Complex128];
        above[WeakComplex] = [(int)DType.Complex64];
        above[(int)DType.Complex64] = [(int)DType.Complex128];
        above[(int)DType.Complex128] = [];

        var bounds = new int[NodeCount];
        int Collect(int node) => bounds[node] != 0 ? bounds[node] : bounds[node] = above[node].Aggregate(1 << node, (set, next) => set | Collect(next));
        for (var node = 0; node < NodeCount; node++) Collect(node);
        return bounds;
    }
}

/// <summary>A dtype and whether it yields to others.</summary>
internal readonly record struct PromotedType(DType DType, bool IsWeak);
