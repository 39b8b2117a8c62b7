using System.Buffers;
using BrainState.Backends;
using BrainState.Debugging;
using BrainState.Programs;

namespace BrainState.Execution;

/// <summary>
/// An executable with what the backend is not asked to do: outputs that are an input, a literal, or the same value as another output
/// are filled in here, so that the executable only computes distinct new values.
/// </summary>
internal sealed class CompiledProgram
{
    private readonly IExecutable? executable;
    private readonly Engine[] engines;
    private readonly OutputSource[] sources;
    private readonly int computedCount;

    /// <summary>Inputs that a run consumes even if it fails, unless it is told to keep them.</summary>
    private readonly ValueArray<int> donatedInputs;

    /// <summary>How to read the effects from the outputs after the program's own, if the backend cannot report them while it runs.</summary>
    private readonly EffectRecord? record;

    private CompiledProgram(
        Program program, Engine[] engines, IExecutable? executable, OutputSource[] sources, int computedCount, ValueArray<int> donatedInputs, EffectRecord? record) =>
        (Program, this.engines, this.executable, this.sources, this.computedCount, this.donatedInputs, this.record) =
        (program, engines, executable, sources, computedCount, donatedInputs, record);

    public Program Program { get; }

    public Engine Engine => engines[0];

    /// <summary>What an execution takes on each device; null if the backend does not tell, or has nothing to do.</summary>
    public MemoryUse? Memory => executable is null ? null : (Engine.Backend.GetService(typeof(IMemoryStatistics)) as IMemoryStatistics)?.Of(executable);

    private enum OutputKind : byte
    {
        Computed,
        Argument,
        Literal,
        Duplicate,
    }

    private readonly record struct OutputSource(OutputKind Kind, int Index, Scalar Literal);

    /// <summary>Compiles a program for one device, or for several that run it together along the axis <paramref name="axisName"/>.</summary>
    public static CompiledProgram Create(Program program, Engine[] engines, string? axisName, GivenInputs given)
    {
        var engine = engines[0];
        var recording = program.HasEffects && !engine.ReportsEffects ? EffectLowering.Run(program, EffectLimits.Default) : null;
        var legal = Legalizer.Run(recording?.Program ?? program, engine, axisName);
        var sources = new OutputSource[legal.Outputs.Length];
        var computed = new List<Operand>();
        var seen = new Dictionary<Operand, int>(sources.Length);
        for (var i = 0; i < sources.Length; i++)
        {
            var output = legal.Outputs[i];
            if (output.IsLiteral) sources[i] = new(OutputKind.Literal, -1, output.Literal);
            else if (output.Value < legal.Inputs.Length) sources[i] = new(OutputKind.Argument, output.Value, default);
            else if (!seen.TryAdd(output, i)) sources[i] = new(OutputKind.Duplicate, seen[output], default);
            else
            {
                sources[i] = new(OutputKind.Computed, computed.Count, default);
                computed.Add(output);
            }
        }
        // An input that is returned as it is must not be overwritten.
        var returned = sources.Where(static s => s.Kind == OutputKind.Argument).Select(static s => s.Index).ToHashSet();
        given = new(given.Donated.Where(input => !returned.Contains(input)).ToValueArray(), given.Superseded.Where(input => !returned.Contains(input)).ToValueArray());
        var options = new CompileOptions
        {
            Devices = engines.Select(static e => e.Device).ToValueArray(),
            AxisName = axisName,
            DonatedInputs = given.Donated,
            SupersededInputs = given.Superseded,
        };
        var needed = computed.Count > 0 || legal.HasEffects;
        return new(program, engines, needed ? engine.Backend.Compile(WithOutputs(legal, computed), options) : null, sources, computed.Count, given.Donated, recording?.Record);
    }

    /// <summary>Runs the program on buffers of its engines, replica by replica; the caller owns one reference to each result.</summary>
    /// <param name="arguments">The inputs; those that are given up may be overwritten.</param>
    /// <param name="results">Receives the outputs.</param>
    /// <param name="keepInputs">Inputs given up otherwise that somebody else still holds and that must not be overwritten this time.</param>
    public void Execute(ReadOnlySpan<SharedBuffer> arguments, Span<SharedBuffer> results, ValueArray<int> keepInputs = default)
    {
        using var effects = Program.HasEffects ? new EffectSink() : null;
        if (record is null)
        {
            ExecuteAll(arguments, results, keepInputs, effects);
            return;
        }
        var all = new SharedBuffer[sources.Length * engines.Length];
        ExecuteAll(arguments, all, keepInputs, null);
        var own = results.Length / engines.Length;
        var isReported = false;
        try
        {
            for (var replica = 0; replica < engines.Length; replica++)
                record.Report(Array.ConvertAll(all[(replica * sources.Length + own)..((replica + 1) * sources.Length)], ToHost), effects!.Handle);
            isReported = true;
            for (var i = 0; i < results.Length; i++) results[i] = all[i / own * sources.Length + i % own];
        }
        finally
        {
            for (var i = 0; i < all.Length; i++)
                if (!isReported || i % sources.Length >= own)
                    all[i].Release();
        }
    }

    private static RecordedValue ToHost(SharedBuffer buffer)
    {
        var bytes = new byte[buffer.Buffer.Spec.ByteCount];
        buffer.Buffer.CopyTo(bytes);
        return new(buffer.Buffer.Spec, bytes);
    }

    private void ExecuteAll(ReadOnlySpan<SharedBuffer> arguments, Span<SharedBuffer> results, ValueArray<int> keepInputs, EffectSink? effects)
    {
        var buffers = ArrayPool<IBuffer>.Shared.Rent(arguments.Length + computedCount * engines.Length);
        try
        {
            for (var i = 0; i < arguments.Length; i++) buffers[i] = arguments[i].Buffer;
            var inputs = buffers.AsSpan(0, arguments.Length);
            var outputs = buffers.AsSpan(arguments.Length, computedCount * engines.Length);
            if (executable is not null) ExecuteOnce(inputs, outputs, new() { KeepInputs = keepInputs, Effects = effects is null ? null : effects.Handle });
            var inputCount = arguments.Length / engines.Length;
            for (var replica = 0; replica < engines.Length; replica++)
                Collect(engines[replica], arguments.Slice(replica * inputCount, inputCount), outputs.Slice(replica * computedCount, computedCount),
                    results.Slice(replica * sources.Length, sources.Length));
        }
        finally
        {
            buffers.AsSpan(0, arguments.Length + computedCount * engines.Length).Clear();
            ArrayPool<IBuffer>.Shared.Return(buffers);
        }
    }

    /// <summary>The results of one replica.</summary>
    private void Collect(Engine engine, ReadOnlySpan<SharedBuffer> arguments, ReadOnlySpan<IBuffer> computed, Span<SharedBuffer> results)
    {
        for (var i = 0; i < sources.Length; i++)
        {
            results[i] = sources[i].Kind switch
            {
                OutputKind.Computed => new SharedBuffer(computed[sources[i].Index], engine),
                OutputKind.Argument => arguments[sources[i].Index].AddReference(),
                OutputKind.Duplicate => results[sources[i].Index].AddReference(),
                _ => engine.UploadScalar(sources[i].Literal),
            };
        }
    }

    private void ExecuteOnce(ReadOnlySpan<IBuffer> inputs, Span<IBuffer> outputs, in ExecuteOptions options)
    {
        var kept = options.KeepInputs;
        try
        {
            executable!.Execute(inputs, outputs, options);
        }
        catch (DeviceOutOfMemoryException) when (!Program.HasEffects && donatedInputs.All(kept.Contains)) // What was printed is not printed again, and what was donated may be gone.
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            executable!.Execute(inputs, outputs, options);
        }
    }

    private static Program WithOutputs(Program program, List<Operand> outputs)
    {
        if (program.Outputs.AsSpan().SequenceEqual(outputs.ToArray())) return program;
        var builder = new ProgramBuilder();
        foreach (var input in program.Inputs) builder.AddInput(input);
        foreach (var equation in program.Equations) builder.AddAll(equation.Op, equation.Inputs.AsSpan());
        return builder.Build(outputs.ToArray());
    }
}
