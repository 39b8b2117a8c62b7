using System.Reflection;
using Xunit.Sdk;

namespace BrainState.Conformance.Xunit;

/// <summary>The names of the cases, each of them a test: the quick ones, or all with <c>CONFORMANCE=full</c> in the environment.</summary>
public sealed class ConformanceCasesAttribute : DataAttribute
{
    private static readonly Lazy<Dictionary<string, ConformanceCase>> ByName = new(static () => ConformanceSuites.Cases().ToDictionary(static item => item.Name));

    /// <inheritdoc/>
    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
    {
        var all = Environment.GetEnvironmentVariable("CONFORMANCE") == "full";
        return ByName.Value.Values.Where(item => all || item.IsQuick).Select(static item => new object[] { item.Name });
    }

    internal static ConformanceCase Find(string name) => ByName.Value[name];
}
