using BrainState.Differentiation;
using BrainState.Programs;
using BrainState.Pytrees;
using BrainState.Tracing;

namespace BrainState;

/// <summary>What a gradient is taken of, and by what.</summary>
internal sealed record Gradient<TArguments, TAux>(
    DerivativeKind Kind, Func<TArguments, (Tensor Loss, TAux Aux)> Function, string Name, State[]? States, int[] Arguments, bool AllowUntouched)
{
    public GradientOutcome<TAux> Run(TArguments arguments)
    {
        if (States is null && Arguments.Length == 0)
            throw new InvalidOperationException($"{Kind.Name} of {Name} has nothing to differentiate by: the function takes no arguments. Choose States with .Of(states).");
        var writer = new TreeWriter();
        Tree<TArguments>.Node.Flatten(arguments, writer);

        var auxStructure = new TreeWriter();
        var traced = Trace.Run(writer.Leaves.Select(Aval.Of).ToArray(), leaves =>
        {
            var (loss, aux) = Function(Tree<TArguments>.Unflatten(leaves, writer.Structure));
            Kind.Require(loss, Name);
            Tree<TAux>.Node.Flatten(aux, auxStructure);
            return [loss, .. auxStructure.Leaves];
        });

        // One gradient per distinct selected input, in the order of the program's inputs.
        var active = new bool[traced.Program.Inputs.Length];
        var stateInputs = (States ?? []).Select(state => InputOf(state, traced)).ToArray();
        foreach (var input in stateInputs)
            if (input >= 0)
                active[input] = true;
        foreach (var argument in Arguments)
            foreach (var leaf in writer.LeavesOf(argument))
                active[traced.FirstArgument + RequireDifferentiable(leaf, argument, writer)] = true;

        var program = Kind.Derive(traced.Program, ValueArray.Create<bool>(active));
        var results = traced.Apply(program, writer.Leaves.ToArray(), Kind.MoreInputs(DerivativeRules.Where(traced.Program.Inputs, active)));
        traced.WriteStates(results, traced.ResultCount);
        traced.RestoreWeakness(results);

        var gradients = new Tensor?[active.Length];
        var next = traced.Program.Outputs.Length;
        for (var i = 0; i < active.Length; i++)
            if (active[i])
                gradients[i] = results[next++];
        var byState = stateInputs.Select((input, i) => input >= 0 ? gradients[input]! : Zeros(results[0].Shape, States![i].Spec)).ToArray();
        var byLeaf = gradients.AsSpan(traced.FirstArgument, traced.ArgumentCount).ToArray();
        var auxValue = Tree<TAux>.Unflatten(results.AsSpan(1, traced.ResultCount - 1), auxStructure.Structure);
        return new(byState, byLeaf, writer, results[0], auxValue);
    }

    private Tensor Zeros(Shape output, TensorSpec state) => Np.Zeros(Kind.ShapeOf(output, state.Shape), state.DType);

    private int InputOf(State state, TracedProgram traced)
    {
        var index = Array.FindIndex(traced.States, use => ReferenceEquals(use.State, state));
        if (index < 0)
        {
            return AllowUntouched ? -1 : throw new ArgumentException(
                $"{Kind.Name} of {Name} is asked for the derivative by {state.ToDisplayName()}, which the function neither reads nor writes. "
                + "Remove it from .Of(…), or pass allowUntouched: true to get zeros.");
        }
        var spec = traced.Program.Inputs[traced.FirstState + index];
        return spec.DType.IsDifferentiable
            ? traced.FirstState + index
            : throw new ArgumentException($"{Kind.Name} of {Name} cannot differentiate by {state.ToDisplayName()}: it holds {spec}, and only floating and complex tensors have derivatives.");
    }

    private int RequireDifferentiable(int leaf, int argument, TreeWriter writer) => writer.Leaves[leaf].DType.IsDifferentiable
        ? leaf
        : throw new ArgumentException(
            $"{Kind.Name} of {Name} cannot differentiate by argument {argument}: it holds {writer.Leaves[leaf].Spec}, and only floating and complex tensors have derivatives. Convert it with AsType.");
}

/// <summary>What came of a gradient call.</summary>
internal sealed record GradientOutcome<TAux>(Tensor[] States, Tensor?[] Leaves, TreeWriter Arguments, Tensor Loss, TAux Aux)
{
    /// <summary>The gradient by an argument, with its structure.</summary>
    public T Argument<T>(int argument)
    {
        var (leaf, token) = Arguments.ArgumentStarts[argument];
        return Tree<T>.Unflatten(Leaves.AsSpan(leaf)!, Arguments.Structure.Skip(token).ToArray());
    }
}
