using System.Diagnostics;
using System.Globalization;
using System.Text;
using BrainState.Execution;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Tracing;

namespace BrainState.Debugging;

/// <summary>Runs a program equation by equation, into loops and branches, and stops at the first one that makes NaN or infinity of finite operands.</summary>
internal sealed class NanCheck
{
    private readonly Stack<string> path = [];

    private NanCheck() { }

    /// <summary>The results of a program; its effects happen as in any run.</summary>
    /// <exception cref="NonFiniteException">An equation made NaN or infinity of finite operands.</exception>
    public static Tensor[] Run(Program program, ReadOnlySpan<Tensor> inputs)
    {
        using var ordinary = Environ.Context(Environ.DebugNan, false); // The equations run, and are looked at, by ordinary ops.
        return new NanCheck().Evaluate(program, inputs);
    }

    private Tensor[] Evaluate(Program program, ReadOnlySpan<Tensor> inputs)
    {
        var values = new Tensor[program.ValueCount];
        inputs.CopyTo(values);
        Tensor Value(Operand operand) => operand.IsLiteral ? Tensor.FromScalar(operand.Literal) : values[operand.Value];
        foreach (var equation in program.Equations)
            Evaluate(equation, [.. equation.Inputs.Select(Value)]).CopyTo(values, equation.FirstOutput);
        return [.. program.Outputs.Select(Value)];
    }

    private Tensor[] Evaluate(Equation equation, Tensor[] operands) => equation.Op switch
    {
        Call call => Evaluate(call.Body, operands),
        Checkpoint checkpoint => Evaluate(checkpoint.Body, operands),
        CustomJvp custom => Evaluate(custom.Body, operands),
        CustomVjp custom => Evaluate(custom.Body, operands),
        Composite composite => Evaluate(composite.Body, operands),
        Cond cond => Branch(cond, operands),
        Scan scan => Loop(scan, operands),
        While loop => Loop(loop, operands),
        _ => Checked(equation, operands),
    };

    private Tensor[] Branch(Cond cond, Tensor[] operands)
    {
        var chosen = Math.Clamp(operands[0].ToScalar<int>(), 0, cond.Branches.Count - 1);
        return Within($"branch {chosen} of cond", () => Evaluate(cond.Branches[chosen], operands.AsSpan(1)));
    }

    private Tensor[] Loop(Scan scan, Tensor[] operands)
    {
        var (consts, carry, arrays) = (operands[..scan.ConstCount], operands[scan.ConstCount..(scan.ConstCount + scan.CarryCount)], operands[(scan.ConstCount + scan.CarryCount)..]);
        var stacked = scan.Body.OutputSpecs.Skip(scan.CarryCount).Select(s => Lax.Full(s.Shape.Insert(0, scan.Length), 0, s.DType)).ToArray();
        for (var step = 0; step < scan.Length; step++)
        {
            var position = scan.Reverse ? scan.Length - 1 - step : step;
            var results = Within($"step {step} of scan", () => Evaluate(scan.Body, [.. consts, .. carry, .. arrays.Select(x => x[position])]));
            carry = results[..scan.CarryCount];
            for (var i = 0; i < stacked.Length; i++)
            {
                var y = results[scan.CarryCount + i];
                Tensor[] start = [.. Enumerable.Range(0, y.Rank + 1).Select(axis => Tensor.FromScalar(Scalar.Of(axis == 0 ? position : 0)))];
                stacked[i] = Lax.DynamicUpdateSlice(stacked[i], Lax.Reshape(y, y.Shape.Insert(0, 1)), start);
            }
        }
        return [.. carry, .. stacked];
    }

    private Tensor[] Loop(While loop, Tensor[] operands)
    {
        var constCount = loop.CondConstCount + loop.BodyConstCount;
        var carry = operands[constCount..];
        for (var step = 0; Within($"the condition of while before step {step}", () => Evaluate(loop.Cond, [.. operands[..loop.CondConstCount], .. carry]))[0].ToScalar<bool>(); step++)
            carry = Within($"step {step} of while", () => Evaluate(loop.Body, [.. operands[loop.CondConstCount..constCount], .. carry]));
        return carry;
    }

    private Tensor[] Within(string place, Func<Tensor[]> evaluate)
    {
        path.Push(place);
        var results = evaluate();
        path.Pop();
        return results;
    }

    private Tensor[] Checked(Equation equation, Tensor[] operands)
    {
        var results = Eager.Bind(equation.Op, operands);
        if (results.All(IsFinite) || !operands.All(IsFinite)) return results;

        throw new NonFiniteException(MessageFor(equation, operands, results.Any(HasNan) ? "NaN" : "infinity", path), equation);
    }

    /// <summary>Says that an equation made something that is not finite, and where it comes from.</summary>
    /// <param name="equation">The equation.</param>
    /// <param name="operands">Its operands.</param>
    /// <param name="kind">What it made.</param>
    /// <param name="path">The loops and branches that it is in, innermost first.</param>
    public static string MessageFor(Equation equation, IEnumerable<Tensor> operands, string kind, IReadOnlyCollection<string> path)
    {
        var origin = equation.Origin ?? new(Origins.Scope, new StackTrace(fNeedFileInfo: false));
        var message = new StringBuilder();
        message.Append(CultureInfo.InvariantCulture, $"{equation.Op.Name} made {kind} of finite operands: {string.Join(", ", operands.Select(static o => o.Spec))} -> {string.Join(", ", equation.Outputs)}");
        if (path.Count > 0) message.Append(CultureInfo.InvariantCulture, $", in {string.Join(", in ", path)}");
        if (origin.Scope.Length > 0) message.Append(CultureInfo.InvariantCulture, $", in scope {origin.Scope}");
        message.Append('.');
        if (origin.Stack is { } stack && UserCode.Find(stack) is { } line) message.Append(CultureInfo.InvariantCulture, $"\n   {(origin.IsBackward ? "in the derivative of" : "at")} {line}");
        return message.ToString();
    }

    private static bool IsFinite(Tensor x) => Parts(x).All(static part => Np.All(Lax.IsFinite(part)).ToScalar<bool>());

    private static bool HasNan(Tensor x) => Parts(x).Any(static part => Np.Any(Lax.Ne(part, part)).ToScalar<bool>());

    /// <summary>The real tensors that a tensor consists of; integers and bools are always finite.</summary>
    public static Tensor[] Parts(Tensor x) => x.DType.Is(DTypeKinds.Complex) ? [Lax.Real(x), Lax.Imag(x)] : x.DType.IsFloating ? [x] : [];
}
