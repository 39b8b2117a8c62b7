using BrainState.Execution;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Tracing;
using static BrainState.Differentiation.DerivativeRules;

namespace BrainState.Differentiation;

/// <summary>
/// Derivatives of scan are scans. Which parts of the carry have tangents is found by fixpoint. Of the residuals, those that are the same in every step stay outside, those that
/// are a step's input are read from where they came, and only the others are stacked; so the backward pass costs as much per step as the forward pass.
/// </summary>
internal static class ScanRules
{
    public static void Define()
    {
        Jvps.Define<Scan>((op, primals, tangents) => Jvp((Scan)op, primals, tangents));
        Linearizations.Define<Scan>((op, primals, tangents) => Linearize((Scan)op, primals, tangents));
        Transposes.Define<Scan>((op, ct, operands) => Transpose((Scan)op, ct, operands));
    }

    private static (Tensor[] Outputs, Tensor?[] Tangents) Jvp(Scan scan, Tensor[] primals, Tensor?[] tangents)
    {
        var (active, required) = Fixpoint(scan, tangents, (active, required) => ForwardMode.Jvp(scan.Body, active, required).Moving);
        var jvp = ForwardMode.Jvp(scan.Body, active, required);
        var parts = new Parts(scan);
        var moved = MovedTangents(parts, primals, tangents, active);

        // The body takes its inputs, then tangents; a scan takes constants, carry and arrays, each with their tangents.
        var count = scan.Body.Inputs.Length;
        var inputOf = parts.PositionsOfTangents(active, count);
        int[] inputs = [.. parts.Consts.Concat(Moved(parts.Consts)), .. parts.Carry.Concat(Moved(parts.Carry)), .. parts.Arrays.Concat(Moved(parts.Arrays))];
        IEnumerable<int> Moved(IEnumerable<int> positions) => positions.Where(p => active[p]).Select(p => inputOf[p]);

        var outputCount = scan.Body.Outputs.Length;
        var tangentOf = parts.PositionsOfTangents(jvp.Moving, outputCount);
        var (carries, stacked) = (Enumerable.Range(0, scan.CarryCount), Enumerable.Range(scan.CarryCount, outputCount - scan.CarryCount));
        IEnumerable<int> MovedOutputs(IEnumerable<int> outputs) => outputs.Where(o => jvp.Moving[o]).Select(o => tangentOf[o]);
        int[] outputs = [.. carries.Concat(MovedOutputs(carries)), .. stacked.Concat(MovedOutputs(stacked))];

        var results = Eager.Bind(
            scan with
            {
                Body = ProgramParts.Select(jvp.Program, inputs, outputs),
                ConstCount = scan.ConstCount + parts.Consts.Count(p => active[p]),
                CarryCount = scan.CarryCount + parts.Carry.Count(p => active[p]),
            },
            [.. inputs.Select(input => input < count ? primals[input] : moved[input - count])]);
        var byOutput = outputs.Zip(results).ToDictionary(static p => p.First, static p => p.Second);
        return (
            [.. Enumerable.Range(0, outputCount).Select(o => byOutput[o])],
            [.. Enumerable.Range(0, outputCount).Select(o => jvp.Moving[o] ? byOutput[tangentOf[o]] : null)]);
    }

    private static (Tensor[] Outputs, Tensor?[] Tangents) Linearize(Scan scan, Tensor[] primals, Tensor?[] tangents)
    {
        var (active, required) = Fixpoint(scan, tangents, (active, required) => ReverseMode.Stage(scan.Body, active, required).Moving);
        var staged = ReverseMode.Stage(scan.Body, active, required);
        var parts = new Parts(scan);
        var forward = staged.Forward;
        var outputCount = scan.Body.Outputs.Length;

        // Where each residual comes from.
        var varies = ProgramParts.DependsOn(forward, input => input >= scan.ConstCount);
        var residuals = Enumerable.Range(outputCount, staged.ResidualCount).ToArray();
        bool IsInvariant(int output) => forward.Outputs[output] is { IsLiteral: false } value && !varies[value.Value];
        bool IsStepInput(int output) => forward.Outputs[output] is { IsLiteral: false } value && value.Value < forward.Inputs.Length && parts.Arrays.Contains(value.Value);
        var invariant = residuals.Where(IsInvariant).ToArray();
        var fromInput = residuals.Where(IsStepInput).ToArray();
        var stacked = residuals.Except(invariant).Except(fromInput).ToArray();

        var consts = parts.Consts.ToArray();
        var invariantValues = ProgramFunction.Apply(ProgramParts.Select(EffectRemoval.Run(forward), consts, invariant), [.. consts.Select(p => primals[p])]);
        var all = Enumerable.Range(0, primals.Length).ToArray();
        var results = Eager.Bind(scan with { Body = ProgramParts.Select(forward, all, Enumerable.Range(0, outputCount).Concat(stacked)) }, primals);

        // The linear scan: residuals as constants and arrays, tangents of constants, carry and arrays.
        var moved = MovedTangents(parts, primals, tangents, active);
        var tangentInputs = Enumerable.Range(0, primals.Length).Where(p => active[p]).ToArray();
        int[] InputsOf(IEnumerable<int> positions) => [.. positions.Where(p => active[p]).Select(p => staged.ResidualCount + Array.IndexOf(tangentInputs, p))];
        int[] Residuals(int[] outputs) => [.. outputs.Select(output => output - outputCount)];
        var (constTangents, carryTangents, arrayTangents) = (InputsOf(parts.Consts), InputsOf(parts.Carry), InputsOf(parts.Arrays));
        int[] order = [.. Residuals(invariant), .. constTangents, .. carryTangents, .. Residuals(fromInput), .. Residuals(stacked), .. arrayTangents];
        var values = new Tensor[staged.Linear.Inputs.Length];
        void Put(int[] inputs, IEnumerable<Tensor> tensors)
        {
            foreach (var (input, tensor) in inputs.Zip(tensors)) values[input] = tensor;
        }
        Put(Residuals(invariant), invariantValues);
        Put(Residuals(fromInput), fromInput.Select(output => primals[forward.Outputs[output].Value]));
        Put(Residuals(stacked), results.Skip(outputCount));
        for (var i = 0; i < moved.Length; i++) values[staged.ResidualCount + i] = moved[i];

        var linear = scan with
        {
            Body = ProgramParts.Select(staged.Linear, order, Enumerable.Range(0, staged.Linear.Outputs.Length)),
            ConstCount = invariant.Length + constTangents.Length,
            CarryCount = carryTangents.Length,
        };
        return (results[..outputCount], Spread(Eager.Bind(linear, [.. order.Select(input => values[input])]), staged.Moving));
    }

    /// <summary>
    /// Runs the steps the other way round. The cotangents of the carry are the carry; those of constants are summed in it; those of the arrays are the per-step results.
    /// </summary>
    private static Tensor?[] Transpose(Scan scan, Tensor?[] ct, LinearOperand[] operands)
    {
        var parts = new Parts(scan);
        var (body, carryCount) = (scan.Body, scan.CarryCount);
        var isUnknown = operands.Select((o, p) => o.IsLinear || parts.IsCarry(p)).ToArray();
        int[] known = [.. Enumerable.Range(0, operands.Length).Where(p => !isUnknown[p])];
        int[] knownConsts = [.. known.Where(parts.IsConst)], knownArrays = [.. known.Where(parts.IsArray)];
        int[] consts = [.. parts.Consts.Where(p => isUnknown[p])], arrays = [.. parts.Arrays.Where(p => isUnknown[p])];
        int[] results = [.. Enumerable.Range(carryCount, ct.Length - carryCount).Where(r => ct[r] is not null)];

        TensorSpec[] specs =
        [
            .. knownConsts.Select(p => body.Inputs[p]), .. parts.Carry.Select(p => body.Inputs[p]), .. consts.Select(p => body.Inputs[p]),
            .. knownArrays.Select(p => body.Inputs[p]), .. results.Select(r => body.OutputSpecs[r]),
        ];
        var transposed = Trace.Run([.. specs.Select(static s => new Aval(s, false))], given =>
        {
            var next = 0;
            Tensor[] Take(int count) => given[next..(next += count)];
            var inputs = new Tensor?[operands.Length];
            var cotangents = new Tensor?[ct.Length];
            foreach (var (p, tensor) in knownConsts.Zip(Take(knownConsts.Length))) inputs[p] = tensor;
            Take(carryCount).CopyTo(cotangents, 0);
            var sums = Take(consts.Length);
            foreach (var (p, tensor) in knownArrays.Zip(Take(knownArrays.Length))) inputs[p] = tensor;
            foreach (var (r, tensor) in results.Zip(Take(results.Length))) cotangents[r] = tensor;
            var pulled = ReverseMode.Transpose(body, inputs, cotangents);
            return
            [
                .. parts.Carry.Select(p => pulled[p] ?? Zeros(body.Inputs[p])), .. consts.Select((p, i) => Sum(sums[i], pulled[p])!),
                .. arrays.Select(p => pulled[p] ?? Zeros(body.Inputs[p])),
            ];
        });
        var outputs = Eager.Bind(
            scan with { Body = transposed.Program, ConstCount = knownConsts.Length, CarryCount = carryCount + consts.Length, Reverse = !scan.Reverse },
            [
                .. knownConsts.Select(p => operands[p].Known!), .. parts.Carry.Select((p, i) => ct[i] ?? Zeros(operands[p].Spec)), .. consts.Select(p => Zeros(operands[p].Spec)),
                .. knownArrays.Select(p => operands[p].Known!), .. results.Select(r => ct[r]!),
            ]);
        var contributions = new Tensor?[operands.Length];
        foreach (var (p, tensor) in parts.Carry.Concat(consts).Concat(arrays).Zip(outputs)) contributions[p] = tensor;
        return contributions;
    }

    /// <summary>Grows the set of carries with tangents until the body maps it into itself.</summary>
    private static (ValueArray<bool> Active, ValueArray<bool> Required) Fixpoint(
        Scan scan, Tensor?[] tangents, Func<ValueArray<bool>, ValueArray<bool>, ValueArray<bool>> movingOutputs)
    {
        var active = Moving(tangents).ToArray();
        while (true)
        {
            var required = new bool[scan.Body.Outputs.Length];
            active.AsSpan(scan.ConstCount, scan.CarryCount).CopyTo(required);
            var key = (ValueArray.Create<bool>(active), ValueArray.Create<bool>(required));
            var moving = movingOutputs(key.Item1, key.Item2);
            var hasGrown = false;
            for (var i = 0; i < scan.CarryCount; i++)
            {
                if (!moving[i] || active[scan.ConstCount + i]) continue;
                active[scan.ConstCount + i] = hasGrown = true;
            }
            if (!hasGrown) return key;
        }
    }

    /// <summary>The tangents of all active operands, in order; a carry that gets its tangent on the way starts with zeros.</summary>
    private static Tensor[] MovedTangents(Parts parts, Tensor[] primals, Tensor?[] tangents, ValueArray<bool> active) =>
        [.. Enumerable.Range(0, primals.Length).Where(p => active[p]).Select(p => tangents[p] ?? Zeros(primals[p].Spec))];

    /// <summary>The positions of a scan's operands, which are also those of its body's inputs.</summary>
    private sealed class Parts(Scan scan)
    {
        public IEnumerable<int> Consts => Enumerable.Range(0, scan.ConstCount);

        public IEnumerable<int> Carry => Enumerable.Range(scan.ConstCount, scan.CarryCount);

        public IEnumerable<int> Arrays => Enumerable.Range(scan.ConstCount + scan.CarryCount, scan.Body.Inputs.Length - scan.ConstCount - scan.CarryCount);

        public bool IsConst(int position) => position < scan.ConstCount;

        public bool IsCarry(int position) => !IsConst(position) && !IsArray(position);

        public bool IsArray(int position) => position >= scan.ConstCount + scan.CarryCount;

        /// <summary>Where the tangents of the active values are in a list that has them, in order, from <paramref name="first"/> on.</summary>
        public int[] PositionsOfTangents(ValueArray<bool> active, int first)
        {
            var positions = new int[active.Count];
            for (var i = 0; i < positions.Length; i++) positions[i] = active[i] ? first++ : -1;
            return positions;
        }
    }
}
