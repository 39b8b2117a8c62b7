using static BrainState.Transforms;

namespace BrainState.Conformance.Generation;

/// <summary>
/// Random loops and branches inside each other whose lanes go apart, on integers: carries take the values of constants, slices and each other, so that it takes some steps until all are
/// batched that must be, and how often a lane goes round, or which branch it takes, depends on an operand.
/// </summary>
internal static class LaneFlow
{
    private static readonly Shape Vector = [2];

    /// <summary>The operands of each op: every carry, constant and slice can be batched or not.</summary>
    public static IReadOnlyDictionary<string, TensorSpec[]> Operands { get; } = new Dictionary<string, Shape[]>
    {
        ["scan"] = [Vector, Vector, Vector, [3, 2]], // constant, two carries, slices
        ["while"] = [Vector, Vector, Vector, Vector, Vector], // limit, constant, start, two carries
        ["cond"] = [Vector, Vector, Vector], // which branch, operands
    }.ToDictionary(static op => op.Key, static op => op.Value.Select(static shape => new TensorSpec(DType.Int32, shape)).ToArray());

    /// <summary>Vectors from the operands of an op around random bodies.</summary>
    public static Tensor[] Of(string op, int seed, Tensor[] x, int depth = 1)
    {
        // Bodies may be traced more than once, and must be the same each time.
        var random = new Random(seed);
        var (seeds, isReverse) = (new[] { random.Next(), random.Next(), random.Next() }, random.Next(2) == 0);
        switch (op)
        {
            case "scan":
                (Tensor[], Tensor) Step(Tensor[] carry, Tensor row) => (Next(2, seeds[0], [x[0], .. carry, row], depth), Next(1, seeds[1], [x[0], .. carry, row], depth)[0]);
                var (last, results) = Scan<Tensor[], Tensor, Tensor>(Step, x[1..3], x[3], new() { Reverse = isReverse });
                return [.. last, results];
            case "while":
                var limit = Number(x[0], 7);
                Tensor[] start = [Number(x[2], 3), x[3], x[4]];
                return WhileLoop(
                    carry => carry[0] + Number(carry[2], 2) < limit,
                    carry => [carry[0] + 1 + Number(carry[1], 2), .. Next(2, seeds[0], [x[1], .. carry[1..]], depth)],
                    start);
            default:
                return Switch(Number(x[0], 3), [.. seeds.Select(own => (Func<Tensor[]>)(() => Next(2, own, x, depth)))]);
        }
    }

    /// <summary>A number below a bound that depends on a vector.</summary>
    private static Tensor Number(Tensor vector, int bound) => Np.Sum(vector) % bound;

    private static Tensor[] Next(int count, int seed, Tensor[] x, int depth)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Next(random, x, depth))];
    }

    private static Tensor Next(Random random, Tensor[] x, int depth)
    {
        Tensor Pick() => x[random.Next(x.Length)];
        switch (random.Next(depth > 0 ? 5 : 4))
        {
            case 0: return Pick();
            case 1: return Pick() + Pick();
            case 2: return Np.Maximum(Pick(), Pick()) - Pick();
            case 3: return Np.Where(Pick() > Pick(), Pick(), Pick());
            default:
                var op = Operands.Keys.ElementAt(random.Next(Operands.Count));
                return Of(op, random.Next(), [.. Operands[op].Select(spec => spec.Rank == 1 ? Pick() : Np.Stack([Pick(), Pick(), Pick()]))], depth - 1)[1];
        }
    }
}
