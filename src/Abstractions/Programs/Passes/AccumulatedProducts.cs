using BrainState.Ops;

namespace BrainState.Programs.Passes;

/// <summary>
/// Takes matrix products that a scan only adds up in its carry out of it: Σₜ xₜ·gₜ becomes one product of the stacked x and g, which contracts the steps as well. The gradient of
/// a weight that every step uses is such a sum.
/// </summary>
/// <remarks>
/// A term may be a product that is reshaped or transposed, and the carry may have other terms, which stay. Operands that are neither read from nor written to stacked arrays must be
/// stacked for it: at most as many bytes as the scan reads anyway, and none in a body with an <see cref="OptimizationBarrier"/>, which computes again what it does not want to keep.
/// The sum is formed in another order, and so rounded differently.
/// </remarks>
public static class AccumulatedProducts
{
    /// <summary>An equivalent program, in which dead code may be left; the same object if it has no scan at its top level.</summary>
    public static Program Run(Program program) => !program.Equations.Any(static e => e.Op is Scan) ? program
        : ProgramRewriter.Rewrite(program, static (builder, equation, operands) => equation.Op is Scan { Length: > 1 } scan && new Accumulation(scan) is { IsEmpty: false } found
            ? found.Move(builder, operands.ToArray())
            : null);

    /// <summary>A product that is summed in a carry, and what is done to it before.</summary>
    private sealed record Term(int Carry, DotGeneral Dot, Operand Left, Operand Right, Op[] Arrangement);

    /// <summary>What of one scan can be taken out.</summary>
    private sealed class Accumulation
    {
        private readonly Scan scan;
        private readonly Program body;
        private readonly Equation?[] producers;
        private readonly int[] reads;
        private readonly bool[] varies;
        private readonly List<Term> terms = [];

        /// <summary>The values that are stacked in addition.</summary>
        private readonly List<Operand> stacked = [];

        /// <summary>By carry, the terms that stay, if others do not.</summary>
        private readonly Dictionary<int, List<Operand>> remaining = [];

        private long budget;

        public Accumulation(Scan scan)
        {
            (this.scan, body) = (scan, scan.Body);
            (producers, reads, varies) = (new Equation?[body.ValueCount], new int[body.ValueCount], new bool[body.ValueCount]);
            for (var i = scan.ConstCount; i < body.Inputs.Length; i++) varies[i] = IsArray(i) || body.Outputs[i - scan.ConstCount] != Operand.Of(i);
            foreach (var equation in body.Equations)
            {
                var isVarying = equation.Inputs.Any(o => !o.IsLiteral && varies[o.Value]);
                for (var i = 0; i < equation.Outputs.Length; i++)
                    (producers[equation.FirstOutput + i], varies[equation.FirstOutput + i]) = (equation, isVarying);
            }
            foreach (var operand in body.Equations.SelectMany(static e => e.Inputs).Concat(body.Outputs))
                if (!operand.IsLiteral)
                    reads[operand.Value]++;
            if (!body.Equations.Any(static e => e.Op is OptimizationBarrier))
                budget = scan.Length * Enumerable.Range(0, body.Inputs.Length).Where(IsArray).Sum(i => body.Inputs[i].ByteCount);
            for (var carry = 0; carry < scan.CarryCount; carry++) Find(carry);
        }

        public bool IsEmpty => terms.Count == 0;

        /// <summary>Adds the scan without the terms, and what they sum up to; returns the results of the original.</summary>
        public Operand[] Move(ProgramBuilder builder, Operand[] operands)
        {
            var results = builder.AddAll(scan with { Body = Remaining() }, operands);
            Operand Stacked(Operand value)
            {
                if (IsArray(value.Value)) return operands[value.Value];
                var result = StackedResult(value);
                return results[result >= 0 ? result : body.Outputs.Length + stacked.IndexOf(value)];
            }
            foreach (var carry in remaining.Where(static r => r.Value.Count == 0).Select(static r => r.Key)) results[carry] = operands[scan.ConstCount + carry];
            foreach (var (carry, dot, left, right, arrangement) in terms)
            {
                var sum = builder.Add(OverSteps(dot), Stacked(left), Stacked(right));
                foreach (var op in arrangement) sum = builder.Add(op, sum);
                results[carry] = builder.Add(new Add(), results[carry], sum);
            }
            return results[..body.Outputs.Length];
        }

        /// <summary>Divides the sum that a carry becomes into terms, if it is one of which nothing else reads anything.</summary>
        private void Find(int carry)
        {
            var input = Operand.Of(scan.ConstCount + carry);
            if (reads[input.Value] != 1 || body.Outputs[carry] is { IsLiteral: true }) return;
            var (leaves, open, count) = (new List<Operand>(), new Stack<Operand>([body.Outputs[carry]]), terms.Count);
            while (open.TryPop(out var operand))
            {
                if (IsOnlyRead(operand) && producers[operand.Value] is { Op: Add } sum && sum.Inputs.All(o => body.SpecOf(o) == body.Inputs[input.Value]))
                    foreach (var term in sum.Inputs.Reverse()) open.Push(term);
                else leaves.Add(operand);
            }
            if (!leaves.Remove(input)) return;
            leaves.RemoveAll(leaf => TryTake(carry, leaf));
            if (terms.Count > count) remaining.Add(carry, leaves);
        }

        private bool TryTake(int carry, Operand leaf)
        {
            var arrangement = new List<Op>();
            while (IsOnlyRead(leaf) && producers[leaf.Value] is { } equation)
            {
                switch (equation.Op)
                {
                    case Transpose or Reshape:
                        arrangement.Insert(0, equation.Op);
                        leaf = equation.Inputs[0];
                        continue;
                    case DotGeneral dot when equation.Inputs.All(o => !o.IsLiteral && varies[o.Value]):
                        var missing = equation.Inputs.Distinct().Where(o => !IsArray(o.Value) && StackedResult(o) < 0 && !stacked.Contains(o)).ToArray();
                        var bytes = scan.Length * missing.Sum(o => body.SpecOf(o).ByteCount);
                        if (bytes > budget) return false;
                        budget -= bytes;
                        stacked.AddRange(missing);
                        terms.Add(new(carry, dot, equation.Inputs[0], equation.Inputs[1], [.. arrangement]));
                        return true;
                    default:
                        return false;
                }
            }
            return false;
        }

        private bool IsOnlyRead(Operand operand) => !operand.IsLiteral && reads[operand.Value] == 1;

        private bool IsArray(int input) => input >= scan.ConstCount + scan.CarryCount && input < body.Inputs.Length;

        /// <summary>Which result stacks the value anyway, or −1.</summary>
        private int StackedResult(Operand value)
        {
            var index = body.Outputs.AsSpan()[scan.CarryCount..].IndexOf(value);
            return index < 0 ? -1 : scan.CarryCount + index;
        }

        /// <summary>The body without the terms, and with what they are made of as results.</summary>
        private Program Remaining()
        {
            var builder = new ProgramBuilder();
            var inputs = body.Inputs.Select(builder.AddInput).ToArray();
            using var map = new OperandMap(body.ValueCount);
            map.Set(0, inputs);
            foreach (var equation in body.Equations)
            {
                builder.Origin = equation.Origin;
                map.Set(equation.FirstOutput, builder.AddEquation(equation.Op, map.Of(equation.Inputs)));
            }
            Operand[] outputs = [.. map.Of([.. body.Outputs, .. stacked])];
            foreach (var (carry, leaves) in remaining)
                outputs[carry] = leaves.Aggregate(inputs[scan.ConstCount + carry], (sum, leaf) => builder.Add(new Add(), sum, map.Of(leaf)));
            return DeadCodeElimination.Run(builder.Build(outputs));
        }

        private static DotGeneral OverSteps(DotGeneral dot) => dot with
        {
            LhsContracting = Behind(dot.LhsContracting, first: 0), RhsContracting = Behind(dot.RhsContracting, first: 0), LhsBatch = Behind(dot.LhsBatch), RhsBatch = Behind(dot.RhsBatch),
        };

        /// <summary>The axes behind that of the steps.</summary>
        private static ValueArray<int> Behind(ValueArray<int> axes, params ReadOnlySpan<int> first) => [.. first, .. axes.Select(static axis => axis + 1)];
    }
}
