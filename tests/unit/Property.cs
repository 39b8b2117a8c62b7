using BrainState.Conformance.Generation;
using BrainState.Programs;
using Xunit.Sdk;

namespace BrainState.UnitTests;

/// <summary>Runs a property on many seeds, each of which is one case that can be repeated alone.</summary>
internal static class Property
{
    /// <summary>Checks the property for <paramref name="cases"/> seeds; the first failure names its seed.</summary>
    /// <remarks>To repeat one case, set the environment variable <c>PROPERTY_SEED</c> to its seed.</remarks>
    public static void Check(int cases, Action<int> property)
    {
        if (int.TryParse(Environment.GetEnvironmentVariable("PROPERTY_SEED"), out var only))
        {
            property(only);
            return;
        }

        for (var seed = 0; seed < cases; seed++)
        {
            try
            {
                property(seed);
            }
            catch (Exception failure)
            {
                throw new XunitException($"Seed {seed} (repeat it with PROPERTY_SEED={seed}): {failure.Message}", failure);
            }
        }
    }

    /// <summary>Checks the property for the program that each seed makes; a failure shows the program.</summary>
    public static void CheckPrograms(int cases, Action<Program, int> property) => Check(cases, seed =>
    {
        var program = new ProgramGenerator(seed).Next();
        try
        {
            property(program, seed);
        }
        catch (Exception failure) when (failure is not XunitException)
        {
            throw new XunitException($"{failure.GetType().Name}: {failure.Message}\n{program.ToFullText()}", failure);
        }
    });
}
