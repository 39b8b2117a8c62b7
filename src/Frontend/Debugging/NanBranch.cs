using BrainState.Execution;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Pytrees;
using BrainState.Tracing;

namespace BrainState.Debugging;

/// <summary>A function that is run to see where it makes NaN, in a branch of a program: what <see cref="NanCheck"/> does from outside is done by equations.</summary>
internal static class NanBranch
{
    public static void Run<TArguments, TResult>(Tensor condition, TArguments arguments, Func<TArguments, TResult> function) =>
        Transforms.Cond(condition, () => RunChecked(arguments, function), static () => { });

    private static void RunChecked<TArguments, TResult>(TArguments arguments, Func<TArguments, TResult> function)
    {
        var given = new TreeWriter();
        Tree<TArguments>.Node.Flatten(arguments, given);
        TracedProgram traced;
        using (Environ.Context(Environ.DebugNan, true)) // So that equations remember where they come from.
        {
            traced = Trace.Run([.. given.Leaves.Select(Aval.Of)], leaves =>
            {
                var result = new TreeWriter();
                Tree<TResult>.Node.Flatten(function(Tree<TArguments>.Unflatten(leaves, given.Structure)), result);
                return result.Leaves;
            });
        }
        traced.Apply(Checked(traced.Program, []), [.. given.Leaves]);
    }

    /// <summary>The program with a check after every equation.</summary>
    private static Program Checked(Program program, IReadOnlyCollection<string> path) => Trace.Run([.. program.Inputs.Select(static s => new Aval(s, false))], inputs =>
    {
        var values = new Tensor[program.ValueCount];
        inputs.CopyTo(values, 0);
        Tensor Value(Operand operand) => operand.IsLiteral ? Tensor.FromScalar(operand.Literal) : values[operand.Value];
        foreach (var equation in program.Equations)
            Checked(equation, [.. equation.Inputs.Select(Value)], path).CopyTo(values, equation.FirstOutput);
        return [.. program.Outputs.Select(Value)];
    }).Program;

    private static Tensor[] Checked(Equation equation, Tensor[] operands, IReadOnlyCollection<string> path)
    {
        if (equation.Op is Call or Checkpoint or CustomJvp or CustomVjp or Composite) return Eager.Bind(BodyRewriter.Rewrite(equation.Op, body => Checked(body, path)), operands);
        if (equation.Op is Cond or Scan or While) return Eager.Bind(BodyRewriter.Rewrite(equation.Op, body => Checked(body, [equation.Op.Name, .. path])), operands);

        var results = Eager.Bind(equation.Op, operands);
        if (Finite(results) is not { } isFinite) return results;
        var isMade = Lax.Not(isFinite);
        if (Finite(operands) is { } wasFinite) isMade = Lax.And(isMade, wasFinite);
        Eager.Bind(new ErrorIf(DebugMessage.Escape(NanCheck.MessageFor(equation, operands, "NaN or infinity", path))), isMade);
        return results;
    }

    /// <summary>Whether all tensors are finite, a scalar; null if they cannot be anything else.</summary>
    private static Tensor? Finite(IEnumerable<Tensor> tensors) =>
        tensors.SelectMany(NanCheck.Parts).Select(static part => Np.All(Lax.IsFinite(part))).Aggregate((Tensor?)null, static (all, one) => all is null ? one : Lax.And(all, one));
}
