using BrainState.Backends;
using BrainState.Interpretation;

namespace BrainState.Conformance;

/// <summary>Buffers and the memory of the host.</summary>
internal static class MemoryContract
{
    private static readonly Shape[] Shapes = [[], [1], [7], [3, 5], [0], [2, 0, 3], [257, 129]];

    public static IEnumerable<ConformanceCase> Cases =>
    [
        .. DType.All.Select(static dtype => new BehaviorCase($"contract/round_trip/{dtype.Name}", target => RoundTrip(target, dtype)) { Subject = "round_trip", DType = dtype, IsQuick = true }),
        Behaviors.Case("contract/round_trip/large", static target => RoundTrip(target, new TensorSpec(DType.Float32, [1 << 21]))),
        Behaviors.Case("contract/memory/is_released", static target => Lifetime(target, 0)),
        Behaviors.Case("contract/memory/is_not_aligned", static target => Lifetime(target, sizeof(float))),
        Behaviors.Case("contract/memory/is_never_written", NeverWritten),
        Behaviors.Case("contract/memory/bools_are_0_or_1", Bools),
        Behaviors.Case("contract/memory/dispose_twice", DisposeTwice),
    ];

    private static void RoundTrip(ConformanceTarget target, DType dtype)
    {
        foreach (var shape in Shapes) RoundTrip(target, new TensorSpec(dtype, shape));
    }

    private static void RoundTrip(ConformanceTarget target, TensorSpec spec)
    {
        var value = Samples.Bits(spec, 1);
        using var buffer = target.Upload(value);
        Expect.That(buffer.Spec == spec, $"FromHost was given {spec}, but the buffer says {buffer.Spec}");
        Expect.That(buffer.Device == target.Device, $"FromHost was given {target.Device.Name}, but the buffer is on {buffer.Device?.Name ?? "no device"}");
        for (var i = 0; i < 2; i++) CheckContents($"CopyTo after FromHost of {spec}", value, buffer);
    }

    private static void CheckContents(string what, HostValue expected, IBuffer buffer)
    {
        var bytes = new byte[buffer.Spec.ByteCount];
        buffer.CopyTo(bytes);
        Expect.Bytes(what, expected.Bytes, bytes);
    }

    private static void Lifetime(ConformanceTarget target, int offset)
    {
        var value = Samples.Whole(Samples.Vector);
        using var program = DirectProgram.Compile(target, Samples.Vector, static x => x * 2 + 1);
        var watched = new WatchedMemory(value.Bytes, offset);
        var buffer = target.Backend.FromHost(watched.Memory, value.Spec, target.Device);
        watched.Memory.Release();
        CheckContents("a buffer after the caller released the HostMemory: keep a reference with AddReference, or copy before FromHost returns", value, buffer);
        var results = program.Start([buffer]);
        Expect.Same("a program on such a buffer", TwiceAndOne(value), [ConformanceTarget.Download(results[0])]);
        CheckContents("an input that is not donated, after a run", value, buffer);
        buffer.Dispose();
        results[0].Dispose();
        Expect.That(watched.IsReleased(), "HostMemory was not released 5 s after its buffer was disposed: each AddReference needs a Release");
    }

    private static HostValue[] TwiceAndOne(HostValue x) => [HostValue.Generate(x.Spec, i => Scalar.Of(x.Spec.DType, x[i].ToDouble() * 2 + 1))];

    private static void NeverWritten(ConformanceTarget target)
    {
        var value = Samples.Whole(Samples.Vector);
        using var program = DirectProgram.Compile(target, Samples.Vector, static x => x * 2 + 1, 0);
        var watched = new WatchedMemory(value.Bytes, 0);
        using (var buffer = target.Backend.FromHost(watched.Memory, value.Spec, target.Device))
        {
            var results = program.Start([buffer]);
            Expect.Same("a donated buffer made from host memory", TwiceAndOne(value), [ConformanceTarget.Download(results[0])]);
            results[0].Dispose();
            Expect.Bytes("HostMemory that a donated buffer was made from: a backend that keeps host memory must not write to it", value.Bytes, watched.Memory.Span);
        }
        watched.Memory.Release();
    }

    private static void Bools(ConformanceTarget target)
    {
        TensorSpec spec = new(DType.Bool, [300]);
        var program = Traced.Program([spec, spec], static x => [Np.LogicalNot(x[0]), Lax.And(x[0], x[1]), Lax.Xor(x[0], x[1]), Lax.Eq(x[0], x[1]), Lax.Not(Lax.Or(x[0], x[1]))]);
        using var compiled = DirectProgram.Compile(target, program);
        IBuffer[] arguments = [target.Upload(Samples.Bits(spec, 1)), target.Upload(Samples.Bits(spec, 2))];
        foreach (var result in compiled.Start(arguments))
        {
            var bytes = new byte[300];
            result.CopyTo(bytes);
            Expect.That(bytes.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)1) < 0, "a bool in memory must be one byte, 0 or 1: other backends and the frontend rely on it");
            result.Dispose();
        }
        foreach (var buffer in arguments) buffer.Dispose();
        compiled.Check("logical ops", Samples.Bits(spec, 1), Samples.Bits(spec, 2));
    }

    private static void DisposeTwice(ConformanceTarget target)
    {
        var value = Samples.Whole(Samples.Vector);
        var program = DirectProgram.Compile(target, Samples.Vector, static x => x + 1);
        var buffer = target.Upload(value);
        var results = program.Start([buffer]);
        for (var i = 0; i < 2; i++)
        {
            buffer.Dispose();
            program.Dispose();
        }
        Expect.Same("a result after the executable and the argument were disposed twice", [HostValue.Generate(value.Spec, i => Scalar.Of((float)(value[i].ToDouble() + 1)))], [ConformanceTarget.Download(results[0])]);
        results[0].Dispose();
        results[0].Dispose();
        Samples.CheckAlive(target, "something was disposed twice");
    }
}
