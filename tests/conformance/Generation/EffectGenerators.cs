using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Conformance.Generation;

/// <summary>Generators of ops that do something beside computing, and of those that need others to compute with.</summary>
internal static class EffectGenerators
{
    /// <summary>Effects, by op name. Errors never happen.</summary>
    public static readonly IReadOnlyDictionary<string, OpGenerator> Effects = new Dictionary<string, OpGenerator>
    {
        ["debug_print"] = s => Text(s) is var (text, operands) ? new(new DebugPrint(text, s.Coin() ? s.Name() : null), operands) : null,
        ["error_if"] = s => s.Allows(DType.Bool) && Text(s) is var (text, operands) ? new(new ErrorIf(text), [Operand.Of(Scalar.Of(false)), .. operands]) : null,
    };

    /// <summary>Collectives, by op name. They are generated only where an axis has a name.</summary>
    public static readonly IReadOnlyDictionary<string, OpGenerator> Collectives = new Dictionary<string, OpGenerator>
    {
        ["psum"] = s => Collective(s, (axis, _) => s.On(DTypeKinds.Number, _ => new PSum(axis))),
        ["pmax"] = s => Collective(s, (axis, _) => s.On(DTypeKinds.Real | DTypeKinds.Bool, _ => new PMax(axis))),
        ["pmin"] = s => Collective(s, (axis, _) => s.On(DTypeKinds.Real | DTypeKinds.Bool, _ => new PMin(axis))),
        ["axis_index"] = s => Collective(s, (axis, _) => new(new AxisIndex(axis), [])),
        ["ppermute"] = s => Collective(s, (axis, size) => s.On(DTypeKinds.Any, _ => new PPermute(axis, Permutation(s, size)))),
        ["all_gather"] = s => Collective(s, (axis, size) => s.On(DTypeKinds.Any, x => new AllGather(axis, size, s.Random.Next(x.Rank + 1)))),
        ["reduce_scatter"] = s => Collective(s, (axis, size) => Divided(s, DTypeKinds.Number, size, (_, split) => new ReduceScatter(axis, size, split))),
        ["all_to_all"] = s => Collective(s, (axis, size) => Divided(s, DTypeKinds.Any, size, (x, split) => new AllToAll(axis, size, split, s.Random.Next(x.Rank)))),
    };

    static Generated? Collective(GeneratorScope s, Func<string, int, Generated?> make) => s.Axis is var (name, size) ? make(name, size) : null;

    /// <summary>An op on a tensor with an axis of the given size.</summary>
    static Generated? Divided(GeneratorScope s, DTypeKinds kinds, int size, Func<TensorSpec, int, Op> make)
    {
        if (s.Spec(kinds, 0, s.MaxRank - 1) is not { } part) return null;
        var split = s.Random.Next(part.Rank + 1);
        var whole = part.With(part.Shape.Insert(split, size));
        return new(make(whole, split), [s.Value(whole)]);
    }

    static ValueArray<(int, int)> Permutation(GeneratorScope s, int size)
    {
        var (sources, destinations) = (s.Axes(size), s.Axes(size, size));
        return sources.Zip(destinations).ToValueArray();
    }

    /// <summary>A format for a few values, and the values.</summary>
    static (string Text, Operand[] Operands)? Text(GeneratorScope s)
    {
        var specs = s.Specs();
        var places = specs.Select((spec, i) => spec.DType == DType.Bool || s.Coin() ? $"{{{i}}}" : $"{{{i},9:{s.Pick(["F3", "G", "0.0"])}}}");
        return (string.Join(' ', places.Prepend(s.Name().Replace("{", "{{").Replace("}", "}}"))), s.Values(specs));
    }
}
