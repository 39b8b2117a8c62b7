using System.Collections.Immutable;
using BrainState.Programs;

namespace BrainState.StableHlo;

/// <summary>A tensor that a module holds: its spec and its elements, dense, row-major and little-endian.</summary>
public sealed record DenseConstant(TensorSpec Spec, ImmutableArray<byte> Bytes);

/// <summary>
/// A function as a program. Programs hold scalars only, so the tensors of the module are the first inputs of <see cref="Program"/>; the function's arguments follow.
/// </summary>
/// <param name="Program">The computation.</param>
/// <param name="Constants">What to pass for the first inputs.</param>
public sealed record ImportedProgram(Program Program, ImmutableArray<DenseConstant> Constants)
{
    /// <summary>The specs of the function's arguments.</summary>
    public ImmutableArray<TensorSpec> Arguments => Program.Inputs[Constants.Length..];
}
