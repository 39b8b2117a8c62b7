using System.Collections.Concurrent;
using BrainState.Execution;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Programs.Passes;
using BrainState.Tracing;

namespace BrainState.Nn.Composites;

/// <summary>
/// The definition of a function that engines may have a kernel for: what it computes, and what it keeps for its derivative. A call becomes one
/// <see cref="Composite"/> whose three programs follow from this definition.
/// </summary>
internal abstract class CompositeDefinition
{
    /// <summary>The name by which an engine claims the function; the passes of its derivative append <c>.fwd</c> and <c>.bwd</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What goes in and comes out, in order.</summary>
    public abstract CompositeSignature Signature { get; }
}

/// <summary>The names of what a composite takes and gives, in order. Where a name ends in <c>?</c>, a bool attribute of that name says whether it is there.</summary>
/// <param name="Operands">The operands.</param>
/// <param name="Attributes">The attributes, which a native kernel may rely on.</param>
/// <param name="Results">The results.</param>
/// <param name="Residuals">What the forward pass returns after the results and the backward pass takes before the cotangents.</param>
internal sealed record CompositeSignature(ValueArray<string> Operands, ValueArray<string> Attributes, ValueArray<string> Results, ValueArray<string> Residuals);

/// <summary>What a forward pass computes.</summary>
internal readonly record struct ForwardPass(Tensor[] Results, Tensor[] Residuals);

/// <summary>A definition whose parameters are <typeparamref name="TAttributes"/>. Its functions use nothing but their arguments, and run while a program is traced.</summary>
internal abstract class CompositeDefinition<TAttributes> : CompositeDefinition where TAttributes : struct, IEquatable<TAttributes>
{
    /// <summary>Beyond this many, composites are staged again: equal ones are equal, so nothing else changes.</summary>
    private const int MaximumStaged = 1024;

    private readonly ConcurrentDictionary<(TAttributes Attributes, ValueArray<TensorSpec> Operands), Composite> staged = new();

    /// <summary>Applies the function: outside of traces it runs as one program, inside it is one equation.</summary>
    public Tensor[] Apply(TAttributes attributes, params ReadOnlySpan<Tensor> operands)
    {
        var specs = new TensorSpec[operands.Length];
        for (var i = 0; i < specs.Length; i++) specs[i] = operands[i].Spec;
        return Eager.Bind(Stage(attributes, ValueArray.Create<TensorSpec>(specs)), operands);
    }

    /// <summary>The function as an op for operands of the given specs, staged once for each.</summary>
    public Composite Stage(TAttributes attributes, ValueArray<TensorSpec> operands)
    {
        if (staged.TryGetValue((attributes, operands), out var found)) return found;
        if (staged.Count >= MaximumStaged) staged.Clear();
        return staged.GetOrAdd((attributes, operands), Stage);
    }

    private Composite Stage((TAttributes Attributes, ValueArray<TensorSpec> Operands) key)
    {
        var (attributes, operands) = key;
        var body = Closed(operands, x => Body(attributes, x));
        var forward = Closed(operands, x =>
        {
            var pass = Forward(attributes, x);
            return [.. pass.Results, .. pass.Residuals];
        });
        var results = body.OutputSpecs;
        var residuals = forward.OutputSpecs.Skip(results.Length).ToArray();
        var backward = Closed(
            [.. residuals, .. results.Where(static r => r.DType.IsDifferentiable)],
            x => Backward(attributes, operands, x[..residuals.Length], x[residuals.Length..]));
        return new(Name, Describe(attributes), body, forward, backward);
    }

    /// <summary>The attributes as an engine reads them, in the order of the signature.</summary>
    protected abstract ValueArray<OpParameter> Describe(TAttributes attributes);

    /// <summary>The results: the definition of the function, which forward mode differentiates.</summary>
    protected abstract Tensor[] Body(TAttributes attributes, Tensor[] operands);

    /// <summary>The results, and what the backward pass needs. Residuals are differentiable functions of the operands, for derivatives of higher order.</summary>
    protected abstract ForwardPass Forward(TAttributes attributes, Tensor[] operands);

    /// <summary>A cotangent for each differentiable operand.</summary>
    /// <param name="attributes">The attributes.</param>
    /// <param name="operands">The specs of the operands.</param>
    /// <param name="residuals">What the forward pass kept.</param>
    /// <param name="cotangents">One for each differentiable result.</param>
    protected abstract Tensor[] Backward(TAttributes attributes, ValueArray<TensorSpec> operands, Tensor[] residuals, Tensor[] cotangents);

    private Program Closed(ValueArray<TensorSpec> inputs, Func<Tensor[], Tensor[]> function)
    {
        var traced = Trace.Run([.. inputs.Select(static s => new Aval(s, false))], function);
        return traced.Captures.Length == 0 && traced.States.Length == 0
            ? DeadCodeElimination.Run(traced.Program)
            : throw new InvalidOperationException($"The definition of {Name} depends on more than its operands.");
    }
}

/// <summary>The attributes of a function that has none.</summary>
internal readonly record struct NoAttributes;
