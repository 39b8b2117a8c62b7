namespace BrainState.Conformance;

/// <summary>Puts reports into a folder; files are replaced whole.</summary>
internal static class ReportFiles
{
    public static void Write(DirectoryInfo directory, string name, string? html, string markdown, string json)
    {
        directory.Create();
        if (html is not null) Replace(Path.Combine(directory.FullName, name + ".html"), html);
        Replace(Path.Combine(directory.FullName, name + ".md"), markdown);
        Replace(Path.Combine(directory.FullName, name + ".json"), json);
    }

    public static void Replace(string path, string text)
    {
        var fresh = path + ".new";
        File.WriteAllText(fresh, text);
        File.Move(fresh, path, overwrite: true);
    }
}
