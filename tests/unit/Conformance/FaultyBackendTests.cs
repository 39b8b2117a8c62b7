using BrainState.Backends;
using BrainState.Conformance;
using BrainState.Hosting;
using BrainState.Ops;
using BrainState.Programs;
using BrainState.Programs.Passes;

namespace BrainState.UnitTests.Conformance;

/// <summary>A backend that breaks a promise is found by the case that is about the promise.</summary>
public sealed class FaultyBackendTests
{
    private static readonly ILookup<string, ConformanceCase> Suites = ConformanceSuites.Cases().ToLookup(static item => item.Suite);

    /// <summary>For each case that must fail the fault.</summary>
    private static readonly Dictionary<string, Func<IBackend, Faulty>> Faults = new()
    {
        ["contract/supports/unknown_op"] = static inner => new(inner) { SaysYes = true },
        ["contract/memory/is_released"] = static inner => new(inner) { Received = static data => data.AddReference() },
        ["contract/memory/is_never_written"] = static inner => new(inner) { Received = static data => data.Span.Fill(0) },
        ["contract/round_trip/int16"] = static inner => new(inner) { Received = static data => { if (data.Length > 0) data.Span[0] ^= 1; } },
        ["contract/donation/in_place"] = static inner => new(inner) { Consumed = static (_, donated, _) => donated },
        ["contract/donation/failed_run"] = static inner => new(inner) { ConsumesBeforehand = true, Consumed = static (_, given, kept) => given.Except(kept) },
        ["contract/inputs/one_given_twice"] = static inner => new(inner) { Consumed = static (all, _, _) => all },
        ["states/values/handles"] = static inner => new(inner) { Consumed = static (all, _, _) => all },
        ["contract/effects/direct_order"] = static inner => new(inner) { Running = static options => options with { Effects = null } },
        ["contract/effects/straight/reported"] = static inner => new(inner) { Running = static options => options with { Effects = null } },
        ["states/failures/error_if"] = static inner => new(inner) { Rewrite = static (builder, op, operands) => op is ErrorIf ? [] : builder.AddAll(op, operands) },
        ["contract/cancellation/loop"] = static inner => new(inner) { Rewrite = static (builder, op, operands) => op is While ? [.. operands] : builder.AddAll(op, operands) },
        ["contract/precision/no_fast_math"] = static inner => new(inner) { Rewrite = static (builder, op, operands) => 
            op is Sub && operands[0] == operands[1] ? builder.AddAll(new BroadcastInDim(builder.SpecOf(operands[0]).Shape, []), Operand.Of(Scalar.Of(0f))) : builder.AddAll(op, operands) },
        ["random/known/bits_uint32"] = Drawing,
        ["random/repeats/lanes"] = static inner => new(inner) { Rewrite = static (builder, op, operands) =>
            op is RandomBits { DType: DType.UInt32 } bits && builder.SpecOf(operands[0]).Rank == 1 ? [builder.Add(new Not(), builder.Add(bits, operands))] : builder.AddAll(op, operands) },
        ["models/vae/curve"] = Drawing,
        ["models/lstm/curve"] = static inner => new(inner) { Rewrite = static (builder, op, operands) => builder.AddAll(op is Scan scan ? scan with { Reverse = !scan.Reverse } : op, operands) },
        ["tutorial/training/losses"] = static inner => new(inner) { Rewrite = static (builder, op, operands) => builder.AddAll(op is Neg ? new Abs() : op, operands) },
        ["collectives/psum/float32/2"] = static inner => new(inner) { Rewrite = static (builder, op, operands) => builder.AddAll(op is PSum sum ? new PMax(sum.AxisName) : op, operands) },
    };

    public static TheoryData<string> Names => [.. Faults.Keys];

    [Theory, MemberData(nameof(Names))]
    public void TheFaultIsFound(string name)
    {
        var item = Suites[name[..name.IndexOf('/')]].Single(c => c.Name == name);
        Assert.Equal(Verdict.Failed, Run(item, Faults[name]).Verdict);
        var right = Run(item, static inner => new(inner));
        Assert.True(right.Verdict == Verdict.Passed, right.Problem);
    }

    /// <summary>Nothing that was donated, and not kept, is touched again.</summary>
    [Fact]
    public void ABackendMayConsumeWhatIsDonated()
    {
        foreach (var item in Suites["contract"].Concat(Suites["states"]).Where(static c => c.Subject == "donation"))
        {
            var result = Run(item, static inner => new(inner) { Consumed = static (_, donated, kept) => donated.Except(kept) });
            Assert.True(result.Verdict == Verdict.Passed, result.Describe());
        }
    }

    private static CaseResult Run(ConformanceCase item, Func<IBackend, Faulty> make)
    {
        using var target = ConformanceTarget.Start("faulty", b => b.AddBackend("faulty", new Factory(make)));
        return new ConformanceRun(target).Run(item);
    }

    private static Faulty Drawing(IBackend inner) => new(inner) { Rewrite = static (builder, op, operands) => op is RandomBits ? [builder.Add(new Not(), builder.Add(op, operands))] : builder.AddAll(op, operands) };

    private sealed class Factory(Func<IBackend, Faulty> make) : IBackendFactory
    {
        public Availability Probe(BackendSettings settings) => Availability.Yes;

        public IBackend Create(BackendSettings settings)
        {
            var options = new BrainStateOptions();
            options.Backends["cpu"] = new Dictionary<string, string> { ["VirtualDevices"] = "2" };
            return make(new BackendCatalog(options).Create("cpu"));
        }
    }

    /// <summary>The backend <c>cpu</c> with a fault.</summary>
    private sealed class Faulty(IBackend inner) : IBackend
    {
        public bool SaysYes { get; init; }

        public Action<HostMemory>? Received { get; init; }

        public Func<ProgramBuilder, Op, Operand[], Operand[]>? Rewrite { get; init; }

        /// <summary>The inputs that a run consumes, of all, those that are donated or superseded, and the kept ones.</summary>
        public Func<IEnumerable<int>, IEnumerable<int>, IEnumerable<int>, IEnumerable<int>> Consumed { get; init; } = static (_, _, _) => [];

        /// <summary>Whether it does so also if the run fails.</summary>
        public bool ConsumesBeforehand { get; init; }

        public Func<ExecuteOptions, ExecuteOptions> Running { get; init; } = static options => options;

        public BackendInfo Info => inner.Info;

        public IReadOnlyList<IDevice> Devices => inner.Devices;

        public Support Supports(Op op, ReadOnlySpan<TensorSpec> inputs, IDevice device) => SaysYes ? Support.Yes : inner.Supports(op, inputs, device);

        public IBuffer FromHost(HostMemory data, TensorSpec spec, IDevice device)
        {
            var buffer = inner.FromHost(data, spec, device);
            Received?.Invoke(data);
            return buffer;
        }

        public IExecutable Compile(Program program, CompileOptions options)
        {
            var executable = inner.Compile(Rewrite is null ? program : Rewritten(program), options);
            return new FaultyExecutable(executable, Running, (all, kept) => Consumed(Enumerable.Range(0, all), options.DonatedInputs.Concat(options.SupersededInputs), kept), ConsumesBeforehand);
        }

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        private Program Rewritten(Program program) => ProgramRewriter.Rewrite(program, (builder, equation, operands) =>
            Rewrite!(builder, Execution.BodyRewriter.Rewrite(equation.Op, Rewritten), operands.ToArray()));
    }

    private sealed class FaultyExecutable(IExecutable inner, Func<ExecuteOptions, ExecuteOptions> running, Func<int, IEnumerable<int>, IEnumerable<int>> consumed, bool beforehand) : IExecutable
    {
        public void Execute(ReadOnlySpan<IBuffer> arguments, Span<IBuffer> results, in ExecuteOptions options)
        {
            var isDone = false;
            try
            {
                inner.Execute(arguments, results, running(options));
                isDone = true;
            }
            finally
            {
                if (isDone || beforehand)
                    foreach (var i in consumed(arguments.Length, options.KeepInputs))
                        arguments[i].Dispose();
            }
        }

        public void Dispose() => inner.Dispose();
    }
}
