using System.Collections.Concurrent;
using BrainState.Programs;

namespace BrainState.Ops;

/// <summary>All ops by name: how program text becomes ops again. Libraries that define ops register them here.</summary>
public static class OpRegistry
{
    private static readonly ConcurrentDictionary<string, Func<OpParameters, Op>> Readers = new(Builtin());

    /// <summary>The names of all registered ops, in ordinal order.</summary>
    public static IReadOnlyList<string> Names => [.. Readers.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Makes an op known by the name that it prints.</summary>
    /// <exception cref="ArgumentException">Another op has that name.</exception>
    public static void Register(string name, Func<OpParameters, Op> read)
    {
        if (!Readers.TryAdd(name, read)) throw new ArgumentException($"An op named '{name}' is registered already.", nameof(name));
    }

    /// <summary>The op with the given name and parameters.</summary>
    /// <exception cref="ProgramFormatException">No op has that name, or a parameter is missing or malformed.</exception>
    internal static Op Read(string name, IReadOnlyDictionary<string, object?> parameters) =>
        Readers.TryGetValue(name, out var read)
            ? read(new OpParameters(name, parameters))
            : throw new ProgramFormatException($"'{name}' is not an op.");

    private static Dictionary<string, Func<OpParameters, Op>> Builtin()
    {
        var readers = new Dictionary<string, Func<OpParameters, Op>>();
        foreach (var op in Parameterless) readers.Add(op.Name, _ => op);
        readers.Add("round", p => new Round(p.Enum<RoundingMethod>("rounding_method")));
        readers.Add("reduce_precision", p => new ReducePrecision(p.Int("exponent_bits"), p.Int("mantissa_bits")));
        readers.Add("integer_pow", p => new IntegerPow(p.Int("y")));
        readers.Add("convert_element_type", p => new ConvertElementType(p.DType("new_dtype")));
        readers.Add("bitcast_convert_type", p => new BitcastConvertType(p.DType("new_dtype")));
        readers.Add("broadcast_in_dim", p => new BroadcastInDim(p.Shape("shape"), p.Ints("broadcast_dimensions")));
        readers.Add("reshape", p => new Reshape(p.Shape("new_sizes")));
        readers.Add("transpose", p => new Transpose(p.Ints("permutation")));
        readers.Add("rev", p => new Rev(p.Ints("dimensions")));
        readers.Add("concatenate", p => new Concatenate(p.Int("dimension")));
        readers.Add("pad", p => new Pad(p.Tuple("padding_config").Select(axis => p.ToInts(axis, "padding_config")).Select(axis => axis.Count == 3
            ? new PaddingConfig(axis[0], axis[1], axis[2])
            : throw p.Mismatch("padding_config", "a tuple of (low, high, interior)")).ToValueArray()));
        readers.Add("iota", p => new Iota(p.DType("dtype"), p.Shape("shape"), p.Int("dimension")));
        readers.Add("slice", p => new Slice(p.Ints("start_indices"), p.Ints("limit_indices"), p.Ints("strides")));
        readers.Add("gather", Gather.Read);
        readers.Add("scatter", p => Scattering.Read(p, static (d, mode, unique) => new Scatter(d, mode, unique)));
        readers.Add("scatter_add", p => Scattering.Read(p, static (d, mode, unique) => new ScatterAdd(d, mode, unique)));
        readers.Add("scatter_mul", p => Scattering.Read(p, static (d, mode, unique) => new ScatterMul(d, mode, unique)));
        readers.Add("scatter_min", p => Scattering.Read(p, static (d, mode, unique) => new ScatterMin(d, mode, unique)));
        readers.Add("scatter_max", p => Scattering.Read(p, static (d, mode, unique) => new ScatterMax(d, mode, unique)));
        readers.Add("dynamic_slice", p => new DynamicSlice(p.Ints("slice_sizes")));
        readers.Add("reduce_sum", p => new ReduceSum(p.Ints("axes")));
        readers.Add("reduce_prod", p => new ReduceProd(p.Ints("axes")));
        readers.Add("reduce_max", p => new ReduceMax(p.Ints("axes")));
        readers.Add("reduce_min", p => new ReduceMin(p.Ints("axes")));
        readers.Add("reduce_and", p => new ReduceAnd(p.Ints("axes")));
        readers.Add("reduce_or", p => new ReduceOr(p.Ints("axes")));
        readers.Add("reduce_xor", p => new ReduceXor(p.Ints("axes")));
        readers.Add("reduce", p => new Reduce(p.Program("body"), p.Ints("axes")));
        readers.Add("argmax", p => new ArgMax(SingleAxis(p), p.DType("index_dtype")));
        readers.Add("argmin", p => new ArgMin(SingleAxis(p), p.DType("index_dtype")));
        readers.Add("dot_general", DotGeneral.Read);
        readers.Add("conv_general_dilated", ConvGeneralDilated.Read);
        readers.Add("cumsum", p => new CumSum(p.Int("axis"), p.Bool("reverse")));
        readers.Add("cumprod", p => new CumProd(p.Int("axis"), p.Bool("reverse")));
        readers.Add("cummax", p => new CumMax(p.Int("axis"), p.Bool("reverse")));
        readers.Add("cummin", p => new CumMin(p.Int("axis"), p.Bool("reverse")));
        readers.Add("cumlogsumexp", p => new CumLogSumExp(p.Int("axis"), p.Bool("reverse")));
        readers.Add("reduce_window_sum", p => new ReduceWindowSum(Window.Read(p)));
        readers.Add("reduce_window_max", p => new ReduceWindowMax(Window.Read(p)));
        readers.Add("reduce_window_min", p => new ReduceWindowMin(Window.Read(p)));
        readers.Add("reduce_window", p => new ReduceWindow(p.Program("body"), Window.Read(p)));
        readers.Add("select_and_gather_add", p => new SelectAndGatherAdd(p.Enum<WindowSelection>("select_prim"), Window.Read(p)));
        readers.Add("select_and_scatter_add", p => new SelectAndScatterAdd(p.Enum<WindowSelection>("select_prim"), Window.Read(p)));
        readers.Add("top_k", p => new TopK(p.Int("k")));
        readers.Add("sort", p => new Sort(p.Int("dimension"), p.Int("num_keys")));
        readers.Add("random_bits", p => new RandomBits(p.DType("dtype"), p.Shape("shape")));
        readers.Add("scan", p => new Scan(
            p.Program("body"), p.Int("num_consts"), p.Int("num_carry"), p.Int("length"), p.Bool("reverse"), p.Int("unroll")));
        readers.Add("while", p => new While(p.Program("cond"), p.Program("body"), p.Int("cond_nconsts"), p.Int("body_nconsts")));
        readers.Add("cond", p => new Cond(p.Programs("branches")));
        readers.Add("call", p => new Call(p.Program("body"), p.String("name")));
        readers.Add("checkpoint", p => new Checkpoint(p.Program("body"), p.Enum<CheckpointPolicy>("policy")));
        readers.Add("custom_jvp", p => new CustomJvp(p.Program("body"), p.Program("jvp"), p.Int("num_consts")));
        readers.Add("custom_vjp", p => new CustomVjp(p.Program("body"), p.Program("fwd"), p.Program("bwd"), p.Int("num_consts")));
        readers.Add("composite", Composite.Read);
        readers.Add("fft", p => new Fft(p.Enum<FftType>("fft_type"), p.Ints("fft_lengths")));
        readers.Add("qr", p => new Qr(p.Bool("full_matrices")));
        readers.Add("eigh", p => new Eigh(p.Bool("lower")));
        readers.Add("svd", p => new Svd(p.Bool("full_matrices"), p.Bool("compute_uv")));
        readers.Add("triangular_solve", p => new TriangularSolve(p.Bool("left_side"), p.Bool("lower"), p.Enum<MatrixTranspose>("transpose_a"), p.Bool("unit_diagonal")));
        readers.Add("psum", p => new PSum(p.String("axis_name")));
        readers.Add("pmax", p => new PMax(p.String("axis_name")));
        readers.Add("pmin", p => new PMin(p.String("axis_name")));
        readers.Add("axis_index", p => new AxisIndex(p.String("axis_name")));
        readers.Add("ppermute", PPermute.Read);
        readers.Add("all_gather", p => new AllGather(p.String("axis_name"), p.Int("axis_size"), p.Int("all_gather_dimension")));
        readers.Add("reduce_scatter", p => new ReduceScatter(p.String("axis_name"), p.Int("axis_size"), p.Int("scatter_dimension")));
        readers.Add("all_to_all", p => new AllToAll(p.String("axis_name"), p.Int("axis_size"), p.Int("split_axis"), p.Int("concat_axis")));
        readers.Add("debug_print", p => new DebugPrint(p.String("fmt"), p.Has("channel") ? p.String("channel") : null));
        readers.Add("error_if", p => new ErrorIf(p.String("msg")));
        return readers;
    }

    private static int SingleAxis(OpParameters parameters) =>
        parameters.Ints("axes") is { Count: 1 } axes ? axes[0] : throw parameters.Mismatch("axes", "a tuple of one axis");

    private static IEnumerable<Op> Parameterless =>
    [
        new Abs(), new Acos(), new Acosh(), new Add(), new And(), new Asin(), new Asinh(), new Atan(), new Atan2(), new Atanh(),
        new Cbrt(), new Ceil(), new Cholesky(), new Clamp(), new Clz(), new Conj(), new Cos(), new Cosh(), new Digamma(), new Div(), new DynamicUpdateSlice(),
        new Eq(), new Erf(), new Erfc(), new ErfInv(),
        new Exp(), new Exp2(), new Expm1(), new Floor(), new Ge(), new Gt(), new Imag(), new IsFinite(), new Le(), new Lgamma(), new Log(), new Log1p(),
        new Logistic(), new Lt(), new Lu(), new MakeComplex(), new Max(), new Min(), new Mul(), new Ne(), new Neg(), new NextAfter(), new Not(),
        new OptimizationBarrier(), new Or(), new PopulationCount(), new Pow(), new Real(), new Rem(), new Rsqrt(), new SelectN(), new ShiftLeft(), new ShiftRightArithmetic(), new ShiftRightLogical(),
        new Sign(), new Sin(), new Sinh(), new Sqrt(), new Square(), new StopGradient(), new Sub(), new Tan(), new Tanh(), new Xor(),
    ];
}
