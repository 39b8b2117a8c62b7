using System.Diagnostics;

namespace BrainState.Programs;

/// <summary>Where an equation comes from. It says nothing about what is computed: programs that differ in it alone are equal.</summary>
/// <param name="Scope">The named parts of the model that it belongs to, outermost first, such as <c>encoder/attention</c>; empty outside of all.</param>
/// <param name="Stack">The calls that led to it, as they were recorded; only while somebody looks for a fault.</param>
/// <param name="IsBackward">Whether it belongs to the derivative of what was called there.</param>
public sealed record Origin(string Scope, StackTrace? Stack = null, bool IsBackward = false);
