using System.Xml.Linq;

namespace BrainState.UnitTests.Architecture;

/// <summary>What a project file and its imports refer to. Conditions are ignored: a reference counts even if it is only made sometimes.</summary>
internal sealed class ProjectFile
{
    ProjectFile(string path) => Read(path);

    public static ProjectFile Load(string path) => new(path);

    /// <summary>The referenced projects, by file name; projects that are only built first do not count.</summary>
    public List<string> Projects { get; } = [];

    /// <summary>The referenced packages.</summary>
    public List<string> Packages { get; } = [];

    void Read(string path)
    {
        var directory = Path.GetDirectoryName(path)!;
        string Resolve(string reference) => Path.GetFullPath(reference.Replace("$(MSBuildThisFileDirectory)", directory + "/").Replace('\\', '/'), directory);

        foreach (var element in XDocument.Load(path).Descendants())
        {
            switch (element.Name.LocalName)
            {
                case "Import" when element.Attribute("Project") is { } project && File.Exists(Resolve(project.Value)):
                    Read(Resolve(project.Value));
                    break;
                case "ProjectReference" when element.Attribute("Include") is { } include && Setting(element, "ReferenceOutputAssembly") != "false":
                    Projects.AddRange(include.Value.Split(';').Select(reference => Path.GetFileNameWithoutExtension(Resolve(reference))));
                    break;
                case "PackageReference" when element.Attribute("Include") is { } include:
                    Packages.Add(include.Value);
                    break;
                case "Reference" or "Compile" when element.Attribute("Include") is { } include && include.Value.Contains(".."):
                    Projects.Add(Resolve(include.Value)); // Sources or assemblies of others, past the project system.
                    break;
            }
        }
    }

    static string? Setting(XElement element, string name) => element.Attribute(name)?.Value ?? element.Element(name)?.Value;
}
