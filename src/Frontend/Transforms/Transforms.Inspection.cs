using BrainState.Programs;
using BrainState.Programs.Text;
using BrainState.Pytrees;
using BrainState.Tracing;

namespace BrainState;

/// <summary>The program of a function: inputs are captured tensors, arguments, then touched States; outputs are results, then every touched State.</summary>
public sealed class Jaxpr
{
    private readonly int constantCount;

    internal Jaxpr(Program program, int constantCount, IReadOnlyList<State> states) =>
        (Program, this.constantCount, States) = (program, constantCount, states);

    /// <summary>The program.</summary>
    public Program Program { get; }

    /// <summary>The touched States, in first-touch order.</summary>
    public IReadOnlyList<State> States { get; }

    /// <summary>As BrainState prints what <c>make_jaxpr</c> returns: the jaxpr, and the States with their specs.</summary>
    public override string ToString()
    {
        var states = string.Join(", ", States);
        return $"({JaxprPrinter.Print(Program, constantCount)}, ({states}{(States.Count == 1 ? "," : "")}))";
    }
}

/// <content>Looking at functions without running them.</content>
public static partial class Transforms
{
    /// <summary>Makes a function that returns the program of <paramref name="function"/> for the given arguments. Nothing is computed and no State changes.</summary>
    public static Func<Jaxpr> MakeJaxpr<TResult>(Func<TResult> function) => () => Inspect(default(ValueTuple), _ => function());

    /// <inheritdoc cref="MakeJaxpr{TResult}(Func{TResult})"/>
    public static Func<T1, Jaxpr> MakeJaxpr<T1, TResult>(Func<T1, TResult> function) => a => Inspect(new ValueTuple<T1>(a), x => function(x.Item1));

    /// <inheritdoc cref="MakeJaxpr{TResult}(Func{TResult})"/>
    public static Func<T1, T2, Jaxpr> MakeJaxpr<T1, T2, TResult>(Func<T1, T2, TResult> function) => (a, b) => Inspect((a, b), x => function(x.a, x.b));

    /// <inheritdoc cref="MakeJaxpr{TResult}(Func{TResult})"/>
    public static Func<T1, T2, T3, Jaxpr> MakeJaxpr<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> function) =>
        (a, b, c) => Inspect((a, b, c), x => function(x.a, x.b, x.c));

    /// <inheritdoc cref="MakeJaxpr{TResult}(Func{TResult})"/>
    public static Func<Tensor, Jaxpr> MakeJaxpr(Func<Tensor, Tensor> function) => MakeJaxpr<Tensor, Tensor>(function);

    /// <inheritdoc cref="MakeJaxpr{TResult}(Func{TResult})"/>
    public static Func<Tensor, Tensor, Jaxpr> MakeJaxpr(Func<Tensor, Tensor, Tensor> function) => MakeJaxpr<Tensor, Tensor, Tensor>(function);

    /// <summary>The specs of the tensors that a function would return, in the order of their structure. Nothing is computed and no State changes.</summary>
    public static IReadOnlyList<TensorSpec> EvalShape<TResult>(Func<TResult> function) => Results(default(ValueTuple), _ => function());

    /// <inheritdoc cref="EvalShape{TResult}(Func{TResult})"/>
    public static IReadOnlyList<TensorSpec> EvalShape<T1, TResult>(Func<T1, TResult> function, T1 argument) =>
        Results(new ValueTuple<T1>(argument), x => function(x.Item1));

    /// <inheritdoc cref="EvalShape{TResult}(Func{TResult})"/>
    public static IReadOnlyList<TensorSpec> EvalShape<T1, T2, TResult>(Func<T1, T2, TResult> function, T1 first, T2 second) =>
        Results((first, second), x => function(x.first, x.second));

    /// <summary>The specs of the tensors that a function would return for tensors of the given specs.</summary>
    public static IReadOnlyList<TensorSpec> EvalShape<TResult>(Func<Tensor, TResult> function, TensorSpec argument)
    {
        var result = new TreeWriter();
        Trace.Run([new Aval(argument, false)], leaves =>
        {
            Tree<TResult>.Node.Flatten(function(leaves[0]), result);
            return result.Leaves;
        });
        return [.. result.Leaves.Select(static l => l.Spec)];
    }

    /// <summary>Makes a function that returns the States which <paramref name="function"/> reads and writes for the given arguments. Nothing is computed and no State changes.</summary>
    public static Func<StateUses> FindStates<TResult>(Func<TResult> function) => () => Uses(default(ValueTuple), _ => function());

    /// <inheritdoc cref="FindStates{TResult}(Func{TResult})"/>
    public static Func<T1, StateUses> FindStates<T1, TResult>(Func<T1, TResult> function) => a => Uses(new ValueTuple<T1>(a), x => function(x.Item1));

    /// <inheritdoc cref="FindStates{TResult}(Func{TResult})"/>
    public static Func<T1, T2, StateUses> FindStates<T1, T2, TResult>(Func<T1, T2, TResult> function) => (a, b) => Uses((a, b), x => function(x.a, x.b));

    /// <inheritdoc cref="FindStates{TResult}(Func{TResult})"/>
    public static Func<T1, T2, T3, StateUses> FindStates<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> function) =>
        (a, b, c) => Uses((a, b, c), x => function(x.a, x.b, x.c));

    /// <inheritdoc cref="FindStates{TResult}(Func{TResult})"/>
    public static Func<Tensor, StateUses> FindStates(Func<Tensor, Tensor> function) => FindStates<Tensor, Tensor>(function);

    /// <inheritdoc cref="FindStates{TResult}(Func{TResult})"/>
    public static Func<Tensor, Tensor, StateUses> FindStates(Func<Tensor, Tensor, Tensor> function) => FindStates<Tensor, Tensor, Tensor>(function);

    private static StateUses Uses<TArguments, TResult>(TArguments arguments, Func<TArguments, TResult> function) =>
        new(TraceOnce(arguments, function, touchedStatesAreOutputs: false).States);

    private static Jaxpr Inspect<TArguments, TResult>(TArguments arguments, Func<TArguments, TResult> function)
    {
        var traced = TraceOnce(arguments, function, touchedStatesAreOutputs: true);
        return new(traced.Program, traced.Captures.Length, [.. traced.States.Select(static s => s.State)]);
    }

    private static IReadOnlyList<TensorSpec> Results<TArguments, TResult>(TArguments arguments, Func<TArguments, TResult> function)
    {
        var traced = TraceOnce(arguments, function, touchedStatesAreOutputs: false);
        return [.. traced.Program.OutputSpecs.Take(traced.ResultCount)];
    }

    private static TracedProgram TraceOnce<TArguments, TResult>(TArguments arguments, Func<TArguments, TResult> function, bool touchedStatesAreOutputs)
    {
        var writer = Flatten(arguments);
        return Trace.Run(
            writer.Leaves.Select(Aval.Of).ToArray(), leaves => Call(function, leaves, writer, new TreeWriter()), touchedStatesAreOutputs: touchedStatesAreOutputs);
    }
}
