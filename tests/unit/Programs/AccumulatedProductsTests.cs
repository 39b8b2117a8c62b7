using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Programs.Passes;
using BrainState.Conformance;
using BrainState.Conformance.Generation;
using BrainState.UnitTests.Interpretation;

namespace BrainState.UnitTests.Programs;

/// <summary>Products that a scan only sums up leave it, and the sums stay what they were.</summary>
public sealed class AccumulatedProductsTests
{
    const int B = 2, M = 3, N = 4;

    static readonly DotGeneral Product = new([0], [0], [], [], DType.Float64);

    /// <summary>Bodies that add products of everything there is to two carries, in any order and grouping. Elements are small integers, so that no order rounds.</summary>
    [Fact]
    public void SumsStay() => Property.Check(400, seed =>
    {
        var random = new Random(seed);
        var (length, hasBarrier) = (random.Next(1, 5), random.Next(4) == 0);
        TensorSpec left = new(DType.Float64, [B, M]), right = new(DType.Float64, [B, N]), sum = new(DType.Float64, [M, N]);
        var inner = new ProgramBuilder();
        Operand constant = inner.AddInput(left), total = inner.AddInput(sum), other = inner.AddInput(sum), state = inner.AddInput(left);
        Operand x = inner.AddInput(left), y = inner.AddInput(right);
        var next = inner.Add(new Add(), state, x);
        if (hasBarrier) next = inner.AddAll(new OptimizationBarrier(), next)[0];
        var doubled = inner.Add(new Add(), y, y);

        Operand Pick(params Operand[] operands) => operands[random.Next(operands.Length)];
        Operand Term() => random.Next(6) switch
        {
            0 => inner.Add(new Transpose([1, 0]), inner.Add(Product, Pick(y, doubled), Pick(x, state, next))),
            1 => inner.Add(new Reshape([M, N]), inner.Add(new Reshape([M * N]), inner.Add(Product, Pick(x, next, constant), y))),
            2 => inner.Add(new BroadcastInDim([M, N], [1]), inner.Add(new ReduceSum([0]), y)),
            _ => inner.Add(Product, Pick(x, state, next, constant), Pick(y, doubled)),
        };
        Operand Sum(Operand carry)
        {
            List<Operand> terms = [carry, .. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Term())];
            while (terms.Count > 1)
            {
                var (a, b) = (Take(), Take());
                terms.Add(inner.Add(new Add(), a, b));
            }
            return terms[0];

            Operand Take()
            {
                var taken = terms[random.Next(terms.Count)];
                terms.Remove(taken);
                return taken;
            }
        }
        var body = inner.Build(Sum(total), Sum(other), next, random.Next(2) == 0 ? doubled : x, random.Next(4) == 0 ? total : y);
        var builder = new ProgramBuilder();
        Operand[] operands = [.. ((TensorSpec[])[left, sum, sum, left, new(DType.Float64, [length, B, M]), new(DType.Float64, [length, B, N])]).Select(builder.AddInput)];
        var program = builder.Build(builder.AddAll(new Scan(body, 1, 3, length, random.Next(2) == 0, 1), operands));

        var after = DeadCodeElimination.Run(AccumulatedProducts.Run(program));
        ProgramVerifier.Verify(after);
        HostValue[] inputs = [.. program.Inputs.Select(spec => HostValue.Generate(spec, _ => Scalar.Of((double)random.Next(-3, 4))))];
        Assert.Null(Exactness.Difference(Interpreter.Run(program, inputs), Interpreter.Run(after, inputs)));
    });

    [Fact]
    public void AGradientOfAWeightIsOneProduct() => AssertMoved("""
        program(%0:f32[3,4], %1:f32[5,2,3], %2:f32[5,2,4]) {
          %3:f32[3,4] %4:f32[5,2,4] = scan[body=program(%0:f32[3,4], %1:f32[2,3], %2:f32[2,4]) {
            %3:f32[2,4] = sin %2
            %4:f32[4,3] = dot_general[dimension_numbers=(([0], [0]), ([], [])) preferred_element_type=float32] %3 %1
            %5:f32[3,4] = transpose[permutation=(1, 0)] %4
            %6:f32[3,4] = add %0 %5
            return %6, %3
          } length=5 num_carry=1 num_consts=0 reverse=True unroll=1] %0 %1 %2
          return %3, %4
        }
        """, """
        program(%0:f32[3,4], %1:f32[5,2,3], %2:f32[5,2,4]) {
          %3:f32[5,2,4] = scan[body=program(%0:f32[2,4]) {
            %1:f32[2,4] = sin %0
            return %1
          } length=5 num_carry=0 num_consts=0 reverse=True unroll=1] %2
          %4:f32[4,3] = dot_general[dimension_numbers=(([0, 1], [0, 1]), ([], [])) preferred_element_type=float32] %3 %1
          %5:f32[3,4] = transpose[permutation=(1, 0)] %4
          %6:f32[3,4] = add %0 %5
          return %6, %3
        }
        """);

    /// <summary>A larger product than what the loop reads would have to be kept for every step; a body that computes things again keeps nothing new at all.</summary>
    [Theory]
    [InlineData("%4:f32[9] = broadcast_in_dim[broadcast_dimensions=(0,) shape=(9,)] %3")]
    [InlineData("%4:f32[1] = optimization_barrier %3")]
    public void MemoryBoundsWhatIsMoved(string equation)
    {
        var program = Program.Parse($$"""
            program(%0:f32[], %1:f32[5]) {
              %2:f32[] = scan[body=program(%0:f32[], %1:f32[]) {
                %2:f32[] = sin %1
                %3:f32[1] = reshape[dimensions=None new_sizes=(1,)] %2
                {{equation}}
                %5:f32[] = dot_general[dimension_numbers=(([0], [0]), ([], [])) preferred_element_type=float32] %4 %4
                %6:f32[] = add %5 %0
                return %6
              } length=5 num_carry=1 num_consts=0 reverse=False unroll=1] %0 %1
              return %2
            }
            """);
        Assert.Equal(program, AccumulatedProducts.Run(program));
    }

    static void AssertMoved(string before, string after) =>
        Assert.Equal(Program.Parse(after).ToFullText(), DeadCodeElimination.Run(AccumulatedProducts.Run(Program.Parse(before))).ToFullText());
}
