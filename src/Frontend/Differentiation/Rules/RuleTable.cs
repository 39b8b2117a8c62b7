using BrainState.Execution;
using BrainState.Ops;

namespace BrainState.Differentiation;

/// <summary>One transform's rules, keyed by the type of op or a base type, where one rule serves the whole family; all rules of a table have the same signature.</summary>
/// <param name="transform">The transform's name, for messages.</param>
/// <param name="fallback">The rule of an op that has none in the table, or null if there is none at all.</param>
internal sealed class RuleTable<TRule>(string transform, Func<Op, TRule?>? fallback = null) where TRule : Delegate
{
    private readonly Dictionary<Type, TRule> rules = [];

    /// <summary>The op types that have a rule.</summary>
    public IReadOnlyCollection<Type> Ops => rules.Keys;

    public void Define<TOp>(TRule rule) where TOp : Op => rules.Add(typeof(TOp), rule);

    public TRule For(Op op) => Find(op.GetType()) ?? fallback?.Invoke(op) ?? throw new NotSupportedException($"The op '{op.Name}' has no {transform} rule.");

    /// <summary>The rule of a type of op or of the nearest family it belongs to, or null.</summary>
    public TRule? Find(Type? op)
    {
        for (; op is not null; op = op.BaseType)
            if (rules.TryGetValue(op, out var rule))
                return rule;
        return null;
    }
}

/// <summary>
/// Forward mode: results and their tangents, from operands and theirs. A null tangent is zero; integers and bools never have one. At least
/// one tangent is given. What a rule computes from primals alone is not part of the linear program when it runs under a linearization.
/// </summary>
internal delegate (Tensor[] Outputs, Tensor?[] Tangents) JvpRule(Op op, Tensor[] primals, Tensor?[] tangents);

/// <summary>
/// Reverse mode of an op that is linear in some operands: the cotangents of these, from those of the results. A null cotangent is zero; at
/// least one is given. Entries of known operands are ignored.
/// </summary>
internal delegate Tensor?[] TransposeRule(Op op, Tensor?[] cotangents, LinearOperand[] operands);

/// <summary>An operand of a linear equation: known, or one the equation is linear in.</summary>
internal readonly record struct LinearOperand(TensorSpec Spec, Tensor? Known)
{
    /// <summary>Whether the equation is linear in this operand.</summary>
    public bool IsLinear => Known is null;
}

/// <summary>The tables of the derivative transforms; the rules stand side by side per op family.</summary>
internal static class DerivativeRules
{
    /// <summary>An op without a rule is differentiated as what it is made of.</summary>
    public static RuleTable<JvpRule> Jvps { get; } = new("jvp", static op => !Decompositions.Ops.Contains(op.GetType()) ? null : static (op, primals, tangents) =>
        ForwardMode.Evaluate(Decompositions.TryGet(op, Array.ConvertAll(primals, static p => p.Spec))!, primals, tangents));

    /// <summary>
    /// Linearization of ops that run programs, in the form of jvp rules whose tangents are unknown: computing a result together with a tangent in one equation would
    /// make the result unknown too. For all other ops the jvp rule is the linearization rule.
    /// </summary>
    public static RuleTable<JvpRule> Linearizations { get; } = new("linearization");

    public static RuleTable<TransposeRule> Transposes { get; } = new("transpose");

    static DerivativeRules()
    {
        ElementwiseRules.Define();
        SelectionRules.Define();
        ShapingRules.Define();
        SlicingRules.Define();
        ReductionRules.Define();
        ProductRules.Define();
        SortRules.Define();
        IndexingRules.Define();
        WindowRules.Define();
        ConvolutionRules.Define();
        ComplexRules.Define();
        MatrixRules.Define();
        CollectiveRules.Define();
        EffectRules.Define();
        BodyRules.Define();
        CustomRules.Define();
        CheckpointRules.Define();
        ScanRules.Define();
        CondRules.Define();
        WhileRules.Define();
    }

    /// <summary>How an op is linearized.</summary>
    public static JvpRule Linearization(Op op) => Linearizations.Find(op.GetType()) ?? Jvps.For(op);

    /// <summary>The results do not change with the operands, or only in steps.</summary>
    public static void Constant<TOp>() where TOp : Op => Jvps.Define<TOp>(static (op, primals, _) =>
    {
        var outputs = Eager.Bind(op, primals);
        return (outputs, new Tensor?[outputs.Length]);
    });

    /// <summary>One result, linear in all operands that have a tangent together: the tangent is the op of the tangents.</summary>
    public static void Linear<TOp>(TransposeRule transpose) where TOp : Op
    {
        Jvps.Define<TOp>(static (op, primals, tangents) =>
        {
            var operands = new Tensor[primals.Length];
            for (var i = 0; i < operands.Length; i++)
                operands[i] = primals[i].DType.IsDifferentiable ? tangents[i] ?? Zeros(primals[i].Spec) : primals[i];
            return ([Lax.One(op, primals)], [Lax.One(op, operands)]);
        });
        Transposes.Define<TOp>(transpose);
    }

    /// <summary>Which values have a tangent.</summary>
    public static ValueArray<bool> Moving(ReadOnlySpan<Tensor?> tangents)
    {
        var moving = new bool[tangents.Length];
        for (var i = 0; i < moving.Length; i++) moving[i] = tangents[i] is not null;
        return ValueArray.Create<bool>(moving);
    }

    /// <summary>The values at the places where a mask holds.</summary>
    public static IEnumerable<T> Where<T>(IEnumerable<T> values, IEnumerable<bool> mask) => values.Zip(mask).Where(static p => p.Second).Select(static p => p.First);

    /// <summary>Spreads values over the places where a mask holds; the others are null.</summary>
    public static Tensor?[] Spread(ReadOnlySpan<Tensor> values, IReadOnlyList<bool> mask)
    {
        var spread = new Tensor?[mask.Count];
        var next = 0;
        for (var i = 0; i < spread.Length; i++)
            if (mask[i])
                spread[i] = values[next++];
        return spread;
    }

    public static Tensor Zeros(TensorSpec spec) => Lax.Full(spec.Shape, 0, spec.DType);

    /// <summary>A tangent stretched to the result's shape, for an operand that was a scalar among larger ones.</summary>
    public static Tensor Stretch(Tensor tangent, Shape shape) => tangent.Rank == shape.Rank ? tangent : Lax.BroadcastInDim(tangent, shape, []);

    /// <summary>A cotangent summed to an operand that was a scalar among larger ones.</summary>
    public static Tensor Unstretch(Tensor cotangent, TensorSpec operand) =>
        operand.Rank == cotangent.Rank ? cotangent : Lax.ReduceSum(cotangent, ValueArray.Range(cotangent.Rank));

    /// <summary>The sum of two cotangents or tangents, of which either may be zero.</summary>
    public static Tensor? Sum(Tensor? a, Tensor? b) => a is null ? b : b is null ? a : Lax.Add(a, b);
}
