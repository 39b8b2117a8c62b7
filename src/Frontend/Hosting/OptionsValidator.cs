using Microsoft.Extensions.Options;

namespace BrainState.Hosting;

/// <summary>Validates options when the host starts, or without a host when a runtime is first resolved.</summary>
internal sealed class OptionsValidator : IValidateOptions<BrainStateOptions>
{
    public ValidateOptionsResult Validate(string? name, BrainStateOptions options) =>
        options.Problems() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
}
