namespace BrainState.TorchTests.Engine;

/// <summary>Processes that work together get what one process with as many devices gets.</summary>
public sealed class ProcessGroupTests
{
    [LibTorchTheory]
    [InlineData(2)]
    [InlineData(3)]
    public void CollectivesOverProcessesAreThoseOverDevices(int size)
    {
        var folder = Directory.CreateTempSubdirectory("brainstate-group").FullName;
        try
        {
            var processes = Enumerable.Range(0, size)
                .Select(rank => Programs.Start("tests/participants", ["--devices=1", "--BrainState:Backend=torch", .. Group(size, rank, folder)])).ToArray();
            var own = processes.Select(Programs.End).ToArray();
            var together = Enumerable.Range(0, own[0].Length).SelectMany(line => own.Select(lines => lines[line]));
            Assert.Equal(Programs.Run("tests/participants", $"--devices={size}", $"--BrainState:Backends:cpu:VirtualDevices={size}"), together);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [LibTorchFact]
    public void OneProcessIsAGroupOfOne() =>
        Assert.Equal(
            Programs.Run("tests/participants", "--devices=1", "--BrainState:Backends:cpu:VirtualDevices=1"),
            Programs.Run("tests/participants", "--devices=1", "--BrainState:Backend=torch"));

    [LibTorchFact]
    public void TrainingOnTwoProcessesGivesTheNumbersOfOne()
    {
        var lines = Programs.Run("examples/DataParallel", "--BrainState:Backend=torch", "--processes=2", "--steps=10");
        var losses = lines.Where(static line => line.StartsWith("step", StringComparison.Ordinal)).Select(static line => line[(line.IndexOf('=') + 2)..].Split(" and ")).ToArray();
        Assert.Equal(5, losses.Length);
        Assert.All(losses, static pair => Assert.Equal(pair[0], pair[1]));
    }

    [LibTorchFact]
    public void WhoWaitsInVainIsToldSo()
    {
        var folder = Directory.CreateTempSubdirectory("brainstate-group").FullName;
        try
        {
            using var process = Programs.Start("tests/participants", ["--devices=1", "--BrainState:Backend=torch", "--BrainState:Backends:torch:TimeoutSeconds=1", .. Group(2, 0, folder)]);
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.NotEqual(0, process.ExitCode);
            Assert.Contains("rank 0 of 2", error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string[] Group(int size, int rank, string folder) =>
        [$"--BrainState:Backends:torch:Processes={size}", $"--BrainState:Backends:torch:Rank={rank}", $"--BrainState:Backends:torch:Meeting={Path.Combine(folder, "meeting")}"];
}
