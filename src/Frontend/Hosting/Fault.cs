using System.Reflection;
using System.Text.RegularExpressions;
using BrainState.Backends;

namespace BrainState.Hosting;

/// <summary>Why a backend cannot be used, and what would change that.</summary>
internal sealed partial record Fault(BackendStatus Status, string Reason, string Fix, Exception? Cause = null)
{
    /// <summary>Another backend of the same name was found first.</summary>
    public static Fault ShadowedBy(string origin) =>
        new(BackendStatus.Shadowed, $"The backend of the same name from {origin} comes first.", "Remove one of the two.");

    /// <summary>The plugin was compiled for <paramref name="contract"/>, which this host does not speak.</summary>
    public static Fault OtherContract(Version contract) => new(BackendStatus.Incompatible,
        $"It was built for contract {contract.Major}.{contract.Minor}; this application has {Contract.Version}.",
        contract.Major < Contract.Major
            ? $"Install a version of the plugin that was built for contract {Contract.Major}."
            : "Update the application: dotnet add package BrainState");

    /// <summary>The plugin at <paramref name="path"/> threw <paramref name="exception"/> when it was <paramref name="activity"/>.</summary>
    public static Fault From(Exception exception, string activity, string path)
    {
        var cause = Unwrap(exception);
        var folder = path.Length > 0 ? path : AppContext.BaseDirectory;
        var completeFolder = $"Copy the whole build output of the plugin project, with EnableDynamicLoading, into {folder}";
        return cause switch
        {
            BackendException => New(BackendStatus.Unavailable, cause.Message, ""),
            DllNotFoundException => New(BackendStatus.Unavailable, $"The native library {Quoted(cause)}, or one that it needs, was not found.",
                $"Install the library, or put it into {folder}"),
            EntryPointNotFoundException => New(BackendStatus.Faulty, cause.Message,
                "Install the version of the native library that the plugin was built for."),
            ReflectionTypeLoadException e => New(BackendStatus.Faulty,
                string.Join(" ", e.LoaderExceptions.OfType<Exception>().Select(inner => inner.Message).Distinct()), completeFolder),
            FileNotFoundException or FileLoadException or TypeLoadException or MissingMemberException or BadImageFormatException =>
                New(BackendStatus.Faulty, cause.Message, completeFolder),
            _ => New(BackendStatus.Faulty, $"It threw {cause.GetType().Name} when it was {activity}: {cause.Message}",
                "Ask the author of the plugin; the inner exception has the details."),
        };

        Fault New(BackendStatus status, string reason, string fix) => new(status, OneLine(reason), fix, cause);
    }

    /// <summary>The fault of a backend called <paramref name="name"/> as the message of an exception.</summary>
    public string Message(string name) =>
        $"Backend '{name}' is {Status.ToString().ToLowerInvariant()}: {Reason}{(Fix.Length > 0 ? $" To fix it: {Fix}" : "")}";

    private static Exception Unwrap(Exception exception) => exception switch
    {
        BackendException => exception,
        TargetInvocationException or TypeInitializationException or System.Composition.Hosting.CompositionFailedException
            when exception.InnerException is { } inner => Unwrap(inner),
        _ => exception,
    };

    private static string Quoted(Exception exception) => QuotedName().Match(exception.Message) is { Success: true } match ? match.Value : "";

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();

    [GeneratedRegex("'[^']+'")]
    private static partial Regex QuotedName();
}
