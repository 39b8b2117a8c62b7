using System.Runtime.InteropServices;
using BrainState.Torch.Encoding;

namespace BrainState.TorchTests;

public sealed class ProgramRecorderTests
{
    [Fact]
    public void AListIsKeptOnceWordForWord()
    {
        var folder = Directory.CreateTempSubdirectory("brainstate-record").FullName;
        try
        {
            var recorder = new ProgramRecorder(Path.Combine(folder, "lists"));
            long[] one = [1, 2, -3], other = [1, 2];
            recorder.Add(one);
            recorder.Add(other);
            recorder.Add(one);
            var kept = Directory.GetFiles(Path.Combine(folder, "lists"), "*.words").Select(static file => MemoryMarshal.Cast<byte, long>(File.ReadAllBytes(file)).ToArray());
            Assert.Equal([other, one], kept.OrderBy(static words => words.Length));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
