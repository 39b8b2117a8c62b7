using System.IO.Compression;
using System.Text.Json;

namespace BrainState.Conformance;

/// <summary>
/// Cases of the StableHLO project, as one JSON object a line: a module whose <c>@main</c> takes nothing, and what it must return. They are not part of the repository;
/// their folder holds a README about the format.
/// </summary>
public static class ExternalCases
{
    private const string Name = "shared/data/stablehlo/cases.jsonl.gz";

    /// <summary>The file of the cases: in <c>shared</c> of a folder or of one of those around it; null where there is none.</summary>
    public static string? Find(string folder)
    {
        for (var around = new DirectoryInfo(folder); around is not null; around = around.Parent)
            if (Path.Combine(around.FullName, Name) is var file && File.Exists(file))
                return file;
        return null;
    }

    /// <summary>The cases of a file, which may be compressed.</summary>
    /// <exception cref="FormatException">A line is not a case.</exception>
    public static IEnumerable<ExternalCase> Read(string file)
    {
        using var stream = File.OpenRead(file);
        using var reader = new StreamReader(file.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(stream, CompressionMode.Decompress) : stream);
        for (var number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.Length == 0) continue;
            ExternalCase read;
            try
            {
                using var json = JsonDocument.Parse(line);
                read = ReadCase(json.RootElement);
            }
            catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw new FormatException($"Line {number} of {file} is not a case: {failure.Message}", failure);
            }
            yield return read;
        }
    }

    private static ExternalCase ReadCase(JsonElement json) => new(
        json.GetProperty("id").GetString()!, [.. json.GetProperty("ops").EnumerateArray().Select(static op => op.GetString()!)],
        json.GetProperty("mlir").GetString()!, [.. json.GetProperty("expected").EnumerateArray().Select(ReadExpectation)]);

    private static ExternalExpectation ReadExpectation(JsonElement json) => new(
        json.GetProperty("dtype").GetString()!, Shape.Create([.. json.GetProperty("shape").EnumerateArray().Select(static size => size.GetInt32())]),
        json.GetProperty("b64").GetBytesFromBase64(), json.GetProperty("check").GetString() switch
        {
            "eq" => new ExternalCheck(0, 0),
            "almost_eq" => new(json.GetProperty("tolerance").GetDouble(), 0),
            "close" => new(0, json.GetProperty("max_ulp_difference").GetInt32()),
            var other => throw new FormatException($"'{other}' is not a check"),
        });
}

/// <summary>A StableHLO module with what its <c>@main</c> returns.</summary>
/// <param name="Id">Suite and file.</param>
/// <param name="Ops">The operations in it, constants excepted.</param>
/// <param name="Module">The text.</param>
/// <param name="Expected">One for each result.</param>
public sealed record ExternalCase(string Id, IReadOnlyList<string> Ops, string Module, IReadOnlyList<ExternalExpectation> Expected)
{
    /// <inheritdoc/>
    public override string ToString() => Id;
}

/// <summary>What a result must be. The dtype is MLIR's name, which may have no counterpart here.</summary>
public sealed record ExternalExpectation(string DType, Shape Shape, byte[] Bytes, ExternalCheck Check);
