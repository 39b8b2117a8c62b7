using BrainState.Differentiation;
using BrainState.Execution;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Programs.Passes;
using BrainState.Pytrees;
using BrainState.Tracing;

namespace BrainState.ControlFlow;

/// <summary>A function with its own reverse-mode derivative.</summary>
internal sealed class CustomReverse<TArguments, TResult, TResiduals>(
    Func<TArguments, TResult> function, Func<TArguments, (TResult Value, TResiduals Residuals)> forward, Func<TResiduals, TResult, TArguments> backward)
{
    private const string Transform = "CustomVjp";

    public TResult Call(TArguments arguments)
    {
        var (writer, avals) = CustomDerivative.Flatten(arguments);
        var body = StagedFunction.Of(function, avals, writer.Structure);
        var fwd = StagedFunction.Of(forward, avals, writer.Structure);
        var results = body.Results;
        CustomDerivative.RequireSame(Transform, "The value that forward returns", [2, .. body.ResultStructure], fwd.ResultStructure.Take(1 + body.ResultStructure.Length), results, fwd.Results.Take(results.Length));

        var residuals = fwd.Results[results.Length..];
        object?[] backwardStructure = [2, .. fwd.ResultStructure.Skip(1 + body.ResultStructure.Length), .. body.ResultStructure];
        var bwd = StagedFunction.Of<(TResiduals, TResult), TArguments>(a => backward(a.Item1, a.Item2), [.. residuals, .. results], backwardStructure);
        CustomDerivative.RequireSame(Transform, "The cotangent that backward returns", writer.Structure, bwd.ResultStructure, avals, bwd.Results);

        var signature = new CommonSignature(Transform, body, fwd, bwd);
        CustomDerivative.RequireNoWrites(Transform, signature);
        var op = new CustomVjp(
            signature.Align(body, CustomDerivative.Specs(results)), Forward(signature, fwd), Backward(signature, bwd, residuals, results, avals), signature.ConstCount);
        return Tree<TResult>.Unflatten(Eager.Bind(op, [.. signature.Consts, .. writer.Leaves]), body.ResultStructure);
    }

    /// <summary>Forward keeps the constants for backward, which may have captured them.</summary>
    private static Program Forward(CommonSignature signature, StagedFunction forward)
    {
        var program = signature.Align(forward, CustomDerivative.Specs(forward.Results));
        return Trace.Run([.. program.Inputs.Select(static s => new Aval(s, false))], inputs => [.. ProgramFunction.Apply(program, inputs), .. inputs.AsSpan(0, signature.ConstCount)]).Program;
    }

    private static Program Backward(CommonSignature signature, StagedFunction backward, Aval[] residuals, Aval[] results, Aval[] arguments)
    {
        var program = signature.Align(backward, CustomDerivative.Specs(arguments));
        var consts = program.Inputs.AsSpan()[..signature.ConstCount].ToArray();
        Aval[] given =
        [
            .. residuals.Select(static r => r with { IsWeak = false }), .. consts.Select(static s => new Aval(s, false)),
            .. results.Where(static r => r.Spec.DType.IsDifferentiable).Select(static r => r with { IsWeak = false }),
        ];
        return Trace.Run(given, inputs =>
        {
            var next = residuals.Length + consts.Length;
            var cotangents = results.Select(r => r.Spec.DType.IsDifferentiable ? inputs[next++] : DerivativeRules.Zeros(r.Spec)).ToArray();
            var pulled = ProgramFunction.Apply(program, [.. inputs.AsSpan(residuals.Length, consts.Length), .. inputs.AsSpan(0, residuals.Length), .. cotangents]);
            return [.. pulled.Where(static p => p.DType.IsDifferentiable)];
        }).Program;
    }
}

/// <summary>A function with its own forward-mode derivative.</summary>
internal sealed class CustomForward<TArguments, TResult>(Func<TArguments, TResult> function, Func<TArguments, TArguments, (TResult Value, TResult Tangent)> jvp)
{
    private const string Transform = "CustomJvp";

    public TResult Call(TArguments arguments)
    {
        var (writer, avals) = CustomDerivative.Flatten(arguments);
        var body = StagedFunction.Of(function, avals, writer.Structure);
        var derivative = StagedFunction.Of<(TArguments, TArguments), (TResult Value, TResult Tangent)>(
            a => jvp(a.Item1, a.Item2), [.. avals, .. avals], [2, .. writer.Structure, .. writer.Structure]);
        var results = body.Results;
        CustomDerivative.RequireSame(
            Transform, "What jvp returns, value and tangent,", [2, .. body.ResultStructure, .. body.ResultStructure], derivative.ResultStructure, [.. results, .. results], derivative.Results);

        var signature = new CommonSignature(Transform, body, derivative);
        CustomDerivative.RequireNoWrites(Transform, signature);
        var op = new CustomJvp(signature.Align(body, CustomDerivative.Specs(results)), Jvp(signature, derivative, avals, results), signature.ConstCount);
        return Tree<TResult>.Unflatten(Eager.Bind(op, [.. signature.Consts, .. writer.Leaves]), body.ResultStructure);
    }

    /// <summary>The op's program has tangents for floating values only.</summary>
    private static Program Jvp(CommonSignature signature, StagedFunction derivative, Aval[] arguments, Aval[] results)
    {
        var program = signature.Align(derivative, CustomDerivative.Specs([.. results, .. results]));
        var primals = signature.ConstCount + arguments.Length;
        var inputs = program.Inputs.Take(primals).Concat(arguments.Select(static a => a.Spec).Where(static s => s.DType.IsDifferentiable));
        return Trace.Run([.. inputs.Select(static s => new Aval(s, false))], given =>
        {
            var next = primals;
            var tangents = arguments.Select(a => a.Spec.DType.IsDifferentiable ? given[next++] : DerivativeRules.Zeros(a.Spec)).ToArray();
            var outputs = ProgramFunction.Apply(program, [.. given.AsSpan(0, primals), .. tangents]);
            return [.. outputs.AsSpan(0, results.Length), .. outputs.Skip(results.Length).Where(static t => t.DType.IsDifferentiable)];
        }).Program;
    }
}

/// <summary>What both kinds of custom derivatives require.</summary>
internal static class CustomDerivative
{
    public static (TreeWriter Writer, Aval[] Avals) Flatten<T>(T arguments)
    {
        var writer = new TreeWriter();
        Tree<T>.Node.Flatten(arguments, writer);
        return (writer, [.. writer.Leaves.Select(static l => new Aval(l.Spec, false))]);
    }

    public static TensorSpec[] Specs(IEnumerable<Aval> avals) => [.. avals.Select(static a => a.Spec)];

    /// <summary>Structure and shapes must agree; dtypes too, unless a number from C# can take the other one.</summary>
    public static void RequireSame(
        string transform, string what, IEnumerable<object?> structure, IEnumerable<object?> actualStructure, IEnumerable<Aval> specs, IEnumerable<Aval> actual)
    {
        if (!structure.SequenceEqual(actualStructure)) throw new ArgumentException($"{what} for {transform} must have the structure of the function's own.");
        foreach (var (i, (a, b)) in specs.Zip(actual).Index())
        {
            if (a.Spec.Shape != b.Spec.Shape || Promotion.Unify(new(a.Spec.DType, a.IsWeak), new(b.Spec.DType, b.IsWeak))?.DType != a.Spec.DType)
                throw new ArgumentException($"{what} for {transform} must have the shapes and dtypes of the function's own, but tensor {i} is {b.Spec} instead of {a.Spec}.");
        }
    }

    public static void RequireNoWrites(string transform, CommonSignature signature)
    {
        if (signature.WrittenStates is [var state, ..])
            throw new InvalidOperationException($"A function with {transform} writes {state.ToDisplayName()}; its derivative would not include that. Return the value, and write the State outside.");
    }
}
