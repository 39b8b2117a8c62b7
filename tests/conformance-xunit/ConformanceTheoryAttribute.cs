using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace BrainState.Conformance.Xunit;

/// <summary>A theory whose rows are skipped when they say so: xUnit 2 knows only what is skipped before it runs.</summary>
[XunitTestCaseDiscoverer("BrainState.Conformance.Xunit.ConformanceTheoryDiscoverer", "BrainState.Conformance.Xunit")]
public sealed class ConformanceTheoryAttribute : TheoryAttribute;

internal sealed class ConformanceTheoryDiscoverer(IMessageSink diagnostics) : TheoryDiscoverer(diagnostics)
{
    protected override IEnumerable<IXunitTestCase> CreateTestCasesForDataRow(
        ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo theoryAttribute, object[] dataRow) =>
        [new SkippableTestCase(DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod, dataRow)];
}

/// <summary>A fact that is skipped when it says so.</summary>
[XunitTestCaseDiscoverer("BrainState.Conformance.Xunit.ConformanceFactDiscoverer", "BrainState.Conformance.Xunit")]
internal sealed class ConformanceFactAttribute : FactAttribute;

internal sealed class ConformanceFactDiscoverer(IMessageSink diagnostics) : IXunitTestCaseDiscoverer
{
    public IEnumerable<IXunitTestCase> Discover(ITestFrameworkDiscoveryOptions discoveryOptions, ITestMethod testMethod, IAttributeInfo factAttribute) =>
        [new SkippableTestCase(diagnostics, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod, null)];
}

internal sealed class SkippableTestCase : XunitTestCase
{
    [Obsolete("For deserialization only.")]
    public SkippableTestCase()
    {
    }

    public SkippableTestCase(IMessageSink diagnostics, TestMethodDisplay display, TestMethodDisplayOptions displayOptions, ITestMethod method, object[]? arguments)
        : base(diagnostics, display, displayOptions, method, arguments)
    {
    }

    public override async Task<RunSummary> RunAsync(
        IMessageSink diagnosticMessageSink, IMessageBus messageBus, object[] constructorArguments, ExceptionAggregator aggregator, CancellationTokenSource cancellationTokenSource)
    {
        var skipping = new SkippingMessageBus(messageBus);
        var summary = await base.RunAsync(diagnosticMessageSink, skipping, constructorArguments, aggregator, cancellationTokenSource);
        summary.Failed -= skipping.Skipped;
        summary.Skipped += skipping.Skipped;
        return summary;
    }

    /// <summary>Reports a test that ended with a <see cref="SkipException"/> as skipped instead of failed. The bus is its owner's: it is not disposed here.</summary>
    private sealed class SkippingMessageBus(IMessageBus inner) : IMessageBus
    {
        public int Skipped { get; private set; }

        public bool QueueMessage(IMessageSinkMessage message)
        {
            if (message is not ITestFailed failed || failed.ExceptionTypes[0] != typeof(SkipException).FullName) return inner.QueueMessage(message);
            Skipped++;
            return inner.QueueMessage(new TestSkipped(failed.Test, failed.Messages[0]));
        }

        public void Dispose()
        {
        }
    }
}
