using BrainState.Differentiation;
using BrainState.Execution;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Pytrees;
using BrainState.Tracing;

namespace BrainState.ControlFlow;

/// <summary>How often a loop runs, and how.</summary>
internal sealed record LoopShape(string Transform, int Length, bool Reverse = false, int Unroll = 1, int? CheckpointBase = null, ProgressBar? Progress = null);

/// <summary>Functions that run again and again on a carry.</summary>
internal static class Looping
{
    public static (TCarry Carry, TY Results) Scan<TCarry, TX, TY>(LoopShape shape, Func<TCarry, TX, (TCarry Carry, TY Y)> body, TCarry initial, TX arrays)
    {
        var (carry, xs) = (Flatten(initial), Flatten(arrays));
        var slices = xs.Leaves.Select(x => new Aval(x.Spec.With(x.Shape.Without([0])), false)).ToArray();
        object?[] structure = [2, .. carry.Structure, .. xs.Structure];
        var first = Unified(shape.Transform, carry, avals => StagedFunction.Of<(TCarry, TX), (TCarry Carry, TY Y)>(a => body(a.Item1, a.Item2), [.. avals, .. slices], structure), isPaired: true);

        var signature = new CommonSignature(shape.Transform, first.Body);
        var carryCount = first.Carry.Length;
        TensorSpec[] results = [.. first.Carry.Select(static c => c.Spec), .. first.Body.Results.Skip(carryCount).Select(static r => r.Spec)];
        var program = signature.Align(first.Body, results, lateArguments: carryCount, lateResults: carryCount);
        var op = new Scan(program, signature.ConstCount, carryCount + signature.WrittenStates.Count, shape.Length, shape.Reverse, shape.Unroll);
        Tensor[] operands = [.. signature.Consts, .. first.Initial, .. signature.WrittenValues, .. xs.Leaves];
        var outputs = shape.Progress is { } bar ? ProgressLoop.Run(shape, bar, op, operands)
            : shape.CheckpointBase is { } @base ? CheckpointedScan.Run(op, operands, @base)
            : Eager.Bind(op, operands);

        var written = signature.WrittenStates.Count;
        signature.WriteStates(outputs.AsSpan(carryCount, written));
        Tensor[] leaves = [.. outputs.AsSpan(0, carryCount), .. outputs.AsSpan(carryCount + written)];
        return Tree<(TCarry, TY)>.Unflatten(leaves, first.Body.ResultStructure);
    }

    /// <summary>A loop that <paramref name="run"/> runs, given the programs of condition and body, the values of their constants, and the first carry.</summary>
    public static T While<T>(string transform, Func<T, Tensor> condition, Func<T, T> body, T initial, Func<Program, Program, Tensor[], Tensor[], Tensor[]> run)
    {
        var carry = Flatten(initial);
        var loop = Unified(transform, carry, avals => StagedFunction.Of(body, avals, carry.Structure), isPaired: false);
        var test = StagedFunction.Of(condition, loop.Carry, carry.Structure);
        RequireCondition(transform, test);

        var signature = new CommonSignature(transform, loop.Body, test);
        TensorSpec[] specs = [.. loop.Carry.Select(static c => c.Spec)];
        var step = signature.Align(loop.Body, specs);
        var aligned = signature.Align(test, [test.Traced.Program.OutputSpecs[0]]);
        // Of States the condition would return what it got.
        var truth = ProgramParts.Select(aligned, [.. Enumerable.Range(0, aligned.Inputs.Length)], [0]);
        var outputs = run(truth, step, signature.Consts, [.. loop.Initial, .. signature.WrittenValues]);
        signature.WriteStates(outputs.AsSpan(specs.Length));
        return Tree<T>.Unflatten(outputs.AsSpan(0, specs.Length), loop.Body.ResultStructure);
    }

    /// <summary>The size of the leading axis, which all arrays share.</summary>
    public static int LengthOf<TX>(string transform, TX arrays, int? given)
    {
        int? length = given;
        foreach (var leaf in Flatten(arrays).Leaves)
        {
            if (leaf.Rank == 0) throw new ArgumentException($"{transform} takes slices along the leading axis, but one of the arrays is the scalar {leaf.Spec}. Capture it instead.");
            if (length is { } other && other != leaf.Shape[0])
                throw new ArgumentException($"{transform} needs arrays with the same leading axis{(given is null ? "" : $" of size {given}, its length")}, but one is {leaf.Spec}, where another size is {other}.");
            length = leaf.Shape[0];
        }
        return length ?? throw new ArgumentException($"{transform} does not know how many steps to take: it has no arrays. Give the length.");
    }

    /// <summary>Some of the slices along the leading axis.</summary>
    public static Tensor Cut(Tensor x, int first, int count)
    {
        var (start, limit) = (new int[x.Rank], x.Shape.ToArray());
        (start[0], limit[0]) = (first, first + count);
        return Lax.Slice(x, start.ToValueArray(), limit.ToValueArray());
    }

    private static TreeWriter Flatten<T>(T value)
    {
        var writer = new TreeWriter();
        Tree<T>.Node.Flatten(value, writer);
        return writer;
    }

    /// <summary>A body whose carry keeps its type: where it starts with a number from C#, that number takes the dtype the body gives it.</summary>
    private sealed record UnifiedLoop(StagedFunction Body, Aval[] Carry, Tensor[] Initial);

    private static UnifiedLoop Unified(string transform, TreeWriter carry, Func<Aval[], StagedFunction> trace, bool isPaired)
    {
        Tensor[] initial = [.. carry.Leaves];
        for (var isSecond = false; ; isSecond = true)
        {
            var avals = Array.ConvertAll(initial, Aval.Of);
            var body = trace(avals);
            RequireStructure(transform, carry, body, isPaired);
            var results = body.Results;
            var isSettled = true;
            for (var i = 0; i < initial.Length; i++)
            {
                var (before, after) = (avals[i], results[i]);
                var unified = before.Spec.Shape == after.Spec.Shape ? Promotion.Unify(new(before.Spec.DType, before.IsWeak), new(after.Spec.DType, after.IsWeak)) : null;
                if (unified is not { } type || (isSecond && type.DType != before.Spec.DType))
                {
                    throw new ArgumentException(
                        $"The carry of {transform} must keep its shapes and dtypes, but tensor {i} is {before.Spec} before a step and {after.Spec} after it. Convert it with AsType, or start with that type.");
                }
                if (type.DType == before.Spec.DType && type.IsWeak == before.IsWeak) continue;
                isSettled &= type.DType == before.Spec.DType;
                initial[i] = type.DType == before.Spec.DType ? initial[i].Share(isWeak: false) : Lax.ConvertElementType(initial[i], type.DType);
            }
            if (isSettled) return new(body, avals, initial);
        }
    }

    private static void RequireStructure(string transform, TreeWriter carry, StagedFunction body, bool isPaired)
    {
        var result = isPaired ? body.ResultStructure.Skip(1).Take(carry.Structure.Count) : body.ResultStructure;
        if (!result.SequenceEqual(carry.Structure))
            throw new ArgumentException($"The carry of {transform} must keep its structure and its static parts, but the body returns another. What changes from step to step must be a Tensor.");
    }

    private static void RequireCondition(string transform, StagedFunction test)
    {
        if (test.Traced.Program.OutputSpecs is not [{ DType: DType.Bool, Rank: 0 }, ..] || test.Traced.ResultCount != 1)
            throw new ArgumentException($"The condition of {transform} must return a bool scalar, but returns {test.Traced.Program.OutputSpecs[0]}. Compare, and reduce with Np.All or Np.Any.");
        if (test.Traced.WrittenStates.FirstOrDefault().State is { } state)
            throw new InvalidOperationException($"The condition of {transform} writes {state.ToDisplayName()}. It may read States; write them in the body.");
    }
}
