using BrainState.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers <see cref="BrainStateRuntime"/> with dependency injection.</summary>
/// <remarks>
/// Options are validated when the host starts, or when the runtime is first resolved if there is no host; what is wrong is then an
/// <see cref="OptionsValidationException"/>. Several calls for the same runtime add up.
/// </remarks>
public static class BrainStateServiceCollectionExtensions
{
    /// <summary>Adds the runtime of the application, chosen by configuration. Starting the host makes it the process default.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="section">Usually <c>configuration.GetSection("BrainState")</c>; the keys are those of <see cref="BrainStateOptions"/>.</param>
    public static IServiceCollection AddBrainState(this IServiceCollection services, IConfigurationSection section) =>
        services.Add(null, Configuration(section));

    /// <summary>Adds the runtime of the application, chosen by code. Starting the host makes it the process default.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="configure">The choice; by default the embedded backend <c>cpu</c>.</param>
    public static IServiceCollection AddBrainState(this IServiceCollection services, Action<BrainStateBuilder>? configure = null) =>
        services.Add(null, configure);

    /// <summary>
    /// Adds another runtime, chosen by configuration: <c>[FromKeyedServices(key)] BrainStateRuntime</c>. It never is the process default.
    /// </summary>
    public static IServiceCollection AddKeyedBrainState(this IServiceCollection services, string key, IConfigurationSection section)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return services.Add(key, Configuration(section));
    }

    /// <summary>Adds another runtime, chosen by code: <c>[FromKeyedServices(key)] BrainStateRuntime</c>. It never is the process default.</summary>
    public static IServiceCollection AddKeyedBrainState(this IServiceCollection services, string key, Action<BrainStateBuilder>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return services.Add(key, configure);
    }

    private static Action<BrainStateBuilder> Configuration(IConfigurationSection section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return builder => builder.UseConfiguration(section);
    }

    private static IServiceCollection Add(this IServiceCollection services, string? key, Action<BrainStateBuilder>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        var name = key ?? Options.Options.DefaultName;
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BrainStateOptions>, OptionsValidator>());
        services.AddOptions<BrainStateOptions>(name).Configure(options => configure?.Invoke(new(options))).ValidateOnStart();
        if (services.Any(service => service.ServiceType == typeof(BrainStateRuntime) && Equals(service.ServiceKey, key))) return services;

        services.AddKeyedSingleton(key, (provider, _) =>
            new BrainStateRuntime(provider.GetRequiredService<IOptionsMonitor<BrainStateOptions>>().Get(name), key));
        return services.AddSingleton<IHostedService>(provider => new RuntimeStartup(
            provider.GetRequiredKeyedService<BrainStateRuntime>(key),
            key is null ? provider.GetService<RuntimeSelector>() ?? RuntimeSelector.Process : null));
    }
}
