using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Conformance.Generation;

/// <summary>Random well-typed programs, from few inputs to nested loops. The same seed and settings give the same programs.</summary>
/// <remarks>
/// Programs are closed under execution: every loop ends after a few steps, and every value keeps to the dtypes and sizes asked for.
/// Ops with bodies are only made where <c>broadcast_in_dim</c> is allowed, which bodies need to make values of a given shape.
/// </remarks>
internal sealed class ProgramGenerator(int seed)
{
    /// <summary>The dtypes of all values.</summary>
    public IReadOnlyList<DType> DTypes { get; init; } = DType.All;

    /// <summary>The names of the ops to use.</summary>
    public IReadOnlyList<string> Ops { get; init; } = OpGenerators.Names;

    /// <summary>The largest number of equations outside bodies.</summary>
    public int MaxEquations { get; init; } = 8;

    /// <summary>The largest rank of a value.</summary>
    public int MaxRank { get; init; } = 3;

    /// <summary>The largest size of an axis of an input; results may have larger ones.</summary>
    public int MaxSize { get; init; } = 3;

    /// <summary>The sizes of axes of inputs, as likely as they are listed; null for any up to <see cref="MaxSize"/>.</summary>
    public IReadOnlyList<int>? Sizes { get; init; }

    /// <summary>The largest number of elements of a value.</summary>
    public int MaxElements { get; init; } = 256;

    /// <summary>How deep bodies may be nested.</summary>
    public int MaxDepth { get; init; } = 2;

    /// <summary>Whether shapes may have axes of size 0.</summary>
    public bool EmptyShapes { get; init; } = true;

    /// <summary>Whether inputs of some rank are transposed before they are used.</summary>
    public bool TransposedInputs { get; init; }

    /// <summary>Whether floating literals are small numbers, instead of any bits with preference for the special ones.</summary>
    public bool TameLiterals { get; init; }

    /// <summary>Whether names are words, instead of any text.</summary>
    public bool TameNames { get; init; }

    /// <summary>The axis that collectives name, and its size; without it, there are none.</summary>
    public (string Name, int Size)? Axis { get; init; }

    /// <summary>The source of randomness.</summary>
    public Random Random { get; } = new(seed);

    /// <summary>The next program. Some values may be unread, some equations repeated.</summary>
    public Program Next()
    {
        var scope = new GeneratorScope(this);
        scope.Grow(Random.Next(MaxEquations + 1));
        return scope.Finish();
    }

    /// <summary>The next program, with at least one equation of the op called <paramref name="op"/>.</summary>
    /// <exception cref="InvalidOperationException">The settings do not allow the op.</exception>
    public Program NextWith(string op)
    {
        var scope = new GeneratorScope(this);
        scope.Grow(Random.Next(MaxEquations));
        for (var attempt = 0; scope.TryAdd(op) is null; attempt++)
        {
            if (attempt == 1000) throw new InvalidOperationException($"The settings allow no program with {op}.");
        }

        return scope.Finish();
    }

    /// <summary>The next program that does nothing but the op called <paramref name="op"/>, or null if it is not to be had with these settings.</summary>
    public Program? TryOnly(string op)
    {
        var scope = new GeneratorScope(this);
        return scope.TryAdd(op) is { } results ? scope.FinishWith(results) : null;
    }

    /// <summary>The next program with the given inputs and outputs.</summary>
    public Program Next(IReadOnlyList<TensorSpec> inputs, IReadOnlyList<TensorSpec> outputs)
    {
        var scope = new GeneratorScope(this, inputs);
        scope.Grow(Random.Next(MaxEquations + 1));
        return scope.Finish(outputs);
    }

    internal bool Admits(TensorSpec spec) => DTypes.Contains(spec.DType) && spec.Rank <= MaxRank && spec.ElementCount <= MaxElements;
}
