using System.CommandLine;

namespace BrainState.Mutations;

/// <summary>Proves the conformance suite: puts faults into the code, one at a time, and sees whether a case fails.</summary>
internal static class Program
{
    /// <summary>Runs what the command line says.</summary>
    /// <returns>0 if every fault is caught, 1 if one survives, is no fault or is not finished, 2 if nothing could be run.</returns>
    public static int Main(string[] args)
    {
        var only = new Option<string[]>("--only") { Description = "mutants by a part of their name or file", AllowMultipleArgumentsPerToken = true };
        var list = new Option<bool>("--list") { Description = "list the mutants instead of running them" };
        var markdown = new Option<FileInfo?>("--markdown") { Description = "the page that receives the table; rows of mutants that are not run stay" };
        var workspace = new Option<DirectoryInfo?>("--workspace") { Description = "a folder for the copy of the repository that is kept and reused; a temporary one otherwise" };
        var root = new RootCommand("Puts faults into the code, one at a time, and sees whether the conformance suite notices.") { only, list, markdown, workspace };
        root.SetAction(parsed =>
        {
            try
            {
                var repository = Repository();
                var all = MutantFile.ReadAll(Path.Combine(repository, "tests", "mutations", "Mutants"));
                var chosen = all.Where(mutant => parsed.GetValue(only) is not { Length: > 0 } parts || parts.Any(part => mutant.Name.Contains(part) || mutant.File.Contains(part))).ToArray();
                if (parsed.GetValue(list))
                {
                    foreach (var mutant in chosen) Console.WriteLine($"{mutant.Name,-40} {mutant.Kind,-16} {mutant.File}");
                    return 0;
                }
                return Run(repository, all, chosen, parsed.GetValue(workspace), parsed.GetValue(markdown));
            }
            catch (Exception failure) when (failure is IOException or FormatException or UnauthorizedAccessException)
            {
                Console.Error.WriteLine(failure.Message);
                return 2;
            }
        });
        return root.Parse(args).Invoke();
    }

    private static int Run(string repository, IReadOnlyList<Mutant> all, Mutant[] chosen, DirectoryInfo? folder, FileInfo? table)
    {
        using var workspace = new Workspace(repository, folder);
        var check = new MutationCheck(workspace);
        check.Prepare(chosen);
        var outcomes = new List<Outcome>();
        foreach (var mutant in chosen)
        {
            outcomes.Add(check.Run(mutant));
            Console.WriteLine(outcomes[^1]);
            // At once, so that a run that is interrupted has not been for nothing.
            if (table is not null) ResultTable.Update(table.FullName, all, outcomes.Where(static o => o.Verdict is Verdict.Caught or Verdict.Survived));
        }
        int Count(Verdict verdict) => outcomes.Count(o => o.Verdict == verdict);
        string Also(Verdict verdict) => Count(verdict) is > 0 and var count ? $", {count} {verdict.ToString().ToLowerInvariant()}" : "";
        Console.WriteLine($"{Count(Verdict.Caught)} caught, {Count(Verdict.Survived)} survived{Also(Verdict.Invalid)}{Also(Verdict.Unfinished)}");
        return Count(Verdict.Caught) == outcomes.Count ? 0 : 1;
    }

    /// <summary>The root of the repository that this program was built from.</summary>
    private static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "BrainState.Plugins.sln")))
                return folder.FullName;
        throw new IOException("This program is not in a copy of the repository.");
    }
}
