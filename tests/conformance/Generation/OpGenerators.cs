using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Conformance.Generation;

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
        new Round(RoundingMethod.AwayFromZero), new ReducePrecision(5, 3), new IntegerPow(2), new IntegerPow(-2), new ConvertElementType(DType.Int8),
        new Abs(), new Acos(), new Acosh(), new Add(), new And(), new Asin(), new Asinh(), new Atan(), new Atan2(), new Atanh(), new Cbrt(), new Ceil(), new Clz(), new Conj(),
        new Cos(), new Cosh(), new Digamma(), new Div(), new Eq(), new Erf(), new Erfc(), new ErfInv(), new Exp(), new Exp2(), new Expm1(), new Floor(), new Ge(), new Gt(),
        new Imag(), new IsFinite(), new Le(), new Lgamma(), new Log(), new Log1p(), new Logistic(), new Lt(), new MakeComplex(), new Max(), new Min(), new Mul(), new Ne(), new Neg(), new NextAfter(), new Not(),
        new Or(), new PopulationCount(), new Pow(), new Real(), new Rem(), new Rsqrt(), new ShiftLeft(), new ShiftRightArithmetic(), new ShiftRightLogical(), new Sign(), new Sin(),
        new Sinh(), new Sqrt(), new Square(), new StopGradient(), new Sub(), new Tan(), new Tanh(), new Xor(),
    ];

    /// <summary>All generators, by op name.</summary>
    public static readonly IReadOnlyDictionary<string, OpGenerator> Table = Build();

    /// <summary>The ops that have a generator, in ordinal order.</summary>
    public static readonly IReadOnlyList<string> Names = [.. Table.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Those of programs that run on their own: collectives need an axis to run along, see <see cref="ProgramGenerator.Axis"/>.</summary>
    public static readonly IReadOnlyList<string> WithoutAxis = [.. Names.Except(EffectGenerators.Collectives.Keys)];

    static Dictionary<string, OpGenerator> Build()
    {
        var table = new Dictionary<string, OpGenerator>(
        [
            .. BodyOpGenerators.Table, .. IndexingGenerators.Table, .. WindowGenerators.Table, .. AlgebraGenerators.Table,
            .. EffectGenerators.Effects, .. EffectGenerators.Collectives,
        ]);
        foreach (var op in Elementwise.Where(op => op.Parameters.Count == 0)) table.Add(op.Name, s => Pointwise(s, op));
        table.Add("round", s => Pointwise(s, new Round(s.Pick(Enum.GetValues<RoundingMethod>()))));
        table.Add("reduce_precision", s => Pointwise(s, new ReducePrecision(s.Random.Next(1, 12), s.Random.Next(0, 54))));
        table.Add("integer_pow", s => Pointwise(s, new IntegerPow(s.Random.Next(-3, 4))));
        table.Add("convert_element_type", s => Pointwise(s, new ConvertElementType(s.AnyDType())));
        table.Add("bitcast_convert_type", Bitcast);
        table.Add("broadcast_in_dim", Broadcast);
        table.Add("reshape", Reshape);
        table.Add("transpose", s => s.On(DTypeKinds.Any, x => new Transpose(s.Axes(x.Rank, x.Rank))));
        table.Add("rev", s => s.On(DTypeKinds.Any, x => new Rev(s.Axes(x.Rank))));
        table.Add("concatenate", Concatenate);
        table.Add("pad", Pad);
        table.Add("iota", Iota);
        table.Add("slice", Slice);
        table.Add("dynamic_slice", DynamicSlice);
        table.Add("dynamic_update_slice", DynamicUpdateSlice);
        table.Add("reduce_sum", s => s.On(DTypeKinds.Number, x => new ReduceSum(s.Axes(x.Rank))));
        table.Add("reduce_prod", s => s.On(DTypeKinds.Number, x => new ReduceProd(s.Axes(x.Rank))));
        table.Add("reduce_max", s => s.On(DTypeKinds.Real | DTypeKinds.Bool, x => new ReduceMax(s.Axes(x.Rank))));
        table.Add("reduce_min", s => s.On(DTypeKinds.Real | DTypeKinds.Bool, x => new ReduceMin(s.Axes(x.Rank))));
        table.Add("reduce_and", s => s.On(DTypeKinds.Bitwise, x => new ReduceAnd(s.Axes(x.Rank))));
        table.Add("reduce_or", s => s.On(DTypeKinds.Bitwise, x => new ReduceOr(s.Axes(x.Rank))));
        table.Add("reduce_xor", s => s.On(DTypeKinds.Bitwise, x => new ReduceXor(s.Axes(x.Rank))));
        table.Add("argmax", s => ArgReduction(s, (axis, index) => new ArgMax(axis, index)));
        table.Add("argmin", s => ArgReduction(s, (axis, index) => new ArgMin(axis, index)));
        table.Add("clamp", Clamp);
        table.Add("select_n", Select);
        table.Add("dot_general", DotGeneral);
        table.Add("sort", Sort);
        table.Add("top_k", s => s.Allows(DType.Int32) ? s.On(DTypeKinds.Real | DTypeKinds.Bool, x => new TopK(s.Random.Next(x.Shape[^1] + 1)), minRank: 1) : null);
        table.Add("random_bits", RandomBits);
        table.Add("optimization_barrier", s => new(new OptimizationBarrier(), s.Values(s.Specs())));
        return table;
    }

    static Generated? Pointwise(GeneratorScope s, Elementwise op)
    {
        if (s.Spec(op.Accepts) is not { } spec || !op.AcceptsDType(spec.DType)) return null;
        var operands = new Operand[op.Arity];
        for (var i = 0; i < operands.Length; i++) operands[i] = s.Value(s.Coin(0.2) ? spec.With(Shape.Scalar) : spec);
        return new(op, operands);
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
        var axes = s.Axes(result.Rank).Order().ToValueArray();
        var shape = Shape.Create([.. axes.Select(a => s.Coin(0.3) ? 1 : result[a])]);
        return new(new BroadcastInDim(result, axes), [s.Value(new(s.AnyDType(), shape))]);
    }

    static Generated? Reshape(GeneratorScope s) => s.On(DTypeKinds.Any, x => s.Random.Next(3) switch
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

    static Generated? Slice(GeneratorScope s) => s.On(DTypeKinds.Any, x =>
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
        var lhsAxes = s.Axes(lhs.Rank);
        var batchCount = s.Random.Next(lhsAxes.Count + 1);
        var rhsRank = s.Random.Next(lhsAxes.Count, Math.Max(lhsAxes.Count, s.MaxRank) + 1);
        var rhsAxes = s.Axes(rhsRank, lhsAxes.Count);
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
