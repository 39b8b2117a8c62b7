using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.UnitTests.Cpu;

public class ControlFlowTests
{
    private static readonly TensorSpec Index = new(DType.Int32, Shape.Scalar);
    private static readonly TensorSpec Vector = new(DType.Float32, [5]);

    [Theory, InlineData(-7), InlineData(0), InlineData(1), InlineData(2), InlineData(9)]
    public void CondSelectsTheNearestBranch(int index)
    {
        var branches = new Program[]
        {
            Body(b => [b.AddInput(Vector), Operand.Of(Scalar.Of(1f))]),
            Body(b => { var x = b.AddInput(Vector); return [b.Add(new Neg(), x), b.Add(new ReduceSum([0]), x)]; }),
            Body(b => { var x = b.AddInput(Vector); var y = b.Add(new Sin(), x); return [y, b.Add(new ReduceMax([0]), y)]; }),
        };
        var builder = new ProgramBuilder();
        var (i, x) = (builder.AddInput(Index), builder.AddInput(Vector));
        var results = builder.AddAll(new Cond(branches.ToValueArray()), i, x);
        Checks.Run(builder.Build(results[0], builder.Add(new Neg(), results[1])), 1, 2, Tensor.Scalar(index), Samples.Modest(Vector, 1));
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(7)]
    public void WhileCountsAndCarries(int limit)
    {
        // (limit; step) i, x, unchanged, swapped pair: every kind of carry there is.
        var condition = Body(b =>
        {
            var most = b.AddInput(Index);
            var i = b.AddInput(Index);
            foreach (var spec in new[] { Vector, Vector, Vector, Vector }) b.AddInput(spec);
            return [b.Add(new Lt(), i, most)];
        });
        var body = Body(b =>
        {
            var step = b.AddInput(Vector);
            var (i, x, fixedPart, left, right) = (b.AddInput(Index), b.AddInput(Vector), b.AddInput(Vector), b.AddInput(Vector), b.AddInput(Vector));
            return [b.Add(new Add(), i, Operand.Of(Scalar.Of(1))), b.Add(new Add(), b.Add(new Mul(), x, fixedPart), step), fixedPart, right, left];
        });
        var builder = new ProgramBuilder();
        var inputs = new[] { Index, Vector, Index, Vector, Vector, Vector, Vector }.Select(builder.AddInput).ToArray();
        var program = builder.Build(builder.AddAll(new While(condition, body, 1, 1), inputs));
        Tensor[] arguments = [Tensor.Scalar(limit), .. Enumerable.Range(0, 1).Select(_ => Samples.Modest(Vector, 0)), Tensor.Scalar(0), .. Enumerable.Range(1, 4).Select(s => Samples.Modest(Vector, s))];
        Checks.Run(program, 0, 8, arguments);
    }

    [Theory, InlineData(0, false), InlineData(1, false), InlineData(6, false), InlineData(7, true), InlineData(2, true)]
    public void ScanStacksAndReverses(int length, bool reverse)
    {
        var item = new TensorSpec(DType.Float64, [3]);
        var body = Body(b =>
        {
            var scale = b.AddInput(Vector);
            var (sum, fixedPart, count) = (b.AddInput(item), b.AddInput(item), b.AddInput(Index));
            var (x, y) = (b.AddInput(item), b.AddInput(Vector));
            var next = b.Add(new Add(), b.Add(new Mul(), sum, fixedPart), x);
            return [next, fixedPart, b.Add(new Add(), count, Operand.Of(Scalar.Of(1))), b.Add(new ReduceSum([0]), next), b.Add(new Mul(), scale, y), x, count];
        });
        var builder = new ProgramBuilder();
        var inputs = new[] { Vector, item, item, Index, item.With(item.Shape.Insert(0, length)), Vector.With(Vector.Shape.Insert(0, length)) }.Select(builder.AddInput).ToArray();
        var program = builder.Build(builder.AddAll(new Scan(body, 1, 3, length, reverse, 1), inputs));
        Checks.Run(program, 0, 8, [.. program.Inputs.Select(Samples.Modest)]);
    }

    [Fact]
    public void NestedLoops()
    {
        var inner = Body(b => { var (c, x) = (b.AddInput(Vector), b.AddInput(Vector)); var s = b.Add(new Add(), c, x); return [s, b.Add(new Neg(), s)]; });
        var outer = Body(b =>
        {
            var (carry, rows) = (b.AddInput(Vector), b.AddInput(Vector.With([4, 5])));
            var results = b.AddAll(new Scan(inner, 0, 1, 4, false, 1), carry, rows);
            var which = b.Add(new ConvertElementType(DType.Int32), b.Add(new Lt(), b.Add(new ReduceSum([0]), results[0]), Operand.Of(Scalar.Of(0f))));
            Program[] branches = [Body(c => [c.Add(new Neg(), c.AddInput(Vector))]), Body(c => [c.Add(new Abs(), c.AddInput(Vector))])];
            return [b.Add(new Cond(branches.ToValueArray()), which, results[0]), results[1]];
        });
        var builder = new ProgramBuilder();
        var inputs = new[] { Vector, Vector.With([3, 4, 5]) }.Select(builder.AddInput).ToArray();
        var program = builder.Build(builder.AddAll(new Scan(outer, 0, 1, 3, true, 1), inputs));
        Checks.Run(program, 0, 8, [.. program.Inputs.Select(Samples.Modest)]);
    }

    [Fact]
    public void CallsAreInlined()
    {
        var body = Body(b => { var x = b.AddInput(Vector); return [x, b.Add(new Exp(), x), x]; });
        var builder = new ProgramBuilder();
        var x = builder.AddInput(Vector);
        var results = builder.AddAll(new Call(body, "f"), builder.AddAll(new OptimizationBarrier(), x)[0]);
        Checks.Run(builder.Build(builder.Add(new Add(), results[0], results[1]), builder.Add(new Mul(), results[1], results[2])), 3, 4, Samples.Modest(Vector, 2));
    }

    [Fact]
    public async Task CancellationStopsAnEndlessLoop()
    {
        var condition = Body(b => { b.AddInput(Index); return [Operand.Of(Scalar.Of(true))]; });
        var body = Body(b => [b.Add(new Add(), b.AddInput(Index), Operand.Of(Scalar.Of(1)))]);
        var builder = new ProgramBuilder();
        var program = builder.Build(builder.AddAll(new While(condition, body, 0, 0), builder.AddInput(Index)));
        using var executable = Tensor.Compile(program);
        using var source = new CancellationTokenSource();
        var run = Task.Run(() => Tensor.Run(executable, program, [Tensor.Scalar(0)], source.Token));
        source.CancelAfter(20);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => Tensor.Run(executable, program, [Tensor.Scalar(0)], new(canceled: true))));
    }

    private static Program Body(Func<ProgramBuilder, Operand[]> make)
    {
        var builder = new ProgramBuilder();
        return builder.Build(make(builder));
    }

    /// <summary>
    /// A loop that writes one row per step, of a carry that it may also read before or after, and whose operand is used elsewhere: whatever is
    /// updated in place, nobody may notice.
    /// </summary>
    [Theory]
    [InlineData("%4:f32[2] = dynamic_slice[slice_sizes=(2,)] %1 %0 %5:f32[2] = mul %4 2.0:f32[] %6:f32[9] = dynamic_update_slice %1 %5 %0", "%6")]
    [InlineData("%5:f32[2] = iota[dtype=float32 dimension=0 shape=(2,)] %6:f32[9] = dynamic_update_slice %1 %5 %0 %7:f32[9] = add %6 %1", "%7")]
    [InlineData("%5:f32[2] = slice[limit_indices=(4,) start_indices=(2,) strides=(1,)] %1 %6:f32[9] = dynamic_update_slice %1 %5 %0", "%6")]
    [InlineData("%5:f32[2] = add %2 1.0:f32[] %6:f32[9] = dynamic_update_slice %1 %5 %0 %7:f32[9] = dynamic_update_slice %6 %5 3:i32[]", "%7")]
    public void UpdatesInLoops(string body, string result)
    {
        const string Carry = "%0:i32[], %1:f32[9], %2:f32[2]";
        foreach (var after in (string[])["%2", "%9"])
        {
            // The second time, another carry reads what was there before the update.
            var read = after == "%9" ? "%8:f32[2] = slice[limit_indices=(9,) start_indices=(7,) strides=(1,)] %1 %9:f32[2] = add %8 %2 " : "";
            var step = $"program({Carry}) {{ {body} {read}%10:i32[] = add %0 1:i32[] return %10, {result}, {after} }}";
            var numbered = Renumber(step);
            var loop = $"while[body={numbered} body_nconsts=0 cond=program({Carry}) {{ %3:bool[] = lt %0 6:i32[] return %3 }} cond_nconsts=0]";
            Checks.Run(Program.Parse($"program(%0:f32[9], %1:f32[2]) {{ %2:f32[9] = neg %0 %3:i32[] %4:f32[9] %5:f32[2] = {loop} 0:i32[] %2 %1 %6:f32[9] = mul %2 2.0:f32[] return %4, %5, %6 }}"), 1);
            var scan = $"scan[body={numbered} length=5 num_carry=3 num_consts=0 reverse=False unroll=1]";
            Checks.Run(Program.Parse($"program(%0:f32[9], %1:f32[2]) {{ %2:f32[9] = neg %0 %3:i32[] %4:f32[9] %5:f32[2] = {scan} 0:i32[] %2 %1 %6:f32[9] = mul %2 2.0:f32[] return %4, %5, %6 }}"), 2);
        }
    }

    /// <summary>Numbers values in the order in which they are made, as program text requires.</summary>
    private static string Renumber(string program)
    {
        var names = new Dictionary<string, string>();
        return System.Text.RegularExpressions.Regex.Replace(program, "%[0-9]+", match =>
        {
            if (!names.TryGetValue(match.Value, out var name)) names.Add(match.Value, name = $"%{names.Count}");
            return name;
        });
    }
}
