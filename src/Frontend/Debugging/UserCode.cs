using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace BrainState.Debugging;

/// <summary>Finds the user's line in a stack that was recorded without looking at any symbols, which is what makes recording it cheap.</summary>
internal static class UserCode
{
    private static readonly Assembly[] Ours = [typeof(Tensor).Assembly, typeof(Programs.Program).Assembly];

    /// <summary>The innermost call outside of BrainState and .NET, as <c>Model.Call in Model.cs:line 12</c>; null if there is none.</summary>
    public static string? Find(StackTrace stack)
    {
        foreach (var frame in stack.GetFrames())
        {
            if (frame.GetMethod() is not { } method || IsLibrary(method.Module.Assembly)) continue;
            var name = method.DeclaringType is { } type ? $"{type.FullName}.{method.Name}" : method.Name;
            return LineOf(method, frame.GetILOffset()) is { } line ? $"{name} in {line}" : name;
        }
        return null;
    }

    private static bool IsLibrary(Assembly assembly) => Ours.Contains(assembly) || assembly.GetName().Name is "System" or "mscorlib" || (assembly.GetName().Name ?? "").StartsWith("System.", StringComparison.Ordinal);

    /// <summary>File and line of an instruction, from the portable symbols of its assembly.</summary>
    private static string? LineOf(MethodBase method, int offset)
    {
        var path = method.Module.Assembly.Location;
        if (path.Length == 0 || !File.Exists(path)) return null;
        using var image = new PEReader(File.OpenRead(path));
        if (!image.TryOpenAssociatedPortablePdb(path, static file => File.Exists(file) ? File.OpenRead(file) : null, out var symbols, out _) || symbols is null) return null;
        using (symbols)
        {
            var reader = symbols.GetMetadataReader();
            var points = reader.GetMethodDebugInformation(MetadataTokens.MethodDefinitionHandle(method.MetadataToken & 0xFFFFFF)).GetSequencePoints();
            var found = points.LastOrDefault(point => !point.IsHidden && point.Offset <= offset);
            return found.Document.IsNil ? null : string.Create(CultureInfo.InvariantCulture, $"{reader.GetString(reader.GetDocument(found.Document).Name)}:line {found.StartLine}");
        }
    }
}
