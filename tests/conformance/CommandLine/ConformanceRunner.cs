using System.CommandLine;
using BrainState.Backends;
using BrainState.Hosting;

namespace BrainState.Conformance;

/// <summary>The suite as a program, with modes test, grad, perf and support: <c>ConformanceRunner.Main(args)</c>.</summary>
public static class ConformanceRunner
{
    /// <summary>Runs what the command line says.</summary>
    /// <returns>0 if all is as it must be, 1 if a case fails or an exclusion is wrong, 2 if nothing could be run.</returns>
    public static int Main(string[] args) => Run(args, []);

    /// <summary>Runs what the command line says, for a backend with exclusions of its own.</summary>
    /// <param name="args">The command line; <c>--help</c> explains it.</param>
    /// <param name="exclusions">What the backend is known not to pass, in addition to what the command line names.</param>
    /// <returns>0 if all is as it must be, 1 if a case fails or an exclusion is wrong, 2 if nothing could be run.</returns>
    public static int Run(string[] args, IReadOnlyList<Exclusion> exclusions)
    {
        var backends = new Option<string[]>("--backend", "-b") { Description = "a backend by name, once for each; all usable ones if none is named; another device than the first follows after a colon, as in torch:cuda:0", AllowMultipleArgumentsPerToken = true };
        var filters = new Option<string[]>("--filter", "-f") { Description = "names of cases, where * stands for anything; without a *, a part of the name" };
        var quick = new Option<bool>("--quick") { Description = "only the few cases that represent all: about a minute" };
        var seed = new Option<int>("--seed") { Description = "the seed of generated cases", DefaultValueFactory = static _ => ConformanceSuites.DefaultSeed };
        var cases = new Option<FileInfo[]>("--cases") { Description = "a file of cases to run instead: a printed reproducer, or StableHLO cases as JSON lines (.jsonl, .jsonl.gz)" };
        var excluded = new Option<FileInfo[]>("--exclusions") { Description = "a file with a line 'refused PATTERN : REASON', 'unsupported PATTERN : REASON' or 'expected-failure PATTERN : REASON' for each exclusion" };
        var report = new Option<DirectoryInfo?>("--report") { Description = "a folder that receives the report as a page (HTML), Markdown and JSON" };
        var plugins = new Option<DirectoryInfo[]>("--plugins") { Description = "a folder to search for plugins, beside those next to the program" };
        var settings = new Option<string[]>("--set") { Description = "a setting of the backend, as KEY=VALUE" };
        var list = new Option<bool>("--list") { Description = "list the cases instead of running them" };
        var markdown = new Option<FileInfo?>("--markdown") { Description = "the file that receives the matrix as a page of documentation" };
        settings.Validators.Add(static result =>
        {
            foreach (var token in result.Tokens)
                if (token.Value.IndexOf('=') < 1) result.AddError($"'{token.Value}' is no setting: KEY=VALUE is expected.");
        });

        RunOptions Options(ParseResult parsed) => new()
        {
            Backends = parsed.GetValue(backends) ?? [], Filters = parsed.GetValue(filters) ?? [], IsQuick = parsed.GetValue(quick), Seed = parsed.GetValue(seed), CaseFiles = parsed.GetValue(cases) ?? [],
            ExclusionFiles = parsed.GetValue(excluded) ?? [], ReportDirectory = parsed.GetValue(report), PluginPaths = parsed.GetValue(plugins) ?? [], Settings = parsed.GetValue(settings) ?? [],
            IsListing = parsed.GetValue(list), MarkdownFile = parsed.GetValue(markdown),
        };
        Command Mode(string name, string description, Option[] more, Func<RunOptions, int> run)
        {
            var command = new Command(name, description) { backends, plugins, settings };
            foreach (var option in more) command.Options.Add(option);
            command.SetAction(parsed => Guarded(() => run(Options(parsed))));
            return command;
        }

        Option[] ofRuns = [filters, quick, seed, cases, excluded, report, list];
        var root = new RootCommand("Checks that backends do what they must.")
        {
            Mode("test", "runs the cases of all suites", ofRuns, options => TestMode.Run("test", options, exclusions)),
            Mode("grad", "runs the derivatives alone: jvp and vjp against differences and each other", ofRuns, options => TestMode.Run("grad", options, exclusions)),
            Mode("perf", "times a few programs", [filters, report], PerfMode.Run),
            Mode("support", "shows what backends run themselves, decomposed or not at all: op × dtype × backend", [report, markdown, seed], SupportMode.Run),
        };
        return root.Parse(args).Invoke();
    }

    /// <summary>Errors that a person can mend are said in a line or two.</summary>
    private static int Guarded(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (Exception failure) when (failure is BackendException or FormatException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(failure.Message);
            return 2;
        }
    }

    /// <summary>Starts the backends of a run.</summary>
    /// <exception cref="BackendException">One is not here or not usable, or there is none at all.</exception>
    internal static IReadOnlyList<ConformanceTarget> Start(RunOptions options)
    {
        var names = options.Backends;
        if (names.Count == 0)
        {
            var all = new BrainStateOptions();
            options.Configure("", new(all));
            names = [.. all.Catalog.Report().Candidates.Where(static c => c.Status == BackendStatus.Usable).Select(static c => c.Name)];
            if (names.Count == 0) throw new BackendException($"There is no usable backend.\n{all.Catalog.Report()}");
        }
        var targets = new List<ConformanceTarget>();
        try
        {
            foreach (var name in names) targets.Add(ConformanceTarget.Start(name, builder => options.Configure(name.Split(':')[0], builder)));
            return targets;
        }
        catch
        {
            foreach (var target in targets) target.Dispose();
            throw;
        }
    }
}
