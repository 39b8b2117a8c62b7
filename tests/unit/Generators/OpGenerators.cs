using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.Generators;

/// <summary>An op with operands that satisfy its constraints.</summary>
internal readonly record struct Generated(Op Op, Operand[] Operands);

/// <summary>Makes an op with operands from a scope, or null where the scope's dtypes or ops do not allow it.</summary>
internal delegate Generated? OpGenerator(GeneratorScope scope);

/// <summary>One generator per op name.</summary>
internal static class OpGenerators
{
    /// <summary>An instance of each elementwise op.</summary>
    public static readonly IReadOnlyList<Elementwise> Elementwise =
    [
        new Round(RoundingMethod.AwayFromZero), new IntegerPow(2), new IntegerPow(-2), new ConvertElementType(DType.Int8),
        new Abs(), new Acos(), new Acosh(), new Add(), new And(), new Asin(), new Asinh(), new Atan(), new Atan2(), new Atanh(), new Cbrt(), new Ceil(),
        new Cos(), new Cosh(), new Div(), new Eq(), new Erf(), new ErfInv(), new Exp(), new Exp2(), new Expm1(), new Floor(), new Ge(), new Gt(),
        new IsFinite(), new Le(), new Log(), new Log1p(), new Logistic(), new Lt(), new Max(), new Min(), new Mul(), new Ne(), new Neg(), new Not(),
        new Or(), new Pow(), new Rem(), new Rsqrt(), new ShiftLeft(), new ShiftRightArithmetic(), new ShiftRightLogical(), new Sign(), new Sin(),
        new Sinh(), new Sqrt(), new Square(), new StopGradient(), new Sub(), new Tan(), new Tanh(), new Xor(),
    ];

    /// <summary>All generators, by op name.</summary>
    public static readonly IReadOnlyDictionary<string, OpGenerator> Table = Build();

    /// <summary>The ops that have a generator, in ordinal order.</summary>
    public static readonly IReadOnlyList<string> Names = [.. Table.Keys.Order(StringComparer.Ordinal)];

    static Dictionary<string, OpGenerator> Build()
    {
        var table = new Dictionary<string, OpGenerator>(BodyOpGenerators.Table);
        foreach (var op in Elementwise.Where(op => op.Parameters.Count == 0)) table.Add(op.Name, s => Pointwise(s, op));
        table.Add("round", s => Pointwise(s, new Round(s.Pick(Enum.GetValues<RoundingMethod>()))));
        table.Add("integer_pow", s => Pointwise(s, new IntegerPow(s.Random.Next(-3, 4))));
        table.Add("convert_element_type", s => Pointwise(s, new ConvertElementType(s.AnyDType())));
        table.Add("bitcast_convert_type", Bitcast);
        table.Add("broadcast_in_dim", Broadcast);
        table.Add("reshape", Reshape);
        table.Add("transpose", s => On(s, DTypeKinds.Any, x => new Transpose(Axes(s, x.Rank, x.Rank))));
        table.Add("rev", s => On(s, DTypeKinds.Any, x => new Rev(Axes(s, x.Rank))));
        table.Add("concatenate", Concatenate);
        table.Add("pad", Pad);
        table.Add("iota", Iota);
        table.Add("slice", Slice);
        table.Add("dynamic_slice", DynamicSlice);
        table.Add("dynamic_update_slice", DynamicUpdateSlice);
        table.Add("reduce_sum", s => On(s, DTypeKinds.Number, x => new ReduceSum(Axes(s, x.Rank))));
        table.Add("reduce_prod", s => On(s, DTypeKinds.Number, x => new ReduceProd(Axes(s, x.Rank))));
        table.Add("reduce_max", s => On(s, DTypeKinds.Real | DTypeKinds.Bool, x => new ReduceMax(Axes(s, x.Rank))));
        table.Add("reduce_min", s => On(s, DTypeKinds.Real | DTypeKinds.Bool, x => new ReduceMin(Axes(s, x.Rank))));
        table.Add("reduce_and", s => On(s, DTypeKinds.Bitwise, x => new ReduceAnd(Axes(s, x.Rank))));
        table.Add("reduce_or", s => On(s, DTypeKinds.Bitwise, x => new ReduceOr(Axes(s, x.Rank))));
        table.Add("argmax", s => ArgReduction(s, (axis, index) => new ArgMax(axis, index)));
        table.Add("argmin", s => ArgReduction(s, (axis, index) => new ArgMin(axis, index)));
        table.Add("clamp", Clamp);
        table.Add("select_n", Select);
        table.Add("dot_general", DotGeneral);
        table.Add("sort", Sort);
        table.Add("random_bits", RandomBits);
        table.Add("optimization_barrier", s => new(new OptimizationBarrier(), s.Values(s.Specs())));
        return table;
    }

    static Generated? Pointwise(GeneratorScope s, Elementwise op)
    {
        if (s.Spec(op.Accepts) is not { } spec) return null;
        var operands = new Operand[op.Arity];
        for (var i = 0; i < operands.Length; i++) operands[i] = s.Value(s.Coin(0.2) ? spec.With(Shape.Scalar) : spec);
        return new(op, operands);
    }

    static Generated? On(GeneratorScope s, DTypeKinds kinds, Func<TensorSpec, Op> make, int minRank = 0) =>
        s.Spec(kinds, minRank) is { } spec ? new(make(spec), [s.Value(spec)]) : null;

    /// <summary>Distinct axes in random order; any number of them unless told otherwise.</summary>
    static ValueArray<int> Axes(GeneratorScope s, int rank, int? count = null)
    {
        var axes = Enumerable.Range(0, rank).ToArray();
        s.Random.Shuffle(axes);
        return axes[..(count ?? s.Random.Next(rank + 1))].ToValueArray();
    }

    static Generated? Bitcast(GeneratorScope s)
    {
        if (s.DType(DTypeKinds.Real) is not { } to || s.Spec(DTypeKinds.Real, 0, s.MaxRank - 1) is not { } spec) return null;
        if (spec.DType.Size < to.Size) spec = spec.With(spec.Shape.Insert(spec.Rank, to.Size / spec.DType.Size));
        return new(new BitcastConvertType(to), [s.Value(spec)]);
    }

    static Generated? Broadcast(GeneratorScope s)
    {
        var result = s.Shape();
        var axes = Axes(s, result.Rank).Order().ToValueArray();
        var shape = Shape.Create([.. axes.Select(a => s.Coin(0.3) ? 1 : result[a])]);
        return new(new BroadcastInDim(result, axes), [s.Value(new(s.AnyDType(), shape))]);
    }

    static Generated? Reshape(GeneratorScope s) => On(s, DTypeKinds.Any, x => s.Random.Next(3) switch
    {
        0 => new Reshape(Shape.Create([(int)x.ElementCount])),
        1 => new Reshape(x.Shape.Insert(s.Random.Next(x.Rank + 1), 1)),
        _ => new Reshape(Shape.Create([.. x.Shape.Reverse()])),
    });

    static Generated? Concatenate(GeneratorScope s)
    {
        var spec = s.Spec(DTypeKinds.Any, 1)!.Value;
        var axis = s.Random.Next(spec.Rank);
        var operands = Enumerable.Range(0, s.Random.Next(1, 4)).Select(_ => s.Value(s.Coin() ? spec : spec.With(spec.Shape.With(axis, s.Size()))));
        return new(new Concatenate(axis), [.. operands]);
    }

    static Generated? Pad(GeneratorScope s)
    {
        var spec = s.Spec(DTypeKinds.Any)!.Value;
        var padding = spec.Shape.Select(size =>
        {
            var (low, interior) = (s.Random.Next(-size, 3), s.Random.Next(3));
            var padded = size + Math.Max(0, size - 1) * interior + low;
            return new PaddingConfig(low, s.Random.Next(-Math.Min(padded, 2), 3), interior);
        });
        return new(new Pad(padding.ToValueArray()), [s.Value(spec), s.Value(spec.With(Shape.Scalar))]);
    }

    static Generated? Iota(GeneratorScope s)
    {
        if (s.DType(DTypeKinds.Number) is not { } dtype) return null;
        var shape = s.Shape(1);
        return new(new Iota(dtype, shape, s.Random.Next(shape.Rank)), []);
    }

    static Generated? Slice(GeneratorScope s) => On(s, DTypeKinds.Any, x =>
    {
        var starts = x.Shape.Select(size => s.Random.Next(size + 1)).ToValueArray();
        var limits = x.Shape.Select((size, i) => s.Random.Next(starts[i], size + 1)).ToValueArray();
        return new Slice(starts, limits, x.Shape.Select(_ => s.Coin(0.1) ? int.MaxValue : s.Random.Next(1, 4)).ToValueArray());
    });

    static Operand[] Starts(GeneratorScope s, DType index, int rank) =>
        s.Values(Enumerable.Repeat(new TensorSpec(index, Shape.Scalar), rank));

    static Generated? DynamicSlice(GeneratorScope s)
    {
        if (s.DType(DTypeKinds.Integer) is not { } index || s.Spec(DTypeKinds.Any) is not { } x) return null;
        var sizes = x.Shape.Select(size => s.Random.Next(size + 1)).ToValueArray();
        return new(new DynamicSlice(sizes), [s.Value(x), .. Starts(s, index, x.Rank)]);
    }

    static Generated? DynamicUpdateSlice(GeneratorScope s)
    {
        if (s.DType(DTypeKinds.Integer) is not { } index || s.Spec(DTypeKinds.Any) is not { } x) return null;
        var update = Shape.Create([.. x.Shape.Select(size => s.Random.Next(size + 1))]);
        return new(new DynamicUpdateSlice(), [s.Value(x), s.Value(x.With(update)), .. Starts(s, index, x.Rank)]);
    }

    static Generated? ArgReduction(GeneratorScope s, Func<int, DType, ArgReduction> make)
    {
        if (s.DType(DTypeKinds.Integer) is not { } index || s.Spec(DTypeKinds.Real | DTypeKinds.Bool, 1) is not { } x) return null;
        var axis = s.Random.Next(x.Rank);
        return x.Shape[axis] == 0 ? null : new(make(axis, index), [s.Value(x)]);
    }

    static Generated? Clamp(GeneratorScope s)
    {
        if (s.Spec(DTypeKinds.Real) is not { } x) return null;
        TensorSpec Bound() => s.Coin() ? x : x.With(Shape.Scalar);
        return new(new Clamp(), [s.Value(Bound()), s.Value(x), s.Value(Bound())]);
    }

    static Generated? Select(GeneratorScope s)
    {
        DType[] selectors = [.. new[] { DType.Bool, DType.Int32 }.Where(s.Allows)];
        if (selectors.Length == 0) return null;
        var (which, spec) = (s.Pick(selectors), s.Spec(DTypeKinds.Any)!.Value);
        var cases = Enumerable.Repeat(spec, s.Random.Next(1, which == DType.Bool ? 3 : 4));
        return new(new SelectN(), [s.Value(new(which, s.Coin(0.3) ? Shape.Scalar : spec.Shape)), .. s.Values(cases)]);
    }

    static Generated? DotGeneral(GeneratorScope s)
    {
        if (s.Spec(DTypeKinds.Number) is not { } lhs || s.DType(DTypeKinds.Number) is not { } result) return null;
        var lhsAxes = Axes(s, lhs.Rank);
        var batchCount = s.Random.Next(lhsAxes.Count + 1);
        var rhsRank = s.Random.Next(lhsAxes.Count, Math.Max(lhsAxes.Count, s.MaxRank) + 1);
        var rhsAxes = Axes(s, rhsRank, lhsAxes.Count);
        var rhsDims = s.Shape(rhsRank, rhsRank).ToArray();
        for (var i = 0; i < lhsAxes.Count; i++) rhsDims[rhsAxes[i]] = lhs.Shape[lhsAxes[i]];
        var op = new DotGeneral(
            lhsAxes.Skip(batchCount).ToValueArray(), rhsAxes.Skip(batchCount).ToValueArray(),
            lhsAxes.Take(batchCount).ToValueArray(), rhsAxes.Take(batchCount).ToValueArray(), result);
        return new(op, [s.Value(lhs), s.Value(lhs.With((Shape)rhsDims))]);
    }

    static Generated? Sort(GeneratorScope s)
    {
        if (s.Spec(DTypeKinds.Real | DTypeKinds.Bool, 1) is not { } key) return null;
        var keyCount = s.Random.Next(1, 3);
        var keys = Enumerable.Range(0, keyCount).Select(_ => key.With(s.DType(DTypeKinds.Real | DTypeKinds.Bool)!.Value));
        var others = Enumerable.Range(0, s.Random.Next(2)).Select(_ => key.With(s.AnyDType()));
        return new(new Sort(s.Random.Next(key.Rank), keyCount), s.Values([.. keys, .. others]));
    }

    static Generated? RandomBits(GeneratorScope s)
    {
        if (!s.Allows(DType.UInt32)) return null;
        var keys = s.Shape(0, 1);
        var key = new TensorSpec(DType.UInt32, keys.Insert(keys.Rank, 2));
        return new(new RandomBits(s.DType(DTypeKinds.Unsigned)!.Value, s.Shape(0, s.MaxRank - keys.Rank)), [s.Value(key)]);
    }
}
