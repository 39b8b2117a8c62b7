using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Conformance.Generation;

/// <summary>Generators of the ops that run other programs.</summary>
internal static class BodyOpGenerators
{
    /// <summary>The generators, by op name.</summary>
    public static readonly IReadOnlyDictionary<string, OpGenerator> Table = new Dictionary<string, OpGenerator>
    {
        ["scan"] = Scan,
        ["while"] = While,
        ["cond"] = Cond,
        ["call"] = s => WithBody(s, (body, _) => new Call(body, s.Name())),
        ["checkpoint"] = s => WithBody(s, (body, _) => new Checkpoint(body, s.Pick(Enum.GetValues<CheckpointPolicy>()))),
        ["custom_jvp"] = s => WithBody(s, (body, inputs) => new CustomJvp(body, Jvp(s, body, inputs))),
        ["custom_vjp"] = s => WithBody(s, (body, inputs) => CustomVjp(s, body, inputs)),
        ["composite"] = s => WithBody(s, (body, inputs) => Composite(s, body, inputs)),
    };

    static Generated? WithBody(GeneratorScope s, Func<Program, TensorSpec[], BodyOp> make)
    {
        if (!s.CanHaveBodies) return null;
        var inputs = s.Specs(3);
        return new(make(s.Body(inputs), inputs), s.Values(inputs));
    }

    static TensorSpec[] Differentiable(IEnumerable<TensorSpec> specs) => [.. specs.Where(spec => spec.DType.IsDifferentiable)];

    static Program Jvp(GeneratorScope s, Program body, TensorSpec[] inputs) =>
        s.Body([.. inputs, .. Differentiable(inputs)], [.. body.OutputSpecs, .. Differentiable(body.OutputSpecs)]);

    static (Program Forward, Program Backward) Vjp(GeneratorScope s, Program body, TensorSpec[] inputs)
    {
        var residuals = s.Specs();
        return (s.Body(inputs, [.. body.OutputSpecs, .. residuals]), s.Body([.. residuals, .. Differentiable(body.OutputSpecs)], Differentiable(inputs)));
    }

    static CustomVjp CustomVjp(GeneratorScope s, Program body, TensorSpec[] inputs)
    {
        var (forward, backward) = Vjp(s, body, inputs);
        return new(body, forward, backward);
    }

    static Composite Composite(GeneratorScope s, Program body, TensorSpec[] inputs)
    {
        var attributes = Enumerable.Range(0, s.Random.Next(3)).Select(_ => new OpParameter(s.Name(), Attribute(s, 2))).ToValueArray();
        if (s.Coin()) return new(s.Name(), attributes, body, null, null);
        var (forward, backward) = Vjp(s, body, inputs);
        return new(s.Name(), attributes, body, forward, backward);
    }

    static object? Attribute(GeneratorScope s, int depth) => s.Random.Next(depth > 0 ? 6 : 5) switch
    {
        0 => null,
        1 => s.Coin(),
        2 => s.Pick([0L, -1L, long.MaxValue, long.MinValue]),
        3 or 4 => s.Name(),
        _ => Enumerable.Range(0, s.Random.Next(3)).Select(_ => Attribute(s, depth - 1)).ToValueArray(),
    };

    static Generated? Scan(GeneratorScope s)
    {
        if (!s.CanHaveBodies) return null;
        var (consts, carry, slices, results) = (s.Specs(), s.Specs(), s.Specs(maxRank: s.MaxRank - 1), s.Specs(maxRank: s.MaxRank - 1));
        var length = s.Size();
        var body = s.Body([.. consts, .. carry, .. slices], [.. carry, .. results]);
        var stacked = slices.Select(slice => slice.With(slice.Shape.Insert(0, length)));
        return new(new Scan(body, consts.Length, carry.Length, length, s.Coin(), s.Random.Next(1, 3)), s.Values([.. consts, .. carry, .. stacked]));
    }

    /// <summary>A loop that counts from 0 to at most 3 in its first carry.</summary>
    static Generated? While(GeneratorScope s)
    {
        if (!s.CanHaveBodies || !s.Allows("lt") || !s.Allows("add") || !s.Allows(DType.Bool) || s.DType(DTypeKinds.Real) is not { } count) return null;
        Operand Number(long value) => Operand.Of(Scalar.Of(count, value));
        var (condConsts, bodyConsts, others) = (s.Specs(1), s.Specs(1), s.Specs());
        TensorSpec[] carry = [new(count, Shape.Scalar), .. others];

        var cond = s.Inner([.. condConsts, .. carry]);
        var body = s.Inner([.. bodyConsts, .. carry]);
        var op = new While(
            cond.Finish(new Lt(), cond[condConsts.Length], Number(s.Random.Next(4))),
            body.FinishCounting(body[bodyConsts.Length], Number(1), others),
            condConsts.Length, bodyConsts.Length);
        return new(op, [.. s.Values([.. condConsts, .. bodyConsts]), Number(0), .. s.Values(others)]);
    }

    static Generated? Cond(GeneratorScope s)
    {
        if (!s.CanHaveBodies || !s.Allows(DType.Int32)) return null;
        var (inputs, outputs) = (s.Specs(), s.Specs());
        var branches = Enumerable.Range(0, s.Random.Next(1, 4)).Select(_ => s.Branch(inputs, outputs)).ToValueArray();
        return new(new Cond(branches), [s.Value(new(DType.Int32, Shape.Scalar)), .. s.Values(inputs)]);
    }
}
