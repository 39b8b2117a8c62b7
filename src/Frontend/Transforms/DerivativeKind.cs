using BrainState.Differentiation;
using BrainState.Programs;

namespace BrainState;

/// <summary>What a gradient function computes: which derivative of the first output of a program, by each active input.</summary>
internal class DerivativeKind(string name, Func<Program, ValueArray<bool>, Program> derive)
{
    private static readonly ProgramCache<(DerivativeKind Kind, ValueArray<bool> Active), Program> Cache = new();

    /// <summary>The gradient of a scalar.</summary>
    public static readonly DerivativeKind Gradient = new ScalarGradient();

    /// <summary>The cotangents of the inputs for a cotangent of ones: the gradient of the sum.</summary>
    public static readonly DerivativeKind VectorGradient = new("VectorGrad", ReverseMode.Gradient);

    /// <summary>The Jacobian, by rows.</summary>
    public static readonly DerivativeKind ReverseJacobian = new Jacobian("JacRev", JacobianMode.Reverse);

    /// <summary>The Jacobian, by columns.</summary>
    public static readonly DerivativeKind ForwardJacobian = new Jacobian("JacFwd", JacobianMode.Forward);

    /// <summary>The name of the transform, for messages.</summary>
    public string Name => name;

    /// <summary>The program that returns the outputs of the original, then one derivative per active input.</summary>
    public Program Derive(Program program, ValueArray<bool> active) => Cache.GetOrAdd(program, (this, active), static (program, key) => key.Kind.Make(program, key.Active));

    /// <summary>Inputs that the derived program takes in addition to those of the original.</summary>
    public virtual Tensor[] MoreInputs(IEnumerable<TensorSpec> active) => [];

    /// <summary>The shape of the derivative of an output by an input.</summary>
    public virtual Shape ShapeOf(Shape output, Shape input) => input;

    /// <summary>Refuses outputs that have no such derivative.</summary>
    public virtual void Require(Tensor output, string function)
    {
        if (!output.DType.IsFloating)
            throw new ArgumentException($"{Name} of {function} needs a floating result, but the function returned {output.Spec}. Convert it with AsType.");
    }

    private Program Make(Program program, ValueArray<bool> active) => derive(program, active);

    private sealed class Jacobian(string name, Func<Program, ValueArray<bool>, Program> derive) : DerivativeKind(name, derive)
    {
        public override Shape ShapeOf(Shape output, Shape input) => Shape.Create([.. output.Dims, .. input.Dims]);
    }

    private sealed class ScalarGradient() : DerivativeKind("Grad", ReverseMode.Gradient)
    {
        public override void Require(Tensor output, string function)
        {
            if (output.Rank != 0)
                throw new ArgumentException($"Grad of {function} needs a scalar loss, but the function returned {output.Spec}. Reduce it with Np.Sum or Np.Mean.");
            if (!output.DType.IsFloating)
                throw new ArgumentException($"Grad of {function} needs a floating loss, but the function returned {output.Spec}. Convert it with AsType.");
        }
    }
}

/// <summary>
/// The forward-gradient estimate: the derivative along random directions v, times v, averaged over several. Its expectation is the gradient (A. G. Baydin et al.,
/// Gradients without backpropagation, 2022).
/// </summary>
internal sealed class ForwardGradient(FwdGradOptions options) : DerivativeKind("FwdGrad", (program, active) => Estimate(program, active, options))
{
    public override Tensor[] MoreInputs(IEnumerable<TensorSpec> active)
    {
        var specs = active.ToArray();
        var keys = Rng.Split(options.Key ?? Rng.Default.SplitKey(), specs.Length);
        return [.. specs.Select((spec, i) => Rng.Normal(keys[i], spec.Shape.Insert(0, options.Directions), dtype: spec.DType))];
    }

    private static Program Estimate(Program program, ValueArray<bool> active, FwdGradOptions options)
    {
        TensorSpec[] xs = [.. DerivativeRules.Where(program.Inputs, active)];
        var count = program.Inputs.Length;
        var required = Enumerable.Range(0, program.Outputs.Length).Select(static output => output == 0).ToValueArray();
        var jvp = ForwardMode.Jvp(program, active, required).Program;
        var tangent = ProgramParts.Select(Execution.EffectRemoval.Run(jvp), [.. Enumerable.Range(0, jvp.Inputs.Length)], [program.Outputs.Length]);
        var isBatched = Enumerable.Range(0, jvp.Inputs.Length).Select(i => i >= count).ToValueArray();
        var batched = Batching.BatchMode.Batch(tangent, isBatched, new(options.Directions, null), [Batching.OutputForm.Batched]).Program;
        Tracing.Aval[] avals = [.. program.Inputs.Select(static s => new Tracing.Aval(s, false)), .. xs.Select(x => new Tracing.Aval(x.With(x.Shape.Insert(0, options.Directions)), false))];
        return Tracing.Trace.Run(avals, given =>
        {
            // One slope per direction; a loss of any shape counts as its sum.
            var slopes = ProgramFunction.Apply(batched, given)[0];
            slopes = Lax.ReduceSum(slopes, [.. Enumerable.Range(1, slopes.Rank - 1)]);
            if (options.Clip is { } clip) slopes = Np.Clip(slopes, -clip, clip);
            return
            [
                .. ProgramFunction.Apply(program, given.AsSpan(0, count)),
                .. given.Skip(count).Select(v => Lax.Div(Lax.DotGeneral(Lax.ConvertElementType(slopes, v.DType), v, [0], [0]), Lax.ConvertElementType(options.Directions, v.DType))),
            ];
        }).Program;
    }
}

/// <summary>How <see cref="Transforms.FwdGrad{T1}(Func{T1, Tensor}, FwdGradOptions)"/> estimates a gradient.</summary>
public sealed record FwdGradOptions
{
    /// <summary>The number of random directions that are averaged.</summary>
    public int Directions { get; init; } = 1;

    /// <summary>Slopes are clipped to ± this value; null leaves them.</summary>
    public double? Clip { get; init; }

    /// <summary>The random key; null takes one from <see cref="Rng.Default"/>.</summary>
    public Tensor? Key { get; init; }
}
