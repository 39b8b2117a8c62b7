using System.Diagnostics;

namespace BrainState.UnitTests.Documentation;

/// <summary>The tutorial, run as a user runs it, prints the original's numbers and writes its bytes.</summary>
public class TutorialTests
{
    private const string Expected = """
        step   0, loss = 13.1320
        step  40, loss = 0.0144
        step  80, loss = 0.0097
        step 120, loss = 0.0097
        step 160, loss = 0.0097
        predictions for x=0: [[1.0059681]]
        stored keys: [('bias',), ('weight',)]
        restored weight: [[3.0168793]]
        Saving checkpoint into example.msgpack
        loss: 0.9198333024978638
        grad w.r.t alpha: 9.101560592651367
        ('bias',) (1,)
        ('weight',) (1, 1)
        single sample: [ 0.6630465  -0.72396195]
        ({ lambda ; a:f32[1] b:f32[1,1] c:f32[1]. let
            d:f32[1] = dot_general[
              dimension_numbers=(([0], [0]), ([], []))
              preferred_element_type=float32
            ] a b
            e:f32[1] = add d c
          in (e, b, c) }, (ParamState(
          value=ShapedArray(float32[1,1])
        ), ParamState(
          value=ShapedArray(float32[1])
        )))

        """;

    [Fact]
    public void Prints_the_tutorials_text_and_writes_its_checkpoint_where_it_was_started()
    {
        using var folder = new TemporaryFolder();
        var run = Run(folder.Path);
        Assert.Equal(Expected, run.Output);
        Assert.Equal("", run.Error);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            "82A462696173C71101939101A7666C6F61743332C40490C3803FA6776569676874C7120193920101A7666C6F61743332C4048D144140",
            Convert.ToHexString(File.ReadAllBytes(Path.Combine(folder.Path, "example.msgpack"))));
    }

    [Fact]
    public void An_unknown_backend_lists_the_known_ones()
    {
        using var folder = new TemporaryFolder();
        var run = Run(folder.Path, "--BrainState:Backend=nope");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("nope", run.Error);
        Assert.Contains("cpu", run.Error);
        Assert.Equal("", run.Output);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_backend_can_be_named() => Assert.StartsWith("step   0, loss = 13.1320", Run(Path.GetTempPath(), "--BrainState:Backend=cpu").Output);

    private static (string Output, string Error, int ExitCode) Run(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Examples.Assembly("Tutorial"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output.ReplaceLineEndings("\n"), error.Result, process.ExitCode);
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("tutorial").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
