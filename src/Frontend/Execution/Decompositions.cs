using System.Collections.Concurrent;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Tracing;

namespace BrainState.Execution;

/// <summary>Ops in terms of others, for backends that do not run them natively. The definitions agree with the op up to rounding.</summary>
internal static class Decompositions
{
    private static readonly Dictionary<Type, Func<Op, Tensor[], Tensor[]>> Definitions = [];

    private static readonly ConcurrentDictionary<(Op, ValueArray<TensorSpec>), Program> Programs = new();

    static Decompositions()
    {
        Define<Square>((_, x) => Lax.Mul(x[0], x[0]));
        Define<IntegerPow>((op, x) => Power(x[0], op.Y));
        Define<Rsqrt>((_, x) => Lax.Div(1, Lax.Sqrt(x[0])));
        Define<Exp2>((_, x) => Lax.Exp(Lax.Mul(x[0], Math.Log(2))));
        Define<Logistic>((_, x) => Lax.Div(1, Lax.Add(Lax.Exp(Lax.Neg(x[0])), 1)));
        Define<Tan>((_, x) => Lax.Div(Lax.Sin(x[0]), Lax.Cos(x[0])));
        Define<Sinh>((_, x) => Lax.Mul(Lax.Sub(Lax.Expm1(x[0]), Lax.Expm1(Lax.Neg(x[0]))), 0.5));
        Define<Cosh>((_, x) => Lax.Mul(Lax.Add(Lax.Exp(x[0]), Lax.Exp(Lax.Neg(x[0]))), 0.5));
        Define<Clamp>((_, x) => Lax.Min(Lax.Max(x[1], x[0]), x[2]));
        Define<Ne>((_, x) => Lax.Not(Lax.Eq(x[0], x[1])));
        Define<Gt>((_, x) => Lax.Lt(x[1], x[0]));
        Define<Ge>((_, x) => Lax.Le(x[1], x[0]));
        Define<Lgamma>((_, x) => SpecialFunctions.Lgamma(x[0]));
        Define<Digamma>((_, x) => SpecialFunctions.Digamma(x[0]));
        BitDecompositions.Define();
        WindowDecompositions.Define();
        MatrixDecompositions.Define();
    }

    /// <summary>The op types that have a definition.</summary>
    public static IReadOnlyCollection<Type> Ops => Definitions.Keys;

    /// <summary>The definition of an op for the given operands, or null if it has none.</summary>
    public static Program? TryGet(Op op, TensorSpec[] operands) => Definitions.TryGetValue(op.GetType(), out var define)
        ? Programs.GetOrAdd((op, ValueArray.Create<TensorSpec>(operands)), _ =>
        {
            using var everywhere = Origins.Forget();
            return Trace.Run([.. operands.Select(static s => new Aval(s, false))], x => define(op, x)).Program;
        })
        : null;

    public static void Define<TOp>(Func<TOp, Tensor[], Tensor> definition) where TOp : Op => DefineAll<TOp>((op, x) => [definition(op, x)]);

    public static void DefineAll<TOp>(Func<TOp, Tensor[], Tensor[]> definition) where TOp : Op => Definitions.Add(typeof(TOp), (op, x) => definition((TOp)op, x));

    /// <summary>Repeated squaring; a negative exponent divides at the end.</summary>
    private static Tensor Power(Tensor x, int exponent)
    {
        Tensor? result = null;
        var remaining = Math.Abs((long)exponent);
        for (var square = x; remaining > 0; remaining >>= 1)
        {
            if ((remaining & 1) == 1) result = result is null ? square : Lax.Mul(result, square);
            if (remaining > 1) square = Lax.Mul(square, square);
        }
        result ??= Lax.Full(x.Shape, 1, x.DType);
        return exponent < 0 ? Lax.Div(1, result) : result;
    }
}
