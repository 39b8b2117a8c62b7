using BrainState.Cpu.Kernels;
using BrainState.Cpu.MatMul;
using BrainState.Cpu.Planning;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Cpu.Lowering;

/// <summary>
/// Rewrites a program as nodes: bodies that are simply run are inlined, what only renames or reorders elements becomes a view, and every
/// other equation becomes tile nodes, which fuse, or a step. The op families are in the other parts of this class.
/// </summary>
internal sealed partial class Lowerer
{
    private readonly List<Node> nodes = [];
    private readonly Dictionary<Scalar, Value> constants = [];

    private readonly Target target;

    // The inputs, how many of them are the same in many runs, and what is packed of these before.
    private readonly int inputCount, fixedInputs;
    private readonly List<Packing> packings = [];
    private readonly List<Value> packedInputs = [];

    private Lowerer(Target target, int inputCount, int fixedInputs) => (this.target, this.inputCount, this.fixedInputs) = (target, inputCount, fixedInputs);

    /// <summary>
    /// Lowers a program. Its outputs become distinct computed values, except those that <paramref name="skip"/> names, which are null. The first <paramref name="fixedInputs"/> inputs are
    /// the same in many runs; operands of products among them become further inputs, packed.
    /// </summary>
    public static LoweredProgram Lower(Program program, Target target, ReadOnlySpan<bool> skip, int fixedInputs)
    {
        var lowerer = new Lowerer(target, program.Inputs.Length, fixedInputs);
        var inputs = new Value[program.Inputs.Length];
        for (var i = 0; i < inputs.Length; i++)
            inputs[i] = new Value(program.Inputs[i].DType, program.Inputs[i].ElementCount) { Input = i };
        var results = lowerer.Inline(program, inputs);

        var outputs = new Value?[results.Length];
        var taken = new HashSet<Value>();
        for (var i = 0; i < outputs.Length; i++)
        {
            if (!skip.IsEmpty && skip[i]) continue;
            var result = results[i];
            // An output that is no computed value of its own is copied into one.
            outputs[i] = result.Producer is null || !taken.Add(result) ? lowerer.Copy(result) : result;
        }
        return new([.. inputs, .. lowerer.packedInputs], outputs, lowerer.LiveNodes(outputs), [.. lowerer.packings]);
    }

    /// <summary>The nodes with effects, and those that they and the outputs depend on.</summary>
    private List<Node> LiveNodes(Value?[] outputs)
    {
        foreach (var output in outputs)
            if (output?.Producer is { } producer)
                producer.IsNeeded = true;
        for (var i = nodes.Count - 1; i >= 0; i--)
        {
            if (nodes[i].HasEffects) nodes[i].IsNeeded = true;
            else if (!nodes[i].IsNeeded) continue;
            foreach (var input in nodes[i].Inputs)
                if (input.Root.Producer is { } producer)
                    producer.IsNeeded = true;
        }
        nodes.RemoveAll(static node => !node.IsNeeded);
        return nodes;
    }

    /// <summary>Lowers the equations of a program whose inputs are the given values.</summary>
    private Value[] Inline(Program program, ReadOnlySpan<Value> inputs)
    {
        var values = new Value[program.ValueCount];
        inputs.CopyTo(values);
        foreach (var equation in program.Equations)
        {
            var operands = new Operands(this, program, equation, values);
            var results = Lower(equation, operands);
            results.CopyTo(values, equation.FirstOutput);
        }
        var outputs = new Value[program.Outputs.Length];
        for (var i = 0; i < outputs.Length; i++) outputs[i] = Resolve(program.Outputs[i], values);
        return outputs;
    }

    private Value Resolve(Operand operand, Value[] values) => operand.IsLiteral ? Constant(operand.Literal) : values[operand.Value];

    private Value[] Lower(Equation equation, Operands operands) => equation.Op switch
    {
        Call call => Inline(call.Body, operands.Values),
        Checkpoint checkpoint => Inline(checkpoint.Body, operands.Values),
        CustomJvp custom => Inline(custom.Body, operands.Values),
        CustomVjp custom => Inline(custom.Body, operands.Values),
        Composite composite => Inline(composite.Body, operands.Values),
        OptimizationBarrier => LowerBarrier(operands),
        Cond cond => LowerCond(cond, operands),
        While loop => LowerWhile(loop, operands),
        Scan scan => LowerScan(scan, operands),
        DebugPrint or ErrorIf => LowerEffect(equation.Op, operands),
        Sort sort => LowerSort(sort, operands),
        TopK topK => LowerTopK(topK, operands),
        MatrixFactorization factorization => LowerFactorization(factorization, operands),
        _ => [LowerSingle(equation, operands)],
    };

    private Value LowerSingle(Equation equation, Operands operands)
    {
        var output = equation.Outputs[0];
        return equation.Op switch
        {
            Elementwise op => LowerElementwise(op, operands, output),
            SelectN => LowerSelect(operands, output),
            Clamp => LowerClamp(operands, output),
            BitcastConvertType => LowerBitcast(operands, output),
            BroadcastInDim op => LowerBroadcast(op, operands),
            Reshape => operands.Values[0],
            Transpose op => LowerTranspose(op, operands),
            Rev op => LowerRev(op, operands),
            Slice op => LowerSlice(op, operands, output),
            Iota op => LowerIota(op, output),
            Concatenate op => LowerConcatenate(op, operands, output),
            Pad op => LowerPad(op, operands, output),
            DynamicSlice => LowerDynamicSlice(operands, output),
            DynamicUpdateSlice => LowerDynamicUpdateSlice(operands, output),
            Reduction op => LowerReduction(op, operands, output),
            ArgReduction op => LowerArgReduction(op, operands, output),
            DotGeneral op => LowerDot(op, operands, output),
            Fft op => LowerFft(op, operands, output),
            TriangularSolve op => LowerTriangularSolve(op, operands),
            ConvGeneralDilated op => LowerConvolution(op, operands, output),
            Cumulative op => LowerCumulative(op, operands, output),
            WindowReduction op => LowerWindowReduction(op, operands, output),
            SelectAndGatherAdd op => LowerSelectWindow(op.Window, op.Selection, scatters: false, operands, output),
            SelectAndScatterAdd op => LowerSelectWindow(op.Window, op.Selection, scatters: true, operands, output),
            Gather op => LowerGather(op, operands, output),
            Scattering op => LowerScatter(op, operands, output),
            RandomBits op => LowerRandomBits(op, operands, output),
            Collective op => LowerCollective(op, operands, output),
            _ => throw new Backends.BackendException($"The cpu backend does not know the op '{equation.Op.Name}'; ask Supports before compiling."),
        };
    }

    private Value Constant(Scalar scalar)
    {
        if (!constants.TryGetValue(scalar, out var value))
            constants.Add(scalar, value = new Value(scalar.DType, 1) { Constant = scalar });
        return value;
    }

    /// <summary>Adds a node that computes one value.</summary>
    private Value Append(Node node)
    {
        AppendAll(node);
        return node.Outputs[0];
    }

    /// <summary>
    /// Adds a node that computes any number of values. One that computes none, such as a loop that hands all it carries on unchanged, runs only for its effects.
    /// </summary>
    private void AppendAll(Node node)
    {
        if (node.Outputs.Length == 0 && !node.HasEffects) return;
        foreach (var output in node.Outputs) output.Producer = node;
        nodes.Add(node);
    }

    /// <summary>A computed value equal to <paramref name="value"/>.</summary>
    private unsafe Value Copy(Value value)
    {
        var copy = new Value(value.DType, value.Count);
        return Append(new PointwiseNode(ByDType.Copy(ByDType.Lane(value.DType).Size), [value], copy) { LeftScalar = ByDType.Splat(ByDType.Lane(value.DType).Size) });
    }

    /// <summary>The value, or a copy, that is consecutive elements in memory, as a step needs it.</summary>
    private Value InMemory(Value value) => value.Counting is not null || value.View is { IsDense: false } ? Copy(value) : value;

    private Value[] InMemory(ReadOnlySpan<Value> values)
    {
        var stored = new Value[values.Length];
        for (var i = 0; i < stored.Length; i++) stored[i] = InMemory(values[i]);
        return stored;
    }

    /// <summary>A step with one result; nothing happens for a result without elements.</summary>
    private Value AddStep(ReadOnlySpan<Value> inputs, TensorSpec output, StepFactory factory, long scratchBytes = 0, bool updatesFirst = false)
    {
        var result = new Value(output.DType, output.ElementCount);
        return Append(new StepNode(InMemory(inputs), [result], scratchBytes, factory) { UpdatesFirst = updatesFirst });
    }

    /// <summary>The operands of an equation: their lowered values and their specs in the program.</summary>
    private readonly struct Operands
    {
        public Operands(Lowerer lowerer, Program program, Equation equation, Value[] values)
        {
            Specs = new(program, equation);
            Values = new Value[equation.Inputs.Length];
            for (var i = 0; i < Values.Length; i++) Values[i] = lowerer.Resolve(equation.Inputs[i], values);
        }

        public Value[] Values { get; }

        public OperandSpecs Specs { get; }
    }

    private readonly struct OperandSpecs(Program program, Equation equation)
    {
        public TensorSpec this[int operand] => program.SpecOf(equation.Inputs[operand]);

        public TensorSpec[] ToArray()
        {
            var specs = new TensorSpec[equation.Inputs.Length];
            for (var i = 0; i < specs.Length; i++) specs[i] = this[i];
            return specs;
        }
    }
}

/// <summary>The nodes of a program in order, its inputs, and its outputs; an output that was not asked for is null.</summary>
internal sealed record LoweredProgram(Value[] Inputs, Value?[] Outputs, List<Node> Nodes, Packing[] Packings);

/// <summary>An operand of a product that is packed once for many runs of a plan.</summary>
/// <param name="Input">The input of the plan that it is.</param>
/// <param name="Plan">The product.</param>
internal sealed record Packing(int Input, DotPlan Plan);
