using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.Interpretation;

/// <summary>Programs that run side by side: what collectives exchange, and how it ends when replicas do not do the same.</summary>
public class ReplicaTests
{
    [Fact]
    public void AllReduce()
    {
        Assert.Equal(["6", "6", "6"], Run(new PSum("i"), [[1], [2], [3]]));
        Assert.Equal(["3 9", "3 9"], Run(new PMax("i"), [[1, 9], [3, 4]]));
        Assert.Equal(["1 4", "1 4"], Run(new PMin("i"), [[1, 9], [3, 4]]));
        Assert.Equal(["0", "1", "2"], Run("program() { %0:i32[] = axis_index[axis_name=i] return %0 }", [[], [], []]).Select(Text));
    }

    [Fact]
    public void Movement()
    {
        Assert.Equal(["30", "0", "10"], Run(new PPermute("i", [(0, 2), (2, 0)]), [[10], [20], [30]]));
        Assert.Equal(["1 2 3 4", "1 2 3 4"], Run(new AllGather("i", 2, 0), [[1, 2], [3, 4]]));
        Assert.Equal(["1 3 2 4", "1 3 2 4"], Run(new AllGather("i", 2, 1), [[1, 2], [3, 4]]));
        Assert.Equal(["11", "22"], Run(new ReduceScatter("i", 2, 0), [[1, 2], [10, 20]]));
        Assert.Equal(["1 10", "2 20"], Run(new AllToAll("i", 2, 0, 0), [[1, 2], [10, 20]]));

        // x[replica][row][column]: replica r gets column r of all, stacked as rows.
        var columns = Replicated(new AllToAll("i", 2, 1, 0), HostValue.Of([3, 2], 1, 2, 3, 4, 5, 6), HostValue.Of([3, 2], 10, 20, 30, 40, 50, 60));
        Assert.Equal(["1 3 5 10 30 50", "2 4 6 20 40 60"], columns.Select(Text));
        Assert.Equal(new TensorSpec(DType.Int32, [2, 3]), columns[0][0].Spec);
        var rows = Replicated(new ReduceScatter("i", 2, 1), HostValue.Of([2, 2], 1, 2, 3, 4), HostValue.Of([2, 2], 10, 20, 30, 40));
        Assert.Equal(["11 33", "22 44"], rows.Select(Text));
    }

    [Fact]
    public void SumsOfReplicasAreRoundedOnce() => Assert.Equal([(Half)2050],
        Replicated(new PSum("i"), HostValue.Of([], (Half)2048), HostValue.Of([], Half.One), HostValue.Of([], Half.One))[0][0].ToArray<Half>());

    /// <summary>The replicas run the loop without collectives as often as they like, and then meet.</summary>
    [Fact]
    public void LoopsAndBranchesOfReplicasAreTheirOwn()
    {
        const string Count =
            "program(%0:i32[], %1:i32[]) { "
            + "%2:i32[] = while[body=program(%0:i32[]) { %1:i32[] = mul %0 2:i32[] return %1 } body_nconsts=0 "
            + "cond=program(%0:i32[]) { %1:bool[] = lt %0 100:i32[] return %1 } cond_nconsts=0] %0 "
            + "%3:i32[] %4:i32[3] = scan[body=program(%0:i32[]) { %1:i32[] = psum[axis_name=i] %0 return %1, %1 } length=3 num_carry=1 num_consts=0 reverse=False unroll=1] %2 "
            + "%5:i32[] = cond[branches=(program(%0:i32[]) { return %0 }, program(%0:i32[]) { %1:i32[] = neg %0 return %1 })] %1 %3 return %5, %4 }";
        var outputs = Run(Count, [[1, 0], [100, 1]]);
        Assert.Equal(["912 228 456 912", "-912 228 456 912"], outputs.Select(Text));
    }

    [Fact]
    public void ACollectiveNeedsItsAxis()
    {
        var program = Evaluate.ProgramOf(new PSum("i"), [new(DType.Int32, [])]);
        HostValue[] one = [HostValue.Of([], 1)];
        Assert.Contains("axis 'i'", Assert.Throws<InvalidOperationException>(() => Interpreter.Run(program, one)).Message);
        Assert.Contains("axis 'i'", Assert.Throws<InvalidOperationException>(() => Interpreter.RunReplicated(program, "j", [one])).Message);
        var gather = Evaluate.ProgramOf(new AllGather("i", 3, 0), [new(DType.Int32, [])]);
        Assert.Contains("size 3", Assert.Throws<InvalidOperationException>(() => Interpreter.RunReplicated(gather, "i", [one, one])).Message);
        var permute = Evaluate.ProgramOf(new PPermute("i", [(0, 2)]), [new(DType.Int32, [])]);
        Assert.Contains("size 2", Assert.Throws<InvalidOperationException>(() => Interpreter.RunReplicated(permute, "i", [one, one])).Message);
    }

    [Fact]
    public void ReplicasThatDoNotMeetFailInsteadOfWaiting()
    {
        const string OneOnly =
            "program(%0:i32[]) { %1:i32[] = cond[branches=(program(%0:i32[]) { return %0 }, program(%0:i32[]) { %1:i32[] = psum[axis_name=i] %0 return %1 })] %0 %0 return %1 }";
        Assert.Contains("psum waits", Assert.ThrowsAny<InvalidOperationException>(() => Run(OneOnly, [[0], [1]])).Message);
        const string Different =
            "program(%0:i32[]) { %1:i32[] = cond[branches=(program(%0:i32[]) { %1:i32[] = pmax[axis_name=i] %0 return %1 }, "
            + "program(%0:i32[]) { %1:i32[] = psum[axis_name=i] %0 return %1 })] %0 %0 return %1 }";
        Assert.Contains("same collectives", Assert.ThrowsAny<InvalidOperationException>(() => Run(Different, [[0], [1]])).Message);
        // The failure of one is the failure of all.
        const string Failing = "program(%0:bool[]) { error_if[msg='it broke'] %0 %1:i32[] = psum[axis_name=i] 1:i32[] return %1 }";
        Assert.Equal("it broke", Assert.Throws<ErrorIfException>(() => Interpreter.RunReplicated(Program.Parse(Failing), "i", [[HostValue.Of([], false)], [HostValue.Of([], true)]])).Message);
    }

    [Fact]
    public void CancellationEndsTheWaiting()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        const string Forever =
            "program(%0:i32[]) { %1:i32[] = while[body=program(%0:i32[]) { %1:i32[] = psum[axis_name=i] %0 return %1 } body_nconsts=0 "
            + "cond=program(%0:i32[]) { %1:bool[] = lt 0:i32[] 1:i32[] return %1 } cond_nconsts=0] %0 return %1 }";
        Assert.ThrowsAny<OperationCanceledException>(() => Interpreter.RunReplicated(Program.Parse(Forever), "i", [[HostValue.Of([], 0)], [HostValue.Of([], 0)]], cancellationToken: source.Token));
    }

    private static IEnumerable<string> Run(Collective op, int[][] values) =>
        Replicated(op, [.. values.Select(static v => v.Length == 1 ? HostValue.Of([], v[0]) : HostValue.Of<int>([v.Length], v))]).Select(Text);

    /// <summary>Scalar inputs of each replica.</summary>
    private static HostValue[][] Run(string program, int[][] inputs) =>
        Interpreter.RunReplicated(Program.Parse(program), "i", [.. inputs.Select(static some => some.Select(static x => HostValue.Of([], x)).ToArray())]);

    private static HostValue[][] Replicated(Collective op, params HostValue[] values) =>
        Interpreter.RunReplicated(Evaluate.ProgramOf(op, [values[0].Spec]), "i", [.. values.Select(static x => new[] { x })]);

    private static string Text(HostValue[] outputs) => string.Join(" ", outputs.SelectMany(static x => x.ToArray<int>()));
}
