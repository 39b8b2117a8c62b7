using BrainState.Backends;

namespace BrainState.Execution;

/// <summary>The inputs of a program that its calls give up.</summary>
/// <param name="Donated">See <see cref="CompileOptions.DonatedInputs"/>.</param>
/// <param name="Superseded">See <see cref="CompileOptions.SupersededInputs"/>.</param>
internal readonly record struct GivenInputs(ValueArray<int> Donated, ValueArray<int> Superseded);
