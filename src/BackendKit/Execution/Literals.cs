using BrainState.Backends;

namespace BrainState.BackendKit.Execution;

/// <summary>The literals of an executable on each of its devices, made once; freed when it is disposed and no run needs them any more.</summary>
internal sealed class Literals : Counted
{
    private readonly Value[][] values;

    public Literals(IKernels kernels, IReadOnlyList<Scalar> scalars, ValueArray<IDevice> devices)
    {
        values = [.. devices.Select(_ => new Value[scalars.Count])];
        try
        {
            for (var device = 0; device < devices.Count; device++)
                for (var i = 0; i < scalars.Count; i++)
                    values[device][i] = kernels.Upload(scalars[i], devices[device]);
        }
        catch
        {
            Free();
            throw;
        }
    }

    /// <summary>The literals on a device.</summary>
    public Value[] On(int device) => values[device];

    protected override void Free()
    {
        foreach (var some in values) Value.ReleaseAll(some);
    }
}
