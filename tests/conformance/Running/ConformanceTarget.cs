using BrainState.Backends;
using BrainState.Execution;
using BrainState.Hosting;
using BrainState.Interpretation;
using BrainState.Ops;
using BrainState.Programs;

namespace BrainState.Conformance;

/// <summary>A backend under test, with a runtime on it.</summary>
public sealed class ConformanceTarget : IDisposable
{
    private readonly Engine engine;

    private ConformanceTarget(BrainStateRuntime runtime, string name) => (Runtime, engine, Name) = (runtime, Engine.Of(runtime), name);

    /// <summary>The runtime; what is done while it is entered is done by the backend.</summary>
    public BrainStateRuntime Runtime { get; }

    /// <summary>The backend.</summary>
    public IBackend Backend => engine.Backend;

    /// <summary>Its device that runs the cases.</summary>
    public IDevice Device => engine.Device;

    /// <summary>Its devices that can run a program together: those of the same kind, that device first.</summary>
    public IReadOnlyList<IDevice> Devices => [Device, .. Backend.Devices.Where(other => other != Device && other.Kind == Device.Kind)];

    /// <summary>The name by which it was selected.</summary>
    public string Name { get; }

    /// <summary>Starts a backend as an application does.</summary>
    /// <param name="backend">The name, and a device of it if not the first shall be used: <c>torch:cuda:0</c>.</param>
    /// <param name="configure">Where to find it, and its settings.</param>
    /// <exception cref="BackendException">It is not here or not usable; the message says why and what to do.</exception>
    public static ConformanceTarget Start(string backend, Action<BrainStateBuilder>? configure = null)
    {
        var names = backend.Split(':', 2);
        var runtime = BrainStateRuntime.Create(builder =>
        {
            configure?.Invoke(builder);
            builder.UseBackend(names[0], names.ElementAtOrDefault(1));
        });
        try
        {
            return new(runtime, backend);
        }
        catch
        {
            runtime.Dispose();
            throw;
        }
    }

    /// <summary>Why a backend that is here cannot be used on this machine, and what would change that; null if it can, or if it is not here at all.</summary>
    /// <param name="backend">The name.</param>
    /// <param name="configure">Where to find it, and its settings.</param>
    public static string? AbsenceOf(string backend, Action<BrainStateBuilder>? configure = null)
    {
        var options = new BrainStateOptions();
        configure?.Invoke(new(options));
        return options.Catalog.Report().Candidates.FirstOrDefault(c => c.Name == backend && c.Status == BackendStatus.Unavailable) is { } absent
            ? $"{absent.Reason} {absent.Fix}".TrimEnd()
            : null;
    }

    /// <summary>Another runtime on the same device, with a generator, an output and compiled programs of its own. The caller disposes it.</summary>
    /// <param name="hasEffects">Whether the backend may report effects while programs run; otherwise the frontend records them.</param>
    internal BrainStateRuntime StartAnother(bool hasEffects = true) =>
        BrainStateRuntime.Create(builder => builder.AddBackend(Backend.Info.Name, new BorrowedBackend(Backend, hasEffects)).UseBackend(Backend.Info.Name, Device.Name));

    /// <summary>Whether the backend runs the op itself; otherwise the frontend decomposes it, or refuses it.</summary>
    public bool IsNative(Op op, IEnumerable<TensorSpec> operands) =>
        Backend.Supports(op, [.. operands], Device).IsSupported && op.Bodies.All(IsNative);

    /// <summary>Whether the backend runs all of a program itself.</summary>
    public bool IsNative(Program program) => program.Equations.All(equation => IsNative(equation.Op, equation.Inputs.Select(program.SpecOf)));

    /// <summary>The program as the backend may be given it: what it does not run itself is decomposed.</summary>
    /// <exception cref="UnsupportedOperationException">The backend refuses an op that has no decomposition.</exception>
    public Program Legalise(Program program) => IsNative(program) ? program : Legalizer.Run(program, engine, axisName: null);

    /// <summary>The results of a program. What the backend runs itself is given to it as it stands; the rest is legalised by the frontend.</summary>
    /// <exception cref="UnsupportedOperationException">The backend refuses an op that has no decomposition.</exception>
    public HostValue[] Execute(Program program, IReadOnlyList<HostValue> inputs) =>
        IsNative(program) && IsContractual(program) ? ExecuteDirectly(program, inputs) : ExecuteLegalised(program, inputs);

    /// <summary>The results of a program that the backend is given as it stands.</summary>
    public HostValue[] ExecuteDirectly(Program program, IReadOnlyList<HostValue> inputs)
    {
        using var executable = Backend.Compile(program, new CompileOptions { Devices = [Device] });
        var arguments = inputs.Select(Upload).ToArray();
        var results = new IBuffer[program.Outputs.Length];
        try
        {
            executable.Execute(arguments, results, default);
            return [.. results.Select(static (buffer, i) => Download(buffer ?? throw new ConformanceException($"there is no buffer for result {i}")))];
        }
        finally
        {
            foreach (var buffer in arguments.Concat(results)) buffer?.Dispose();
        }
    }

    /// <summary>The results of a program that several devices run together, along an axis of which they are the participants.</summary>
    /// <param name="program">What each device runs.</param>
    /// <param name="axisName">The name of the axis.</param>
    /// <param name="inputs">The inputs of each device, from the first device on.</param>
    /// <exception cref="UnsupportedOperationException">The backend refuses an op that has no decomposition.</exception>
    public HostValue[][] ExecuteReplicated(Program program, string axisName, IReadOnlyList<HostValue[]> inputs)
    {
        using var scope = Runtime.Enter();
        Engine[] engines = [.. Devices.Take(inputs.Count).Select(device => device == Device ? engine : new Engine(Backend, device))];
        var compiled = CompiledProgram.Create(program, engines, axisName, default);
        SharedBuffer[] arguments = [.. inputs.SelectMany((own, replica) => own.Select(value => new SharedBuffer(Upload(value, engines[replica].Device), engines[replica])))];
        var results = new SharedBuffer[program.Outputs.Length * inputs.Count];
        try
        {
            compiled.Execute(arguments, results);
            return [.. inputs.Select((_, replica) => results.Skip(replica * program.Outputs.Length).Take(program.Outputs.Length).Select(static r => Download(r.Buffer)).ToArray())];
        }
        finally
        {
            foreach (var buffer in arguments.Concat(results)) buffer?.Release();
        }
    }

    /// <summary>A buffer with the contents of a value.</summary>
    public IBuffer Upload(HostValue value) => Upload(value, Device);

    private IBuffer Upload(HostValue value, IDevice device)
    {
        var memory = HostMemory.Allocate(value.Bytes.Length);
        try
        {
            value.Bytes.CopyTo(memory.Span);
            return Backend.FromHost(memory, value.Spec, device);
        }
        finally
        {
            memory.Release();
        }
    }

    /// <summary>The contents of a buffer.</summary>
    public static HostValue Download(IBuffer buffer)
    {
        var bytes = new byte[buffer.Spec.ByteCount];
        buffer.CopyTo(bytes);
        return HostValue.Of(buffer.Spec, bytes);
    }

    /// <inheritdoc/>
    public void Dispose() => Runtime.Dispose();

    /// <summary>The results of a program that the frontend prepares for the backend first, whether it needs that or not.</summary>
    public HostValue[] ExecuteLegalised(Program program, IReadOnlyList<HostValue> inputs)
    {
        using var scope = Runtime.Enter();
        var compiled = CompiledProgram.Create(program, [engine], null, default);
        var arguments = inputs.Select(input => new SharedBuffer(Upload(input), engine)).ToArray();
        var results = new SharedBuffer[program.Outputs.Length];
        try
        {
            compiled.Execute(arguments, results);
            return [.. results.Select(static result => Download(result.Buffer))];
        }
        finally
        {
            foreach (var buffer in arguments.Concat(results)) buffer?.Release();
        }
    }

    /// <summary>Whether the program has only such outputs as the contract lets a backend see: computed ones, each once; and no effects, which somebody must receive.</summary>
    private static bool IsContractual(Program program) =>
        !program.HasEffects && program.Outputs.All(o => !o.IsLiteral && o.Value >= program.Inputs.Length) && program.Outputs.Distinct().Count() == program.Outputs.Length;
}
