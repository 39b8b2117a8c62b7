using BrainState.Backends;
using BrainState.Ops;

namespace BrainState.Conformance;

/// <summary>What a backend says about itself.</summary>
internal static class DeviceContract
{
    public static IEnumerable<ConformanceCase> Cases =>
    [
        Behaviors.Case("contract/info/names", Info),
        Behaviors.Case("contract/info/devices", Devices),
        Behaviors.Case("contract/info/features", Features),
        Behaviors.Case("contract/supports/unknown_op", UnknownOp),
        Behaviors.Case("contract/supports/threads", SupportsFromThreads),
    ];

    private static void Info(ConformanceTarget target)
    {
        var info = target.Backend.Info;
        Expect.That(info.Name.Length > 0 && info.Engine.Length > 0 && info.EngineVersion.Length > 0, $"BackendInfo must say name, engine and version of the engine, but is {info}");
        Expect.That(info.ContractVersion.Major == Contract.Major && info.ContractVersion.Minor <= Contract.Minor,
            $"the backend implements contract {info.ContractVersion}, but this suite is for {Contract.Version}: build it against the same BrainState.Abstractions");
    }

    private static void Devices(ConformanceTarget target)
    {
        var devices = target.Backend.Devices;
        Expect.That(devices.Count > 0, "Devices must have at least one");
        Expect.That(devices.SequenceEqual(target.Backend.Devices), "Devices must be the same objects whenever it is read");
        foreach (var group in devices.GroupBy(static d => d.Kind))
            Expect.That(group.Select(static d => d.Index).SequenceEqual(Enumerable.Range(0, group.Count())), $"devices of kind '{group.Key}' must be numbered from 0, but are {string.Join(", ", group.Select(static d => d.Index))}");
        foreach (var device in devices)
        {
            Expect.That(Hosting.DeviceName.TryParse(device.Kind, out _), $"the kind '{device.Kind}' is not one that configuration can name: letters, digits, - and _, beginning with a letter");
            Expect.That(device.Description.Length > 0 && !device.Description.Contains('\n'), $"the description of {device.Name} must be one line");
        }
    }

    private static void Features(ConformanceTarget target) => Expect.That(target.Backend.GetService(typeof(Random)) is null, "GetService must return null for a feature that the backend does not have");

    private static void UnknownOp(ConformanceTarget target)
    {
        foreach (TensorSpec[] operands in (TensorSpec[][])[[], [new(DType.Float32, [3])]])
        {
            var support = target.Backend.Supports(new Unheard(), operands, target.Device);
            Expect.That(!support.IsSupported, "Supports must say no to an op type that the backend does not know: ops are added in later versions of the contract");
            Expect.That(!string.IsNullOrWhiteSpace(support.Reason), "a no of Supports needs a reason for the user");
        }
    }

    private static void SupportsFromThreads(ConformanceTarget target)
    {
        Op[] ops = [new Add(), new Unheard(), new Transpose([1, 0]), new ReduceSum([0])];
        Support[] Ask() => [.. ops.Select(op => target.Backend.Supports(op, [.. Enumerable.Repeat(new TensorSpec(DType.Float32, [2, 3]), op is Add ? 2 : 1)], target.Device))];
        var expected = Ask();
        Deadline.OnThreads(8, "Supports may be called from several threads", _ =>
        {
            for (var i = 0; i < 50; i++) Expect.That(Ask().SequenceEqual(expected), "Supports must answer a question always in the same way");
        });
    }

    private sealed record Unheard : Op
    {
        public override string Name => "unheard_of";

        public override TensorSpec[] Infer(ReadOnlySpan<TensorSpec> operands) => [];
    }
}
