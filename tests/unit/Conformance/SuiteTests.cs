using BrainState.Conformance;
using BrainState.Conformance.Composites;
using BrainState.Conformance.Generation;
using BrainState.Nn.Composites;
using BrainState.UnitTests.Transforms;

namespace BrainState.UnitTests.Conformance;

/// <summary>What a suite of cases must be, whatever backend it is run on.</summary>
public sealed class SuiteTests
{
    private static IReadOnlyList<ConformanceCase> Cases => ConformanceSuites.Cases();

    [Fact]
    public void CasesAreNamedAfterTheirSuite()
    {
        Assert.Equal(ConformanceSuites.All.Select(static s => s.Name), Cases.Select(static c => c.Suite).Distinct());
        Assert.All(ConformanceSuites.All, suite => Assert.Contains(Cases, c => c.Suite == suite.Name && c.IsQuick));
    }

    [Fact]
    public void TheSameSeedGivesTheSameCases()
    {
        Assert.Equal(Texts(7), Texts(7));
        Assert.NotEqual(Texts(7), Texts(8));
    }

    /// <summary>Generated and not listed: an op that is registered is covered, with every dtype that some op of its family takes.</summary>
    [Fact]
    public void EveryOpIsCovered() =>
        Assert.Empty(OpGenerators.WithoutAxis.Except(EffectGenerators.Effects.Keys).Except(Cases.Where(static c => c.Suite == "ops").Select(static c => c.Subject)));

    /// <summary>An op with a rule for its derivative has cases that check it against differences.</summary>
    [Fact]
    public void EveryDerivativeIsCovered() =>
        Assert.Empty(OpDerivativeTests.Differentiated.Except(Cases.OfType<ProgramCase>().Where(static c => c.Suite == "gradients" && c.Check is GradientCheck).Select(static c => c.Subject)));

    [Fact]
    public void EveryCompositeIsCoveredInEveryFloatingDType()
    {
        var wanted = CompositeDefinitions.All.SelectMany(static d => DType.All.Where(static dtype => dtype.IsFloating), static (d, dtype) => (d.Name, dtype));
        Assert.Empty(wanted.Except(Cases.Where(static c => c.Suite == "composites").Select(static c => (c.Subject!, c.DType!.Value))));
        Assert.Empty(CompositeDefinitions.All.Except(CompositeCases.All.Select(static c => c.Definition)).Select(static d => d.Name));
    }

    /// <summary>Some of the first cases of each suite.</summary>
    private static string[] Texts(int seed) => [.. ConformanceSuites.All.SelectMany(suite => suite.Generate(seed).Take(1000).Where(static (_, i) => i % 20 == 0)).Select(static c => c.ToText() ?? c.Name)];
}
