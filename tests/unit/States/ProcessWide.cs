namespace BrainState.UnitTests.States;

/// <summary>The collection of tests that change what the whole process sees; they run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWide
{
    public const string Name = "Process-wide settings";
}
