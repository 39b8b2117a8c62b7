using System.Collections.Immutable;
using BrainState.Differentiation;
using BrainState.Programs;

namespace BrainState;

/// <summary>
/// A program as a function of tensors: called, it runs, and inside a transform its equations are recorded, so that it can be compiled, differentiated and batched like a function written
/// in C#. This is how programs from elsewhere, such as imported ones, become part of a model.
/// </summary>
public sealed class Function
{
    private readonly ImmutableArray<Tensor> constants;

    private Function(Program program, ImmutableArray<Tensor> constants) => (Program, this.constants) = (program, constants);

    /// <summary>The program. Its inputs are the constants, then the arguments.</summary>
    public Program Program { get; }

    /// <summary>The specs of the arguments.</summary>
    public ImmutableArray<TensorSpec> Arguments => Program.Inputs[constants.Length..];

    /// <summary>The function that a program computes when its first inputs are given already.</summary>
    /// <exception cref="ArgumentException">The constants are not the first inputs of the program.</exception>
    public static Function From(Program program, params ReadOnlySpan<Tensor> constants)
    {
        if (constants.Length > program.Inputs.Length)
            throw new ArgumentException($"The program takes {program.Inputs.Length} inputs, but {constants.Length} constants were given.", nameof(constants));
        for (var i = 0; i < constants.Length; i++)
            if (constants[i].Spec != program.Inputs[i])
                throw new ArgumentException($"Constant {i} must be {program.Inputs[i]}, but is {constants[i].Spec}.", nameof(constants));
        return new(program, [.. constants]);
    }

    /// <summary>The results for the given arguments. The dtype of weak arguments, such as C# numbers, yields to that of the program.</summary>
    /// <exception cref="ArgumentException">The arguments are not those that the program takes.</exception>
    public Tensor[] Invoke(params ReadOnlySpan<Tensor> arguments)
    {
        var declared = Arguments;
        if (arguments.Length != declared.Length)
            throw new ArgumentException($"The function takes {declared.Length} arguments, but {arguments.Length} were given.", nameof(arguments));
        Tensor[] inputs = [.. constants, .. arguments];
        for (var i = 0; i < declared.Length; i++)
        {
            ref var argument = ref inputs[constants.Length + i];
            if (argument.IsWeak && argument.DType != declared[i].DType) argument = argument.AsType(declared[i].DType);
            if (argument.Spec != declared[i]) throw new ArgumentException($"Argument {i} must be {declared[i]}, but is {argument.Spec}.", nameof(arguments));
        }
        return ProgramFunction.Apply(Program, inputs);
    }
}
