namespace BrainState.Conformance;

/// <summary>What <see cref="Backends.IBackend"/> promises: memory, results, donation, threads, errors, effects, precision.</summary>
internal static class ContractSuite
{
    /// <summary>The suite.</summary>
    public static ConformanceSuite Suite { get; } = new("contract", "memory, results, donation, threads, errors, cancellation, effects and precision, through the contract itself", Generate);

    private static IEnumerable<ConformanceCase> Generate(int seed) =>
    [
        .. DeviceContract.Cases,
        .. MemoryContract.Cases,
        .. ResultContract.Cases,
        .. DonationContract.Cases(seed),
        .. ThreadContract.Cases(seed),
        .. ErrorContract.Cases,
        .. EffectContract.Cases,
        .. PrecisionContract.Cases,
    ];
}
