using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace BrainState.Torch.Encoding;

/// <summary>Keeps instruction lists as files, one per different list, for <c>native/replay</c>.</summary>
/// <param name="folder">Where they go; made if it is not there.</param>
internal sealed class ProgramRecorder(string folder)
{
    /// <summary>Writes the words of a program.</summary>
    /// <exception cref="IOException">They cannot be written.</exception>
    public void Add(ReadOnlySpan<long> words)
    {
        var bytes = MemoryMarshal.AsBytes(words);
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))}.words");
        // Another thread or process may be writing the same list.
        var own = $"{path}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}";
        using (var file = File.Create(own)) file.Write(bytes);
        File.Move(own, path, overwrite: true);
    }
}
