using BrainState.Backends;
using BrainState.Batching;
using BrainState.Execution;
using BrainState.Hosting;
using BrainState.Tracing;

namespace BrainState;

/// <summary>One call of a function that is mapped over devices. What it means is what a <see cref="VmapCall"/> means, but each device runs the program of one lane.</summary>
internal sealed class PmapCall : VmapCall
{
    /// <summary>The name of an axis that the user did not name; the devices need one to know their place.</summary>
    private const string DefaultAxisName = "devices";

    private readonly string name;
    private readonly IReadOnlyList<string>? devices;

    public PmapCall(string name, VmapOptions options, IReadOnlyList<string>? devices) : base(name, options with { AxisName = options.AxisName ?? DefaultAxisName })
    {
        (this.name, this.devices) = (name, devices);
        if (devices is not null) AddSize(nameof(PmapOptions.Devices), devices.Count);
    }

    /// <summary>The processes of the backend's group, if it has one.</summary>
    protected override int Processes => Engine.Current.Backend.GetService(typeof(IProcessGroup)) is not IProcessGroup { Size: > 1 and var size } ? 1
        : Trace.Current is null ? size
        : throw new BackendException($"{name} spans {size} processes, so it cannot be part of another transform, which runs on one device. Put the other transform inside.");

    /// <summary>Inside another transform the call is recorded as a batched program, which means the same.</summary>
    protected override Tensor[] Run(TracedProgram traced, LaneBorder border, Tensor[] arguments)
    {
        if (Trace.Current is not null) return base.Run(traced, border, arguments);
        var engine = Engine.Current;
        var mesh = engine.MeshOf(Choose(engine.Backend, border.Axis.Size / Processes), border.Axis.Name!);
        return traced.Apply(inputs => mesh.Run(border.AroundOne(traced.Program), inputs, Axes(border.Inputs), Axes(border.Outputs)), arguments);
    }

    private static int?[] Axes(ValueArray<AxisSlot> slots) => [.. slots.Select(static slot => slot.Position)];

    private ValueArray<IDevice> Choose(IBackend backend, int count)
    {
        var (own, info) = (backend.Devices, backend.Info);
        if (own.Count < count)
            throw new BackendException($"{name} needs {count} devices, one for each lane, but backend '{info.Name}' has {own.Count}: {string.Join(", ", own.Select(static d => d.Name))}. "
                + $"{(info.MoreDevices is { } advice ? advice + " " : "")}{nameof(Transforms.Vmap)} runs all lanes on one device.");
        if (devices is null) return own.Take(count).ToValueArray();
        var chosen = devices.Select(text => DeviceName.Select(text, info.Name, own)).ToValueArray();
        return chosen.Distinct().Count() == count
            ? chosen
            : throw new BackendException($"{nameof(PmapOptions.Devices)} of {name} names a device more than once: {string.Join(", ", devices)}.");
    }
}
