using System.Diagnostics;

namespace BrainState.Examples.DataParallel;

/// <summary>
/// Starts this program several times on this machine, as processes of one group. Those on other machines are started the same way, with tcp://HOST:PORT to meet at.
/// </summary>
internal static class Launcher
{
    /// <summary>Runs the processes until all have ended; what the first one prints is printed, and what any complains about.</summary>
    /// <param name="backend">The backend that they work with.</param>
    /// <param name="processes">How many to start.</param>
    /// <param name="arguments">The arguments for each.</param>
    /// <returns>0 if all ended well.</returns>
    public static async Task<int> Run(string backend, int processes, string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("brainstate");
        var running = new List<Process>();
        try
        {
            string Option(string key, object value) => $"--BrainState:Backends:{backend}:{key}={value}";
            for (var rank = 0; rank < processes; rank++)
                running.Add(Start([
                    .. arguments, Option("Processes", processes), Option("Rank", rank), Option("Meeting", Path.Combine(folder.FullName, "meeting")),
                    Option("Threads", Math.Max(1, Environment.ProcessorCount / processes)),
                ]));
            var outputs = running.Select(static process => process.StandardOutput.ReadToEndAsync()).ToArray();
            // One that fails keeps the others waiting.
            await foreach (var ended in Task.WhenEach(running.Select(async process => { await process.WaitForExitAsync(); return process.ExitCode; })))
                if (await ended is not 0 and var code)
                    return code;
            Console.Write(await outputs[0]);
            return 0;
        }
        finally
        {
            foreach (var process in running)
            {
                if (!process.HasExited) process.Kill();
                process.WaitForExit();
                process.Dispose();
            }
            folder.Delete(recursive: true);
        }
    }

    private static Process Start(IEnumerable<string> arguments)
    {
        var program = Environment.ProcessPath!;
        if (Path.GetFileNameWithoutExtension(program) == "dotnet") arguments = arguments.Prepend(Environment.GetCommandLineArgs()[0]);
        return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
    }
}
