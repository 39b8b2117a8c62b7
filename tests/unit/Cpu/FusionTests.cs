using BrainState.Ops;
using BrainState.Programs;
using FsCheck;
using FsCheck.Fluent;

namespace BrainState.UnitTests.Cpu;

/// <summary>Whole programs, in which ops share loops and memory, must give what their ops give one by one.</summary>
public class FusionTests
{
    [Fact]
    public void RandomPrograms() => Prop.ForAll<int>(static seed =>
    {
        var program = RandomProgram(new Random(seed), out var arguments);
        var expected = Reference.Evaluate(program, arguments);
        var actual = Tensor.Run(program, arguments);
        for (var i = 0; i < expected.Length; i++) expected[i].AssertClose(actual[i], $"seed {seed}, output {i} of {program}", 64, 1e-4);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    /// <summary>Float and integer chains over a few shapes, with reductions, broadcasts and movements between, and outputs picked at random.</summary>
    private static Program RandomProgram(Random random, out Tensor[] arguments)
    {
        var builder = new ProgramBuilder();
        int rows = random.Next(1, 5), columns = random.Next(10) == 0 ? 2500 : random.Next(1, 40);
        Shape[] shapes = [Shape.Scalar, [rows], [columns], [rows, columns], [columns, rows]];
        TensorSpec[] specs =
            [.. Enumerable.Range(0, 4).Select(_ => new TensorSpec(random.Next(4) == 0 ? DType.Int32 : random.Next(4) == 0 ? DType.BFloat16 : DType.Float32, shapes[random.Next(5)]))];
        var values = specs.Select(builder.AddInput).ToList();
        arguments = [.. specs.Select((spec, i) => Samples.Modest(spec, i))];
        for (var i = random.Next(3, 40); i > 0; i--)
        {
            var x = values[random.Next(values.Count)];
            values.Add(Next(builder, random, x, values, rows, columns));
        }
        var outputs = values.Where(v => v.Value >= specs.Length).Where(_ => random.Next(4) == 0).Append(values[^1]).Distinct().ToArray();
        return builder.Build(outputs);
    }

    private static Operand Next(ProgramBuilder builder, Random random, Operand x, List<Operand> values, int rows, int columns)
    {
        var spec = builder.SpecOf(x);
        var isFloat = spec.DType.IsFloating;
        var partners = values.Where(v => builder.SpecOf(v).DType == spec.DType && (builder.SpecOf(v).Shape == spec.Shape || builder.SpecOf(v).Rank == 0)).ToArray();
        var y = partners[random.Next(partners.Length)];
        switch (random.Next(15))
        {
            case 0: return builder.Add(new Add(), x, y);
            case 1: return builder.Add(new Sub(), y, x);
            case 2: return builder.Add(new Max(), x, y);
            case 3: return isFloat ? builder.Add(new Tanh(), x) : builder.Add(new And(), x, y);
            case 4: return builder.Add(new Sign(), x);
            case 5: return isFloat ? builder.Add(new Logistic(), x) : builder.Add(new Neg(), x);
            case 6 when spec.Rank > 0: return builder.Add(new ReduceMax([random.Next(spec.Rank)]), x);
            case 7 when spec.Rank > 0: return isFloat ? builder.Add(new ReduceMin([random.Next(spec.Rank)]), x) : builder.Add(new ReduceSum([0]), x);
            case 8 when spec.Rank == 1 && spec.Shape[0] == columns: return builder.Add(new BroadcastInDim([rows, columns], [1]), x);
            case 9 when spec.Rank == 0: return builder.Add(new BroadcastInDim([columns, rows], []), x);
            case 10 when spec.Rank == 2: return builder.Add(new Transpose([1, 0]), x);
            case 11 when spec.Rank > 0: return builder.Add(new Rev([0]), x);
            case 12: return builder.Add(new ConvertElementType(isFloat ? DType.Int32 : random.Next(2) == 0 ? DType.Float32 : DType.BFloat16), x);
            case 13: return builder.Add(new SelectN(), builder.Add(new Lt(), x, y), x, x == y || builder.SpecOf(y) != spec ? x : y);
            case 14 when spec.Rank > 0: return builder.Add(new Reshape([(int)spec.ElementCount]), x);
            default: return builder.Add(new Abs(), x);
        }
    }

    [Fact]
    public void ClampAndSelect()
    {
        foreach (var dtype in Samples.Real)
            foreach (Shape shape in new Shape[] { Shape.Scalar, [0], [50], [3, 40] })
                foreach (var bounds in new[] { Shape.Scalar, shape })
                {
                    var builder = new ProgramBuilder();
                    var (low, x, high) = (builder.AddInput(new(dtype, bounds)), builder.AddInput(new(dtype, shape)), builder.AddInput(new(dtype, bounds)));
                    var (yes, which) = (builder.AddInput(new(DType.Bool, bounds)), builder.AddInput(new(DType.Int32, bounds)));
                    var clamped = builder.Add(new Clamp(), low, x, high);
                    Checks.Run(builder.Build(clamped, builder.Add(new SelectN(), yes, x, clamped), builder.Add(new SelectN(), which, x, clamped, x),
                        builder.Add(new SelectN(), which, x)), 3);
                }
    }

    [Fact]
    public void LongChainOverManyTiles()
    {
        var builder = new ProgramBuilder();
        var (x, y) = (builder.AddInput(new(DType.Float32, [500, 400])), builder.AddInput(new(DType.Float32, [400])));
        var z = builder.Add(new Add(), x, builder.Add(new BroadcastInDim([500, 400], [1]), y));
        for (var i = 0; i < 10; i++) z = builder.Add(new Mul(), builder.Add(new Sub(), z, x), Operand.Of(Scalar.Of(0.5f)));
        var program = builder.Build(z, builder.Add(new ReduceMax([1]), z), builder.Add(new ReduceMax([1]), builder.Add(new Neg(), z)));
        Checks.Run(program, 1, 1000, Samples.Modest(program.Inputs[0], 1), Samples.Modest(program.Inputs[1], 2));
    }

    [Fact]
    public void OutputsMayBeInputsLiteralsAndDuplicates()
    {
        var builder = new ProgramBuilder();
        var x = builder.AddInput(new(DType.Float16, [6]));
        var y = builder.Add(new Neg(), x);
        Checks.Run(builder.Build(x, y, y, builder.Add(new Reshape([2, 3]), y), builder.Add(new Slice([2], [4], [1]), y), Operand.Of(Scalar.Of(3))), 1);
    }
}
