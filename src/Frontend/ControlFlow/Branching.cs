using BrainState.Execution;
using BrainState.Ops;
using BrainState.Pytrees;
using BrainState.Tracing;

namespace BrainState.ControlFlow;

/// <summary>Functions of which one runs, chosen by a value.</summary>
internal static class Branching
{
    public static TResult Run<TArguments, TResult>(string transform, Tensor index, IReadOnlyList<Func<TArguments, TResult>> branches, TArguments arguments)
    {
        var writer = new TreeWriter();
        Tree<TArguments>.Node.Flatten(arguments, writer);
        var avals = writer.Leaves.Select(Aval.Of).ToArray();
        var staged = branches.Select(branch => StagedFunction.Of(branch, avals, writer.Structure)).ToArray();
        var results = CommonResults(transform, staged);
        var signature = new CommonSignature(transform, staged);

        var programs = staged.Select(branch => signature.Align(branch, [.. results.Select(static r => r.Spec)])).ToValueArray();
        var outputs = Eager.Bind(new Cond(programs), [index, .. signature.Consts, .. writer.Leaves, .. signature.WrittenValues]);
        signature.WriteStates(outputs.AsSpan(results.Length));
        for (var i = 0; i < results.Length; i++)
            if (results[i].IsWeak)
                outputs[i] = outputs[i].Share(isWeak: true);
        return Tree<TResult>.Unflatten(outputs.AsSpan(0, results.Length), staged[0].ResultStructure);
    }

    /// <summary>The specs that the results of all branches have; numbers from C# take the dtype of the others.</summary>
    private static Aval[] CommonResults(string transform, StagedFunction[] branches)
    {
        var common = branches[0].Results;
        for (var b = 1; b < branches.Length; b++)
        {
            if (!branches[b].ResultStructure.SequenceEqual(branches[0].ResultStructure))
                throw new ArgumentException($"The branches of {transform} must return values of the same structure and with the same static parts, but branch {b} differs from branch 0.");
            var results = branches[b].Results;
            for (var i = 0; i < common.Length; i++)
            {
                var (a, c) = (common[i], results[i]);
                common[i] = a.Spec.Shape == c.Spec.Shape && Promotion.Unify(new(a.Spec.DType, a.IsWeak), new(c.Spec.DType, c.IsWeak)) is { } unified
                    ? new(a.Spec.With(unified.DType), unified.IsWeak)
                    : throw new ArgumentException(
                        $"The branches of {transform} must return the same shapes and dtypes, but tensor {i} is {a.Spec} in one and {c.Spec} in another. Convert with AsType, or reshape.");
            }
        }
        return common;
    }
}
