namespace BrainState.UnitTests.Ops;

/// <summary>Specs as text, so that tables stay readable: <c>"f32[2,3] i32[]"</c>.</summary>
internal static class Specs
{
    public static TensorSpec[] Parse(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(TensorSpec.Parse)];

    public static string Print(IEnumerable<TensorSpec> specs) => string.Join(' ', specs);
}
