using BrainState.Nn;
using static BrainState.Transforms;

namespace BrainState.Conformance;

/// <summary>A model that learns from its data: what a step does.</summary>
/// <param name="loss">The loss of the model for its data.</param>
/// <param name="model">The model.</param>
/// <param name="optimizer">The optimiser, which gets the weights of the model.</param>
internal sealed class Training(Func<Tensor> loss, Module model, Optimizer optimizer)
{
    private readonly FlattedDict<ParamState> weights = Registered(model, optimizer);

    /// <summary>One step: the loss before it.</summary>
    public Tensor Step()
    {
        var (gradients, value) = Grad(loss).Of(weights).WithValue().Invoke();
        optimizer.Update(gradients);
        return value;
    }

    /// <summary>The losses of some steps.</summary>
    /// <param name="count">How many.</param>
    /// <param name="isJitted">Whether the step is compiled as a whole.</param>
    public double[] Run(int count, bool isJitted = true)
    {
        var step = isJitted ? Jit(Step) : Step;
        return [.. Enumerable.Range(0, count).Select(_ => (double)step())];
    }

    private static FlattedDict<ParamState> Registered(Module model, Optimizer optimizer)
    {
        var weights = model.States<ParamState>();
        optimizer.RegisterTrainableWeights(weights);
        return weights;
    }
}
