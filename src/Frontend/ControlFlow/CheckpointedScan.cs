using BrainState.Execution;
using BrainState.Ops;
using BrainState.Tracing;

namespace BrainState.ControlFlow;

/// <summary>
/// A scan as a tree of checkpointed scans, each over at most <c>base</c> parts: going back keeps about base · log(length) carries instead of one per step, and runs every
/// step about log(length) times more.
/// </summary>
internal static class CheckpointedScan
{
    public static Tensor[] Run(Scan scan, ReadOnlySpan<Tensor> operands, int @base)
    {
        if (@base < 2) throw new ArgumentOutOfRangeException(nameof(@base), $"A checkpointed loop is divided into at least 2 parts, not {@base}.");
        if (scan.Length <= @base) return Eager.Bind(scan, operands);
        var part = @base;
        while ((long)part * @base < scan.Length) part *= @base;

        var (consts, carry) = (operands[..scan.ConstCount].ToArray(), operands.Slice(scan.ConstCount, scan.CarryCount).ToArray());
        var arrays = operands[(scan.ConstCount + scan.CarryCount)..].ToArray();
        var (whole, rest) = (scan.Length / part, scan.Length % part);

        // The steps that make whole parts, and the rest; in reverse the rest comes first, and is at the front.
        var restFirst = scan.Reverse ? 0 : whole * part;
        var wholeFirst = scan.Reverse ? rest : 0;
        Tensor[][] pieces = new Tensor[2][];
        Tensor[] Rest(Tensor[] state) => rest == 0 ? state : Collect(1, Run(scan with { Length = rest }, [.. consts, .. state, .. Cut(arrays, restFirst, rest)], @base));
        Tensor[] Whole(Tensor[] state) => Collect(0, Parts(scan, consts, state, Cut(arrays, wholeFirst, whole * part), whole, part, @base));
        Tensor[] Collect(int piece, Tensor[] outputs)
        {
            pieces[piece] = outputs[scan.CarryCount..];
            return outputs[..scan.CarryCount];
        }

        // Steps run towards higher positions unless reversed: then the highest positions, which are whole parts, come first.
        carry = Rest(Whole(carry));
        if (rest == 0) return [.. carry, .. pieces[0]];
        var (front, back) = scan.Reverse ? (pieces[1], pieces[0]) : (pieces[0], pieces[1]);
        return [.. carry, .. front.Zip(back, static (a, b) => Lax.Concatenate([a, b], 0))];
    }

    private static Tensor[] Parts(Scan scan, Tensor[] consts, Tensor[] carry, Tensor[] arrays, int count, int part, int @base)
    {
        var grouped = arrays.Select(x => Lax.Reshape(x, Shape.Create([count, part, .. x.Shape.Dims[1..]]))).ToArray();
        Aval[] inputs =
        [
            .. consts.Concat(carry).Select(static t => new Aval(t.Spec, false)),
            .. grouped.Select(static g => new Aval(g.Spec.With(g.Shape.Without([0])), false)),
        ];
        var inner = Trace.Run(inputs, given => Run(scan with { Length = part }, given, @base)).Program;
        var body = Trace.Run(inputs, given => Eager.Bind(new Checkpoint(inner, CheckpointPolicy.NothingSaveable), given)).Program;
        var outputs = Eager.Bind(scan with { Body = body, Length = count }, [.. consts, .. carry, .. grouped]);
        return
        [
            .. outputs.AsSpan(0, scan.CarryCount),
            .. outputs.Skip(scan.CarryCount).Select(y => Lax.Reshape(y, Shape.Create([count * part, .. y.Shape.Dims[2..]]))),
        ];
    }

    private static Tensor[] Cut(Tensor[] arrays, int first, int count) => Array.ConvertAll(arrays, x =>
    {
        var (start, limit) = (new int[x.Rank], x.Shape.ToArray());
        (start[0], limit[0]) = (first, first + count);
        return Lax.Slice(x, start.ToValueArray(), limit.ToValueArray());
    });
}
