using BrainState.Execution;
using BrainState.Ops;
using BrainState.Programs;
using static BrainState.Transforms;

namespace BrainState.Conformance.Gradients;

/// <summary>For every op that has a derivative, functions to check it with.</summary>
internal static partial class OpCases
{
    public static IReadOnlyList<OpCase> All { get; } = [.. Unary(), .. Binary(), .. Selection(), .. Shaping(), .. Slicing(), .. Reductions(), .. Products(), .. Bodies(),
        .. Special(), .. Positions(), .. Windows(), .. Convolutions(), .. Cumulative(), .. Complex(), .. Fourier(), .. Matrices(), .. Branches(), .. Loops(), .. Custom()];

    private static IEnumerable<OpCase> Unary()
    {
        (string Name, Func<Tensor, Tensor> F, double Low, double High)[] ops =
        [
            ("neg", Lax.Neg, -2, 2), ("abs", Lax.Abs, 0.1, 2), ("abs", Lax.Abs, -2, -0.1), ("exp", Lax.Exp, -2, 2), ("exp2", Lax.Exp2, -2, 2), ("log", Lax.Log, 0.3, 3),
            ("log1p", Lax.Log1p, -0.6, 2), ("expm1", Lax.Expm1, -2, 2), ("tanh", Lax.Tanh, -2, 2), ("logistic", Lax.Logistic, -3, 3), ("sin", Lax.Sin, -3, 3),
            ("cos", Lax.Cos, -3, 3), ("tan", Lax.Tan, -1, 1), ("asin", Lax.Asin, -0.8, 0.8), ("acos", Lax.Acos, -0.8, 0.8), ("atan", Lax.Atan, -3, 3),
            ("sinh", Lax.Sinh, -2, 2), ("cosh", Lax.Cosh, -2, 2), ("asinh", Lax.Asinh, -3, 3), ("acosh", Lax.Acosh, 1.3, 3), ("atanh", Lax.Atanh, -0.8, 0.8),
            ("sqrt", Lax.Sqrt, 0.3, 3), ("rsqrt", Lax.Rsqrt, 0.3, 3), ("cbrt", Lax.Cbrt, 0.3, 3), ("cbrt", Lax.Cbrt, -3, -0.3), ("square", Lax.Square, -2, 2),
            ("erf", Lax.Erf, -2, 2), ("erf_inv", Lax.ErfInv, -0.8, 0.8),
            ("sign", Lax.Sign, 0.1, 2), ("floor", Lax.Floor, 0.1, 0.9), ("ceil", Lax.Ceil, 0.1, 0.9), ("round", x => Lax.Round(x), 0.6, 1.4),
            ("is_finite", x => x * Lax.ConvertElementType(Lax.IsFinite(x), DType.Float64), -2, 2),
            .. from n in (int[])[-3, -1, 0, 1, 2, 3, 5] select ("integer_pow", (Func<Tensor, Tensor>)(x => Lax.IntegerPow(x, n)), 0.5, 2.0),
        ];
        foreach (var (name, f, low, high) in ops)
            foreach (var shape in (Shape[])[[], [3], [2, 0], [2, 1, 2]])
                yield return new(name, $"of {shape} in [{low}, {high}]", x => f(x[0]), [shape], low, high);
    }

    private static IEnumerable<OpCase> Binary()
    {
        (string Name, Func<Tensor, Tensor, Tensor> F, double Low, double High)[] ops =
        [
            ("add", Lax.Add, -2, 2), ("sub", Lax.Sub, -2, 2), ("mul", Lax.Mul, -2, 2), ("div", Lax.Div, 0.5, 2), ("max", Lax.Max, -2, 2), ("min", Lax.Min, -2, 2),
            ("pow", Lax.Pow, 0.3, 2), ("atan2", Lax.Atan2, 0.3, 2), ("atan2", Lax.Atan2, -2, -0.3), ("rem", (x, y) => Lax.Rem(x, y), 0.5, 0.99),
            .. from compare in (IEnumerable<(string, Func<Tensor, Tensor, Tensor>)>)[("eq", Lax.Eq), ("ne", Lax.Ne), ("lt", Lax.Lt), ("le", Lax.Le), ("gt", Lax.Gt), ("ge", Lax.Ge)]
               select (compare.Item1, (Func<Tensor, Tensor, Tensor>)((x, y) => x + y * Lax.ConvertElementType(compare.Item2(x, y), DType.Float64)), -2.0, 2.0),
        ];
        (Shape, Shape)[] shapes = [([], []), ([3], [3]), ([], [2, 2]), ([2, 2], []), ([0], [])];
        Tensor[] literals = [0.7, 1.5, 2.0];
        foreach (var (name, f, low, high) in ops)
        {
            foreach (var (a, b) in shapes) yield return new(name, $"of {a} and {b} in [{low}, {high}]", x => f(x[0], x[1]), [a, b], low, high);
            yield return new(name, "of the same operand", x => f(x[0] * 1.25, x[0]), [[2]], low, high);
            if (name is "max" or "min") yield return new(name, "of equals", x => f(x[0], x[0]), [[2]], low, high);
            foreach (var literal in literals)
            {
                if (low < 0 && high < 0) continue;
                yield return new(name, $"of a tensor and {(double)literal}", x => f(x[0], literal), [[3]], low, high);
                yield return new(name, $"of {(double)literal} and a tensor", x => f(literal, x[0]), [[3]], low, high);
                yield return new(name, $"of {(double)literal} and a scalar", x => f(literal, x[0]), [[]], low, high);
            }
        }
    }

    private static IEnumerable<OpCase> Selection()
    {
        Tensor which = Tensor.From<bool>([true, false, true]), index = Tensor.From<int>([2, 0, 1, 5], [2, 2]);
        yield return new("select_n", "by truth", x => Lax.SelectN(which, x[0], x[1]), [[3], [3]]);
        yield return new("select_n", "by a scalar", x => Lax.SelectN(Np.Any(which), x[0], x[1]), [[3], [3]]);
        yield return new("select_n", "of three cases", x => Lax.SelectN(index, x[0], x[1], x[2] * x[0]), [[2, 2], [2, 2], [2, 2]]);
        yield return new("select_n", "of one tensor twice", x => Lax.SelectN(which, x[0] * 2, Lax.Square(x[0])), [[3]]);
        yield return new("select_n", "by comparison", x => Lax.SelectN(Lax.Lt(x[0], 0.3), Lax.Sin(x[0]), Lax.Exp(x[0])), [[5]]);
        yield return new("clamp", "between scalars", x => Lax.Clamp(x[0], x[1], x[2] + 3), [[], [4], []], -1, 1);
        yield return new("clamp", "between tensors", x => Lax.Clamp(x[0] - 0.6, x[1], x[2] + 0.6), [[4], [4], [4]], -1, 1);
        yield return new("clamp", "between numbers", x => Lax.Clamp(-0.5, x[0], 0.5), [[6]], -1, 1);
        yield return new("convert_element_type", "to the same", x => Lax.ConvertElementType(x[0] * 2, DType.Float64), [[3]]);
        yield return new("stop_gradient", "beside the gradient", x => x[0] * 2 + Lax.StopGradient(Np.Ones([3], DType.Float64)), [[3]]);
    }

    private static IEnumerable<OpCase> Shaping()
    {
        (string, string, Shape, Func<Tensor, Tensor>)[] ops =
        [
            ("broadcast_in_dim", "of a scalar", [], x => Lax.BroadcastInDim(x, [2, 3], [])), ("broadcast_in_dim", "in the middle", [3], x => Lax.BroadcastInDim(x, [2, 3, 2], [1])),
            ("broadcast_in_dim", "of size 1", [1, 3], x => Lax.BroadcastInDim(x, [4, 2, 3], [1, 2])), ("broadcast_in_dim", "to nothing", [1], x => Lax.BroadcastInDim(x, [2, 0], [1])),
            ("reshape", "", [2, 3], x => Lax.Reshape(x, [3, 2])), ("reshape", "of nothing", [0, 3], x => Lax.Reshape(x, [3, 0])),
            ("transpose", "", [2, 3, 4], x => Lax.Transpose(x, [2, 0, 1])), ("transpose", "of squares", [3, 3], x => Lax.Transpose(x, [1, 0])),
            ("rev", "", [2, 3], x => Lax.Rev(x, [1])), ("rev", "of both", [2, 3], x => Lax.Rev(x, [0, 1])),
            ("pad", "plain", [2, 3], x => Lax.Pad(x, 1.5, [new(1, 2, 0), new(0, 1, 0)])), ("pad", "interior", [3], x => Lax.Pad(x, 1.5, [new(1, 2, 2)])),
            ("pad", "negative", [5], x => Lax.Pad(x, 1.5, [new(-1, -2, 0)])), ("pad", "negative and interior", [4], x => Lax.Pad(x, 1.5, [new(-2, -1, 1)])),
            ("pad", "of nothing", [0], x => Lax.Pad(x, 1.5, [new(1, 1, 3)])), ("pad", "mixed", [3, 4], x => Lax.Pad(x, 0.0, [new(2, -1, 1), new(-1, 3, 0)])),
        ];
        foreach (var (name, variant, shape, f) in ops) yield return new(name, variant, x => f(x[0]) * 1.5, [shape]);
        yield return new("pad", "with a computed value", x => Lax.Pad(x[0], x[1], [new(1, -1, 1)]), [[3], []]);
        yield return new("pad", "of a constant with a computed value", x => Lax.Pad(Np.Ones([2], DType.Float64), x[0], [new(1, 1, 0)]), [[]]);
        yield return new("concatenate", "of three", x => Lax.Concatenate([x[0], x[1], x[0]], 1), [[2, 1], [2, 2]]);
        yield return new("concatenate", "with a constant and nothing", x => Lax.Concatenate([x[0], Np.Ones([2], DType.Float64), x[1]], 0), [[3], [0]]);
        yield return new("iota", "as a factor", x => x[0] * Lax.Iota(DType.Float64, [2, 3], 1), [[2, 3]]);
    }

    private static IEnumerable<OpCase> Slicing()
    {
        Tensor at = Tensor.From<int>([1], []), far = Tensor.From<int>([9], []), before = Tensor.From<int>([-4], []);
        yield return new("slice", "plain", x => Lax.Slice(x[0], [1, 0], [3, 2]), [[4, 3]]);
        yield return new("slice", "strided", x => Lax.Slice(x[0], [1], [8], [3]), [[9]]);
        yield return new("slice", "strided to the end", x => Lax.Slice(x[0], [0], [7], [3]), [[8]]);
        yield return new("slice", "of nothing", x => Lax.Slice(x[0], [2], [2]), [[4]]);
        yield return new("dynamic_slice", "inside", x => Lax.DynamicSlice(x[0], [at, at], [2, 1]), [[4, 3]]);
        yield return new("dynamic_slice", "clamped", x => Lax.DynamicSlice(x[0], [far, before], [2, 2]), [[4, 3]]);
        yield return new("dynamic_slice", "at a computed place", x => Lax.DynamicSlice(x[0], [Lax.ArgMax(x[0], 0)], [2]), [[5]]);
        yield return new("dynamic_update_slice", "inside", x => Lax.DynamicUpdateSlice(x[0], x[1], at), [[4], [2]]);
        yield return new("dynamic_update_slice", "clamped", x => Lax.DynamicUpdateSlice(x[0], x[1], far, before), [[4, 3], [2, 2]]);
        yield return new("dynamic_update_slice", "of a constant", x => Lax.DynamicUpdateSlice(Np.Ones([3], DType.Float64), x[0], at), [[2]]);
        yield return new("dynamic_update_slice", "by a constant", x => Lax.DynamicUpdateSlice(x[0], Np.Ones([2], DType.Float64), at), [[3]]);
        yield return new("sort", "of a vector", x => Lax.Sort([x[0]], 0)[0], [[6]]);
        yield return new("sort", "along the first axis", x => Lax.Sort([x[0]], 0)[0], [[4, 3]]);
        yield return new("sort", "with a companion", x => Lax.Sort([x[0], x[1]], 0)[1] * Lax.Sort([x[0], x[1]], 0)[0], [[5], [5]]);
        yield return new("sort", "by two keys", x => Lax.Sort([Lax.Floor(x[0]), x[1], x[2]], 1, 2)[2], [[2, 9], [2, 9], [2, 9]]);
        yield return new("sort", "by a constant key", x => Lax.Sort([Tensor.From<int>([2, 0, 2, 1]), x[0]], 0)[1], [[4]]);
        yield return new("argmax", "as a factor", x => x[0] * Lax.ConvertElementType(Lax.ArgMax(x[0], 0), DType.Float64), [[4]]);
        yield return new("argmin", "as a factor", x => x[0] * Lax.ConvertElementType(Lax.ArgMin(x[0], 0), DType.Float64), [[4]]);
    }

    private static IEnumerable<OpCase> Reductions()
    {
        (string, Func<Tensor, ValueArray<int>, Tensor>)[] ops = [("reduce_sum", Lax.ReduceSum), ("reduce_prod", Lax.ReduceProd), ("reduce_max", Lax.ReduceMax), ("reduce_min", Lax.ReduceMin)];
        (Shape, ValueArray<int>)[] shapes = [([4], [0]), ([3, 5], [0]), ([3, 5], [1]), ([2, 3, 2], [0, 2]), ([2, 3], [0, 1]), ([1, 2], [0]), ([2, 0], [0])];
        foreach (var (name, f) in ops)
            foreach (var (shape, axes) in shapes)
                yield return new(name, $"of {shape} along {axes}", x => f(x[0], axes) * 1.5, [shape]);
        // The central difference at a tie is the mean of both sides, which is what equals share.
        foreach (var (name, f) in ops[2..])
            yield return new(name, "of equals", x => f(Lax.Concatenate([x[0], x[0]], 0), [0]), [[3]]);
        yield return new("reduce_sum", "of nothing", x => Lax.ReduceSum(x[0], [0]), [[0, 2]]);
        yield return new("reduce_prod", "of nothing", x => Lax.ReduceProd(x[0], [0]), [[0, 2]]);
        yield return new("reduce_prod", "with a zero", x => Lax.ReduceProd(x[0] * Tensor.From<double>([1, 0, 1, 1]), [0]), [[4]]);
        yield return new("reduce_prod", "with two zeros", x => Lax.ReduceProd(x[0] * Tensor.From<double>([0, 2, 0, 1, 1]), [0]), [[5]]);
        yield return new("reduce_and", "as a factor", x => x[0] * Lax.ConvertElementType(Lax.ReduceAnd(Lax.Lt(x[0], 1.0), [0]), DType.Float64), [[3]]);
        yield return new("reduce_or", "as a factor", x => x[0] * Lax.ConvertElementType(Lax.ReduceOr(Lax.Lt(x[0], 1.0), [0]), DType.Float64), [[3]]);
    }

    private static IEnumerable<OpCase> Products()
    {
        yield return new("dot_general", "of vectors", x => Lax.DotGeneral(x[0], x[1], [0], [0]), [[3], [3]]);
        yield return new("dot_general", "of matrices", x => Lax.DotGeneral(x[0], x[1], [1], [0]), [[2, 3], [3, 4]]);
        yield return new("dot_general", "transposed", x => Lax.DotGeneral(x[0], x[1], [0], [1]), [[3, 2], [4, 3]]);
        yield return new("dot_general", "without contraction", x => Lax.DotGeneral(x[0], x[1], [], []), [[2], [3]]);
        yield return new("dot_general", "of two axes crosswise", x => Lax.DotGeneral(x[0], x[1], [2, 0], [0, 2]), [[2, 4, 3], [3, 5, 2]]);
        yield return new("dot_general", "in batches", x => Lax.DotGeneral(x[0], x[1], [2], [1], [0], [0]), [[2, 3, 2], [2, 2, 3]]);
        yield return new("dot_general", "in batches of later axes", x => Lax.DotGeneral(x[0], x[1], [0], [2], [2, 1], [0, 1]), [[3, 2, 4], [4, 2, 3, 2]]);
        yield return new("dot_general", "of a matrix with itself", x => Lax.DotGeneral(x[0], x[0], [1], [0]), [[3, 3]]);
        yield return new("dot_general", "over nothing", x => Lax.DotGeneral(x[0], x[1], [1], [0]), [[2, 0], [0, 3]]);
        yield return new("dot_general", "by a constant", x => Lax.DotGeneral(x[0], Np.Ones([3, 2], DType.Float64), [1], [0]), [[2, 3]]);
    }

    private static IEnumerable<OpCase> Bodies()
    {
        var square = Body(x => x * x * 0.5);
        var sine = Jit((Tensor x) => Lax.Sin(x) * x);
        // Its jvp claims the derivative 3·x², which is that of x³; the body agrees.
        var cube = new CustomJvp(Body(x => x * x * x), Body2((x, t) => [x * x * x, t * (4 * x * x) - t * (x * x)]));
        yield return new("call", "of a jitted function", x => sine(x[0]) + sine(x[0] * 0.5), [[3]]);
        yield return new("checkpoint", "", x => Eager.Bind(new Checkpoint(square, CheckpointPolicy.NothingSaveable), x[0])[0], [[3]]);
        yield return new("composite", "", x => Eager.Bind(new Composite("half_square", [], square, null, null), x[0])[0], [[3]]);
        yield return new("custom_jvp", "", x => Eager.Bind(cube, x[0])[0], [[3]]);
        yield return new("optimization_barrier", "of one", x => Lax.OptimizationBarrier(x[0])[0] * x[0], [[3]]);
        yield return new("optimization_barrier", "of two, one constant", x => Lax.OptimizationBarrier(x[0], Np.Ones([3], DType.Float64)) is var held ? held[0] * held[1] : x[0], [[3]]);
    }

    /// <summary>The program of a function of vectors.</summary>
    private static Program Body(Func<Tensor, Tensor> f) => Traced.Of(x => [f(x[0])], [Vector]).Program;

    private static Program Body2(Func<Tensor, Tensor, Tensor[]> f) => Traced.Of(x => f(x[0], x[1]), [Vector, Vector]).Program;

    private static TensorSpec Vector => new(DType.Float64, [3]);
}
