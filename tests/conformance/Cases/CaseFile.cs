using System.Text;
using BrainState.Interpretation;
using BrainState.Programs;

namespace BrainState.Conformance;

/// <summary>
/// Cases as text: how a failure is reported, repeated and kept. A case is a line with its name, one with its check, the program in full form, and its inputs and known results as
/// spec, bytes (base64) and a remark that shows the first elements:
/// <code>
/// case ops/exp/float32/small/3
/// check steps
/// program(%0:f32[2]) { %1:f32[2] = exp %0 return %1 }
/// input f32[2] AACAPwAAAEA= # 1.0, 2.0
/// </code>
/// Empty lines and lines that begin with # mean nothing.
/// </summary>
public static class CaseFile
{
    /// <summary>The text of a case.</summary>
    public static string Write(ProgramCase item)
    {
        var text = new StringBuilder($"case {item.Name}\ncheck {item.Check}\n{item.Program.ToFullText().TrimEnd()}\n");
        foreach (var input in item.Inputs) Append(text, "input", input);
        if (item.Check is ExpectedCheck expected)
            foreach (var result in expected.Results)
                Append(text, "expected", result);
        return text.ToString();
    }

    /// <summary>The cases of a file.</summary>
    /// <exception cref="FormatException">It has another form; the message names file and line.</exception>
    public static IReadOnlyList<ProgramCase> Read(string path) => Parse(File.ReadAllText(path), path);

    /// <summary>The cases of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">Its name, for errors.</param>
    /// <exception cref="FormatException">It has another form; the message names source and line.</exception>
    public static IReadOnlyList<ProgramCase> Parse(string text, string source = "cases")
    {
        var cases = new List<ProgramCase>();
        Draft? draft = null;
        foreach (var (index, raw) in text.Split('\n').Index())
        {
            var line = raw.TrimEnd('\r');
            if (line.Length == 0 || line[0] == '#') continue;
            try
            {
                if (line.StartsWith("case ", StringComparison.Ordinal))
                {
                    if (draft is not null) cases.Add(draft.Finish());
                    draft = new(line["case ".Length..].Trim());
                }
                else (draft ?? throw new FormatException("a case begins with 'case' and its name")).Add(line);
            }
            catch (FormatException failure)
            {
                throw new FormatException($"{source}, line {index + 1}: {failure.Message}", failure);
            }
        }
        try
        {
            if (draft is not null) cases.Add(draft.Finish());
        }
        catch (FormatException failure)
        {
            throw new FormatException($"{source}: {failure.Message}", failure);
        }
        return cases;
    }

    private static void Append(StringBuilder text, string keyword, HostValue value)
    {
        const int Shown = 8;
        var elements = string.Join(", ", Enumerable.Range(0, Math.Min(value.Count, Shown)).Select(i => value[i]));
        text.Append($"{keyword} {value.Spec} {Convert.ToBase64String(value.Bytes)} # {elements}{(value.Count > Shown ? ", …" : "")}\n");
    }

    private static HostValue ReadValue(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0) throw new FormatException("a spec and its bytes are expected");
        var bytes = words.Length > 1 && words[1] != "#" ? Convert.FromBase64String(words[1]) : [];
        var spec = TensorSpec.Parse(words[0]);
        return bytes.Length == spec.ByteCount ? HostValue.Of(spec, bytes) : throw new FormatException($"{spec} has {spec.ByteCount} bytes, not {bytes.Length}.");
    }

    /// <summary>A case of which some lines have been read.</summary>
    private sealed class Draft(string name)
    {
        private readonly StringBuilder program = new();
        private readonly List<HostValue> inputs = [];
        private readonly List<HostValue> expected = [];
        private string? check;

        public void Add(string line)
        {
            if (line.StartsWith("check ", StringComparison.Ordinal)) check = line["check ".Length..].Trim();
            else if (line.StartsWith("input ", StringComparison.Ordinal)) inputs.Add(ReadValue(line["input ".Length..]));
            else if (line.StartsWith("expected ", StringComparison.Ordinal)) expected.Add(ReadValue(line["expected ".Length..]));
            else program.Append(line).Append('\n');
        }

        public ProgramCase Finish()
        {
            if (!name.Contains('/')) throw new FormatException($"'{name}' is not the name of a case: parts are separated by /.");
            if (check is null) throw new FormatException($"Case '{name}' has no check.");
            try
            {
                var given = inputs.ToArray();
                return new(name, Program.Parse(program.ToString()), () => given, ProgramCheck.Parse(check, expected));
            }
            catch (ProgramFormatException failure)
            {
                throw new FormatException($"Case '{name}': {failure.Message}", failure);
            }
        }
    }
}
