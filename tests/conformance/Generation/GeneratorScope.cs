using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Conformance.Generation;

/// <summary>A program or body under construction: what op generators ask for operands, dtypes, shapes and bodies.</summary>
internal sealed class GeneratorScope
{
    readonly ProgramGenerator settings;
    readonly ProgramBuilder builder = new();
    readonly List<Operand> values = [];
    readonly bool hasFixedInputs;
    readonly int depth;

    /// <summary>A program that gets an input whenever an operand is missing.</summary>
    public GeneratorScope(ProgramGenerator settings) => (this.settings, Axis) = (settings, settings.Axis);

    /// <summary>A program or body with the given inputs.</summary>
    public GeneratorScope(ProgramGenerator settings, IReadOnlyList<TensorSpec> inputs, int depth = 0)
    {
        (this.settings, this.depth, hasFixedInputs, Axis) = (settings, depth, true, settings.Axis);
        foreach (var input in inputs) values.Add(builder.AddInput(input));
    }

    public Random Random => settings.Random;

    public int MaxRank => settings.MaxRank;

    /// <summary>The axis that collectives may name, and its size.</summary>
    public (string Name, int Size)? Axis { get; private init; }

    public bool CanHaveBodies => depth < settings.MaxDepth && Allows("broadcast_in_dim");

    public bool Allows(string op) => settings.Ops.Contains(op);

    public bool Allows(DType dtype) => settings.DTypes.Contains(dtype);

    public bool Coin(double probability = 0.5) => Random.NextDouble() < probability;

    public T Pick<T>(IReadOnlyList<T> items) => items[Random.Next(items.Count)];

    /// <summary>Adds up to <paramref name="count"/> equations.</summary>
    public void Grow(int count)
    {
        for (var i = 0; i < count && settings.Ops.Count > 0; i++) TryAdd(Pick(settings.Ops));
    }

    /// <summary>Adds an equation of the op and returns its results; null if its operands or results are not to be had.</summary>
    public Operand[]? TryAdd(string op)
    {
        if (OpGenerators.Table[op](this) is not { } generated) return null;
        var specs = generated.Op.Infer([.. generated.Operands.Select(builder.SpecOf)]);
        if (!specs.All(settings.Admits)) return null;
        var results = builder.AddAll(generated.Op, generated.Operands);
        values.AddRange(results);
        return results;
    }

    /// <summary>The finished program, returning the given values.</summary>
    public Program FinishWith(Operand[] outputs) => builder.Build(outputs);

    /// <summary>The finished program, returning some of its values or literals.</summary>
    public Program Finish()
    {
        var outputs = new List<Operand>();
        for (var i = Random.Next(4); i > 0; i--) outputs.Add(values.Count == 0 || Coin(0.1) ? Literal(AnyDType()) : Pick(values));
        if (values.Count > 0 && Coin(0.9)) outputs.Add(values[^1]);
        return builder.Build([.. outputs]);
    }

    /// <summary>The finished program, returning values of the given specs.</summary>
    public Program Finish(IReadOnlyList<TensorSpec> outputs) => builder.Build([.. outputs.Select(Value)]);

    /// <summary>The finished program, returning what <paramref name="op"/> makes of some operands.</summary>
    public Program Finish(Op op, params Operand[] operands) => builder.Build(builder.Add(op, operands));

    /// <summary>The finished body of a loop: <paramref name="counter"/> + <paramref name="step"/>, then values of the given specs.</summary>
    public Program FinishCounting(Operand counter, Operand step, IReadOnlyList<TensorSpec> others) =>
        builder.Build([builder.Add(new Add(), counter, step), .. Values(others)]);

    /// <summary>An op on one value of one of the kinds.</summary>
    public Generated? On(DTypeKinds kinds, Func<TensorSpec, Op> make, int minRank = 0) => Spec(kinds, minRank) is { } spec ? new(make(spec), [Value(spec)]) : null;

    /// <summary>Distinct axes in random order; any number of them unless told otherwise.</summary>
    public ValueArray<int> Axes(int rank, int? count = null)
    {
        var axes = Enumerable.Range(0, rank).ToArray();
        Random.Shuffle(axes);
        return axes[..(count ?? Random.Next(rank + 1))].ToValueArray();
    }

    /// <summary>The value numbered <paramref name="index"/>.</summary>
    public Operand this[int index] => values[index];

    /// <summary>A body with the given inputs and outputs.</summary>
    public Program Body(IReadOnlyList<TensorSpec> inputs, IReadOnlyList<TensorSpec> outputs) => Inner(inputs).Finish(outputs);

    /// <summary>A body that not all replicas may run, and which therefore has no collectives.</summary>
    public Program Branch(IReadOnlyList<TensorSpec> inputs, IReadOnlyList<TensorSpec> outputs) => Inner(inputs, axis: null).Finish(outputs);

    /// <summary>A body with the given inputs and any outputs.</summary>
    public Program Body(IReadOnlyList<TensorSpec> inputs) => Inner(inputs).Finish();

    /// <summary>A body with some equations, not finished yet.</summary>
    public GeneratorScope Inner(IReadOnlyList<TensorSpec> inputs) => Inner(inputs, Axis);

    GeneratorScope Inner(IReadOnlyList<TensorSpec> inputs, (string Name, int Size)? axis)
    {
        var inner = new GeneratorScope(settings, inputs, depth + 1) { Axis = axis };
        inner.Grow(Random.Next(settings.MaxEquations / 2 + 1));
        return inner;
    }

    /// <summary>A dtype of one of the kinds, or null if none is allowed.</summary>
    public DType? DType(DTypeKinds kinds)
    {
        var possible = settings.DTypes.Where(d => d.Is(kinds)).ToArray();
        return possible.Length == 0 ? null : Pick(possible);
    }

    public DType AnyDType() => Pick(settings.DTypes);

    /// <summary>A shape whose rank is in the given range.</summary>
    public Shape Shape(int minRank = 0, int? maxRank = null)
    {
        var dims = new int[Random.Next(minRank, Math.Max(minRank, maxRank ?? settings.MaxRank) + 1)];
        for (var i = 0; i < dims.Length; i++) dims[i] = Size();
        return dims;
    }

    /// <summary>The size of an axis; rarely 0.</summary>
    public int Size() => settings.Sizes is { } sizes ? Pick(sizes) : settings.EmptyShapes && Coin(0.05) ? 0 : Random.Next(1, settings.MaxSize + 1);

    /// <summary>A spec of one of the kinds, preferably one that a value has; null if no dtype is allowed.</summary>
    public TensorSpec? Spec(DTypeKinds kinds, int minRank = 0, int? maxRank = null)
    {
        if (Coin(0.7))
        {
            var present = values.Select(builder.SpecOf).Where(s => s.DType.Is(kinds) && s.Rank >= minRank && s.Rank <= (maxRank ?? s.Rank)).ToArray();
            if (present.Length > 0) return Pick(present);
        }

        return DType(kinds) is { } dtype ? new(dtype, Shape(minRank, maxRank)) : null;
    }

    /// <summary>A few specs of any kind.</summary>
    public TensorSpec[] Specs(int max = 2, int? maxRank = null) =>
        [.. Enumerable.Range(0, Random.Next(max + 1)).Select(_ => Spec(DTypeKinds.Any, 0, maxRank)!.Value)];

    /// <summary>A value of the given spec: one that is here, a literal, or a new one.</summary>
    public Operand Value(TensorSpec spec)
    {
        var present = values.Where(v => builder.SpecOf(v) == spec).ToArray();
        if (present.Length > 0 && Coin(0.8)) return Pick(present);
        if (spec.Rank == 0 && (hasFixedInputs || Coin())) return Literal(spec.DType);
        values.Add(hasFixedInputs ? builder.Add(new BroadcastInDim(spec.Shape, []), Literal(spec.DType)) : Input(spec));
        return values[^1];
    }

    private Operand Input(TensorSpec spec)
    {
        if (!settings.TransposedInputs || spec.Rank < 2) return builder.AddInput(spec);
        var permutation = Axes(spec.Rank, spec.Rank);
        var given = new int[spec.Rank];
        for (var i = 0; i < given.Length; i++) given[permutation[i]] = spec.Shape[i];
        return builder.Add(new Transpose(permutation), builder.AddInput(spec.With((Shape)given)));
    }

    public Operand[] Values(IEnumerable<TensorSpec> specs) => [.. specs.Select(Value)];

    public Operand Literal(DType dtype) => Operand.Of(settings.TameLiterals ? ScalarGenerator.Tame(Random, dtype) : ScalarGenerator.Any(Random, dtype));

    /// <summary>A name for a function or attribute.</summary>
    public string Name() => settings.TameNames ? "f" + Random.Next(10) : Pick(ScalarGenerator.Names);
}
