using BrainState.Serialization;
using Xunit;

namespace BrainState.UnitTests.Serialization;

/// <summary>Checkpoint files are replaced as a whole or not at all.</summary>
public sealed class CheckpointFileTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("brainstate-").FullName;

    string Target => Path.Combine(folder, "new", "c.msgpack");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Writing_creates_the_folder_and_leaves_nothing_else()
    {
        CheckpointFile.Write(Target, stream => MsgPack.Pack(1L, stream));
        CheckpointFile.Write(Target, stream => MsgPack.Pack(2L, stream));
        Assert.Equal(2L, Held());
        Assert.Equal([Target], Directory.GetFiles(Path.GetDirectoryName(Target)!));
    }

    [Fact]
    public void An_existing_file_is_kept_unless_it_may_be_overwritten()
    {
        CheckpointFile.Write(Target, stream => MsgPack.Pack(1L, stream), overwrite: false);
        var error = Assert.Throws<CheckpointException>(
            () => CheckpointFile.Write(Target, stream => MsgPack.Pack(2L, stream), overwrite: false));
        Assert.StartsWith($"Invalid checkpoint at \"{Target}\"", error.Message);
        Assert.Equal(1L, Held());
    }

    [Fact]
    public void A_file_that_appears_meanwhile_is_kept_as_well()
    {
        Assert.Throws<CheckpointException>(() => CheckpointFile.Write(
            Target,
            stream =>
            {
                MsgPack.Pack(2L, stream);
                File.WriteAllBytes(Target, [1]);
            },
            overwrite: false));
        Assert.Equal(1L, Held());
        Assert.Equal([Target], Directory.GetFiles(Path.GetDirectoryName(Target)!));
    }

    [Fact]
    public void A_failed_write_keeps_the_old_file_and_removes_the_temporary_one()
    {
        CheckpointFile.Write(Target, stream => MsgPack.Pack(1L, stream));
        Assert.Throws<ArgumentException>(() => CheckpointFile.Write(Target, stream => MsgPack.Pack(new { }, stream)));
        Assert.Equal(1L, Held());
        Assert.Equal([Target], Directory.GetFiles(Path.GetDirectoryName(Target)!));
    }

    [Fact]
    public void Missing_and_oversized_files_are_named()
    {
        Assert.Equal($"Checkpoint not found: {Target}", Assert.Throws<FileNotFoundException>(() => CheckpointFile.Open(Target)).Message);
        CheckpointFile.Write(Target, stream => stream.Write(new byte[27]));
        Assert.Equal(
            "Checkpoint data too large: 27 bytes exceeds maximum 3 bytes",
            Assert.Throws<CheckpointException>(() => CheckpointFile.Open(Target, maxSize: 3)).Message);
    }

    object? Held()
    {
        using var stream = CheckpointFile.Open(Target);
        return MsgPack.Unpack(stream);
    }
}
