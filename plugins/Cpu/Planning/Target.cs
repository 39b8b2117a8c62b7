namespace BrainState.Cpu.Planning;

/// <summary>What plans are made for.</summary>
/// <param name="Threads">The threads of one run.</param>
/// <param name="AxisName">The axis of collectives, if there is one.</param>
/// <param name="AxisSize">The number of replicas along it.</param>
internal sealed record Target(int Threads, string? AxisName, int AxisSize);
