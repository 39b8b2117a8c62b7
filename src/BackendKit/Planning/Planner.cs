using BrainState.Backends;
using BrainState.BackendKit.Execution;
using BrainState.BackendKit.Replication;
using BrainState.BackendKit.Steps;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.BackendKit.Planning;

/// <summary>Turns a program and all that it runs into plans.</summary>
internal sealed class Planner(IKernels kernels, ValueArray<IDevice> devices, string? axisName)
{
    private readonly Dictionary<Scalar, int> literals = [];

    /// <summary>The literals of all plans so far.</summary>
    public IReadOnlyList<Scalar> Literals => [.. literals.Keys];

    /// <summary>The plan of a program.</summary>
    /// <exception cref="BackendException">There is no kernel for an op, or a collective does not fit the devices.</exception>
    public Plan Plan(Program program)
    {
        // From the end to the beginning, who meets a value first reads it last.
        var read = new bool[program.ValueCount];
        var outputs = Sources(program.Outputs.AsSpan(), read);
        var steps = new PlannedStep[program.Equations.Length];
        for (var i = steps.Length - 1; i >= 0; i--)
        {
            var equation = program.Equations[i];
            var unused = Enumerable.Range(equation.FirstOutput, equation.Outputs.Length).Where(value => !read[value]).ToArray();
            var inputs = Sources(equation.Inputs.AsSpan(), read);
            steps[i] = new(StepOf(equation, [.. equation.Inputs.Select(program.SpecOf)]), inputs, equation.FirstOutput, unused);
        }
        return new(program.ValueCount, [.. Enumerable.Range(0, program.Inputs.Length).Where(value => !read[value])], steps, outputs);
    }

    private Source[] Sources(ReadOnlySpan<Operand> operands, bool[] read)
    {
        var sources = new Source[operands.Length];
        for (var i = sources.Length - 1; i >= 0; i--)
        {
            if (operands[i].IsLiteral)
            {
                literals.TryAdd(operands[i].Literal, literals.Count);
                sources[i] = new(SourceKind.Literal, literals[operands[i].Literal]);
                continue;
            }
            ref var isRead = ref read[operands[i].Value];
            sources[i] = new(isRead ? SourceKind.Shared : SourceKind.Last, operands[i].Value);
            isRead = true;
        }
        return sources;
    }

    private Step StepOf(Equation equation, TensorSpec[] inputs)
    {
        var op = equation.Op;
        var support = kernels.Supports(op, inputs, devices[0]);
        if (support.IsSupported) return new KernelStep(op, [.. equation.Outputs]);
        if (BuiltIns.Contain(op)) support = BuiltIns.Supports(kernels, op, inputs, devices[0]);
        if (!support.IsSupported)
            throw new BackendException($"The backend '{kernels.Info.Name}' does not run {op.Name} on ({string.Join(", ", inputs)}): {support.Reason} Ask Supports before compiling.");
        return op switch
        {
            Scan scan => new ScanStep(scan, Plan(scan.Body), inputs, [.. equation.Outputs]),
            While loop => new WhileStep(loop, Plan(loop.Cond), Plan(loop.Body)),
            Cond cond => new CondStep([.. cond.Branches.Select(Plan)]),
            Call call => new CallStep(Plan(call.Body)),
            Checkpoint checkpoint => new CallStep(Plan(checkpoint.Body)),
            CustomJvp custom => new CallStep(Plan(custom.Body)),
            CustomVjp custom => new CallStep(Plan(custom.Body)),
            Composite composite => new CallStep(Plan(composite.Body)),
            DebugPrint or ErrorIf => new EffectStep(op),
            AxisIndex index when Fitting(index) is not null => new AxisIndexStep(),
            Collective collective => new CollectiveStep(Fitting(collective),
                [.. Enumerable.Range(0, devices.Count).Select(index => Plan(CollectivePrograms.Of(collective, inputs[0], devices.Count, index)!))]),
            _ => new IdentityStep(),
        };
    }

    private TCollective Fitting<TCollective>(TCollective op) where TCollective : Collective
    {
        if (op.AxisName != axisName)
            throw new BackendException($"{op.Name} combines values along the axis '{op.AxisName}', but the program is compiled along "
                + $"{(axisName is null ? "none; name it in CompileOptions.AxisName" : $"'{axisName}'")}.");
        var fits = op switch
        {
            Collective when BuiltIns.SizeOf(op) is { } size => size == devices.Count,
            PPermute permute => permute.Permutation.All(pair => pair.Source < devices.Count && pair.Destination < devices.Count),
            _ => true,
        };
        return fits ? op : throw new BackendException($"{op} does not fit the axis '{op.AxisName}', which has {devices.Count} replicas.");
    }
}
