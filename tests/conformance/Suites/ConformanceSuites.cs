namespace BrainState.Conformance;

/// <summary>Cases that belong together. The same seed gives the same cases, another seed others.</summary>
/// <param name="Name">The first part of the names of its cases.</param>
/// <param name="Description">What it checks, in a line.</param>
/// <param name="Generate">The cases for a seed.</param>
public sealed record ConformanceSuite(string Name, string Description, Func<int, IEnumerable<ConformanceCase>> Generate);

/// <summary>All suites.</summary>
public static class ConformanceSuites
{
    /// <summary>The seed of a run that names none.</summary>
    public const int DefaultSeed = 0;

    /// <summary>All suites, in the order in which failures are best mended: what comes later needs what comes before.</summary>
    public static IReadOnlyList<ConformanceSuite> All { get; } =
    [
        OpSuite.Suite,
        ProgramSuite.Suite,
        TransformSuite.Suite,
        GradientSuite.Suite,
        CompositeSuite.Suite,
        RandomSuite.Suite,
        ContractSuite.Suite,
        CollectiveSuite.Suite,
        StateSuite.Suite,
        ModelSuite.Suite,
        TutorialSuite.Suite,
    ];

    /// <summary>Generated once: most runs name no seed, and tests ask often.</summary>
    private static readonly Lazy<IReadOnlyList<ConformanceCase>> OfDefaultSeed = new(static () => Generate(DefaultSeed));

    /// <summary>The cases of all suites.</summary>
    /// <exception cref="InvalidOperationException">Two cases have the same name.</exception>
    public static IReadOnlyList<ConformanceCase> Cases(int seed = DefaultSeed) => seed == DefaultSeed ? OfDefaultSeed.Value : Generate(seed);

    private static ConformanceCase[] Generate(int seed)
    {
        ConformanceCase[] cases = [.. All.SelectMany(suite => suite.Generate(seed))];
        var names = new HashSet<string>();
        foreach (var item in cases)
            if (!names.Add(item.Name))
                throw new InvalidOperationException($"Two cases have the name '{item.Name}'.");
        return cases;
    }
}
