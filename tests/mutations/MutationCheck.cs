using System.IO.Enumeration;

namespace BrainState.Mutations;

/// <summary>
/// Builds each mutant and runs the suite on it until a case fails: first the cases that it names, which are few, then the quick ones, then all. A failure counts only where the unchanged code has none.
/// </summary>
internal sealed class MutationCheck(Workspace workspace)
{
    /// <summary>A run is an endless loop if it takes so many times the processor time that it takes without the fault, and more than this.</summary>
    private const int Patience = 5;

    private static readonly TimeSpan LeastLimit = TimeSpan.FromMinutes(2);

    /// <summary>A run that lasts longer is given up, whatever keeps it.</summary>
    private static readonly TimeSpan Backstop = TimeSpan.FromHours(1);

    /// <summary>The processor time that each stage may take; "" stands for the cases that mutants name.</summary>
    private readonly Dictionary<string, TimeSpan> limits = [];
    private string[] names = [];

    /// <summary>Builds the unchanged code and runs on it what the mutants name.</summary>
    /// <exception cref="IOException">It does not pass.</exception>
    public void Prepare(IReadOnlyList<Mutant> mutants)
    {
        workspace.Prepare();
        names = workspace.Names();
        var patterns = mutants.SelectMany(static m => m.Cases).Distinct().Where(IsKnown).ToArray();
        if (patterns.Length > 0) limits[""] = RequireHealth(Stage.Of(patterns));
    }

    /// <summary>What became of a mutant.</summary>
    public Outcome Run(Mutant mutant)
    {
        try
        {
            if (mutant.Cases.FirstOrDefault(pattern => !IsKnown(pattern)) is { } unknown) throw new FormatException($"no case is called {unknown}");
            var fault = workspace.Build(mutant.File, mutant.Apply(workspace.Read(mutant.File)));
            var cases = 0;
            foreach (var stage in (Stage[])[Stage.Of(mutant.Cases), Stage.Quick, Stage.All])
            {
                var limit = stage == Stage.Quick || stage == Stage.All ? RequireHealth(stage) : limits[""];
                var run = fault.While(() => workspace.Run(stage.Selection, new(limit, Backstop)));
                if (!run.IsFinished) return new(mutant, Verdict.Unfinished, run.Evidence, 0, 0);
                if (run.HasFailed) return new(mutant, Verdict.Caught, run.Evidence, run.Failed.Count, run.Cases);
                cases = run.Cases;
            }
            return new(mutant, Verdict.Survived, "", 0, cases);
        }
        catch (FormatException problem)
        {
            return new(mutant, Verdict.Invalid, problem.Message, 0, 0);
        }
    }

    private bool IsKnown(string pattern) => names.Any(name => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false));

    /// <summary>Runs cases without a fault, once; returns how much processor time they may take with one.</summary>
    private TimeSpan RequireHealth(Stage stage)
    {
        if (limits.TryGetValue(stage.Name, out var limit)) return limit;
        var run = workspace.Run(stage.Selection, Limits.Of(Backstop));
        if (run.HasFailed) throw new IOException($"Without a fault {(run.Abort is { } abort ? abort : $"{run.Failed.Count} cases fail, {run.Evidence} first")}.");
        var patience = Patience * run.ProcessorTime;
        return limits[stage.Name] = patience > LeastLimit ? patience : LeastLimit;
    }

    /// <summary>Which cases are run.</summary>
    private sealed record Stage(string Name, string[] Selection)
    {
        public static Stage Quick { get; } = new("quick", ["--quick"]);

        public static Stage All { get; } = new("all", []);

        public static Stage Of(string[] patterns) => new(string.Join(' ', patterns), [.. patterns.SelectMany(static pattern => (string[])["--filter", pattern])]);
    }
}
