using BrainState.Conformance;
using BrainState.Conformance.Composites;
using BrainState.Conformance.Generation;
using BrainState.Nn.Composites;
using BrainState.UnitTests.Transforms;

namespace BrainState.UnitTests.Conformance;

/// <summary>What a suite of cases must be, whatever backend it is run on.</summary>
public sealed class SuiteTests
{
    private static readonly Lazy<IReadOnlyList<ConformanceCase>> Cases = new(static () => ConformanceSuites.Cases());

    [Fact]
    public void CasesAreNamedAfterTheirSuite()
    {
        Assert.Equal(ConformanceSuites.All.Select(static s => s.Name), Cases.Value.Select(static c => c.Suite).Distinct());
        Assert.All(ConformanceSuites.All, suite => Assert.Contains(Cases.Value, c => c.Suite == suite.Name && c.IsQuick));
    }

    [Fact]
    public void TheSameSeedGivesTheSameCases()
    {
        Assert.Equal(Texts(ConformanceSuites.Cases(7)), Texts(ConformanceSuites.Cases(7)));
        Assert.NotEqual(Texts(ConformanceSuites.Cases(7)), Texts(ConformanceSuites.Cases(8)));
    }

    /// <summary>Generated and not listed: an op that is registered is covered, with every dtype that some op of its family takes.</summary>
    [Fact]
    public void EveryOpIsCovered() =>
        Assert.Empty(OpGenerators.WithoutAxis.Except(EffectGenerators.Effects.Keys).Except(Cases.Value.Where(static c => c.Suite == "ops").Select(static c => c.Subject)));

    /// <summary>An op with a rule for its derivative has cases that check it against differences.</summary>
    [Fact]
    public void EveryDerivativeIsCovered() =>
        Assert.Empty(OpDerivativeTests.Differentiated.Except(Cases.Value.OfType<ProgramCase>().Where(static c => c.Suite == "gradients" && c.Check is GradientCheck).Select(static c => c.Subject)));

    [Fact]
    public void EveryCompositeIsCoveredInEveryFloatingDType()
    {
        var wanted = CompositeDefinitions.All.SelectMany(static d => DType.All.Where(static dtype => dtype.IsFloating), static (d, dtype) => (d.Name, dtype));
        Assert.Empty(wanted.Except(Cases.Value.Where(static c => c.Suite == "composites").Select(static c => (c.Subject!, c.DType!.Value))));
        Assert.Empty(CompositeDefinitions.All.Except(CompositeCases.All.Select(static c => c.Definition)).Select(static d => d.Name));
    }

    private static string[] Texts(IReadOnlyList<ConformanceCase> cases) => [.. cases.Where(static (_, i) => i % 50 == 0).Select(static c => c.ToText() ?? c.Name)];
}
