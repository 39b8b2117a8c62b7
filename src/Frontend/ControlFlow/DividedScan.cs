using BrainState.Execution;
using BrainState.Ops;
using BrainState.Tracing;

namespace BrainState.ControlFlow;

/// <summary>A scan as a scan over parts of so many steps, and what remains.</summary>
internal static class DividedScan
{
    /// <param name="scan">The scan.</param>
    /// <param name="operands">Its operands.</param>
    /// <param name="part">The number of steps in a part.</param>
    /// <param name="runPart">Runs the scan of one part on its operands, followed by what the part gets of <paramref name="perPart"/>.</param>
    /// <param name="runRest">Runs the scan of the remaining steps on its operands.</param>
    /// <param name="perPart">Arrays with one slice for each part.</param>
    public static Tensor[] Run(
        Scan scan, ReadOnlySpan<Tensor> operands, int part, Func<Scan, Tensor[], Tensor[]> runPart, Func<Scan, Tensor[], Tensor[]> runRest, params ReadOnlySpan<Tensor> perPart)
    {
        var (count, rest) = Math.DivRem(scan.Length, part);
        var (consts, carry) = (operands[..scan.ConstCount].ToArray(), operands.Slice(scan.ConstCount, scan.CarryCount).ToArray());
        var arrays = operands[(scan.ConstCount + scan.CarryCount)..].ToArray();

        // Steps run towards higher positions unless reversed: then the highest positions, which are whole parts, come first, and the rest is at the front.
        Tensor[] grouped =
        [
            .. arrays.Select(x => Looping.Cut(x, scan.Reverse ? rest : 0, count * part)).Select(x => Lax.Reshape(x, Shape.Create([count, part, .. x.Shape.Dims[1..]]))),
            .. perPart,
        ];
        Aval[] inputs = [.. consts.Concat(carry).Select(static t => new Aval(t.Spec, false)), .. grouped.Select(static g => new Aval(g.Spec.With(g.Shape.Without([0])), false))];
        var body = Trace.Run(inputs, given => runPart(scan with { Length = part }, given)).Program;
        var whole = Eager.Bind(scan with { Body = body, Length = count }, [.. consts, .. carry, .. grouped]);
        carry = whole[..scan.CarryCount];
        Tensor[] results = [.. whole.Skip(scan.CarryCount).Select(y => Lax.Reshape(y, Shape.Create([count * part, .. y.Shape.Dims[2..]])))];
        if (rest == 0) return [.. carry, .. results];

        var remaining = runRest(scan with { Length = rest }, [.. consts, .. carry, .. arrays.Select(x => Looping.Cut(x, scan.Reverse ? 0 : count * part, rest))]);
        return
        [
            .. remaining.AsSpan(0, scan.CarryCount),
            .. results.Zip(remaining.Skip(scan.CarryCount), (main, other) => Lax.Concatenate(scan.Reverse ? [other, main] : [main, other], 0)),
        ];
    }
}
