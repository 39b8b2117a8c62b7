using System.Collections.Concurrent;
using BrainState.Backends;
using BrainState.Programs;

namespace BrainState.Execution;

/// <summary>
/// Several devices of one backend that run programs together, and what is compiled for them. Tensors are on the home device: their parts go to the devices through
/// memory of the host, and parts come back by being copied once to their place in the whole.
/// </summary>
internal sealed class Mesh(Engine home, Engine[] engines, string axisName)
{
    /// <summary>Beyond this many programs the cache starts anew.</summary>
    private const int MaximumPrograms = 1024;

    private readonly ConcurrentDictionary<Program, CompiledProgram> compiled = new();

    /// <summary>Runs a program on all devices at the same time.</summary>
    /// <param name="program">What each device runs.</param>
    /// <param name="inputs">The values for all devices.</param>
    /// <param name="inputAxes">For each input the axis along which the devices get a slice each, or null if they get it all.</param>
    /// <param name="outputAxes">For each output the axis along which the devices' results are stacked, or null if they are all the same.</param>
    public Tensor[] Run(Program program, Tensor[] inputs, int?[] inputAxes, int?[] outputAxes)
    {
        var arguments = new SharedBuffer?[engines.Length * inputs.Length];
        var results = new SharedBuffer?[engines.Length * outputAxes.Length];
        try
        {
            for (var i = 0; i < inputs.Length; i++)
            {
                var parts = inputAxes[i] is { } axis ? Split(inputs[i], axis) : Replicate(inputs[i]);
                for (var replica = 0; replica < parts.Length; replica++) arguments[replica * inputs.Length + i] = parts[replica];
            }
            Compile(program).Execute(arguments!, results!);
            return [.. outputAxes.Select((axis, i) =>
            {
                var parts = Enumerable.Range(0, engines.Length).Select(replica => results[replica * outputAxes.Length + i]!).ToArray();
                return Tensor.FromBuffer(axis is { } position ? Stack(parts, position) : One(parts));
            })];
        }
        finally
        {
            foreach (var buffer in arguments.Concat(results)) buffer?.Release();
        }
    }

    private CompiledProgram Compile(Program program)
    {
        if (compiled.TryGetValue(program, out var found)) return found;
        if (compiled.Count >= MaximumPrograms) compiled.Clear();
        return compiled.GetOrAdd(program, p => CompiledProgram.Create(p, engines, axisName, default));
    }

    /// <summary>The same values on every device.</summary>
    private SharedBuffer[] Replicate(Tensor tensor)
    {
        HostMemory? memory = null;
        var parts = new List<SharedBuffer>();
        try
        {
            foreach (var engine in engines)
                parts.Add(engine == home ? tensor.Acquire(home) : engine.Upload(memory ??= tensor.AcquireOnHost(home), tensor.Spec));
            return [.. parts];
        }
        catch
        {
            foreach (var part in parts) part.Release();
            throw;
        }
        finally
        {
            memory?.Release();
        }
    }

    /// <summary>For every device its slice along an axis.</summary>
    private SharedBuffer[] Split(Tensor tensor, int axis)
    {
        var lane = tensor.Spec.With(tensor.Shape.Without([axis]));
        var memory = tensor.AcquireOnHost(home);
        var parts = new List<SharedBuffer>();
        try
        {
            for (var replica = 0; replica < engines.Length; replica++)
            {
                var slice = HostMemory.Allocate(lane.ByteCount);
                foreach (var (whole, part) in Runs(lane, axis, replica)) memory.Span[whole].CopyTo(slice.Span[part]);
                try
                {
                    parts.Add(engines[replica].Upload(slice, lane));
                }
                finally
                {
                    slice.Release();
                }
            }
            return [.. parts];
        }
        catch
        {
            foreach (var part in parts) part.Release();
            throw;
        }
        finally
        {
            memory.Release();
        }
    }

    /// <summary>The results of all devices in one buffer on the home device, along a new axis.</summary>
    private SharedBuffer Stack(SharedBuffer[] parts, int axis)
    {
        var lane = parts[0].Buffer.Spec;
        var spec = lane.With(lane.Shape.Insert(axis, engines.Length));
        var memory = HostMemory.Allocate(spec.ByteCount);
        try
        {
            for (var replica = 0; replica < parts.Length; replica++) CopyTo(memory.Span, parts[replica].Buffer, axis, replica);
            return home.Upload(memory, spec);
        }
        finally
        {
            memory.Release();
        }
    }

    private void CopyTo(Span<byte> whole, IBuffer buffer, int axis, int replica)
    {
        var runs = Runs(buffer.Spec, axis, replica).ToArray();
        if (runs is [var only])
        {
            buffer.CopyTo(whole[only.Whole]);
            return;
        }
        var bytes = new byte[buffer.Spec.ByteCount];
        buffer.CopyTo(bytes);
        foreach (var (target, source) in runs) bytes.AsSpan(source).CopyTo(whole[target]);
    }

    /// <summary>What all devices computed alike, on the home device.</summary>
    private SharedBuffer One(SharedBuffer[] parts)
    {
        if (Array.IndexOf(engines, home) is var index and >= 0) return parts[index].AddReference();
        var buffer = parts[0].Buffer;
        var memory = HostMemory.Allocate(buffer.Spec.ByteCount);
        try
        {
            buffer.CopyTo(memory.Span);
            return home.Upload(memory, buffer.Spec);
        }
        finally
        {
            memory.Release();
        }
    }

    /// <summary>Where the runs of bytes of one device's slice are in the whole, and in the slice.</summary>
    private IEnumerable<(Range Whole, Range Part)> Runs(TensorSpec lane, int axis, int replica)
    {
        var outer = 1;
        for (var i = 0; i < axis; i++) outer *= lane.Shape[i];
        if (outer == 0) yield break;
        var run = checked((int)(lane.ByteCount / outer));
        for (var i = 0; i < outer; i++)
        {
            var start = checked((i * engines.Length + replica) * run);
            yield return (start..(start + run), (i * run)..((i + 1) * run));
        }
    }
}
