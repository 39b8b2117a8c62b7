using System.Text;
using BrainState.Backends;

namespace BrainState.Hosting;

/// <summary>What is here, what is not usable, why, and what would fix it. <see cref="ToString"/> is meant to be read.</summary>
public sealed class DiscoveryReport
{
    internal DiscoveryReport(IReadOnlyList<BackendCandidate> candidates, IReadOnlyList<string> searchedFolders) =>
        (Candidates, SearchedFolders) = (candidates, searchedFolders);

    /// <summary>Everything that was found, in the order in which it was searched: registered factories first.</summary>
    public IReadOnlyList<BackendCandidate> Candidates { get; }

    /// <summary>The folders that were searched for plugins, whether they exist or not.</summary>
    public IReadOnlyList<string> SearchedFolders { get; }

    /// <summary>The candidates as a table, with the reason and the fix below each one that is not usable.</summary>
    public override string ToString()
    {
        var usable = Candidates.Count(c => c.Status is BackendStatus.Usable);
        var text = new StringBuilder($"Backends: {Candidates.Count} found, {usable} usable (contract {Contract.Version})\n");
        if (Candidates.Count > 0)
        {
            var width = Math.Max(4, Candidates.Max(c => c.Name.Length));
            Row("name", "status", "contract", "from");
            foreach (var candidate in Candidates)
            {
                Row(candidate.Name, candidate.Status.ToString().ToLowerInvariant(), candidate.ContractVersion?.ToString() ?? "?", Origin(candidate));
                Note("", candidate.Description);
                Note("why: ", candidate.Reason);
                Note("fix: ", candidate.Fix);
            }

            void Row(string name, string status, string contract, string from) =>
                text.Append($"  {name.PadRight(width)}  {status,-12}  {contract,-8}  {from}\n");

            void Note(string label, string note)
            {
                if (note.Length > 0) text.Append(' ', width + 4).Append($"{label}{note}\n");
            }
        }

        return text.Append("Searched:\n").AppendJoin("", SearchedFolders.Select(folder => $"  {Existing(folder)}\n")).ToString();
    }

    /// <summary>One line for each candidate, for error messages.</summary>
    internal string Summary() => string.Join('\n', Candidates.Select(c =>
        $"  {c.Name}: {c.Status.ToString().ToLowerInvariant()}{(c.Reason.Length > 0 ? $" ({c.Reason.TrimEnd('.')})" : "")}"));

    /// <summary>The folder with a remark if there is none.</summary>
    internal static string Existing(string folder) => Directory.Exists(folder) ? folder : $"{folder} (does not exist)";

    private static string Origin(BackendCandidate candidate) => candidate.Path.Length > 0 ? candidate.Path : "registered by code";
}
