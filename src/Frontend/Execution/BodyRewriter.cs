using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Execution;

/// <summary>The same op with each of its bodies replaced by an equivalent one.</summary>
internal static class BodyRewriter
{
    public static Op Rewrite(Op op, Func<Program, Program> rewrite) => op switch
    {
        Scan scan => scan with { Body = rewrite(scan.Body) },
        While loop => loop with { Cond = rewrite(loop.Cond), Body = rewrite(loop.Body) },
        Cond cond => new Cond(cond.Branches.Select(rewrite).ToValueArray()),
        Call call => call with { Body = rewrite(call.Body) },
        Checkpoint checkpoint => checkpoint with { Body = rewrite(checkpoint.Body) },
        CustomJvp custom => custom with { Body = rewrite(custom.Body) },
        CustomVjp custom => custom with { Body = rewrite(custom.Body) },
        Reduce reduce => reduce with { Body = rewrite(reduce.Body) },
        ReduceWindow reduce => reduce with { Body = rewrite(reduce.Body) },
        Composite composite => composite with { Body = rewrite(composite.Body) },
        _ => op,
    };
}
